"""Checks that have an address: kept whole, for their owner only, for a while, and without the posts' words."""

from __future__ import annotations

import os
import stat
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from originality.build import build
from originality.checker import Checker
from originality.errors import IndexFault, SettingsError
from originality.index import LocalIndex
from originality.kept import DAYS, FOLDER, KeptCheck, KeptChecks, days_from_environment
from originality.whatif import Exclusions
from tests.corpus import SOURCE, indexed, post
from tests.fakes import FakeEncoder, full_disk

NOW = datetime(2026, 11, 25, 9, 30, tzinfo=UTC)
DRAFT = SOURCE.replace("钟楼", "城门") + "关注我们并转发这条微博，周五晚八点抽六位朋友送帆布袋一只。"


@pytest.fixture
def index(tmp_path: Path) -> Iterator[LocalIndex]:
    with indexed(tmp_path / "index") as opened:
        yield opened


def checked(index: LocalIndex) -> KeptCheck:
    without = Exclusions(posts=frozenset({"p3"}), stretches=frozenset({(2, 5)}), quotes=True, platform="weibo")
    return KeptCheck(result=Checker(index, FakeEncoder()).check(DRAFT), at=NOW, account="城门钟表", without=without)


def test_a_check_comes_back_as_it_was(index):
    kept, check = KeptChecks(index), checked(index)
    id = kept.keep(check)
    assert len(id) == 16
    assert check.result.matches
    assert check.result.boilerplate
    assert kept.find(id) == replace(check, id=id)
    assert KeptChecks(index).find(id) == replace(check, id=id), "for another process too"


def test_only_its_owner_reads_it_and_the_sources_words_are_not_in_it(index):
    id = KeptChecks(index).keep(checked(index))
    path = index.folder / FOLDER / f"{id}.json"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert "闻记钟表" not in path.read_text("utf-8")
    assert "钟楼" not in path.read_text("utf-8"), "the word that the draft has changed"


def test_a_post_that_was_forgotten_is_gone_from_it(index):
    kept, check = KeptChecks(index), checked(index)
    id = kept.keep(check)
    index.delete(["p0"])
    found = kept.find(id)
    assert found
    assert found.gone == 1
    assert "p0" not in {match.post_id for match in found.result.matches}
    assert found.result.verdict == check.result.verdict, "what was decided stays decided"


def test_a_post_that_was_edited_is_not_quoted_wrongly(index):
    kept = KeptChecks(index)
    id = kept.keep(checked(index))
    build([post(0, "这条已经改成别的内容了，只剩一句道歉。", "闻记钟表")], index, FakeEncoder())
    found = kept.find(id)
    assert found
    assert found.changed == 1
    edited = next(match for match in found.result.matches if match.post_id == "p0")
    assert edited.text.startswith("这条已经改成")
    assert edited.spans == ()
    assert edited.reasons == ()


@pytest.mark.parametrize("id", ["", "../../etc/passwd", "a" * 15, "a" * 17, "中" * 16, "..%2F..%2Fetc%2Fpas", "x" * 16])
def test_an_id_that_is_none_finds_nothing(index, id):
    assert KeptChecks(index).find(id) is None


@pytest.mark.parametrize(
    "content", ["", "[]", "{", "[" * 9000, '{"result": 3}', '{"result": {"matches": 3}, "without": {}}']
)
def test_a_damaged_file_is_no_check(index, content):
    kept = KeptChecks(index)
    id = kept.keep(checked(index))
    (index.folder / FOLDER / f"{id}.json").write_text(content, "utf-8")
    assert kept.find(id) is None


def test_what_is_too_old_is_not_found_and_then_removed(index):
    kept = KeptChecks(index, days=2)
    old, new = kept.keep(checked(index)), kept.keep(checked(index))
    path = index.folder / FOLDER / f"{old}.json"
    past = time.time() - 3 * 86_400
    os.utime(path, (past, past))
    assert kept.find(old) is None
    assert kept.find(new)
    KeptChecks(index, days=2).sweep()
    assert not path.exists()
    assert kept.find(new)


def test_where_nothing_is_kept_there_is_no_address_and_old_ones_go(index):
    id = KeptChecks(index).keep(checked(index))
    off = KeptChecks(index, days=0)
    assert off.keep(checked(index)) == ""
    assert off.find(id) is None
    assert list((index.folder / FOLDER).iterdir()) == []


@pytest.mark.parametrize(("value", "days"), [("", DAYS), ("off", 0), ("OFF", 0), ("0", 0), ("7", 7), (" 90 ", 90)])
def test_days_come_from_the_environment(value, days):
    assert days_from_environment({"ORIGINALITY_KEEP_DAYS": value}) == days


@pytest.mark.parametrize("value", ["-1", "never", "1.5", "99999", "٣"])
def test_days_that_are_none_are_refused(value):
    with pytest.raises(SettingsError, match="ORIGINALITY_KEEP_DAYS"):
        days_from_environment({"ORIGINALITY_KEEP_DAYS": value})


def test_a_full_disk_is_said_and_leaves_no_half_file(index):
    check = checked(index)
    kept = KeptChecks(index)
    kept.keep(check)
    before = set((index.folder / FOLDER).iterdir())
    with full_disk(10), pytest.raises(IndexFault, match="cannot be kept"):
        kept.keep(check)
    assert set((index.folder / FOLDER).iterdir()) == before
