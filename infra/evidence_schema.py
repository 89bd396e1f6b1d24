"""Makes `docs/reference/evidence.schema.json`: what `evidence.json` consists of, for those who read it by machine."""

from __future__ import annotations

import json

from bot.domain.evidence import Evidence

_DRAFT = "https://json-schema.org/draft/2020-12/schema"


def text() -> str:
    """The whole file."""
    schema = {"$schema": _DRAFT, **Evidence.model_json_schema(mode="serialization")}
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"
