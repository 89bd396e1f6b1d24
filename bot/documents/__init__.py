"""What people read of evidence: the timeline picture and the PDF. Each is a function from evidence to bytes.

Nothing here computes a figure: they are all in the evidence. Only the executor imports this package, and only once a
report is made, since matplotlib and fpdf2 take longer to import than a click may take.
"""

from __future__ import annotations

import os
from tempfile import gettempdir

os.environ.setdefault("MPLCONFIGDIR", gettempdir())  # matplotlib lists fonts on disk, and Lambda has no other place
