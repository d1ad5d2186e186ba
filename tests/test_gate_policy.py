"""Policies: what a file may say, what is refused and in which words, and the published schema against both."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from originality import Policy
from originality.errors import PolicyError
from originality.gate import Authorisation, Rule, Threshold
from originality.gate.schema import schemas
from originality.score import load_model
from originality.score.model import parse_model
from tests.calibrated import content
from tests.gates import policy, policy_file

FULL = """
format = 1
name = "汀步茶室"
version = "2026-11"
account = "2608812381"
min_letters = 8
undetermined = "block"

[wording]
block = 0.9
warn = "2 per 100"

[template]
block = "5 per 100"
warn = "never"

[idea]
warn = 0.95

[exclude]
accounts = ["广告代理"]
posts = ["4467107636950632"]

[[authorised]]
account = "麦岸烘焙"
until = 2026-12-31

[[authorised]]
account = "岔路口咖啡"
"""
VALID = Draft202012Validator(schemas()["policy-1"], format_checker=Draft202012Validator.FORMAT_CHECKER)


def test_a_full_file_says_all(tmp_path):
    read = policy(tmp_path, FULL)
    assert read == Policy(
        name="汀步茶室",
        version="2026-11",
        account="2608812381",
        min_letters=8,
        undetermined="block",
        wording=Rule(block=Threshold(risk=0.9), warn=Threshold(per_100=2)),
        template=Rule(block=Threshold(per_100=5)),
        idea=Rule(warn=Threshold(risk=0.95)),
        excluded_accounts=("广告代理",),
        excluded_posts=("4467107636950632",),
        authorised=(
            Authorisation(account="麦岸烘焙", until=date(2026, 12, 31)),
            Authorisation(account="岔路口咖啡"),
        ),
    )
    assert Policy.of(json.loads(json.dumps(read.to_dict()))) == read
    VALID.validate(read.to_dict())


def test_what_a_file_leaves_out_keeps_its_default(tmp_path):
    assert policy(tmp_path, "") == Policy()
    assert policy(tmp_path, "[wording]\nwarn = 0.5").wording == Rule(
        warn=Threshold(risk=0.5), block=Threshold(per_100=2)
    )
    model = load_model()
    assert policy(tmp_path, '[wording]\nblock = "never"').alarm(model) == model.review


def test_the_default_rates_are_those_of_the_shipped_thresholds():
    model, read = load_model(), Policy()
    assert read.risk("wording", "block", model) == read.alarm(model) == model.alarm
    assert read.risk("wording", "warn", model) == model.review
    assert read.risk("template", "warn", model) == model.template_review
    assert read.risk("idea", "warn", model) is None


@pytest.mark.parametrize("rate", ["0.25", "0.3", "1", "2.5", "3", "12.75", "19.9999", "20", "20.0"])
def test_any_rate_between_a_quarter_and_twenty_can_be_said(tmp_path, rate):
    read = policy(tmp_path, f'[wording]\nblock = "{rate} per 100"\nwarn = "never"')
    assert read.wording.block == Threshold(per_100=float(rate))
    model = parse_model(content())
    assert read.alarm(model) == model.threshold("copied", float(rate))


@pytest.mark.parametrize("rate", ["0", "0.2", "0.24999", "20.1", "21", "100", "-1", "1e1", "٢", "2,5", "02"])
def test_any_other_rate_is_refused_by_reader_and_schema(rate):
    values = {"wording": {"block": f"{rate} per 100"}}
    assert not VALID.is_valid(values)
    with pytest.raises(PolicyError, match=r'or a rate from "0\.25 per 100" to "20 per 100"'):
        Policy.of(values)


def test_a_rate_beside_a_risk_is_put_in_order_where_the_shipped_model_knows_it(tmp_path):
    with pytest.raises(PolicyError, match=r"wording\.warn must lie below wording\.block, got 2 per 100 and 0\.2"):
        policy(tmp_path, '[wording]\nblock = 0.2\nwarn = "2 per 100"')
    assert policy(tmp_path, '[wording]\nblock = 0.99\nwarn = "2 per 100"').wording.block == Threshold(risk=0.99)


def test_policies_that_differ_have_different_digests():
    assert Policy().digest == Policy().digest
    assert len({Policy().digest, Policy(undetermined="pass").digest, Policy(excluded_posts=("1",)).digest}) == 3


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("nmae = 'x'", "unknown key nmae. Known here: format, name"),
        ("format = 2", "format must be 1, got 2"),
        ("name = 7", "name must be a text in quotation marks, got 7"),
        ("name = ''", "name must have 1 to 60 characters, got ''"),
        ("min_letters = 0", "min_letters must be between 1 and 100, got 0"),
        ("min_letters = true", "min_letters must be a whole number, got True"),
        ("undetermined = 'stop'", "undetermined must be pass, warn or block, got 'stop'"),
        ("wording = 0.5", "wording must be a table [wording], got 0.5"),
        ("[wording]\nblok = 0.5", "unknown key wording.blok. Known here: warn, block"),
        ("[wording]\nblock = 74", "wording.block must be a risk between 0 and 1"),
        ("[wording]\nblock = '30 per 100'", 'or a rate from "0.25 per 100" to "20 per 100", got \'30 per 100\''),
        ("[idea]\nwarn = '5 per 100'", 'idea.warn must be a risk between 0 and 1, or "never" (no rate is known'),
        ("[wording]\nblock = 0.2\nwarn = 0.9", "wording.warn must lie below wording.block, got 0.9 and 0.2"),
        ("[wording]\nblock = '6 per 100'\nwarn = '2 per 100'", "wording.warn must lie below wording.block"),
        ("[exclude]\naccounts = '广告'", "exclude.accounts must be a list of texts"),
        ("[exclude]\nposts = [1]", "exclude.posts must be a list of texts"),
        ("[exclude]\nurls = []", "unknown key exclude.urls"),
        ("[[authorised]]\nuntil = 2026-12-31", "authorised, entry 1, must name an account"),
        ("[[authorised]]\naccount = 'a'\nuntil = 'soon'", "authorised, entry 1: until must be a day such as"),
        ("[[authorised]]\naccount = 'a'\nuntil = 2026-12-31T10:00:00", "until must be a day such as"),
        ("[authorised]\naccount = 'a'", "authorised must be a list"),
        ("name = ", "is not valid TOML"),
    ],
)
def test_what_a_policy_cannot_say_is_refused_by_file_and_key(tmp_path, text, said):
    with pytest.raises(PolicyError) as error:
        policy(tmp_path, text)
    message = str(error.value)
    assert message.startswith(str(tmp_path / "policy.toml"))
    assert said in message
    assert "\n" not in message


def test_a_file_that_cannot_be_read_says_why(tmp_path):
    with pytest.raises(PolicyError, match="No such file"):
        Policy.load(tmp_path / "none.toml")
    path = tmp_path / "policy.toml"
    path.write_bytes("name = '汀步'".encode("gb18030"))
    with pytest.raises(PolicyError, match="not UTF-8"):
        Policy.load(path)
    assert Policy.load(policy_file(tmp_path, "\ufeffname = '汀步'")).name == "汀步"


_VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-2, 120),
    st.floats(-1, 2).filter(lambda value: not value.is_integer()),  # TOML tells 8.0 from 8, JSON does not
    st.text(max_size=4),
    st.lists(st.text(max_size=3)),
    st.sampled_from(
        [
            "2 per 100",
            "6 per 100",
            "0.5 per 100",
            " 12.5 per 100 ",
            "25 per 100",
            "never",
            "pass",
            "warn",
            "block",
            "2026-12-31",
        ]
    ),
)
_LANES = st.dictionaries(st.sampled_from(["warn", "block", "hint"]), _VALUES, max_size=2)
_FILES = st.fixed_dictionaries(
    {},
    optional={
        "format": st.sampled_from([1, 2, "1"]),
        "name": _VALUES,
        "version": _VALUES,
        "account": _VALUES,
        "min_letters": _VALUES,
        "undetermined": _VALUES,
        "wording": _LANES,
        "template": _LANES,
        "idea": _LANES,
        "exclude": st.dictionaries(st.sampled_from(["accounts", "posts", "x"]), _VALUES, max_size=2),
        "authorised": st.lists(st.dictionaries(st.sampled_from(["account", "until"]), _VALUES, max_size=2), max_size=2),
        "other": _VALUES,
    },
)


@given(values=_FILES)
def test_the_schema_and_the_reader_agree(values):
    """But for what a schema cannot say: which of two thresholds is the lower, and which characters can be shown."""
    read, refusal = _read(values)
    assert VALID.is_valid(values) == (read is not None) or "must lie below" in refusal or "name must have" in refusal
    if read is not None:
        VALID.validate(read.to_dict())


def _read(values: dict[str, Any]) -> tuple[Policy | None, str]:
    try:
        return Policy.of(values), ""
    except PolicyError as error:
        return None, str(error)


def test_the_example_in_the_docs_is_a_policy():
    path = Path(__file__).resolve().parents[1] / "docs" / "examples" / "policy.toml"
    assert Policy.load(path).name == "汀步茶室"
