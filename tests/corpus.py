"""Posts for tests of the stages of a check, enough of them to make something usual; written for this repository."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

from originality.build import build
from originality.embed import Encoder
from originality.index import LocalIndex, open_index
from originality.models import BEIJING, Post
from tests.fakes import FakeEncoder

START = datetime(2026, 9, 1, 10, tzinfo=BEIJING)
SOURCE = (
    "修表的人说，齿轮不会撒谎。铺子开在钟楼背面，三十一年没换过招牌，老板姓闻，左眼常年夹着一只放大镜。"
    "今天修好一块 1968 年的上发条表，表主在门口听了两分钟，才敢戴回手上。"
)
LOTTERY = "关注我们并转发这条微博，周五晚八点抽六位朋友送帆布袋一只"
STORIES = (
    "码头的风今天改吹西南，卖鱼的阿嬷把摊子往墙根挪了半米，说这样鱼眼睛亮。",
    "山里的杨梅只红十天，采果子的人凌晨三点戴着头灯上树，天亮前要下完第一趟山。",
    "旧书店关门前一小时最好逛，老板会把舍不得标价的那几本从柜台下面摸出来。",
    "裁缝师傅量衣服从不报数，只在布上画线，他说身体的尺寸比数字诚实。",
    "雨季第一个晴天，全城的被子都晒出来了，像一支慢吞吞的彩色船队。",
    "卖豆腐的敲梆子，一声是热的，两声是冷的，三声就是今天卖完了回家吃饭。",
)


def post(number: int, text: str, account: str = "", **more: object) -> Post:
    """Return a post that is `number` days younger than the first."""
    return Post(
        post_id=f"p{number}",
        account=account or f"账号{number % 7}",
        text=text,
        published_at=START + timedelta(days=number),
        **more,  # type: ignore[arg-type]
    )


def corpus() -> list[Post]:
    """Return thirty posts: one source, six users of a lottery formula, stories."""
    posts = [post(0, SOURCE, "闻记钟表")]
    posts += [post(i + 1, f"{story}{LOTTERY}。") for i, story in enumerate(STORIES)]
    posts += [post(10 + i, story[::-1]) for i, story in enumerate(STORIES)]
    posts += [post(20 + i, f"第{i}号灯塔今晚不亮，守灯人去镇上给孩子买{name}了。") for i, name in enumerate("琴鼓笛箫")]
    return posts


@contextmanager
def indexed(folder: Path, posts: Sequence[Post] | None = None, encoder: Encoder | None = None) -> Iterator[LocalIndex]:
    """Give an index of some posts (the corpus of this file unless told)."""
    encoder = encoder or FakeEncoder()
    with open_index(folder, encoder="fake", encoder_name=encoder.name) as index:
        build(corpus() if posts is None else posts, index, encoder)
        yield index
