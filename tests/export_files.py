"""Small files as each exporter writes them, with invented posts of one brand: 花间茶事, number 2608812381.

`write_all` makes one of every kind. Texts, names and numbers are made up for this repository.
"""

from __future__ import annotations

import csv
import io
import json
import sqlite3
from collections.abc import Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import openpyxl

from tests.export_feeds import ATOM, BID, JSON_FEED, NAME, RSS, UID

MID = "4383183661430868"  # the same post as BID, made on 14 June 2019 at 20:38
SECOND = "4454572602912349"
THIRD = "4454081098040623"
OWN = "头采春茶到店了，只有三百罐。"
REPOST = "这一款我们店里也有，欢迎来试喝。"
CHAIN = f"{REPOST}//@茶友小林:看着就香//@山野户外:转发微博"


def table(rows: Sequence[Mapping[str, Any]]) -> str:
    file = io.StringIO(newline="")
    writer = csv.DictWriter(file, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    return file.getvalue()


def lines(rows: Sequence[Mapping[str, Any]]) -> str:
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


def document(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def database(path: Path, tables: Mapping[str, Sequence[Mapping[str, Any]]]) -> Path:
    path.unlink(missing_ok=True)
    with closing(sqlite3.connect(path)) as connection:
        for name, rows in tables.items():
            columns = ", ".join(f'"{column}"' for column in rows[0])
            connection.execute(f'CREATE TABLE "{name}" ({columns})')
            marks = ", ".join("?" for _ in rows[0])
            connection.executemany(f'INSERT INTO "{name}" VALUES ({marks})', [list(row.values()) for row in rows])
        connection.commit()
    return path


def workbook(path: Path, rows: Sequence[Mapping[str, Any]]) -> Path:
    book: Any = openpyxl.Workbook()
    book.active.append(list(rows[0]))
    for row in rows:
        book.active.append(list(row.values()))
    book.save(path)
    return path


WEIBO_CRAWLER = [
    {"id": MID, "bid": BID, "user_id": UID, "screen_name": NAME, "text": OWN, "created_at": "2019-06-14 20:38:03",
     "attitudes_count": 1000000, "comments_count": 5, "reposts_count": 3, "retweet_id": "", "edited": 1,
     "edit_count": 2},
    {"id": SECOND, "bid": "ImTGkcdDn", "user_id": UID, "screen_name": NAME, "text": CHAIN,
     "created_at": "2019-12-28 20:17:00", "attitudes_count": 12, "comments_count": 5, "reposts_count": 3,
     "retweet_id": THIRD, "edited": 0, "edit_count": 0},
    {"id": THIRD, "bid": "ImGTzxJJt", "user_id": "1234567890", "screen_name": "山野户外", "text": "别人的原文。",
     "created_at": "2019-12-27 11:45:00", "attitudes_count": 1, "comments_count": 1, "reposts_count": 1,
     "retweet_id": "", "edited": 0, "edit_count": 0},
]  # fmt: skip

SPIDER_TEXT = f"""用户信息：
用户昵称：{NAME}
用户id：{UID}
微博数：2

微博内容：
{OWN}
第二行 \xa0原图\xa0
微博位置：无
发布时间：2019-06-14 20:38
点赞数：1000000
转发数：3
评论数：5
发布工具：无

转发理由:{REPOST}\xa0
原始用户: 山野户外
转发内容: 别人的原文。
微博位置：杭州
发布时间：2019-12-28 20:17
点赞数：12
转发数：3
评论数：5
发布工具：某手机

"""

MARKDOWN = f"""## 2019-06-14 [{NAME}] 微博存档

### 20:38:03
<!-- weibo_id: {MID} -->
{OWN}
[网页链接](https://example.com/tea)

![](img/1.jpg)

[网页链接](https://example.com/more)

---

### 21:00:00
<!-- weibo_id: {SECOND} -->
{CHAIN}

> 转发: 别人的原文。
> 全文

---

"""

SEARCH = [
    {"id": MID, "bid": BID, "user_id": UID, "用户昵称": NAME, "微博正文": "头采fastcharging到店", "头条文章url": "",
     "发布位置": "", "艾特用户": "", "话题": "", "转发数": "3", "评论数": "5", "点赞数": "1.2万",
     "发布时间": "2019-06-14 20:38", "发布工具": "某手机", "微博图片url": "", "微博视频url": "", "retweet_id": "",
     "ip": "浙江", "user_authentication": "蓝V"},
    {"id": "4.45457E+15", "bid": "ImTGkcdDn", "user_id": UID, "用户昵称": NAME, "微博正文": CHAIN, "头条文章url": "",
     "发布位置": "", "艾特用户": "", "话题": "", "转发数": "3", "评论数": "5", "点赞数": "12",
     "发布时间": "2019-12-28 20:17", "发布工具": "", "微博图片url": "", "微博视频url": "", "retweet_id": THIRD,
     "ip": "浙江", "user_authentication": "蓝V"},
]  # fmt: skip

MEDIA_NEW = [
    {"note_id": MID, "content": "头采春茶 &amp; 明前龙井 &lt;3", "create_time": 1560515883 + 28800,
     "create_date_time": "2019-06-14 20:38:03+08:00", "liked_count": "1.2万", "comments_count": "5",
     "shared_count": "100万+", "last_modify_ts": 1785500000000, "note_url": f"https://m.weibo.cn/detail/{MID}",
     "creator_hash": "ac9b9d676464e039", "nickname": "花***事", "source_keyword": ""},
    {"note_id": SECOND, "content": CHAIN, "create_time": 1577535420, "create_date_time": "2019-12-28 20:17:00+08:00",
     "liked_count": "12", "comments_count": "5", "shared_count": "3", "last_modify_ts": 1785500000000,
     "note_url": f"https://m.weibo.cn/detail/{SECOND}", "creator_hash": "0000000000000000", "nickname": "山***外",
     "source_keyword": ""},
]  # fmt: skip
MEDIA_OLD = [
    {**{name: row[name] for name in list(row)[:9]}, "ip_location": "浙江", "user_id": UID, "nickname": NAME,
     "gender": "f", "profile_url": "", "avatar": "", "source_keyword": ""}
    for row in MEDIA_NEW
]  # fmt: skip

NOTE_ID = "66fad51c000000001b0224b8"
XIAOHONGSHU = [
    {"note_id": NOTE_ID, "type": "normal", "title": "春茶怎么选", "desc": "先看叶底，再闻冷香。#春茶[话题]#",
     "video_url": "", "time": 1727706396000, "last_update_time": 1727706400000, "user_id": "5f0000000000000001000001",
     "nickname": NAME, "avatar": "", "liked_count": "1.2万", "collected_count": "30", "comment_count": "5",
     "share_count": "3", "ip_location": "浙江", "image_list": "", "tag_list": "春茶", "last_modify_ts": 1785500000000,
     "note_url": f"https://www.xiaohongshu.com/explore/{NOTE_ID}", "source_keyword": "", "xsec_token": ""},
]  # fmt: skip
DOUYIN = [
    {"aweme_id": "7300000000000000123", "aweme_type": "0", "title": OWN, "desc": OWN, "create_time": 1727706396,
     "user_id": "99", "nickname": NAME, "liked_count": "12", "collected_count": "1", "comment_count": "5",
     "share_count": "3", "last_modify_ts": 1785500000000, "aweme_url": "https://www.douyin.com/video/7300000000000000123",
     "source_keyword": ""},
]  # fmt: skip
WECHAT = [
    {"公众号": NAME, "ID": "2247483650_1", "链接": "https://mp.weixin.qq.com/s/AbCdEf", "标题": "春茶怎么选",
     "摘要": "先看叶底，再闻冷香。", "发布时间": "2024-09-30 22:26:36", "阅读": "1200", "点赞": "12", "分享": "3",
     "留言": "5", "作者": "小林"},
]  # fmt: skip

NGHUYONG: list[dict[str, Any]] = [
    {"_id": MID, "mblogid": BID, "created_at": "2019-06-14 20:38:03", "geo": None, "ip_location": "发布于 浙江",
     "reposts_count": 3, "comments_count": 5, "attitudes_count": 12, "source": "", "content": OWN, "pic_urls": [],
     "pic_num": 0, "isLongText": False, "is_retweet": False, "url": f"https://weibo.com/{UID}/{BID}",
     "crawl_time": 1714800000},
]  # fmt: skip

SUPER_SPIDER = {
    "gui": [{"微博id": BID, "微博正文": f"{OWN}\xa0原图\xa0", "原始图片url": "无", "发布位置": "无",
             "发布时间": "2019-06-14 20:38\xa0", "发布工具": "无", "点赞数": 12, "转发数": 3, "评论数": 5}],
    "wid": [{"wid": BID, "weibo_link": f"https://weibo.com/{UID}/{BID}", "content": OWN, "img_urls": "", "location": "",
             "publish_time": "2019-06-14 20:38", "publish_tool": "", "like_num": 12, "forward_num": 3,
             "comment_num": 5}],
    "user": [{"wid": MID, "user_name": NAME, "user_id": UID, "gender": "女", "publish_time": "2019-06-14 20:38",
              "text": OWN, "like_count": 12, "comment_count": 5, "forward_count": 3}],
    "mid": [{"typ": "", "mid": MID, "publish_time": "2019-06-14 20:38", "uid": UID, "screen_name": NAME,
             "verified_type": 2, "weibo_link": f"https://weibo.com/{UID}/{BID}", "text": OWN, "image_urls": "",
             "video_url": "", "region_name": "", "reposts_count": 3, "comments_count": 5, "attitudes_count": 12}],
}  # fmt: skip

ARCHIVER = {
    "weibo": [
        {"id": MID, "mblogid": BID, "userId": UID, "regionName": "", "createdAt": "Fri Jun 14 20:38:03 +0800 2019",
         "source": "", "text": f'<a href="/n/x">@茶友小林</a> {OWN}\u200b\u200b\u200b', "imgs": [], "repostsCount": 3,
         "commentsCount": 5, "likesCount": 12, "comments": [{"text": "路人的评论"}],
         "retweet": {"id": THIRD, "text": "别人的原文。"}},
    ],
    "user": {"id": UID, "name": NAME},
    "followings": [],
    "favorited": [],
}  # fmt: skip

USER = {"id": int(UID), "screen_name": NAME, "verified": True, "verified_type": 2}
BLOG = {
    "created_at": "Fri Jun 14 20:38:03 +0800 2019", "id": MID, "mid": MID, "bid": BID,
    "text": '<a href="/x"><span class="surl-text">#春茶#</span></a>头采<span class="url-icon"><img alt=[doge] '
            'src="x.png" style="width:1em;" /></span>到店 &amp; 试喝<br />第二行',
    "user": USER, "reposts_count": "100万+", "comments_count": 5, "attitudes_count": "1.2万", "isLongText": False,
    "edit_count": 2,
}  # fmt: skip
LONG = {**BLOG, "id": SECOND, "mid": SECOND, "bid": "ImTGkcdDn", "isLongText": True,
        "text": '一条长微博的开头...<a href="/status/x">全文</a>'}  # fmt: skip
REPOSTED = {**BLOG, "id": THIRD, "mid": THIRD, "bid": "ImGTzxJJt",
            "text": f"{REPOST}//<a href='/n/a'>@茶友小林</a>:看着就香",
            "retweeted_status": {"id": "4454081098040000", "text": "别人的原文。", "user": None}}  # fmt: skip
MOBILE = {
    "ok": 1,
    "data": {
        "cardlistInfo": {"containerid": f"107603{UID}", "since_id": 1},
        "cards": [
            {"card_type": 9, "profile_type_id": "proweibotop_1", "mblog": BLOG},
            {"card_type": 11, "card_group": [{"card_type": 9, "mblog": LONG}, {"card_type": 42, "desc": "没有更多"}]},
            {"card_type": 9, "mblog": REPOSTED},
        ],
    },
}
AJAX = {
    "ok": 1,
    "data": {"since_id": "1", "total": 1, "list": [
        {"created_at": "Fri Jun 14 20:38:03 +0800 2019", "id": int(MID), "idstr": MID, "mid": MID, "mblogid": BID,
         "user": {**USER, "idstr": UID}, "text_raw": f"{OWN}[doge]\n第二行", "text": f"{OWN}<img alt=\"[doge]\"/>",
         "reposts_count": 3, "comments_count": 5, "attitudes_count": 12, "isLongText": True,
         "continue_tag": {"title": "全文"}},
    ]},
}  # fmt: skip
OPEN = {
    "statuses": [{"created_at": "Fri Jun 14 20:38:03 +0800 2019", "id": int(MID), "idstr": MID, "mid": MID,
                  "text": OWN, "truncated": False, "user": USER, "reposts_count": 3, "comments_count": 5,
                  "attitudes_count": 12, "source": "<a>x</a>"}],
    "total_number": 1,
}  # fmt: skip
DUMP = [{"id": MID, "bid": BID, "user_id": UID, "text": OWN, "created_at": "2019-06-14T20:38:03+08:00",
         "attitudes_count": 12, "comments_count": 5, "reposts_count": 3,
         "retweeted_status": {"id": THIRD, "text": "别人的原文。"}}]  # fmt: skip

TEXTS = {
    "weibo_crawler.md": MARKDOWN,
    "weibo_spider.txt": SPIDER_TEXT,
    "weibo_search.csv": table(SEARCH),
    "media_new.csv": table(MEDIA_NEW),
    "media_new.jsonl": lines(MEDIA_NEW),
    "media_old.json": document(MEDIA_OLD),
    "media_old.csv": table(MEDIA_OLD),
    "xiaohongshu.jsonl": lines(XIAOHONGSHU),
    "xiaohongshu.csv": table(XIAOHONGSHU),
    "douyin.json": document(DOUYIN),
    "wechat.csv": table(WECHAT),
    "nghuyong.jsonl": lines(NGHUYONG),
    **{f"super_{kind}.csv": table(rows) for kind, rows in SUPER_SPIDER.items()},
    "archiver.json": document(ARCHIVER),
    "mobile.json": document(MOBILE),
    "mobile.jsonl": lines([MOBILE, MOBILE]),
    "ajax.json": document(AJAX),
    "open.json": document(OPEN),
    "dump.json": document(DUMP),
    "feed.xml": RSS,
    "feed.atom": ATOM,
    "feed.json": document(JSON_FEED),
}


def write_all(folder: Path) -> list[Path]:
    """Write one file of every kind."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for name, text in TEXTS.items():
        paths.append(folder / name)
        paths[-1].write_text(text, encoding="utf-8")
    media = [{"id": 1, "add_ts": 1, **row} for row in MEDIA_NEW]
    comments = [{"id": 1, "note_id": MID, "content": "路人的评论"}]
    return [
        *paths,
        database(folder / "weibo_crawler.db", {"weibo": WEIBO_CRAWLER, "comments": comments}),
        database(folder / "media.db", {"weibo_note": media, "xhs_note": XIAOHONGSHU, "weibo_note_comment": comments}),
        workbook(folder / "media.xlsx", MEDIA_NEW),
    ]
