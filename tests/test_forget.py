"""Forgetting: which posts, every trace of them, what is kept out afterwards, how long posts are kept."""

from __future__ import annotations

import contextlib
import json
import os
import pty
import sqlite3
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from originality.build import build
from originality.errors import IndexFault
from originality.index import LocalIndex, events, open_index
from originality.models import Dropped, Post
from tests.command_line import failed, process, run
from tests.fakes import FakeEncoder
from tests.processes import ROOT
from tests.stores import START, bytes_on_disk, content_of, grown, one_line, posts_of

MID, BID = "4467107636950632", "Is9M7taaY"
LINK = f"https://weibo.com/2608812381/{BID}"
POSTS = [
    *(
        replace(post, account=f"{post.account}茶室", account_id=f"260881238{i % 3}")
        for i, post in enumerate(posts_of(60))
    ),
    Post(post_id=MID, account="溪边茶室", text="雨前的第一锅茶刚出锅，锅边还烫手。", published_at=START),
    Post(post_id="undated", account="溪边茶室", text="没有日期的一条，写的是炒茶师傅的手。"),
]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    grown(tmp_path / "index", POSTS).close()
    return tmp_path / "index"


@contextlib.contextmanager
def changed(folder: Path) -> Iterator[LocalIndex]:
    with open_index(folder) as index:
        yield index


def left(folder: Path) -> set[str]:
    with open_index(folder) as index:
        return {post.post_id for post in index.posts()}


def forget(folder: Path, *arguments: object) -> str:
    result = run("forget", *arguments, "--yes", "--index", folder)
    assert result.exit_code == 0, result.stderr
    return result.stdout + result.stderr


# -- which -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", [MID, BID, LINK, f"https://m.weibo.cn/detail/{MID}"])
def test_a_post_is_forgotten_by_mid_bid_or_link(folder, name):
    assert "已从" in forget(folder, "--post", name)
    assert left(folder) == {post.post_id for post in POSTS} - {MID}


@pytest.mark.parametrize("name", ["品牌1茶室", "2608812381"])
def test_an_account_is_forgotten_by_name_or_number(folder, name):
    shown = forget(folder, "--account", name)
    assert "20  @品牌1茶室" in shown
    assert left(folder) == {post.post_id for post in POSTS if post.account != "品牌1茶室"}


def test_conditions_narrow_each_other_and_values_of_one_widen_it(folder):
    forget(folder, "--account", "品牌1茶室", "--account", "溪边茶室", "--before", "2020-02-04")
    gone = {post.post_id for post in POSTS} - left(folder)
    midnight = datetime(2020, 2, 3, 16, tzinfo=UTC)  # of Beijing
    assert gone == {
        post.post_id
        for post in POSTS
        if post.account in {"品牌1茶室", "溪边茶室"} and post.published_at and post.published_at < midnight
    }
    assert len(gone) == 3


def test_posts_older_than_so_many_days_go_and_those_without_a_time_stay(folder):
    young = Post(post_id="young", account="溪边茶室", text="今早的露水还在叶子上。", published_at=datetime.now(UTC))
    with changed(folder) as index:
        build([young], index, FakeEncoder())
    forget(folder, "--older-than", "30d")
    assert left(folder) == {"undated", "young"}


def test_a_post_that_is_not_there_is_said_and_harms_nothing(folder):
    with changed(folder) as index:
        before = content_of(index)
    shown = forget(folder, "--post", "nosuch")
    assert "nosuch" in shown
    assert "什么也没有删除" in shown
    with changed(folder) as index:
        assert content_of(index) == before


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        ([], "--post"),
        (["--keep-out"], "--post"),
        (["--post", MID], "--yes"),
        (["--before", "下周", "--yes"], "2024-01-31"),
        (["--older-than", "一年", "--yes"], "365d"),
        (["--retention", "0d"], "off"),
    ],
)
def test_without_a_clear_word_nothing_is_forgotten(folder, arguments, word):
    failed(run("forget", *arguments, "--index", folder), word)
    assert len(left(folder)) == len(POSTS)


@pytest.mark.parametrize(("answer", "remain"), [("y\n", len(POSTS) - 20), ("n\n", len(POSTS))])
def test_on_a_terminal_one_is_asked(folder, answer, remain):
    ours, theirs = pty.openpty()
    os.write(ours, answer.encode())
    command = process("forget", "--account", "品牌1茶室", "--index", folder)
    asked = subprocess.run(command, stdin=theirs, capture_output=True, text=True, timeout=60, check=False, cwd=ROOT)
    os.close(ours)
    os.close(theirs)
    assert "20  @品牌1茶室" in asked.stdout
    assert asked.returncode == (0 if answer == "y\n" else 130)
    assert len(left(folder)) == remain


# -- every trace -------------------------------------------------------------------------------------------------------


