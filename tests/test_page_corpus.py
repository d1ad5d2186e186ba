"""语料: import by upload with its preview and columns, forgetting, freshness; by Streamlit's own test runner."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from originality.errors import IndexFault
from originality.index import open_index
from originality.models import Post
from page import corpus, intake
from page.intake import columns_of
from tests.brand_posts import COPIED
from tests.export_feeds import JSON_FEED
from tests.pages import body, go, make_index, open_page, own_index, press, upload

EVENING = "今天的晚报只剩三份，留给买烟的老程、等车的姑娘和下雨时没带伞的人。"
MORNING = "早班车的司机把围巾借给了站牌，说它比人站得久，也比人怕冷。"


@pytest.fixture
def index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    return own_index(tmp_path, monkeypatch)


@pytest.fixture
def page(index: Path) -> AppTest:
    return open_page(tab="corpus")


def import_file(page: AppTest, name: str, text: str) -> AppTest:
    return upload(page, "import_file", (name, text.encode()))


def labels(page: AppTest) -> list[str]:
    return [button.label for button in page.button]


def texts(index: Path, account: str) -> list[str]:
    with open_index(index) as opened:
        return sorted(post.text for post in opened.posts() if post.account == account)


# -- import ------------------------------------------------------------------------------------------------------------


def test_a_file_whose_columns_are_known_is_shown_first_and_then_taken_in(page, index):
    lines = [{"account": "槐树报亭", "text": EVENING, "post_id": "k1"}, {"account": "槐树报亭", "text": ""}]
    page = import_file(page, "../导出.jsonl", "\n".join(map(json.dumps, lines)))
    assert "前 1 条是这样的" in body(page)
    assert "不收：" in body(page)
    assert texts(index, "槐树报亭") == [], "looking takes nothing in"
    page = press(page, "收进语料库")
    assert "收好了：新增 1 条" in body(page)
    assert body(page).count("不收：") == 2, "told of the file still shown and of what was taken in"
    assert texts(index, "槐树报亭") == [EVENING]
    with open_index(index) as opened:
        assert opened.store.dropped()
    assert "收好了" not in body(page.run()), "told once"


def test_columns_are_pointed_out_once_and_remembered(page, index):
    page = import_file(page, "一.csv", f"谁,说了啥\n槐树报亭,{EVENING}\n")
    assert "请指一下哪一列是什么" in body(page)
    assert "收进语料库" not in labels(page)
    page.selectbox(key="map_account").set_value("谁").run()
    assert "收进语料库" not in labels(page), "without the text there is nothing to take in"
    page.selectbox(key="map_text").set_value("说了啥").run()
    assert EVENING in body(page)
    page = press(page, "收进语料库")
    assert texts(index, "槐树报亭") == [EVENING]

    again = import_file(open_page(tab="corpus"), "二.csv", f"谁,说了啥\n槐树报亭,{MORNING}\n")
    assert "请指一下哪一列是什么" not in body(again)
    press(again, "收进语料库")
    assert texts(index, "槐树报亭") == sorted([EVENING, MORNING])


def test_columns_that_were_taken_wrongly_are_pointed_out_anew(page, index):
    page = import_file(page, "表.csv", f"account,text,原话\n槐树报亭,略,{EVENING}\n")
    page.checkbox(key="remap").check().run()
    page.selectbox(key="map_text").set_value("原话").run()
    page.selectbox(key="map_account").set_value("account").run()
    assert not page.exception
    press(page, "收进语料库")
    assert texts(index, "槐树报亭") == [EVENING]


def test_an_account_is_named_for_files_that_name_none(page, index):
    page = import_file(page, "表.csv", f"text\n{EVENING}\n")
    page.text_input(key="import_account").set_value(" 槐树报亭 ").run()
    press(page, "收进语料库")
    assert texts(index, "槐树报亭") == [EVENING]


def test_a_table_without_posts_has_nothing_to_take_in(page):
    page = import_file(page, "表.csv", "account,text\n槐树报亭,\n")
    assert "前 0 条是这样的" in body(page)
    assert "收进语料库" not in labels(page)


@pytest.mark.parametrize(
    ("name", "text", "told"),
    [
        ("空.csv", " ", "<small>空.csv is empty"),
        ("页.html.txt", "<!doctype html><html><body>passport.weibo</body></html>", "login page, not an export"),
        ("假.json", "{", "假.json"),
    ],
)
def test_a_file_that_cannot_be_read_is_one_line_and_names_no_place_of_the_server(page, name, text, told):
    page = import_file(page, name, text)
    assert told in body(page)
    assert "originality-" not in body(page)
    assert "收进语料库" not in labels(page)


@pytest.mark.parametrize("text", ["[]", "[null]"])
def test_a_file_without_objects_has_no_columns(tmp_path, text):
    (tmp_path / "leer.json").write_text(text, "utf-8")
    assert columns_of(tmp_path / "leer.json", "") == []


def test_a_feed_is_no_table_and_is_taken_in_without_columns(page, index):
    page = import_file(page, "feed.json", json.dumps(JSON_FEED))
    assert "前 1 条是这样的" in body(page)
    assert not [box for box in page.selectbox if str(box.key).startswith("map_")], "nothing to point out"


def test_an_import_that_fails_is_said(page, monkeypatch):
    def failing(*arguments: object, **more: object) -> None:
        raise IndexFault("no room on the disk")

    page = import_file(page, "表.csv", f"account,text\n槐树报亭,{EVENING}\n")
    monkeypatch.setattr(intake, "build", failing)
    assert "no room on the disk" in body(press(page, "收进语料库"))


# -- forgetting --------------------------------------------------------------------------------------------------------


def test_posts_are_forgotten_by_number_and_may_be_kept_out(page, index):
    page.text_input(key="forget_ids").set_value("b1， c4,,nobody").run()
    assert "选中 2 条" in body(page)
    page.checkbox(key="keep_out").check().run()
    page.checkbox(key="forget_sure").check().run()
    page = press(page, "删除")
    assert "已删除 2 条帖子" in body(page)
    assert page.text_input(key="forget_ids").value == ""
    assert "没有选中任何帖子" in body(page)
    page = import_file(page, "表.jsonl", json.dumps({"post_id": "b1", "account": "麦岸烘焙", "text": COPIED}))
    page = press(page, "收进语料库")
    assert "新增 0 条" in body(page)
    assert COPIED not in texts(index, "麦岸烘焙")


def test_numbers_that_nobody_has_choose_nothing(page):
    page.text_input(key="forget_ids").set_value("nobody").run()
    assert "没有选中任何帖子" in body(page)
    page.text_input(key="forget_ids").set_value(" ， ").run()
    assert "没有选中任何帖子" in body(page)


def test_a_deletion_that_fails_is_said_and_nothing_is_gone(page, index, monkeypatch):
    def failing(folder: Path) -> None:
        raise IndexFault("the index is being written by another process")

    page.selectbox(key="forget_account").set_value("汀步茶室").run()
    page.checkbox(key="forget_sure").check().run()
    monkeypatch.setattr(corpus, "open_index", failing)
    page = press(page, "删除")
    assert "being written by another process" in body(page)
    assert "账号（3 个）" in body(page)


# -- what there is -----------------------------------------------------------------------------------------------------


def test_a_corpus_of_yesterday_is_new_and_its_weeks_are_drawn(index):
    now = datetime.now(UTC)
    times = [now - timedelta(days=days) for days in (1, 2, 20)]
    make_index(
        index,
        [
            Post(post_id=f"n{n}", account="新来的", text=f"{EVENING}{n}", published_at=time)
            for n, time in enumerate(times)
        ],
    )
    text = body(open_page(tab="corpus"))
    assert "语料是新的" in text
    assert ">·········▄·▇</span> 0.2" in text
    assert 'title="近 12 周平均每周 0.2 条"' in text


def test_posts_without_a_time_are_counted_too(index):
    make_index(index, [Post(post_id="z", account="没写时间的", text=EVENING)])
    assert "<td>没写时间的</td><td>1</td><td>时间不详</td>" in body(open_page(tab="corpus"))


def test_many_accounts_are_listed_in_part(index, monkeypatch):
    monkeypatch.setattr(corpus, "LISTED", 2)
    text = body(open_page(tab="corpus"))
    assert "共 3 行，页面只列前 2 行" in text
    assert "岔路口咖啡</td>" in text


def test_the_brands_of_a_large_corpus_are_typed(index, monkeypatch):
    monkeypatch.setattr("page.check.BUSIEST", 1)
    page = open_page()
    assert page.selectbox(key="account").options == ["岔路口咖啡"]
    assert go(page, "check").selectbox(key="account").value is None


def test_platforms_have_their_chinese_names(index):
    make_index(
        index, [Post(post_id=name, account="甲", text=EVENING + name, platform=name) for name in ("douyin", "x")]
    )
    assert open_page().selectbox(key="platform").options == ["抖音", "微博", "x"]
