"""What a check says when something does not count, and the least that must be rewritten."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from originality.checker import Checker
from originality.models import CheckResult, Post
from originality.whatif import MOST_CHECKS, Exclusions, blanked, check_without, fewest_rewrites, quotes_of
from tests.corpus import SOURCE, corpus, indexed
from tests.fakes import FakeEncoder

SENTENCES = SOURCE.split("。")
OWN = "我们的新店开在河对岸，门口种了两棵枇杷树，等它们结果的那年再办周年庆。"
DRAFT = f"{OWN}{SENTENCES[1]}。{OWN[::-1]}"


@pytest.fixture(scope="module")
def checker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Checker]:
    twin = Post(
        post_id="twin",
        account="闻记二店",
        text=SOURCE,
        platform="douyin",
        published_at=datetime(2026, 9, 2).astimezone(),
    )
    with indexed(tmp_path_factory.mktemp("whatif") / "index", [*corpus(), twin]) as index:
        yield Checker(index, FakeEncoder())


def test_nothing_left_out_is_the_ordinary_check(checker):
    plain, same = checker.check(SOURCE, id="d"), check_without(checker, SOURCE, Exclusions(), id="d")
    assert same.to_dict() | {"elapsed_ms": 0} == plain.to_dict() | {"elapsed_ms": 0}


def test_a_source_left_out_is_no_source_and_the_next_one_comes_forward(checker):
    before = checker.check(SOURCE)
    first = before.matches[0].post_id
    after = check_without(checker, SOURCE, Exclusions(posts=frozenset({first})))
    assert first not in {match.post_id for match in after.matches}
    assert {"p0", "twin"} - {first} <= {match.post_id for match in after.matches}
    assert after.is_alarm, "the twin still holds every word"


def test_without_all_its_sources_a_copy_raises_no_alarm(checker):
    result = check_without(checker, SOURCE, Exclusions(posts=frozenset({"p0", "twin"})))
    assert checker.check(SOURCE).is_alarm
    assert not result.is_alarm
    assert result.risk < checker.check(SOURCE).risk


def test_only_posts_of_the_platform_are_sources(checker):
    result = check_without(checker, SOURCE, Exclusions(platform="douyin"))
    assert {match.post_id for match in result.matches} == {"twin"}


def test_a_stretch_left_out_is_no_evidence_and_offsets_still_quote_the_draft(checker):
    start = DRAFT.index(SENTENCES[1])
    stretch = (start, start + len(SENTENCES[1]))
    before = checker.check(DRAFT)
    after = check_without(checker, DRAFT, Exclusions(stretches=frozenset({stretch})))
    assert any(span.draft[0] < stretch[1] and stretch[0] < span.draft[1] for m in before.matches for span in m.spans)
    assert not any(span.draft[0] < stretch[1] and stretch[0] < span.draft[1] for m in after.matches for span in m.spans)
    assert after.draft == DRAFT
    assert after.originality > before.originality
    assert after.risk < before.risk


def test_quotations_do_not_count_where_the_editor_says_so(checker):
    draft = f"{OWN}老话说：“{SENTENCES[1]}。”{OWN[::-1]}"
    before, after = checker.check(draft), check_without(checker, draft, Exclusions(quotes=True))
    assert before.originality < 1
    assert after.originality > before.originality


@pytest.mark.parametrize(
    ("text", "quoted"),
    [
        ("读《夜航船》的人", ["《夜航船》"]),
        ("他说“早点睡”，她说「不」", ["“早点睡”", "「不」"]),
        ('a "b" c', ['"b"']),
        ("没有引号", []),
        ("只有一半“的引号", []),
    ],
)
def test_quotes_are_found_with_their_marks(text, quoted):
    assert [text[start:end] for start, end in quotes_of(text)] == quoted


def test_a_blanked_text_keeps_its_length_and_the_rest():
    assert blanked("一二三四五", [(1, 3)]) == "一\n\n四五"
    assert blanked("一二", [(-3, 99)]) == "\n\n"
    assert blanked("一二", []) == "一二"


def test_the_one_copied_sentence_is_what_must_be_rewritten(checker):
    result = checker.check(DRAFT)
    assert result.is_alarm
    plan = fewest_rewrites(checker, DRAFT, result)
    assert plan.passes
    assert not plan.result.is_alarm
    assert all(DRAFT[start:end].strip("，。") in SENTENCES[1] for start, end in plan.stretches), "own words may stay"
    assert len(plan.stretches) >= 1


def test_fewer_sentences_would_not_do(checker):
    plan = fewest_rewrites(checker, SOURCE, checker.check(SOURCE))
    assert plan.passes
    for stretch in plan.stretches:
        rest = frozenset(plan.stretches) - {stretch}
        assert check_without(checker, SOURCE, Exclusions(stretches=rest)).is_alarm, "each of them is needed"


def test_a_draft_that_passes_needs_nothing(checker):
    result = checker.check(OWN)
    assert fewest_rewrites(checker, OWN, result).stretches == ()


def test_the_search_is_bounded(checker, monkeypatch):
    asked: list[str] = []
    check = Checker.check

    def counted(self: Checker, text: str, **more: Any) -> CheckResult:
        asked.append(text)
        return check(self, text, **more)

    monkeypatch.setattr(Checker, "check", counted)
    long = "".join(f"{sentence}，第{i}次。" for i in range(12) for sentence in SENTENCES if sentence)
    fewest_rewrites(checker, long, check(checker, long))
    sentences = long.count("。")
    assert len(asked) <= 2 * sentences + MOST_CHECKS


def test_what_is_left_out_stays_left_out_in_the_search(checker):
    without = Exclusions(posts=frozenset({"twin"}))
    result = check_without(checker, SOURCE, without)
    plan = fewest_rewrites(checker, SOURCE, result, without)
    assert plan.passes
    assert "twin" not in {match.post_id for match in plan.result.matches}


def test_the_index_itself_is_untouched(checker, tmp_path: Path):
    check_without(checker, SOURCE, Exclusions(posts=frozenset({"p0"})))
    assert "p0" in checker.index.fetch(["p0"])
