"""The published contracts as JSON Schema (draft 2020-12): results, decisions, policies, lines of the audit log.

Made from the same words as the code, written to docs/schema by docs/generate.py, used by the HTTP service. The number
in a name is raised when a field goes away or changes its meaning; new fields do not raise it.
"""

from __future__ import annotations

from typing import Any, get_args

from originality.gate.policy import LANES, Action
from originality.gate.thresholds import HEADS, RATE
from originality.models import Caveat, DisguiseKind, Lane, MatchKind, SpanKind, Verdict

VERSION = 1

Schema = dict[str, Any]

_DIALECT = "https://json-schema.org/draft/2020-12/schema"
_SHARE: Schema = {"type": "number", "minimum": 0, "maximum": 1}
_TEXT: Schema = {"type": "string"}
_TIME: Schema = {"type": "string", "format": "date-time"}
_COUNT: Schema = {"type": "integer", "minimum": 0}
_RANGE: Schema = {
    "type": "array",
    "items": _COUNT,
    "minItems": 2,
    "maxItems": 2,
    "description": "half-open, in code points",
}
_INDEX_FIELDS: dict[str, Schema] = {"posts": _COUNT, "as_of": {"anyOf": [_TIME, {"type": "null"}]}, "stamp": _TEXT}


def schemas() -> dict[str, Schema]:
    """Return all schemas by the stem of their files."""
    return {
        f"check-result-{VERSION}": _published("check-result", "CheckResult", check_result()),
        f"gate-decision-{VERSION}": _published("gate-decision", "GateDecision", gate_decision()),
        f"policy-{VERSION}": _published("policy", "Policy", policy()),
        f"audit-record-{VERSION}": _published("audit-record", "Line of the audit log", audit_record()),
    }


def check_result() -> Schema:
    """Return the schema of `CheckResult.to_dict()`."""
    span = _record({"draft": _RANGE, "source": _RANGE, "kind": _one_of(SpanKind)})
    match = _record(
        {
            "post_id": _TEXT,
            "account": _TEXT,
            "published_at": {"anyOf": [_TIME, {"type": "null"}]},
            "url": _TEXT,
            "text": _TEXT,
            "risk": _SHARE,
            "kind": _one_of(MatchKind),
            "containment_of_draft": _SHARE,
            "containment_of_source": _SHARE,
            "spans": _list_of(span),
            "reasons": _list_of(_TEXT),
        }
    )
    schema = _record(
        {
            "id": _TEXT,
            "verdict": _one_of(Verdict),
            "risk": _SHARE,
            "originality": _SHARE,
            "template_risk": _SHARE,
            "idea_risk": _SHARE,
            "matches": {**_list_of(match), "maxItems": 10, "description": "best first"},
            "boilerplate": _list_of(_RANGE),
            "caveats": _list_of(_one_of(Caveat)),
            "index": _record(_INDEX_FIELDS),
            "elapsed_ms": {"type": "number", "minimum": 0},
        }
    )
    schema["properties"]["disguises"] = {
        **_list_of(_record({"span": _RANGE, "kind": _one_of(DisguiseKind), "reading": _TEXT})),
        "description": "only where an alarm's words were disguised",
    }
    return schema


def gate_decision() -> Schema:
    """Return the schema of `GateDecision.to_dict()`."""
    return _record(
        {
            "action": _one_of(Action),
            "reasons": _list_of(_TEXT),
            "causes": _list_of(_cause()),
            "policy": _policy_name(),
            "account": _TEXT,
            "left_out": _record({"excluded": _COUNT, "authorised": _COUNT}),
            "decided_at": _TIME,
            "result": check_result(),
        }
    )


def audit_record() -> Schema:
    """Return the schema of a line of the audit log; `text` stands there only where the log was told to keep it."""
    schema = _record(
        {
            "at": _TIME,
            "id": _TEXT,
            "account": _TEXT,
            "draft_hash": {"type": "string", "pattern": "^[0-9a-f]{64}$", "description": "HMAC-SHA-256 of the draft"},
            "characters": _COUNT,
            "verdict": _one_of(Verdict),
            "action": _one_of(Action),
            "causes": _list_of(_cause()),
            "policy": _policy_name(),
            "index": _record(_INDEX_FIELDS),
        }
    )
    schema["properties"]["text"] = _TEXT
    return schema


def policy() -> Schema:
    """Return the schema of a policy file, read as TOML; days may be TOML dates or texts. Nothing is required."""
    name = {"type": "string", "minLength": 1, "maxLength": 60}
    fields: dict[str, Schema] = {
        "format": {"const": VERSION},
        "name": name,
        "version": name,
        "account": _TEXT,
        "min_letters": {"type": "integer", "minimum": 1, "maximum": 100},
        "undetermined": _one_of(Action),
        **{lane: _open_record({"warn": _threshold(lane), "block": _threshold(lane)}) for lane in LANES},
        "exclude": _open_record(
            {"accounts": _list_of(name_of := {"type": "string", "minLength": 1}), "posts": _list_of(name_of)}
        ),
        "authorised": _list_of(
            {
                **_open_record({"account": name_of, "until": {"type": "string", "format": "date"}}),
                "required": ["account"],
            }
        ),
    }
    return _open_record(fields)


def _threshold(lane: Lane) -> Schema:
    risk = {"type": "number", "exclusiveMinimum": 0, "exclusiveMaximum": 1, "description": "risk"}
    said: list[Schema] = [risk, {"enum": ["never"]}]
    if lane in HEADS:
        said.append({"type": "string", "pattern": f"^{RATE}$", "description": "0.25 to 20 false alarms per 100 drafts"})
    return {"anyOf": said}


def _cause() -> Schema:
    figure = {"anyOf": [{"type": "number"}, {"type": "null"}]}
    return _record(
        {
            "code": {"enum": [*LANES, "undetermined"]},
            "action": {"enum": ["warn", "block"]},
            "risk": figure,
            "threshold": figure,
            "per_100": figure,
        }
    )


def _policy_name() -> Schema:
    return _record({"name": _TEXT, "version": _TEXT, "digest": {"type": "string", "pattern": "^[0-9a-f]{12}$"}})


def _published(stem: str, title: str, schema: Schema) -> Schema:
    return {"$schema": _DIALECT, "$id": f"urn:originality:{stem}:{VERSION}", "title": title, **schema}


def _record(fields: dict[str, Schema]) -> Schema:
    return {**_open_record(fields), "required": list(fields)}


def _open_record(fields: dict[str, Schema]) -> Schema:
    return {"type": "object", "properties": fields, "additionalProperties": False}


def _list_of(items: Schema) -> Schema:
    return {"type": "array", "items": items}


def _one_of(words: Any) -> Schema:
    return {"enum": list(get_args(words))}
