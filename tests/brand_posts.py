"""A small corpus for tests of whole commands: three invented brands over two weeks, written for this repository."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

COPIED = (
    "凌晨四点的面包房最安静，只有面团在箱子里悄悄长大。我们的师傅老谭揉了二十三年面，他说手上的温度骗不了人，"
    "水多一勺少一勺，指尖先知道。今天第一炉乡村酸种七点出炉，来晚的朋友请等下一炉。"
)
POSTS: tuple[dict[str, str], ...] = (
    {"post_id": "b1", "account": "麦岸烘焙", "published_at": "2026-11-02T07:30:00+08:00", "text": COPIED},
    {
        "post_id": "b2",
        "account": "麦岸烘焙",
        "published_at": "2026-11-04T12:10:00+08:00",
        "text": "立冬前后，店里会多出一款桂花红豆贝果。桂花是九月存下的，红豆煮到起沙，咬开是热的。#麦岸的冬天#",
    },
    {
        "post_id": "b3",
        "account": "麦岸烘焙",
        "published_at": "2026-11-10T18:00:00+08:00",
        "text": "有人问吐司为什么不切片。切了片的吐司只能当早餐，没切的，可以抱在怀里走回家。",
    },
    {
        "post_id": "t1",
        "account": "汀步茶室",
        "published_at": "2026-11-03T10:00:00+08:00",
        "text": "秋茶的好处在于不急。第一泡像打招呼，第三泡才开始说心里话，到第六泡，天也就黑了。",
    },
    {
        "post_id": "t2",
        "account": "汀步茶室",
        "published_at": "2026-11-05T15:20:00+08:00",
        "text": "关注并转发本条微博，抽三位朋友送岩茶小罐一份，周五晚上八点开奖🍵",
    },
    {
        "post_id": "t3",
        "account": "汀步茶室",
        "published_at": "2026-11-11T09:40:00+08:00",
        "text": "新到一批手作盖碗，胎薄，拿在手里像握着一只鸟。一共四十八只，每只的釉色都不一样，不接受指定。",
        "url": "https://weibo.example/t/3",
    },
    {
        "post_id": "c1",
        "account": "岔路口咖啡",
        "published_at": "2026-11-02T08:00:00+08:00",
        "text": "周一的第一杯不收你加浓的钱。理由很简单：今天谁都需要多一点点。",
    },
    {
        "post_id": "c2",
        "account": "岔路口咖啡",
        "published_at": "2026-11-06T14:30:00+08:00",
        "text": "我们把菜单砍掉了一半，只剩七样。做得少一点，每一样都敢让你退。",
    },
    {
        "post_id": "c3",
        "account": "岔路口咖啡",
        "published_at": "2026-11-12T08:15:00+08:00",
        "text": "下雨天堂食的客人可以借走一把伞，不用押金，记得下次晴天带回来就好。",
    },
    {
        "post_id": "c4",
        "account": "岔路口咖啡",
        "published_at": "2026-11-12T20:05:00+08:00",
        "text": COPIED.replace("面包房", "烘焙房").replace("老谭", "老郑").replace("今天第一炉", "明天第一炉"),
    },
)
FRESH = "搬家第三天，冰箱里只有半颗柠檬和一封没拆的信。邻居敲门送来一碗饺子，我才想起今天是冬至。"


def write_posts(path: Path, changes: Mapping[str, str] | None = None) -> Path:
    """Write the corpus as JSON Lines; `changes` gives some posts, by id, another text."""
    lines = [json.dumps({**post, "text": (changes or {}).get(post["post_id"], post["text"])}) for post in POSTS]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path
