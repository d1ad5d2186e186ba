"""Feeds as RSSHub writes them, with one invented post."""

from __future__ import annotations

UID, NAME, BID = "2608812381", "花间茶事", "HyTZc60ew"

QUOTED = '<br><blockquote> - 转发 <a href="https://weibo.com/1">@山野户外</a>: 别人的原文。</blockquote>'
RSS = f"""<?xml version="1.0" encoding="UTF-8"?>
<rss xmlns:atom="http://www.w3.org/2005/Atom" version="2.0"><channel>
<title>{NAME}的微博</title><link>https://weibo.com/{UID}/</link>
<atom:link href="http://localhost/weibo/user/{UID}" rel="self"/>
<item><title>头采</title><description><![CDATA[头采[doge]到店<br>第二行 &amp; 试喝{QUOTED}]]></description>
<link>https://weibo.com/{UID}/{BID}</link><guid isPermaLink="false">https://weibo.com/{UID}/{BID}</guid>
<pubDate>Fri, 14 Jun 2019 12:38:03 GMT</pubDate><author>{NAME}</author><category>春茶</category></item>
</channel></rss>
"""
ATOM = f"""<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom"><title>{NAME}的微博</title><link href="https://weibo.com/{UID}/"/>
<entry><title>头采</title><id>https://weibo.com/{UID}/{BID}</id><link href="https://weibo.com/{UID}/{BID}"/>
<updated>2019-06-14T12:38:03.000Z</updated><author><name>{NAME}</name></author>
<content type="html">头采[doge]到店&lt;br&gt;第二行 &amp;amp; 试喝{QUOTED.replace("<", "&lt;")}</content></entry></feed>
"""
JSON_FEED = {
    "version": "https://jsonfeed.org/version/1.1",
    "title": f"{NAME}的微博",
    "home_page_url": f"https://weibo.com/{UID}/",
    "items": [
        {"id": f"https://weibo.com/{UID}/{BID}", "url": f"https://weibo.com/{UID}/{BID}", "title": "头采",
         "content_html": f"头采[doge]到店<br>第二行 &amp; 试喝{QUOTED}", "date_published": "2019-06-14T12:38:03.000Z",
         "authors": [{"name": NAME}]},
    ],
}  # fmt: skip
