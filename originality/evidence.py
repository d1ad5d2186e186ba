"""One check as one file: what was found, in what, when and by which settings, with what the editors said of it.

A kept check and its decisions enter; one HTML document leaves that needs nothing else: no script, font or address is
loaded, so it reads the same in ten years, on paper too. Texts in it come from strangers and pass `shown`.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from originality.decisions import Decision, digest
from originality.explain import VERDICT_NAMES, caveat_text, disguise_lines, headline, kind_name
from originality.kept import KeptCheck
from originality.markup import Segment, mark_draft, mark_source
from originality.models import BEIJING, CheckResult, Match
from originality.report.forms.shown import attribute, is_link, shown
from originality.settings import Language

_WORDS: dict[Language, dict[str, str]] = {
    "zh": {
        "title": "原创检测证据包",
        "made": "制作时间",
        "checked": "检测时间",
        "brand": "草稿所属品牌",
        "unknown": "未注明",
        "draft_hash": "草稿 SHA-256",
        "compared": "对照语料",
        "posts": "{posts:,} 条帖子，最新一条 {newest}",
        "stamp": "索引版本",
        "risk": "风险（编辑会认定抄袭或高度模仿的概率）",
        "share": "草稿自有文字见于来源的比例",
        "without": "未计入",
        "without_posts": "{count} 个来源",
        "without_stretches": "草稿中 {count} 处文字",
        "without_quotes": "引号和书名号内的文字",
        "without_platform": "「{platform}」以外的平台",
        "nothing": "无",
        "address": "检测编号",
        "draft": "草稿全文",
        "sources": "来源对照",
        "source": "来源 {number}",
        "published": "发布时间",
        "no_time": "不详",
        "link": "原帖链接",
        "no_link": "采集文件中没有链接",
        "post_id": "帖子编号",
        "hash": "来源文字 SHA-256",
        "spans": "对应片段",
        "count": "{exact} 处一字不差，{near} 处略有改动，{rewrite} 处换词改写",
        "disguises": "伪装还原（原文 → 还原）",
        "decisions": "编辑意见",
        "none_yet": "尚无编辑意见。",
        "accept": "认可结论",
        "override": "不采纳结论",
        "ask": "请同事看：{colleague}",
        "exact": "一字不差",
        "near": "略有改动",
        "rewrite": "换词改写",
        "common": "套话，不计入（角标为使用过的帖子数）",
        "gone": "检测时的 {count} 个来源已不在语料库中，此处不再引用。",
        "changed": "检测后有 {count} 个来源的文字被修改过，此处为现在的文字，不标对应片段。",
        "note": (
            "本文件由程序根据上述语料自动生成，供编辑参考，不是法律结论。SHA-256 按 UTF-8 全文计算，任何人都可用"
            "原文复核。时间均为北京时间。"
        ),
    },
    "en": {
        "title": "Evidence of an originality check",
        "made": "Made",
        "checked": "Checked",
        "brand": "Brand of the draft",
        "unknown": "not stated",
        "draft_hash": "SHA-256 of the draft",
        "compared": "Compared with",
        "posts": "{posts:,} posts, the newest of {newest}",
        "stamp": "Version of the index",
        "risk": "Risk (probability that an editor would call it copied or closely imitated)",
        "share": "Share of the draft's own letters found in sources",
        "without": "Left out of account",
        "without_posts": "{count} sources",
        "without_stretches": "{count} stretches of the draft",
        "without_quotes": "what stands in quotation marks",
        "without_platform": "platforms other than {platform}",
        "nothing": "nothing",
        "address": "Number of the check",
        "draft": "The draft",
        "sources": "Sources",
        "source": "Source {number}",
        "published": "Published",
        "no_time": "unknown",
        "link": "Link",
        "no_link": "the collected file gives none",
        "post_id": "Id of the post",
        "hash": "SHA-256 of the source's text",
        "spans": "Matching stretches",
        "count": "{exact} word for word, {near} slightly changed, {rewrite} reworded",
        "disguises": "Disguises (as written → as it reads)",
        "decisions": "What editors said",
        "none_yet": "Nothing yet.",
        "accept": "Agrees with the verdict",
        "override": "Sets the verdict aside",
        "ask": "Asks {colleague}",
        "exact": "word for word",
        "near": "slightly changed",
        "rewrite": "reworded",
        "common": "everybody's words, not counted (with number of posts)",
        "gone": "{count} sources of the check are not in the index any more and are not quoted.",
        "changed": "{count} sources were edited after the check: their present text stands here, without marks.",
        "note": (
            "Made by a program from the posts named above, as advice to editors and not as a legal finding. SHA-256 is "
            "that of the whole text in UTF-8, so that anybody can verify it. Times are those of Beijing."
        ),
    },
}
_STYLE = Path(__file__).with_name("evidence.css")
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"  # nothing else, ever
_KINDS = ("exact", "near", "rewrite")


def evidence_pack(
    check: KeptCheck, decisions: Sequence[Decision] = (), *, made_at: datetime, language: Language = "zh"
) -> str:
    """Return the evidence of a check as one HTML document.

    Args:
        check: what was found.
        decisions: what editors said of it, oldest first.
        made_at: the time to print as that of making the file.
        language: of all that is not quoted.
    """
    words = _WORDS[language]
    result = check.result
    notes = [caveat_text(caveat, language) for caveat in result.caveats]
    notes += [
        words[key].format(count=count) for key, count in (("gone", check.gone), ("changed", check.changed)) if count
    ]
    heading = f"<h2>{words['sources']}</h2>" if result.matches else ""
    sources = "".join(_source(result, match, number, language) for number, match in enumerate(result.matches, 1))
    return (
        f'<!doctype html>\n<html lang="{"zh-CN" if language == "zh" else "en"}"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{words['title']}</title><style>{_STYLE.read_text('utf-8')}</style></head><body><main>\n"
        f"<h1>{words['title']}</h1>"
        f'<div class="verdict"><strong>{VERDICT_NAMES[language][result.verdict]}</strong>'
        f"<p>{shown(headline(result, language)) if result.matches or not check.gone else ''}</p></div>"
        f"{_facts(_stated(check, made_at, language))}"
        f"<ul>{''.join(f'<li>{shown(note)}</li>' for note in notes)}</ul>\n"
        f"<h2>{words['draft']}</h2>{_text(mark_draft(result))}{_legend(language)}{_disguises(result, language)}\n"
        f"<h2>{words['decisions']}</h2>{_said(decisions, language)}\n"
        f"{heading}{sources}\n"
        f"<footer>{words['note']}</footer></main></body></html>\n"
    )


def _stated(check: KeptCheck, made_at: datetime, language: Language) -> list[tuple[str, str]]:
    words, result = _WORDS[language], check.result
    compared = words["posts"].format(posts=result.index.posts, newest=_time(result.index.as_of, language))
    return [
        (words["checked"], _time(check.at, language)),
        (words["made"], _time(made_at, language)),
        (words["brand"], str(shown(check.account or words["unknown"]))),
        (words["draft_hash"], f"<code>{digest(result.draft)}</code>"),
        (words["risk"], f"{result.risk:.0%}"),
        (words["share"], f"{1 - result.originality:.0%}"),
        (words["without"], str(shown(_left_out(check, language)))),
        (words["compared"], compared),
        (words["stamp"], f"<code>{shown(result.index.stamp)}</code>"),
        *([(words["address"], f"<code>{shown(check.id)}</code>")] if check.id else []),
    ]


def _left_out(check: KeptCheck, language: Language) -> str:
    words, without = _WORDS[language], check.without
    parts = [
        words["without_posts"].format(count=len(without.posts)) if without.posts else "",
        words["without_stretches"].format(count=len(without.stretches)) if without.stretches else "",
        words["without_quotes"] if without.quotes else "",
        words["without_platform"].format(platform=without.platform) if without.platform else "",
    ]
    return ("、" if language == "zh" else ", ").join(part for part in parts if part) or words["nothing"]


def _source(result: CheckResult, match: Match, number: int, language: Language) -> str:
    words = _WORDS[language]
    link = f'<a href="{attribute(match.url)}" rel="noopener noreferrer">{shown(match.url)}</a>'
    counts = {kind: sum(span.kind == kind for span in match.spans) for kind in _KINDS}
    facts = [
        (words["published"], _time(match.published_at, language)),
        (words["link"], link if is_link(match.url) else words["no_link"]),
        (words["post_id"], f"<code>{shown(match.post_id)}</code>"),
        (words["hash"], f"<code>{digest(match.text)}</code>"),
        (words["risk"], f"{match.risk:.0%}"),
        (words["spans"], words["count"].format(**counts)),
    ]
    reasons = "".join(f"<li>{shown(reason)}</li>" for reason in match.reasons)
    name = words["source"].format(number=number)
    return (
        f'<section class="source"><h3>{name} · {shown(match.account)} · '
        f"{kind_name(match.kind, language)}</h3>{_facts(facts)}<ul>{reasons}</ul>"
        f'<div class="pair"><div><h4>{words["draft"]}</h4>{_text(mark_draft(result, only=number))}</div>'
        f"<div><h4>{name}</h4>{_text(mark_source(match, number))}</div></div></section>"
    )


def _disguises(result: CheckResult, language: Language) -> str:
    items = "".join(
        f"<li><del>{shown(written)}</del> → <ins>{shown(reading)}</ins> · {name}</li>"
        for written, reading, name in disguise_lines(result, language)
    )
    return f'<h3>{_WORDS[language]["disguises"]}</h3><ul class="disguises">{items}</ul>' if items else ""


def _said(decisions: Sequence[Decision], language: Language) -> str:
    words = _WORDS[language]
    lines = [
        (_time(each.at, language), each.who, words[each.choice].format(colleague=each.colleague), each.reason)
        for each in decisions
    ]
    items = "".join(f"<li>{shown(' · '.join(part for part in line if part))}</li>" for line in lines)
    return f"<ul>{items}</ul>" if items else f"<p>{words['none_yet']}</p>"


def _facts(facts: Sequence[tuple[str, str]]) -> str:
    return f"<dl>{''.join(f'<dt>{name}</dt><dd>{value}</dd>' for name, value in facts)}</dl>"


def _text(segments: Sequence[Segment]) -> str:
    return f'<div class="text">{"".join(map(_segment, segments))}</div>'


def _segment(segment: Segment) -> str:
    text = str(shown(segment.text))
    if segment.boilerplate:
        count = f"<sup>{segment.boilerplate.posts}</sup>" if segment.boilerplate.posts else ""
        return f'<span class="common">{text}</span>{count}'
    if segment.kind == "plain":
        return text
    number = f"<sup>{segment.source}</sup>" if segment.ends_passage else ""
    return f'<mark class="{segment.kind}">{text}</mark>{number}'


def _legend(language: Language) -> str:
    words = _WORDS[language]
    kinds = "".join(f'<mark class="{kind}">{words[kind]}</mark>' for kind in _KINDS)
    return f'<p class="legend">{kinds}<span class="common">{words["common"]}</span></p>'


def _time(time: datetime | None, language: Language) -> str:
    return f"{time.astimezone(BEIJING):%Y-%m-%d %H:%M}" if time else _WORDS[language]["no_time"]