def write_events(folder: Path) -> None:
    """Write findings as reports do: about each post, and one about two others that names every post beside them."""
    others = json.dumps([(post.post_id, post.account, 1.0, 0.9) for post in POSTS], ensure_ascii=False)
    found = [(post.post_id, MID, f"照抄了：{post.text[:9]}", "[]") for post in POSTS]
    with contextlib.closing(sqlite3.connect(folder / events.FILE)) as database:
        database.execute("PRAGMA journal_mode=WAL")
        database.executescript(events.SCHEMA)
        database.executemany(
            "INSERT INTO event(span, draft_id, source_id, hint, reasons, others) VALUES('2026-W40', ?, ?, 0, ?, ?)",
            [*found, ("p00000", "p00002", "不相干的一件", others)],
        )
        for post in POSTS:
            database.execute("INSERT INTO decision(draft_id, source_id) VALUES('p00000', ?)", (post.post_id,))
            database.execute("INSERT INTO checked(span, post_id) VALUES('2026-W40', ?)", (post.post_id,))
        database.commit()


def events_of(folder: Path) -> set[tuple[str, str]]:
    with contextlib.closing(sqlite3.connect(folder / events.FILE)) as database:
        return set(database.execute("SELECT draft_id, source_id FROM event"))


def test_no_byte_of_a_forgotten_account_is_left_in_any_file(folder):
    gone = [post for post in POSTS if post.account == "品牌1茶室"]
    write_events(folder)
    with changed(folder) as index:
        build([Dropped(reason="no text", file=Path("导出/品牌1茶室.csv"), line=3)], index, FakeEncoder())
        build([Dropped(reason="no text", file=Path("导出/品牌2茶室.csv"), line=3)], index, FakeEncoder())
        vectors = dict(index.store.rows("SELECT key, value FROM vector"))
    traces = [text.encode() for post in gone for text in (post.text, post.post_id)]
    traces += [text.encode() for text in ("品牌1茶室", "2608812381")]
    before = bytes_on_disk(folder)
    assert all(trace in before for trace in traces)
    reader = open_index(folder)  # as a page that is open: the log stays
    assert reader.near_texts(FakeEncoder().encode([gone[0].text]), 3)
    forget(folder, "--account", "品牌1茶室", "--keep-out")
    with changed(folder) as index:
        remaining = dict(index.store.rows("SELECT key, value FROM vector"))
        assert index.store.dropped() == {"no text": 1}
    traces += [vectors[key] for key in vectors.keys() - remaining.keys() if vectors[key] not in remaining.values()]
    assert len(traces) > 2 * len(gone) + 20
    for _ in range(2):  # with the reader and without
        content = bytes_on_disk(folder)
        assert not [trace for trace in traces if trace in content]
        reader.close()
    assert events_of(folder) == {("p00000", "p00002")} | {
        (post.post_id, MID) for post in POSTS if post.account != "品牌1茶室"
    }
    with contextlib.closing(sqlite3.connect(folder / events.FILE)) as database:
        ((others,),) = database.execute("SELECT others FROM event WHERE source_id='p00002'")
        assert len(json.loads(others)) == len(POSTS) - len(gone)
        assert database.execute("SELECT events FROM gone").fetchall() == [(len(gone),)]


def test_the_place_in_an_account_that_live_collecting_remembers_steps_back(folder):
    path = folder / "live.json"
    path.write_text(json.dumps({"newest": int(MID), "gaps": [{"cursor": MID, "after": 4467107636950630}]}))
    forget(folder, "--post", MID)
    step = "4467107636950631"
    assert json.loads(path.read_text()) == {
        "newest": int(step),
        "gaps": [{"cursor": step, "after": 4467107636950630}],
    }
    assert MID.encode() not in bytes_on_disk(folder)


def test_a_kept_check_no_longer_names_a_forgotten_post(folder):
    (folder / "checks").mkdir()
    for name, post_id in (("gone", MID), ("kept", "undated")):
        content = {"result": {"matches": [{"post_id": post_id, "risk": 0.9}]}}
        (folder / "checks" / f"{name}.json").write_text(json.dumps(content), encoding="utf-8")
        (folder / "checks" / f"{name}.json").chmod(0o600)
        os.utime(folder / "checks" / f"{name}.json", (1_700_000_000, 1_700_000_000))
    forget(folder, "--post", MID)
    states = [path.stat() for path in (folder / "checks").iterdir()]
    assert {(state.st_mode & 0o777, state.st_mtime) for state in states} == {(0o600, 1_700_000_000)}  # no younger
    gone, kept = (json.loads((folder / "checks" / f"{name}.json").read_text()) for name in ("gone", "kept"))
    assert gone["result"]["matches"] == [{"post_id": "forgotten", "risk": 0.9}]
    assert kept["result"]["matches"] == [{"post_id": "undated", "risk": 0.9}]
    assert MID.encode() not in bytes_on_disk(folder)


