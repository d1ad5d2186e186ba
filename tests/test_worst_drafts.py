"""Drafts made to be slow: each is answered, in bounded time and with a caveat; none is refused for its length."""

from __future__ import annotations

import time

import pytest

from originality import Checker
from originality.gate import Policy
from originality.settings import Settings
from tests.corpus import LOTTERY, SOURCE, STORIES, corpus, indexed, post
from tests.fakes import FakeEncoder

LENGTH = 100_000
SECONDS = 60.0  # of processor time; the slowest takes a fifth of that on a quiet machine
ONE_AFTER_ANOTHER = "".join(chr(0x4E00 + number * 7 % 20_000) for number in range(LENGTH))
DRAFTS = {
    "one character": "茶",
    "emoji": "😀",
    "separators": "茶。",
    "separators of all kinds": "茶,叶;好!",
    "invisible": "茶\u200b",
    "what unfolds": "收起",
    "half a topic": "#茶",
    "entities": "&amp;",
    "coupons": "满1元减1元",
    "formulae": LOTTERY,
    "the same post": SOURCE,
    "every character once": ONE_AFTER_ANOTHER,
}


@pytest.fixture(scope="module")
def checker(tmp_path_factory):
    # A line that more posts carry than the cap allows, so that each of its shingles is capped.
    capped = [post(100 + i, f"{LOTTERY}。{STORIES[i % 6]}第{i}号", f"账号{i % 9}") for i in range(40)]
    with indexed(tmp_path_factory.mktemp("worst"), [*corpus(), *capped]) as index:
        yield Checker(index, FakeEncoder(), Settings(df_cap=20))


@pytest.mark.parametrize("name", DRAFTS)
def test_a_hundred_thousand_characters_are_answered_in_time(checker, name):
    piece = DRAFTS[name]
    draft = (piece * (LENGTH // len(piece) + 1))[:LENGTH]
    began = time.process_time()
    result = checker.check(draft)
    assert time.process_time() - began < SECONDS
    assert "too_long" in result.caveats
    unanswerable = {"nothing_left_after_cleaning", "only_boilerplate"}
    assert result.verdict != "undetermined" or unanswerable & set(result.caveats)
    assert all(0 <= a < b <= LENGTH for match in result.matches for a, b in (span.draft for span in match.spans))


def test_twice_as_long_takes_no_four_times_as_long(checker):
    def seconds(length: int) -> float:
        began = time.process_time()
        checker.check("".join(STORIES * 500)[:length])
        return time.process_time() - began

    seconds(500)
    assert seconds(16_000) < 3.2 * seconds(8_000) + 0.5


def test_the_first_part_of_a_longer_draft_is_judged(tmp_path):
    with indexed(tmp_path, corpus()) as index:
        strict = Checker(index, FakeEncoder(), Settings(max_draft_chars=max(100, len(SOURCE))))
        result = strict.check(SOURCE + "往后的话谁也没有写过。" * 30)
        assert result.verdict == "copied"
        assert "too_long" in result.caveats
        assert "too_long" not in strict.check(SOURCE).caveats


def test_a_gate_does_not_let_pass_what_nobody_has_read(tmp_path):
    with indexed(tmp_path, corpus()) as index:
        strict = Checker(index, FakeEncoder(), Settings(max_draft_chars=100))
        decision = strict.gate("屋檐下的风铃响了一整夜。" * 30, Policy(name="试", undetermined="block"))
        assert decision.action == "block"
        assert [cause.code for cause in decision.causes] == ["undetermined"]
        assert strict.gate("屋檐下的风铃响了一整夜。" * 30, Policy(name="试", undetermined="pass")).action == "pass"
