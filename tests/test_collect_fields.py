"""What a cell means: ids, times, counts, names of columns."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from originality.collect import ids
from originality.collect.table import ALIASES, Columns, key_of
from originality.collect.times import as_time
from originality.collect.values import as_bool, as_count, as_text, is_cut
from originality.models import BEIJING

PAIRS = [
    ("4383183661430868", "HyTZc60ew"),
    ("4454572602912349", "ImTGkcdDn"),
    ("4454081098040623", "ImGTzxJJt"),
    ("4762810834227120", "LqlZNhJFm"),
    ("4829255386537989", "Mch46rqPr"),
]


@pytest.mark.parametrize(("mid", "bid"), PAIRS)
def test_mid_and_bid_are_one_number(mid, bid):
    assert ids.bid_to_mid(bid) == mid
    assert ids.mid_to_bid(mid) == bid


@given(st.one_of(st.integers(10**15, 10**16 - 1), st.integers(10**9, 38 * 10**9)))
def test_every_mid_comes_back_from_its_bid(number):
    bid = ids.mid_to_bid(str(number))
    assert bid is not None
    assert ids.bid_to_mid(bid) == str(number)


@pytest.mark.parametrize("text", ["", "abc", "HyTZc60e", "HyTZc60e中", "ZZZZZZZZZ", "HyTZc60ew99"])
def test_what_is_no_bid_has_no_mid(text):
    assert ids.bid_to_mid(text) is None


def test_other_numbers_have_no_bid():
    assert ids.mid_to_bid("123") is None
    assert ids.mid_to_bid("438318366143") is None
    assert ids.mid_to_bid("0383183661430868") is None


@pytest.mark.parametrize(
    ("cell", "read"),
    [
        (4383183661430868, "4383183661430868"),
        ("4383183661430868\t", "4383183661430868"),
        ("'4383183661430868", "4383183661430868"),
        ('="4383183661430868"', "4383183661430868"),
        ("4383183661430868.0", "4383183661430868"),
        (4383183661430868.0, "4383183661430868"),
        ("4.383183661430868e+15", "4383183661430868"),
        ("4.38318366143086e+15", "4383183661430860"),
        ("HyTZc60ew", "HyTZc60ew"),
        ("12E5", "12E5"),
        ("1E5", "1E5"),
        (None, ""),
        (True, ""),
        (float("nan"), ""),
        ({"$oid": "5e"}, ""),
        ("4.38318E+15", None),
        ("4.38318366143087E+15", None),
        (9.1e15, None),
        (1.5, None),
        (float("inf"), None),
    ],
)
def test_a_cell_as_an_id(cell, read):
    assert ids.as_id(cell) == read


def test_a_destroyed_id_comes_back_from_the_bid_or_the_link():
    assert ids.repaired(None, ["", "HyTZc60ew"]) == "4383183661430868"
    assert ids.repaired(None, ["4383183661430868"]) == "4383183661430868"
    assert ids.repaired(None, ["", ""]) is None
    assert ids.repaired("4383183661430860", ["HyTZc60ew"]) == "4383183661430868"
    assert ids.repaired("5030000000000010", ["HyTZc60ew"]) == "5030000000000010", "another post: not a rounding"
    assert ids.repaired("5030000000000011", ["HyTZc60ew"]) == "5030000000000011"


@pytest.mark.parametrize(
    ("link", "post_id", "uid"),
    [
        ("https://weibo.com/2608812381/HyTZc60ew?from=page", "HyTZc60ew", "2608812381"),
        ("https://weibo.com/2608812381/4383183661430868", "4383183661430868", "2608812381"),
        ("https://m.weibo.cn/detail/4383183661430868", "4383183661430868", ""),
        ("https://m.weibo.cn/status/HyTZc60ew", "HyTZc60ew", ""),
        ("https://weibo.com/u/2608812381", "", "2608812381"),
        ("https://weibo.com/2608812381/followers", "", "2608812381"),
        ("https://example.com/2608812381/HyTZc60ew", "", ""),
        ("https://weibo.com/2608812381/HyTZc60ewHyTZc60ew", "", "2608812381"),
    ],
)
def test_a_link_names_post_and_account(link, post_id, uid):
    assert ids.id_in_link(link) == post_id
    assert ids.uid_in_link(link) == uid


def test_made_up_ids_are_stable_and_differ():
    assert ids.made_up("花间茶事", "2026-03-01", "春茶上新") == ids.made_up("花间茶事", "2026-03-01", "春茶上新")
    assert len({ids.made_up("a", "b", "c"), ids.made_up("ab", "", "c"), ids.made_up("a", "b", "\ud800")}) == 3
    assert ids.made_up("a", "b", "c")[0] == "x"
    assert len(ids.made_up("a", "b", "c")) == 17


MAY = datetime(2024, 5, 2, 12, 0, tzinfo=BEIJING)


@pytest.mark.parametrize(
    ("cell", "time"),
    [
        ("2024-05-02 12:00:00", MAY),
        ("2024-05-02 12:00", MAY),
        ("2024-05-02T12:00:00", MAY),
        (" 2024-05-02 12:00\xa0", MAY),
        ("2024-05-02T04:00:00Z", MAY),
        ("2024-05-02 12:00:00+08:00", MAY),
        ("2024/5/2 12:00", MAY),
        ("2024.05.02 12:00:00", MAY),
        ("2024年5月2日 12:00", MAY),
        ("2024年05月02日12时00分", MAY),
        ("2024-05-02 12:00 来自 某手机", MAY),
        ("2024-05-02 12:00 转赞人数超过10", MAY),
        ("Thu May 02 12:00:00 +0800 2024", MAY),
        ("Thu May 02 04:00:00 +0000 2024", MAY),
        (1714622400, MAY),
        ("1714622400", MAY),
        (1714622400000, MAY),
        (1714622400.0, MAY),
        (45414.5, MAY),
        ("45414.5", MAY),
        (45414, datetime(2024, 5, 2, tzinfo=BEIJING)),
        ("2024-05-02", datetime(2024, 5, 2, tzinfo=BEIJING)),
        ("20240502", datetime(2024, 5, 2, tzinfo=BEIJING)),
        (20240502, datetime(2024, 5, 2, tzinfo=BEIJING)),
        ("20240502120000", MAY),
        (datetime(2024, 5, 2, 12, 0), MAY),
        (datetime(2024, 5, 2, 4, 0, tzinfo=UTC), MAY),
        (date(2024, 5, 2), datetime(2024, 5, 2, tzinfo=BEIJING)),
        ("2024-05-02T00:00:00-04:00", MAY),
        ("2024/05/02 00:00:00 -0400", MAY),
    ],
)
def test_times_in_all_forms(cell, time):
    read = as_time(cell)
    assert read == time
    assert read is not None
    assert read.tzinfo is not None


def test_a_time_without_a_zone_is_beijing_time():
    assert str(as_time("2024-05-02 12:00")) == "2024-05-02 12:00:00+08:00"
    assert str(as_time("2024-05-02T12:00:00-03:00")) == "2024-05-02 12:00:00-03:00"


@pytest.mark.parametrize(
    "cell",
    [
        "", "昨天 12:25", "3分钟前", "刚刚", "06-14", "06月17日 18:12", "今天 12:30", "1970-01-01 08:00:00", "0", "Thu",
        "2024-13-40", "2024/02/30", "9999-12-31", "9" * 40, "x" * 500, "2024-05-02 12:00 +25:99",
        "2024-05-02 12:00:00 -9959", datetime(1970, 1, 1), date(1900, 1, 1),
        0, -5, True, None, float("nan"), float("inf"), 10**30, [],
    ],
)  # fmt: skip
def test_what_tells_no_time(cell):
    assert as_time(cell) is None


@given(st.one_of(st.text(max_size=40), st.floats(), st.integers(), st.datetimes(), st.dates()))
def test_any_cell_is_a_time_with_zone_or_none(cell):
    read = as_time(cell)
    assert read is None or (read.tzinfo is not None and 2000 <= read.year < 2100)


@pytest.mark.parametrize(
    ("cell", "count"),
    [
        (12, 12), ("12", 12), (12.0, 12), ("1.2万", 12000), ("12万", 120000), ("100万+", 1000000), ("1亿", 100000000),
        ("1,234", 1234), ("1.5w", 15000), ("转发", 0), ("赞", 0), ("评论 7", 7), ("", None), ("无", None), (None, None),
        (-1, None), (True, None), (float("nan"), None), (float("inf"), None), ("很多", None), ([], None),
        ("9" * 60, None), ("-5", None),
    ],
)  # fmt: skip
def test_counts_in_all_forms(cell, count):
    assert as_count(cell) == count


@given(st.one_of(st.text(max_size=60), st.floats(), st.integers()))
def test_any_cell_is_a_count_or_none(cell):
    count = as_count(cell)
    assert count is None or count >= 0


def test_cells_as_text():
    assert as_text("新品") == "新品"
    assert as_text(12) == "12"
    assert as_text(12.0) == "12"
    assert as_text(1.5) == "1.5"
    assert as_text("上新".encode()) == "上新"
    assert [as_text(cell) for cell in (None, True, float("nan"), ())] == [""] * 4


def test_yes_and_no():
    assert all(map(as_bool, (True, "True", "1", 1, "是")))
    assert not any(map(as_bool, (False, "False", "", 0, None, "否", [])))


@pytest.mark.parametrize(
    "text",
    ["门店活动第二弹...全文", "门店活动…\n全文", "门店活动 \u200b  展开c", "门店活动 ...展开", "门店活动… 全文\u200b"],
)
def test_cut_texts_are_known_by_their_tail(text):
    assert is_cut(text, said_to_be_long=False, has_long_text=False)


def test_what_is_not_cut():
    assert not is_cut("点击展开，阅读全文", said_to_be_long=False, has_long_text=False)
    assert not is_cut("门店活动收起全文d", said_to_be_long=False, has_long_text=False)
    assert not is_cut("短", said_to_be_long=True, has_long_text=True)
    assert not is_cut("长" * 400, said_to_be_long=True, has_long_text=False), "longer than what the site shows"
    assert is_cut("前半句", said_to_be_long=True, has_long_text=False)


def test_names_of_columns_meet_without_case_space_and_mark():
    assert key_of("\ufeff User_ID ") == key_of("userId") == "userid"
    found = Columns.of(["\ufeff Screen Name", "微博 ID", "Text", "createdAt", "repostsCount"]).found
    assert found["account"] == ("\ufeff Screen Name",)
    assert found["post_id"] == ("微博 ID",)
    assert found["published_at"] == ("createdAt",)
    assert found["reposts"] == ("repostsCount",)


def test_the_more_exact_column_comes_first():
    found = Columns.of(["日期", "完整日期", "create_time", "create_date_time", "text", "text_raw"]).found
    assert found["published_at"] == ("create_date_time", "完整日期", "日期", "create_time")
    assert found["text"] == ("text_raw", "text")


def test_no_name_means_two_things():
    names = [
        name for field, aliases in ALIASES.items() for name in aliases if not (field == "account_id" and name == "user")
    ]
    assert len(names) == len(set(names))
    assert all(name == key_of(name) for name in names)
