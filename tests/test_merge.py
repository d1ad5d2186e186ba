"""Several readings of one post: the order in which files are read decides only where no file tells."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from functools import reduce

from hypothesis import given
from hypothesis import strategies as st

from originality.collect import ids
from originality.merge import Reading, gives_way, is_made_up, merge
from originality.models import BEIJING, Post

SEEN = datetime(2026, 3, 1, 8, tzinfo=BEIJING)
PUBLISHED = datetime(2026, 2, 14, 10, 15, 32, tzinfo=BEIJING)
TIMES = (None, datetime(2026, 2, 14, tzinfo=BEIJING), datetime(2026, 2, 14, 10, 15, tzinfo=BEIJING), PUBLISHED)
TEXT = "头茬春茶到店，今天起每位客人送一小包试饮，送完为止。"


def reading(text: str = TEXT, **facts: object) -> Post:
    return Post(post_id="4999000000000001", account="汀步茶室", text=text, **facts)  # type: ignore[arg-type]


def day(number: int) -> datetime:
    return SEEN + timedelta(days=number)


def merged(readings: Iterable[Post]) -> Post:
    return reduce(merge, readings)


# -- orders that the files tell ----------------------------------------------------------------------------------------


@st.composite
def dated_readings(draw: st.DrawFn) -> list[Post]:
    """Return readings of one post as its history allows: the text changes, then stays changed; names change freely."""
    knows_edits, grows = draw(st.booleans()), draw(st.booleans())
    readings, version, likes = [], 0, 0
    for number in range(draw(st.integers(2, 5))):
        version += draw(st.integers(0, 1))
        likes = likes + draw(st.integers(0, 9_000)) if grows else draw(st.integers(0, 9_000))
        floor = grows and draw(st.booleans())
        counted = draw(st.booleans())
        cut = draw(st.booleans())
        text = f"第{version}版：{TEXT}"
        readings.append(
            reading(
                text[:12] + "...全文" if cut else text,
                truncated=cut,
                raw=f"{text}//@溪边:收到" if not cut and draw(st.booleans()) else "",
                edits=version if knows_edits else None,
                seen_at=day(number),
                published_at=draw(st.sampled_from(TIMES)),
                reposts=3 * number if counted else None,
                likes=likes // 1000 * 1000 if floor and counted else likes if counted else None,
                at_least=floor and counted,
                url=draw(st.sampled_from(["", "https://weibo.com/2608812381/R1", "https://m.weibo.cn/detail/1"])),
                account_id=draw(st.sampled_from(["", "2608812381"])),
            )
        )
        readings[-1] = replace(readings[-1], account=f"汀步茶室{draw(st.integers(0, 2))}")
    return readings


@given(dated_readings().flatmap(lambda readings: st.tuples(st.just(readings), st.permutations(readings))))
def test_dated_readings_in_any_order_are_one_record(orders):
    readings, shuffled = orders
    assert merged(shuffled) == merged(readings)


@given(dated_readings())
def test_reading_again_changes_nothing(readings):
    record = merged(readings)
    assert all(merge(record, again) == record for again in readings)


@given(st.permutations([reading(f"第{edits}版：{TEXT}", edits=edits) for edits in range(4)]))
def test_edits_alone_tell_which_text_is_newest(readings):
    assert merged(readings).text.startswith("第3版")


@given(st.permutations([reading(f"第{n}版：{TEXT}", likes=n, reposts=9 - n, seen_at=SEEN) for n in range(4)]))
def test_readings_of_one_moment_in_any_order_are_one_record(readings):
    assert merged(readings) == reading(f"第3版：{TEXT}", likes=0, reposts=9, seen_at=SEEN)


# -- what wins ---------------------------------------------------------------------------------------------------------


def test_a_full_text_stays_and_the_counts_are_those_seen_last():
    full = reading(seen_at=day(1), likes=5)
    cut = reading(TEXT[:8] + "...全文", truncated=True, seen_at=day(3), likes=9)
    record = merge(full, cut)
    assert (record.text, record.truncated, record.likes) == (TEXT, False, 9)
    assert (record.seen_at, record.text_seen_at) == (day(3), day(1))
    edited = reading("改过的全文", seen_at=day(2), likes=7)
    assert merge(record, edited) == merge(merge(full, edited), cut)
    assert merge(record, edited).text == "改过的全文"


def test_an_edit_is_newer_whatever_was_seen_later():
    assert merge(reading("改过", edits=1, seen_at=day(1)), reading("没改", edits=0, seen_at=day(2))).text == "改过"


def test_without_any_sign_what_is_read_later_is_newer():
    assert merge(reading("第一版", likes=7), reading("第二版", likes=6)) == reading("第二版", likes=6)


def test_a_floor_does_not_replace_a_larger_exact_count_but_a_smaller_one():
    floor = reading(likes=1_000_000, at_least=True, seen_at=day(2))
    large, small = reading(likes=1_234_567, seen_at=day(1)), reading(likes=900_000, seen_at=day(1))
    for order in ((large, floor), (floor, large)):
        assert (merged(order).likes, merged(order).at_least) == (1_234_567, True)
    for order in ((small, floor), (floor, small)):
        assert (merged(order).likes, merged(order).at_least) == (1_000_000, True)
    exact = reading(likes=1_300_000, seen_at=day(3))
    assert (merge(floor, exact).likes, merge(floor, exact).at_least) == (1_300_000, False)


def test_a_reading_without_counts_forgets_none_and_does_not_date_them():
    record = merge(reading(likes=5, seen_at=day(1)), reading("改过的全文", seen_at=day(4)))
    assert (record.text, record.likes) == ("改过的全文", 5)
    assert (record.seen_at, record.text_seen_at) == (day(1), day(4))


def test_the_raw_text_stays_as_long_as_the_words_do():
    record = merge(reading(raw=f"{TEXT}//@溪边:收到", edits=2), reading())
    assert (record.raw, record.edits) == (f"{TEXT}//@溪边:收到", 2)
    assert merge(record, reading("改过的全文")).raw == ""


# -- readings without an id --------------------------------------------------------------------------------------------


def test_ids_that_are_made_up_are_known_as_such():
    assert is_made_up(ids.made_up("汀步茶室", "", TEXT))
    assert not is_made_up("4999000000000001")


def test_a_reading_without_an_id_gives_way_where_the_times_agree():
    real = [Reading("4999000000000001", time) for time in TIMES]
    bare = [Reading("x0123456789abcdef", time) for time in TIMES]
    assert all(gives_way(one, other) for one in bare for other in real)
    assert not any(gives_way(one, other) for one in real for other in [*real, *bare])
    assert [[gives_way(one, other) for other in bare] for one in bare] == [
        [place > number for place in range(4)] for number in range(4)
    ]


def test_a_reading_of_another_moment_is_another_post():
    assert PUBLISHED is not None
    for other in (timedelta(seconds=1), timedelta(minutes=1), timedelta(days=1)):
        real = Reading("4999000000000001", PUBLISHED + other)
        assert not gives_way(Reading("x0123456789abcdef", PUBLISHED), real)
