"""Segments: they give the text back, and the right mark wins where several claim a character."""

from hypothesis import given
from hypothesis import strategies as st

from originality.markup import Segment, mark_draft, mark_source
from originality.models import Boilerplate, CheckResult, IndexInfo, Match, Span

DRAFT = "秋天第一口桂花拿铁，今天上新。转发抽三位朋友送同款。"


def match(*spans: Span, text: str = DRAFT) -> Match:
    return Match(
        post_id="p1",
        account="山前咖啡",
        published_at=None,
        url="",
        text=text,
        risk=0.9,
        kind="near",
        containment_of_draft=0.5,
        containment_of_source=0.5,
        spans=spans,
        reasons=(),
    )


def result(*matches: Match, boilerplate: tuple[Boilerplate, ...] = (), draft: str = DRAFT) -> CheckResult:
    return CheckResult(
        id="",
        verdict="copied",
        risk=0.9,
        originality=0.1,
        template_risk=0.0,
        idea_risk=0.0,
        matches=matches,
        boilerplate=boilerplate,
        index=IndexInfo(posts=1, as_of=None, stamp=""),
        draft=draft,
    )


def marks(segments: tuple[Segment, ...]) -> list[tuple[str, str, int]]:
    return [(segment.text, segment.kind, segment.source) for segment in segments]


def test_a_draft_without_matches_is_one_plain_segment():
    assert marks(mark_draft(result())) == [(DRAFT, "plain", 0)]


def test_an_empty_draft_has_no_segments():
    assert mark_draft(result(draft="")) == ()


def test_the_better_match_owns_shared_words():
    second = match(Span((2, 9), (0, 7), "exact"))
    first = match(Span((0, 5), (0, 5), "rewrite"))
    assert marks(mark_draft(result(first, second)))[:2] == [
        ("秋天第一口", "rewrite", 1),
        ("桂花拿铁", "exact", 2),
    ]


def test_the_literal_wins_over_the_reworded_within_one_match():
    both = match(Span((3, 5), (3, 5), "exact"), Span((0, 9), (0, 9), "rewrite"))
    assert marks(mark_draft(result(both)))[:3] == [
        ("秋天第", "rewrite", 1),
        ("一口", "exact", 1),
        ("桂花拿铁", "rewrite", 1),
    ]


def test_boilerplate_accuses_nobody():
    lottery = Boilerplate(span=(15, 25), posts=37, accounts=9)
    found = mark_draft(result(match(Span((10, 26), (10, 26), "exact")), boilerplate=(lottery,)))
    assert marks(found)[1:] == [
        ("今天上新。", "exact", 1),
        ("转发抽三位朋友送同款", "boilerplate", 0),
        ("。", "exact", 1),
    ]
    assert found[2].boilerplate is lottery


def test_two_formulas_side_by_side_keep_their_own_counts():
    formulas = (Boilerplate(span=(15, 17), posts=90, accounts=30), Boilerplate(span=(17, 25), posts=4, accounts=3))
    found = mark_draft(result(boilerplate=formulas))
    assert [segment.boilerplate.posts for segment in found if segment.boilerplate] == [90, 4]


def test_only_one_match_is_marked_when_asked():
    first, second = match(Span((0, 5), (0, 5), "exact")), match(Span((10, 14), (0, 4), "near"))
    assert {segment.source for segment in mark_draft(result(first, second), only=2)} == {0, 2}


def test_the_number_stands_once_at_the_end_of_a_passage():
    passage = match(Span((0, 5), (0, 5), "exact"), Span((6, 9), (6, 9), "near"))
    found = mark_draft(result(passage))
    assert [segment.text for segment in found if segment.ends_passage] == ["花拿铁"]


def test_passages_far_apart_have_their_number_each():
    passages = match(Span((0, 5), (0, 5), "exact"), Span((20, 25), (20, 25), "exact"))
    assert [segment.text for segment in mark_draft(result(passages)) if segment.ends_passage] == [
        DRAFT[0:5],
        DRAFT[20:25],
    ]


def test_source_segments_carry_the_number_of_the_match():
    found = mark_source(match(Span((0, 5), (10, 14), "near")), 3)
    assert marks(found) == [(DRAFT[:10], "plain", 0), ("今天上新", "near", 3), (DRAFT[14:], "plain", 0)]


span_pairs = st.tuples(st.integers(0, 30), st.integers(0, 30)).map(lambda pair: (min(pair), max(pair)))
spans = st.builds(Span, span_pairs, span_pairs, st.sampled_from(["exact", "near", "rewrite"]))


@given(
    st.text(max_size=30),
    st.lists(st.lists(spans, max_size=4), max_size=3),
    st.lists(span_pairs, max_size=3),
)
def test_segments_give_the_text_back(draft, groups, formulas):
    matches = [match(*group) for group in groups]
    common = tuple(Boilerplate(span=span, posts=1, accounts=1) for span in formulas)
    checked = result(*matches, boilerplate=common, draft=draft)
    segments = mark_draft(checked)
    assert "".join(segment.text for segment in segments) == draft
    assert all(segment.text for segment in segments)
    position = 0
    for segment in segments:
        common_here = any(start <= position < end for start, end in formulas)
        assert (segment.kind == "boilerplate") == common_here
        position += len(segment.text)
