"""The pure parts of the benchmarks: tables, peers on a handful of posts, groups of figures, samples, worst errors."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from benchmarks import ablations, errors, pairs_rate, peers, quality, referee
from benchmarks.examples import Example
from benchmarks.markdown import put, table
from originality.models import CheckResult, IndexInfo, Match, Verdict
from originality.score import NAMES

POSTS = (
    "青瓦茶馆今天上新桂花乌龙，第二杯半价，欢迎来坐坐",
    "周末去爬北山，记得带水和外套，山顶风大",
    "北山缆车检修三天，想上山的朋友请走东门步道",
    "#话题#",
)


def world(*drafts: str, posts: tuple[str, ...] = POSTS) -> peers.World:
    cases = tuple({"id": f"d{i}", "text": text} for i, text in enumerate(drafts))
    return peers.World(
        tuple({"post_id": f"p{i}", "text": text} for i, text in enumerate(posts)), referee.Bench(Path("none"), cases)
    )


def rows(name: str, *drafts: str) -> list[list[float]]:
    found = world(*drafts)
    return [row.tolist() for row in getattr(peers, name)(found)]


def test_a_table_has_a_line_for_each_row():
    assert table(["a", "b", "c"], [["x", 0.12345, None], ["y", 2, "z"]]).splitlines() == [
        "| a | b | c |",
        "| --- | --- | --- |",
        "| x | 0.123 |  |",
        "| y | 2 | z |",
    ]


def test_a_section_takes_the_place_of_the_one_before_and_touches_nothing_else():
    first = put("# Title\n\nBy hand.\n", "peers", "one\n")
    assert first == "# Title\n\nBy hand.\n\n<!-- peers: begin -->\none\n<!-- peers: end -->\n"
    both = put(first, "pairs", "other") + "More by hand.\n"
    assert put(both, "peers", "two") == both.replace("\none\n", "\ntwo\n")


@pytest.mark.parametrize("text", ["<!-- peers: begin -->", "<!-- peers: end --> x <!-- peers: begin -->"])
def test_half_a_pair_of_markers_is_refused(text):
    with pytest.raises(ValueError, match="markers of peers"):
        put(text, "peers", "section")


def test_containment_is_the_share_of_the_drafts_5_grams():
    whole, half, short = rows("containment", POSTS[1], "记得带水和外套" + "另外还有别的安排", "北山")
    assert whole[1] == 1.0
    assert half[1] == pytest.approx(3 / 11)
    assert short == [0.0] * 4


def test_the_longest_run_counts_unbroken_letters_across_punctuation():
    (row,) = rows("longest_run", "大家周末都好，记得带水，和外套。北山缆车")
    assert row[1] == pytest.approx(7 / (7 + peers.RUN_MIDDLE))
    assert row[2] == pytest.approx(4 / (4 + peers.RUN_MIDDLE))
    assert (row[0], row[3]) == (0.0, 0.0)


def test_a_run_ends_with_its_post():
    found = world("前三四五后六七八", posts=("一二前三四五", "后六七八九十"))
    (row,) = peers.longest_run(found)
    assert row.tolist() == pytest.approx([4 / (4 + peers.RUN_MIDDLE)] * 2)


def test_bm25_gives_a_post_half_for_itself_and_nothing_for_another_topic():
    same, other = rows("bm25", POSTS[1], "股价收盘")
    assert same[1] == pytest.approx(0.5)
    assert max(same) == same[1]
    assert same[2] > same[0]
    assert other == [0.0] * 4


def test_minhash_finds_the_same_text_and_its_index_leaves_out_what_is_far():
    (near,) = rows("minhash", POSTS[0])
    (found,) = rows("minhash_lsh", POSTS[0])
    assert near[0] == found[0] == 1.0
    assert found[1:] == [0.0] * 3


def test_partial_ratio_finds_a_draft_inside_a_post():
    pytest.importorskip("rapidfuzz")
    (row,) = rows("partial_ratio", "第二杯半价")
    assert row[0] == 1.0
    assert row[1] < 1.0


def with_vectors(theirs: list[list[list[float]]], ours: list[list[list[float]]]) -> peers.World:
    found = world(*["x"] * len(ours), posts=("x",) * len(theirs))
    both = tuple([np.array(parts, np.float32).reshape(-1, 2) for parts in side] for side in (theirs, ours))
    found.__dict__["vectors"] = both
    return found


def test_whole_texts_are_compared_by_their_first_vector():
    found = with_vectors([[[1, 0], [0, 1], [0, 1]], [[0.6, 0.8]], []], [[[1, 0]], []])
    assert [row.tolist() for row in peers.whole_cosine(found)] == [[1.0, pytest.approx(0.6), 0.0], [0.0] * 3]


def test_aligned_sentences_count_both_ways():
    found = with_vectors([[[1, 0], [1, 0], [0, 1]], [[1, 0]], []], [[[1, 0]], []])
    one, none = peers.aligned_cosine(found)
    assert one.tolist() == pytest.approx([2 * 1 * 0.5 / 1.5, 1.0, 0.0])
    assert none.tolist() == [0.0] * 3


def test_results_name_the_highest_posts_first_and_no_post_without_a_figure():
    found = world("甲", "乙")
    given = [np.array([0.2, 0.0, 0.7, 0.2]), np.zeros(4)]
    first, second = peers.results(found, iter(given))
    assert (first["id"], first["risk"]) == ("d0", 0.7)
    assert [match["post_id"] for match in first["matches"]] == ["p2", "p0", "p3"]
    assert second == {"id": "d1", "risk": 0.0, "matches": []}


def test_every_figure_of_the_judge_belongs_to_a_group():
    assert {name for names in ablations.GROUPS.values() for name in names} == set(NAMES)
    assert "cover_draft_beyond" in ablations.GROUPS["wording"]


def example(**changes: object) -> Example:
    given: dict[str, Any] = {
        "id": "d1",
        "expect": "copied",
        "cls": "heavy",
        "unsure": False,
        "right": (0,),
        "rows": np.ones((2, len(NAMES))),
        "fold": 0,
        "text": "甲",
        "texts": ("乙", "丙"),
    }
    return Example(**{**given, **changes})


def test_a_group_is_switched_off_by_making_its_figures_constant():
    before = example()
    (after,) = ablations.without([before], ("order", "closeness"))
    off = [name for name, value in zip(NAMES, after.rows[0], strict=True) if value == 0]
    assert off == ["closeness", "order"]
    assert before.rows.all()
    (kept,) = ablations.without([before], ())
    assert kept.rows.all()


def test_pairs_are_drawn_alike_each_time_and_no_second_text_twice():
    given = [{"a": f"问{i}", "b": f" 答{i // 2} ", "label": str(i % 4 // 2)} for i in range(40)]
    drawn = pairs_rate.sample(given, "0", 6)
    assert drawn == pairs_rate.sample(given, "0", 6)
    assert len({b for _, b in drawn}) == 6
    labels = {(row["a"], row["b"].strip()): row["label"] for row in given}
    assert {labels[pair] for pair in drawn} == {"0"}
    assert len(pairs_rate.sample(given, "1", 99)) == 10


def result(verdict: Verdict, **risks: float) -> CheckResult:
    matches = tuple(
        Match(
            post_id=post_id,
            account="",
            published_at=None,
            url="",
            text="",
            risk=risk,
            template_risk=0.0,
            idea_risk=0.0,
            kind="near",
            containment_of_draft=0.0,
            containment_of_source=0.0,
            spans=(),
            reasons=(),
        )
        for post_id, risk in risks.items()
    )
    return CheckResult(
        id="d",
        verdict=verdict,
        risk=max(risks.values()),
        originality=1.0,
        template_risk=0.0,
        idea_risk=0.0,
        matches=matches,
        boilerplate=(),
        caveats=(),
        index=IndexInfo(posts=2, as_of=None, stamp=""),
        elapsed_ms=1.0,
        draft="甲",
    )


def test_a_pair_is_called_copied_where_its_own_partner_reaches_the_alarm():
    assert pairs_rate.accuses(result("imitation", b1=0.9, b2=0.8), "b2", 0.7)
    assert not pairs_rate.accuses(result("imitation", b1=0.9, b2=0.6), "b2", 0.7)
    assert not pairs_rate.accuses(result("imitation", b1=0.9), "b2", 0.7)
    assert not pairs_rate.accuses(result("review", b2=0.9), "b2", 0.95)


def test_pairs_that_share_half_of_their_wording_are_counted_apart():
    assert pairs_rate.wording("今天的云真好看啊", "今天的云，真好看") == 1.0
    assert pairs_rate.wording("今天的云真好看啊", "明天大家一起去看海吧") == 0.0
    called = ({"wording": 0.5}, {"wording": 0.49}, {"wording": 0.0})
    assert pairs_rate.Rate("set", 10, 0, called, 0).unlike == 2


PRINTED = """
plain         120 copies  first 1.000  flagged 0.992  named 0.000  150 ms each  also named {}
  review 0.31 '一段文字 copies  first'
