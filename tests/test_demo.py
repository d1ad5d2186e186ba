"""The demo corpus is what its README says: a pure test of its files, without an index."""

import json
from collections import Counter
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

DEMO = Path(__file__).resolve().parents[1] / "demo"
TRADES = ("ride", "skin", "tea")
POST_KEYS = {
    "post_id",
    "account",
    "account_id",
    "published_at",
    "text",
    "url",
    "reposts",
    "comments",
    "likes",
}
PLANTED_KEYS = {"kind", "post_id", "source", "group", "note"}
# How many of each kind a trade holds at least. A kind has a source, a group, or neither; never both.
WITH_SOURCE = {
    "copy": 4,
    "partial": 4,
    "light": 4,
    "rewrite": 4,
    "disguise": 2,
    "template": 4,
    "idea": 3,
    "independent": 8,
    "repost": 2,
}
WITH_GROUP = {"campaign": 4, "occasion": 6}
WITH_NEITHER = {"boilerplate": 5}
KINDS = WITH_SOURCE | WITH_GROUP | WITH_NEITHER

Record = dict[str, Any]


def read(path: Path) -> list[Record]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def moment(post: Record) -> datetime:
    return datetime.fromisoformat(post["published_at"])


POSTS = {trade: read(DEMO / "posts" / f"{trade}.jsonl") for trade in TRADES}
PLANTED = {trade: read(DEMO / "planted" / f"{trade}.jsonl") for trade in TRADES}
ALL = [post for posts in POSTS.values() for post in posts]
BY_ID = {post["post_id"]: post for post in ALL}
ALL_PLANTED = [record for records in PLANTED.values() for record in records]
PLANTED_IDS = {record["post_id"] for record in ALL_PLANTED}
README = (DEMO / "README.md").read_text(encoding="utf-8")


def letters(text: str) -> str:
    return "".join(character for character in text if character.isalnum())


def longest_shared_run(one: str, other: str) -> int:
    """Return the length of the longest common substring of the letters of two texts."""
    short, long = sorted((letters(one), letters(other)), key=len)
    best = 0
    for start in range(len(short)):
        while start + best < len(short) and short[start : start + best + 1] in long:
            best += 1
    return best


def test_the_folder_holds_the_three_trades_and_nothing_else():
    assert {path.name for path in (DEMO / "posts").iterdir()} == {f"{trade}.jsonl" for trade in TRADES}
    assert {path.name for path in (DEMO / "planted").iterdir()} == {f"{trade}.jsonl" for trade in TRADES}


def test_there_is_enough_of_it():
    assert len(ALL) >= 400
    assert len({post["account_id"] for post in ALL}) >= 12
    for posts in POSTS.values():
        by_account = Counter(post["account_id"] for post in posts)
        assert len(by_account) == 4
        assert min(by_account.values()) >= 30


def test_an_account_has_one_name_and_one_trade():
    pairs = {(post["account_id"], post["account"]) for post in ALL}
    assert len(pairs) == len({number for number, _ in pairs}) == len({name for _, name in pairs})
    trades = [{post["account_id"] for post in posts} for posts in POSTS.values()]
    assert sum(map(len, trades)) == len(set.union(*trades))


@pytest.mark.parametrize("trade", TRADES)
def test_every_post_has_the_same_fields(trade):
    for number, post in enumerate(POSTS[trade], start=1):
        assert set(post) == POST_KEYS, post
        assert post["post_id"] == f"demo-{trade}-{number:04d}"
        assert post["url"] == f"https://weibo.example/{post['account_id']}/{post['post_id']}"
        for key in ("reposts", "comments", "likes"):
            assert isinstance(post[key], int)
            assert post[key] >= 0


def test_ids_and_texts_are_unique():
    assert len(BY_ID) == len(ALL)
    twice = [text for text, count in Counter(post["text"] for post in ALL).items() if count > 1]
    assert twice == []


@pytest.mark.parametrize("trade", TRADES)
def test_posts_are_in_order_of_time_over_twelve_weeks(trade):
    times = [moment(post) for post in POSTS[trade]]
    assert times == sorted(times)
    assert {time.utcoffset() for time in times} == {timedelta(hours=8)}
    weeks = {time.isocalendar()[:2] for time in times}
    assert weeks == {(2026, week) for week in range(36, 48)}  # 31 August to 22 November, no week without posts


