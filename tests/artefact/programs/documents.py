"""Makes the report and the picture of the evidence in its first argument, and prints how they begin."""

import sys
from pathlib import Path

from bot.documents.report import report
from bot.documents.timeline import timeline_picture
from bot.domain.evidence import Evidence

evidence = Evidence.model_validate_json(Path(sys.argv[1]).read_text())
print(report(evidence)[:5], timeline_picture(evidence)[1:4])
