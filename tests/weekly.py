"""Four invented accounts and three weeks of their posts, for the tests of the weekly report."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from originality.build import build
from originality.checker import Checker
from originality.index import open_index
from originality.models import BEIJING, Post
from originality.settings import Settings
from tests.fakes import FakeEncoder

WEEK = "2026-W20"  # Monday 11 to Sunday 17 May

COLD_BREW = (
    "凌晨四点的烘焙房只亮一盏灯，我们把第三锅埃塞豆子倒掉重来，因为尾段苦了零点几分。"
    "你喝到的每一口冷萃，都是前两锅的不甘心。"
)
WINDOW_SEAT = (
    "靠窗第二张桌子总被同一位姑娘占着，她说那里能听见电车拐弯的铃声。上周她搬家了，桌角留了一张写满谢谢的杯垫。"
)
PAPER_CUP = (
    "为了让纸杯不烫手，我们试过十一种瓦楞，最后选了最丑的那种。难看三秒钟，握着半小时都舒服，这笔账我们算得过来。"
)
OSMANTHUS = (
    "外婆晒桂花从不看天气预报，她抬头看燕子飞多高。今年的桂花乌龙照她的法子晾了九个傍晚，香气比往年沉，像压低声音说话。"
)
SOURDOUGH = "老面养到第七年，性子比店长还犟，降温天要裹两层毛巾才肯发。今早它顶翻了盖子，我们猜它是想赶上第一炉胡桃。"
RAIN_DAY = (
    "下雨天的客人走得慢，伞尖在地板上点出一串小水花。我们干脆把拖把收起来，给每把伞配了一只旧花盆，省得它们孤零零靠墙。"
)
OTHERS = (
    "新到的手冲壶出水细得像线，学徒练了三百壶才不抖，今天他第一次独自站吧台，点单的老客偷偷给他比了个拇指。",
    "自习室的台灯换成了暖光，凌晨一点还有七个人没走，我们在门口放了热姜茶，空杯第二天整整齐齐摞在窗台上。",
    "今年的明前茶少收了四成，山上倒春寒把芽尖冻红了。我们决定不掺去年的库存，卖完就挂牌子，明年清明再见。",
    "烤箱检修两天，师傅把二十年的铁盘一只只刮干净，刮下来的焦糖壳有半斤重，谁路过都要凑上来闻一闻。",
)
HIDDEN = "</p><script>alert('偷')</script>"
COFFEE, TEA, BAKERY, STUDY = "青栎咖啡", "汐禾茶铺", "麦垛面包", "半山自习室"


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=BEIJING)


def post(post_id: str, account: str, when: str | None, text: str, url: str = "") -> Post:
    return Post(post_id=post_id, account=account, published_at=at(when) if when else None, text=text, url=url)


POSTS = (
    post("lead-1", COFFEE, "2026-05-08 10:00", COLD_BREW, url="https://weibo.example/lead-1"),
    post("lead-2", COFFEE, "2026-05-09 10:00", WINDOW_SEAT),
    post("lead-3", COFFEE, "2026-05-10 10:00", PAPER_CUP),
    post("lead-4", TEA, "2026-05-10 23:59:59", OSMANTHUS),
    post("old", BAKERY, "2026-01-05 09:00", SOURDOUGH),
    post("copy-1", TEA, "2026-05-11 12:00", COLD_BREW + HIDDEN, url="javascript:alert(1)"),  # 3 days 2 hours later
    post("copy-2", TEA, "2026-05-12 10:00", WINDOW_SEAT),  # 3 days later
    post("copy-3", TEA, "2026-05-17 23:59:59", PAPER_CUP),  # the last second of the week
    post("copy-4", COFFEE, "2026-05-14 08:30", OSMANTHUS + "#桂花季#"),
    post("copy-old", STUDY, "2026-05-15 09:00", SOURDOUGH),
    post("day-a", BAKERY, "2026-05-13", RAIN_DAY),
    post("day-b", STUDY, "2026-05-13", RAIN_DAY),
    post("repost", STUDY, "2026-05-14 20:00", f"这段写得真好//@{COFFEE}:{COLD_BREW}"),
    post("again", COFFEE, "2026-05-16 10:00", COLD_BREW),  # its own words, though the tea shop copied them meanwhile
    post("short", STUDY, "2026-05-16 11:00", "早安"),
    post("own", BAKERY, "2026-05-11 00:00:01", OTHERS[3]),
    post("next-week", STUDY, "2026-05-18", PAPER_CUP),
    post("week-after", BAKERY, "2026-05-20 10:00", OTHERS[0]),
    post("undated", TEA, None, OTHERS[2]),
    post("filler", STUDY, "2026-05-01 10:00", OTHERS[1]),
    post("filler-2", COFFEE, "2026-05-02 10:00", OTHERS[0]),
)


@contextmanager
def open_checker(folder: Path, posts: tuple[Post, ...]) -> Iterator[Checker]:
    encoder = FakeEncoder()
    with open_index(folder, encoder="fake", encoder_name=encoder.name) as index:
        build(posts, index, encoder)
        yield Checker(index, encoder, Settings())