def test_lengths_are_those_of_a_weibo_feed():
    lengths = sorted(len(post["text"].strip()) for post in ALL)
    assert lengths[0] >= 8
    assert lengths[-1] <= 300
    assert 60 <= lengths[len(lengths) // 2] <= 120
    assert sum(length <= 20 for length in lengths) >= 30
    assert sum(length >= 180 for length in lengths) >= 10


@pytest.mark.parametrize("trade", TRADES)
def test_every_kind_is_planted_in_every_trade(trade):
    counts = Counter(record["kind"] for record in PLANTED[trade])
    assert set(counts) == set(KINDS)
    short = {kind: counts[kind] for kind, least in KINDS.items() if counts[kind] < least}
    assert short == {}


def test_a_planted_post_is_named_once_and_its_note_says_why():
    assert len(PLANTED_IDS) == len(ALL_PLANTED)
    for record in ALL_PLANTED:
        assert set(record) == PLANTED_KEYS
        assert record["note"]


def test_a_planted_post_has_an_earlier_source_by_another_account():
    for record in ALL_PLANTED:
        post = BY_ID[record["post_id"]]
        assert (record["source"] is not None) == (record["kind"] in WITH_SOURCE), record
        if record["source"] is not None:
            source = BY_ID[record["source"]]
            assert moment(source) < moment(post), record
            assert source["account_id"] != post["account_id"], record


def test_groups_are_joined_by_several_accounts():
    for record in ALL_PLANTED:
        assert (record["group"] is not None) == (record["kind"] in WITH_GROUP), record
    groups = {record["group"] for record in ALL_PLANTED} - {None}
    for group in groups:
        members = [record for record in ALL_PLANTED if record["group"] == group]
        assert len({record["kind"] for record in members}) == 1
        assert len({BY_ID[record["post_id"]]["account_id"] for record in members}) >= 3, group


def test_the_planted_texts_are_of_their_kind():
    """Copies share a long run, rewrites and independent posts none: a wrong id in the list fails here."""
    runs: dict[str, list[int]] = {kind: [] for kind in WITH_SOURCE}
    for record in ALL_PLANTED:
        if record["source"] is not None:
            run = longest_shared_run(BY_ID[record["post_id"]]["text"], BY_ID[record["source"]]["text"])
            runs[record["kind"]].append(run)
    assert min(runs["copy"]) >= 12
    assert min(runs["partial"]) >= 20
    assert min(runs["light"]) >= 8
    assert min(runs["repost"]) >= 20
    assert max(runs["rewrite"]) < 8
    assert max(runs["idea"]) < 8
    assert max(runs["independent"]) < 8


def test_reposts_declare_themselves():
    for record in ALL_PLANTED:
        if record["kind"] == "repost":
            source = BY_ID[record["source"]]
            quoted = source["text"].splitlines()[0]  # a repost does not carry the line of the source's video
            assert f"//@{source['account']}:{quoted}" in BY_ID[record["post_id"]]["text"]
    declared = {post["post_id"] for post in ALL if "//@" in post["text"] and post["post_id"] in PLANTED_IDS}
    assert declared == {record["post_id"] for record in ALL_PLANTED if record["kind"] == "repost"}


def test_nothing_else_shares_words_by_accident():
    """What two accounts both say in 12 letters or more is planted, or is what campaigns and formulae share."""
    expected = {frozenset((record["post_id"], record["source"])) for record in ALL_PLANTED if record["source"]}
    common = {record["post_id"] for record in ALL_PLANTED if record["kind"] in {"campaign", "boilerplate", "occasion"}}
    seen: dict[str, str] = {}
    found = set()
    for post in ALL:
        text = letters(post["text"])
        for start in range(len(text) - 11):
            first = seen.setdefault(text[start : start + 12], post["post_id"])
            if BY_ID[first]["account_id"] != post["account_id"]:
                found.add(frozenset((first, post["post_id"])))
    assert {pair for pair in found if pair not in expected and not pair <= common} == set()


def test_the_readme_tells_the_truth():
    cells = {tuple(cell.strip() for cell in line.split("|")[1:-1]) for line in README.splitlines() if line[:1] == "|"}
    brands = {row[1:4] for row in cells if len(row) == 5 and row[2].isdigit()}
    counts = Counter((post["account"], post["account_id"]) for post in ALL)
    assert brands == {(name, number, str(count)) for (name, number), count in counts.items()}
    kinds = {row[:2] for row in cells if len(row) == 4 and row[1].isdigit()}
    assert kinds == {(kind, str(count)) for kind, count in Counter(r["kind"] for r in ALL_PLANTED).items()}
    assert f"{len(ALL)} Weibo posts" in README


def test_the_drafts_of_the_readme_borrow_what_it_says():
    quoted = [
        "\n".join(line[2:] for line in part.splitlines() if line[:2] == "> ") for part in README.split("**")[2::2]
    ]
    copied, lifted, own = quoted
    assert longest_shared_run(copied, BY_ID["demo-tea-0006"]["text"]) >= 20
    assert longest_shared_run(lifted, BY_ID["demo-skin-0068"]["text"]) >= 40
    assert max(longest_shared_run(own.split("\n")[0], post["text"]) for post in ALL) < 8