separated       7 copies  first 0.857  flagged 1.000  named 1.000  160 ms each  also named {'fullwidth': 2}
"""


def test_the_rows_of_disguises_are_read_from_what_is_printed():
    assert quality.disguise_rows(PRINTED) == [
        ["plain", "120", "1.000", "0.992", "0.000"],
        ["separated", "7", "0.857", "1.000", "1.000"],
    ]
    with pytest.raises(ValueError, match="no row of copies"):
        quality.disguise_rows("nothing")


def test_what_a_stage_found_is_kept_until_a_part_changes(tmp_path, monkeypatch):
    monkeypatch.setattr(referee, "FOLDER", tmp_path / "new")
    part = tmp_path / "part.txt"
    part.write_text("one")
    runs: list[int] = []

    def make() -> list[int]:
        runs.append(len(runs))
        return [len(runs)]

    assert [quality.kept("stage", [part, 5], make) for _ in range(2)] == [[1], [1]]
    part.write_text("two")
    assert quality.kept("stage", [part, 5], make) == [2]
    assert quality.kept("stage", [part, 6], make) == [3]
    assert len(runs) == 3


CASES: list[dict[str, Any]] = [
    {"id": "h1", "expect": "copied", "cls": "heavy", "source": "p1", "text": "甲"},
    {"id": "h2", "expect": "copied", "cls": "heavy", "source": "p2", "also": ["p3"], "text": "乙"},
    {"id": "h3", "expect": "copied", "cls": "heavy", "source": "p2", "unsure": True, "text": "丙"},
    {"id": "h4", "expect": "copied", "cls": "light", "source": "p4", "text": "丁"},
    {"id": "c1", "expect": "clean", "cls": "orphan", "source": None, "text": "戊"},
    {"id": "c2", "expect": "clean", "cls": "orphan", "source": None, "text": "己"},
    {"id": "c3", "expect": "clean", "cls": "orphan", "source": None, "unsure": True, "text": "庚"},
]
RISKS = {"h1": 0.3, "h2": 0.1, "h3": 0.0, "h4": 0.9, "c1": 0.2, "c2": 0.5, "c3": 0.99}


def given_results() -> list[dict[str, Any]]:
    shown = {"h1": ["p9"], "h2": ["p8", "p3"], "c2": ["p7"]}
    return [
        {"id": id, "risk": risk, "matches": [{"post_id": post} for post in shown.get(id, [])]}
        for id, risk in RISKS.items()
    ]


@pytest.mark.shared
def test_the_worst_errors_come_first_and_unsure_labels_are_none(shared):
    misses, alarms = errors.worst(CASES, given_results(), count=2)
    assert [(error.case["id"], error.post_id, error.rank) for error in misses] == [("h2", "p3", 2), ("h1", "p1", None)]
    assert [(error.case["id"], error.post_id, error.rank) for error in alarms] == [("c2", "p7", 1), ("c1", "", None)]


@pytest.mark.shared
def test_verdicts_are_given_at_the_threshold_of_the_other_part(shared):
    drafts = referee.Bench(Path("none"), tuple(CASES))
    parts = {"h1": 0, "h2": 1, "h3": 0, "h4": 1, "c1": 0, "c2": 1, "c3": 1}
    given = referee.with_verdicts(drafts, given_results(), parts)
    # the part of c1 (.2) is judged by c2 (.5) and the other way round; c3 has no certain label
    assert {row["id"] for row in given if row["verdict"] == "copied"} == {"h4", "c2", "c3"}
