"""The ways in which an index can come to be, all to the same content: `POSTS`."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from originality.build import build
from originality.index import LocalIndex, open_index
from originality.models import Post
from tests.fakes import FakeEncoder

START = datetime(2020, 3, 2, 9, tzinfo=UTC)
SHARED_LINE = "转发本条微博并关注我们,抽三位朋友送出同款礼盒"
PLACES = ("杭州", "成都", "武汉", "青岛", "昆明", "厦门", "长沙", "西安", "大连", "苏州")
GOODS = ("桂花乌龙", "柚子苏打", "海盐拿铁", "黑糖珍珠", "茉莉绿茶", "椰青美式")
SCENES = ("下班路上", "考试前夜", "第一次约会", "搬家那天", "雨停以后", "等末班车的时候", "看完电影出来")


def text_of(i: int) -> str:
    """Return the text of post i; every tenth one ends in a line that all of these share."""
    staff = chr(0x4E00 + 37 * i)
    own = f"{PLACES[i % 10]}的{SCENES[i % 7]},一杯{GOODS[i % 6]}刚刚好。店员小{staff}说今天做了{i + 20}杯。"
    return own + SHARED_LINE + "。" if i % 10 == 0 else own


POSTS = [
    Post(
        post_id=f"id{i:03d}", account=f"茶铺{i % 4}", text=text_of(i), published_at=START + timedelta(hours=i), likes=i
    )
    for i in range(120)
]
# The same text under two names: they share their vectors.
POSTS += [
    replace(POSTS[5], post_id="twin", account="转载号"),
    Post(post_id="mute", account="茶铺0", text="[doge][doge]"),
]
BY_ID = {post.post_id: post for post in POSTS}


def make(folder: Path) -> None:
    """Build all posts at once."""
    with open_index(folder, encoder_name=FakeEncoder.name) as index:
        build(POSTS, index, FakeEncoder())


def fresh(folder: Path) -> LocalIndex:
    index = open_index(folder, encoder_name=FakeEncoder.name)
    build(POSTS, index, FakeEncoder())
    return index


def reopened(folder: Path) -> LocalIndex:
    make(folder)
    return open_index(folder)


def grown_in_steps(folder: Path) -> LocalIndex:
    """In five runs, each with a search before it, some posts first with another text, some to be deleted."""
    drafts = {f"id{i:03d}": f"草稿,第{i}版还没定,先占个位置" for i in range(0, 120, 7)}
    for first in range(0, len(POSTS), 30):
        with open_index(folder, encoder_name=FakeEncoder.name) as index:
            index.near_texts(FakeEncoder().encode(["占位"]), 3)
            part = POSTS[first : first + 30]
            build([replace(p, text=drafts.get(p.post_id, p.text)) for p in part], index, FakeEncoder())
            build([Post(post_id=f"gone{first}", account="过客", text=f"明天就删的第{first}条")], index, FakeEncoder())
            build(part, index, FakeEncoder())
            assert index.delete([f"gone{first}"]) == 1
    return open_index(folder)


def without_caches(folder: Path) -> LocalIndex:
    make(folder)
    for path in [*folder.glob("*.faiss"), folder / "manifest.json"]:
        path.unlink()
    return open_index(folder)


def with_damaged_caches(folder: Path) -> LocalIndex:
    make(folder)
    for path in folder.glob("*.faiss"):
        content = bytearray(path.read_bytes())
        content[::13] = b"\x5a" * len(content[::13])
        path.write_bytes(content)
    return open_index(folder)


def with_old_caches(folder: Path) -> LocalIndex:
    """The search files of an earlier state, as a killed writer leaves them."""
    with open_index(folder, encoder_name=FakeEncoder.name) as index:
        build(POSTS[40:], index, FakeEncoder())
        old = {path: path.read_bytes() for path in [*folder.glob("*.faiss"), folder / "manifest.json"]}
        build([replace(POSTS[50], text="第五十条的旧文案"), *POSTS[:40]], index, FakeEncoder())
        build([POSTS[50]], index, FakeEncoder())
    for path, content in old.items():
        path.write_bytes(content)
    return open_index(folder)


def copied_elsewhere(folder: Path) -> LocalIndex:
    make(folder / "before")
    shutil.copytree(folder / "before", folder / "after")
    return open_index(folder / "after")


def written_by_another_process(folder: Path) -> LocalIndex:
    index = open_index(folder, encoder_name=FakeEncoder.name)
    assert index.info().posts == 0
    assert index.near_texts(FakeEncoder().encode(["茶"]), 3) == [[]]
    code = f"from pathlib import Path; from tests.ways import make; make(Path({str(folder)!r}))"
    subprocess.run([sys.executable, "-c", code], check=True, cwd=Path(__file__).resolve().parents[1], timeout=120)
    return index


def written_in_another_thread(folder: Path) -> LocalIndex:
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(fresh, folder).result()


WAYS: list[Callable[[Path], LocalIndex]] = [
    fresh, reopened, grown_in_steps, without_caches, with_damaged_caches, with_old_caches, copied_elsewhere,
    written_by_another_process, written_in_another_thread,
]  # fmt: skip