def test_vectors_that_another_post_shares_stay(folder):
    twin = replace(POSTS[1], post_id="twin", account="转载号")
    with changed(folder) as index:
        build([twin], index, FakeEncoder())
    forget(folder, "--post", POSTS[1].post_id)
    with changed(folder) as index:
        (row,) = index.store.rows("SELECT row FROM post WHERE post_id='twin'")[0]
        assert index.parts([row])[row]
        assert index.fetch(["twin"])["twin"].text == POSTS[1].text


@pytest.mark.parametrize("content", [b"not a database, but long enough to be looked at" * 40, b""])
def test_findings_that_cannot_be_read_stop_the_deletion_and_empty_ones_do_not(folder, content):
    (folder / "events.sqlite").write_bytes(content)
    if not content:
        forget(folder, "--post", MID)
        return
    failed(run("forget", "--post", MID, "--yes", "--index", folder), "events.sqlite", "No post has been deleted")
    assert len(left(folder)) == len(POSTS)


def test_findings_that_somebody_reads_without_end_stop_the_deletion(folder, monkeypatch):
    monkeypatch.setattr("originality.index.traces.WAIT_SECONDS", 0.1)
    write_events(folder)
    with changed(folder) as index, contextlib.closing(sqlite3.connect(folder / "events.sqlite")) as reader:
        cursor = reader.execute("SELECT * FROM event")
        cursor.fetchone()
        with pytest.raises(IndexFault) as error:
            index.delete([MID])
        assert "No post has been deleted" in one_line(error)
        assert index.fetch([MID])
        cursor.close()
        assert index.delete([MID]) == 1


# -- afterwards --------------------------------------------------------------------------------------------------------


def test_what_is_kept_out_does_not_come_back(folder):
    assert "共有 2 条" in forget(folder, "--post", LINK, "--post", "5000000000000001", "--keep-out")
    with changed(folder) as index:
        late = Post(post_id="5000000000000001", account="溪边茶室", text="本来就不该收的一条。")
        report = build([*POSTS, late], index, FakeEncoder())
        assert report.dropped == {"forgotten": 2}
        assert index.fetch([MID, late.post_id]) == {}
    assert json.loads(run("stats", "--index", folder, "--json").stdout)["forgotten"] == 2
    assert "不再收录的帖子 2 条" in run("stats", "--index", folder).stdout


def test_what_is_forgotten_without_that_comes_back_with_its_file(folder):
    forget(folder, "--post", MID)
    with changed(folder) as index:
        assert build(POSTS, index, FakeEncoder()).added == 1


def test_a_post_that_only_fails_another_condition_is_not_kept_out(folder):
    forget(folder, "--post", MID, "--post", "p00001", "--account", "溪边茶室", "--keep-out")
    with changed(folder) as index:
        assert index.kept_out([MID, "p00001"]) == {MID}


def test_the_retention_is_remembered_and_each_collect_applies_it(folder):
    set_to = run("forget", "--retention", "365d", "--index", folder)
    assert f"{len(POSTS) - 1} 条更早" in set_to.stdout
    assert len(left(folder)) == len(POSTS)
    assert "保留期限 365 天" in run("stats", "--index", folder).stdout
    young = Post(
        post_id="y", account="溪边茶室", text="今早的露水。", published_at=datetime.now(UTC) - timedelta(days=364)
    )
    with changed(folder) as index:
        report = build([young, POSTS[0]], index, FakeEncoder())
        assert (report.expired, report.added) == (len(POSTS) - 1, 1)
        assert report.dropped == {"older than the retention": 1}
    assert left(folder) == {"undated", "y"}
    assert POSTS[0].text.encode() not in bytes_on_disk(folder)
    run("forget", "--retention", "off", "--index", folder)
    with changed(folder) as index:
        assert index.store.retention is None
        assert build([POSTS[0]], index, FakeEncoder()).added == 1


def test_a_collect_finishes_a_deletion_that_was_stopped(folder):
    with changed(folder) as index:
        with index.store.transaction() as database:
            database.execute("INSERT INTO meta VALUES('purge', '1')")
        build([], index, FakeEncoder())
        assert index.store.meta("purge") is None


def test_stats_list_the_posts_that_were_cut(folder):
    cut = Post(
        post_id="5000000000000002", account="溪边茶室", text="半句...全文", truncated=True, url=LINK, platform="wechat"
    )
    with changed(folder) as index:
        build([cut], index, FakeEncoder())
    facts = json.loads(run("stats", "--index", folder, "--json").stdout)
    assert (facts["truncated"], facts["platforms"]) == (1, {"weibo": len(POSTS), "wechat": 1})
    assert "被截断的 1 条" in run("stats", "--index", folder).stdout
    assert run("stats", "--truncated", "--index", folder).stdout == f"{cut.post_id}\t{LINK}\n"
    listed = json.loads(run("stats", "--truncated", "--json", "--index", folder).stdout)
    assert listed == {"post_id": cut.post_id, "url": LINK, "account": "溪边茶室"}
