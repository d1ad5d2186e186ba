"""The published JSON Schemas: current, valid themselves, and kept by real results."""

from __future__ import annotations

import importlib.util
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator, ValidationError

from originality import Draft, Policy
from originality.gate import AuditLog, Rule, Threshold
from originality.gate.schema import schemas
from tests.corpus import LOTTERY, SOURCE, STORIES
from tests.gates import gatekeeper

ROOT = Path(__file__).resolve().parents[1]
DRAFTS = (
    SOURCE,
    SOURCE.replace("修表", "补鞋"),
    STORIES[0] + LOTTERY,
    LOTTERY,
    "",
    "早",
    f"新写的一句，没人写过。//@某人:{SOURCE}",
)


@pytest.fixture(scope="module")
def checker(tmp_path_factory):
    with gatekeeper(tmp_path_factory.mktemp("index")) as checker:
        yield checker


def published(stem: str) -> Draft202012Validator:
    schema = json.loads((ROOT / "docs" / "schema" / f"{stem}.json").read_text(encoding="utf-8"))
    return Draft202012Validator(schema, format_checker=Draft202012Validator.FORMAT_CHECKER)


def test_the_files_are_current_and_valid():
    spec = importlib.util.spec_from_file_location("generate", ROOT / "docs" / "generate.py")
    assert spec is not None
    assert spec.loader is not None
    generate = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(generate)
    files = generate.schema_files()
    assert set(files) == set((ROOT / "docs" / "schema").glob("*.json"))
    for path, content in files.items():
        assert path.read_text(encoding="utf-8") == content, "run: make docs"
        Draft202012Validator.check_schema(json.loads(content))
    assert len({schema["$id"] for schema in schemas().values()}) == len(schemas())


@pytest.mark.parametrize("text", DRAFTS)
def test_real_results_decisions_and_records_keep_to_them(checker, tmp_path, text):
    strict = Policy(wording=Rule(block=Threshold(risk=0.01)), idea=Rule(warn=Threshold(risk=0.01)))
    log = AuditLog(tmp_path / "audit.jsonl", with_text=True)
    for policy in (Policy(), strict):
        decision = checker.gate(Draft(text=text, id="d", published_at=datetime.now(UTC)), policy)
        log.append(decision)
        published("gate-decision-1").validate(json.loads(json.dumps(decision.to_dict())))
    published("check-result-1").validate(json.loads(json.dumps(checker.check(text).to_dict())))
    for line in log.path.read_text().splitlines():
        published("audit-record-1").validate(json.loads(line))


def test_they_refuse_what_is_no_result(checker):
    good = checker.check(SOURCE).to_dict()
    changes: list[dict[str, Any]] = [
        {"verdict": "stolen"}, {"risk": 1.2}, {"more": 1}, {"boilerplate": [[1]]}, {"matches": [{}]},
    ]  # fmt: skip
    for change in changes:
        with pytest.raises(ValidationError):
            published("check-result-1").validate({**good, **change})
    with pytest.raises(ValidationError, match="required"):
        published("check-result-1").validate({name: value for name, value in good.items() if name != "index"})
