"""A copy in disguise through the whole check: flagged, named, put into words; nobody else is told of a disguise."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import get_args

import jsonschema
import pytest

from originality.checker import Checker
from originality.evidence import evidence_pack
from originality.explain import disguise_name, disguise_reasons
from originality.gate.schema import check_result
from originality.kept import KeptCheck, KeptChecks
from originality.models import Disguise, DisguiseKind, Span
from originality.settings import Settings
from tests.corpus import SOURCE, STORIES, indexed
from tests.fakes import FakeEncoder

DRAFT = (
    "休表的人说，齿伦不会撒荒。铺子开在中楼北面，三十一年没换过zhaopai，老反姓文，佐眼长年夹着一只放大竟。"
    "斤天修女子一块 1968 年的上发条表，表主在门囗听了两分中，才敢带回手上。"
)


@pytest.fixture(scope="module")
def checker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Checker]:
    with indexed(tmp_path_factory.mktemp("disguise") / "index") as index:
        yield Checker(index, FakeEncoder())


def test_a_copy_in_disguise_is_flagged_named_and_told(checker):
    result = checker.check(DRAFT)
    assert result.is_alarm
    assert result.matches[0].text == SOURCE
    assert {item.kind for item in result.disguises} >= {"homophone", "pinyin", "split"}
    told = {DRAFT[slice(*item.span)]: item.reading for item in result.disguises}
    assert told["zhaopai"] == "招牌"
    assert told["女子"] == "好"
    assert "文字经过伪装" in result.matches[0].reasons[-1]
    assert all(0 <= start < end <= len(DRAFT) for start, end in (span.draft for span in result.matches[0].spans))
    assert result.originality < 0.1


def test_the_result_keeps_to_its_schema(checker):
    found = json.loads(json.dumps(checker.check(DRAFT).to_dict()))
    jsonschema.validate(found, check_result())
    assert found["disguises"][0].keys() == {"span", "kind", "reading"}
    honest = checker.check(STORIES[0][::-1] + "灯塔今晚不亮").to_dict()
    assert "disguises" not in honest


def test_a_kept_check_and_its_evidence_show_the_words_as_they_read(checker):
    kept = KeptChecks(checker.index)
    found = kept.find(kept.keep(KeptCheck(result=checker.check(DRAFT), at=datetime(2026, 11, 25, tzinfo=UTC))))
    assert found is not None
    assert found.result.disguises == checker.check(DRAFT).disguises
    pack = evidence_pack(found, made_at=found.at)
    assert "<del>zhaopai</del> → <ins>招牌</ins> · 拼音" in pack
    assert "<del>" not in evidence_pack(KeptCheck(result=checker.check(SOURCE), at=found.at), made_at=found.at)


def test_a_plain_copy_is_told_without_a_disguise(checker):
    result = checker.check(SOURCE)
    assert result.verdict == "copied"
    assert result.disguises == ()
    assert not any("伪装" in reason for reason in result.matches[0].reasons)


def test_every_kind_has_its_words_in_both_languages():
    for language in ("zh", "en"):
        assert len({disguise_name(kind, language) for kind in get_args(DisguiseKind)}) == len(get_args(DisguiseKind))
    disguise, span = Disguise(span=(3, 5), kind="split", reading="好"), Span((0, 9), (0, 9), "near")
    assert disguise_reasons([disguise], [span]) == ("文字经过伪装，以上为还原后的比对：拆字 1 处。",)
    assert "split characters (1)" in disguise_reasons([disguise], [span], "en")[0]
    assert disguise_reasons([disguise], [Span((5, 9), (0, 4), "exact")]) == ()


def test_the_language_of_the_settings_counts(tmp_path):
    with indexed(tmp_path / "index") as index:
        result = Checker(index, FakeEncoder(), Settings(language="en")).check(DRAFT)
    assert "were disguised" in result.matches[0].reasons[-1]
