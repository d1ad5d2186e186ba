"""A corpus of any size with known copies, and drafts whose source is known, for `scale.py`.

Enters: the real posts of ../shared/data/weibo_covid_2020.parquet. Leaves: a JSON Lines file of N posts and drafts of
about 140 characters. Real posts come first, in the order of the file; then posts put together from their sentences.
Every fiftieth real post is kept out of the corpus: those are the drafts that copy nobody, and the text around a lifted
passage. Three of a hundred posts are copies of others. Everything is chosen by seeds: N alone decides what comes out.
"""

from __future__ import annotations

import json
import random
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import opencc

from benchmarks.common import SHARED
from originality.clean import clean
from originality.models import BEIJING, Post

COVID = SHARED / "data" / "weibo_covid_2020.parquet"
HELD_OUT = 50  # of so many real posts one stays out of the corpus
PLANTED = {33: "near", 66: "partial", 99: "disguised"}  # of a hundred posts those at these places are copies
LENGTH = 140  # characters of a draft
SHORTEST_SOURCE, LONGEST_SOURCE = 60, 140  # letters; a copy of fewer says little
LIFTED = (25, 50)  # letters of a lifted passage
EDITED = (0.03, 0.12)  # share of the letters that a near copy changes
FILLERS = "很也都就还又在和跟对"
EMOJI = ("😂", "🌟", "❤️", "👍", "🔥", "✨")
DISGUISES = ("zero-width", "emoji", "separators", "full-width", "traditional")
FIRST_DAY = datetime(2020, 1, 19, 8, tzinfo=BEIJING)
_SENTENCE = re.compile(r"[^。!?！？;；\n]{6,60}[。!?！？;；]?")
_traditional = opencc.OpenCC("s2t").convert


@dataclass(frozen=True, slots=True)
class Draft:
    """A text to check; `source` is the letters of the post that it was made from, "" where there is none."""

    kind: str
    text: str
    source: str = ""


class Material:
    """The real posts: what the corpus takes, what it leaves out, and the sentences to put new posts together from."""

    def __init__(self, posts: int) -> None:
        """Read so many real posts as a corpus of this size needs, and a few more to keep out."""
        from pyarrow import parquet

        table = parquet.read_table(COVID, columns=["date", "user", "text"])
        columns = [table.column(name).to_pylist() for name in ("date", "user", "text")]
        rows = list(zip(*columns, strict=True))
        self.real = [row for i, row in enumerate(rows) if i % HELD_OUT][:posts]
        self.held_out = [text for i, (_, _, text) in enumerate(rows) if i % HELD_OUT == 0]
        self.users = sorted({user for _, user, _ in self.real})
        self._sentences: list[str] | None = None

    def sentences(self) -> list[str]:
        """Return the different sentences of the real posts."""
        if self._sentences is None:
            self._sentences = list(dict.fromkeys(s for _, _, text in self.real for s in _SENTENCE.findall(text)))
        return self._sentences


def posts_of(count: int, material: Material) -> Iterator[Post]:
    """Yield the posts of a corpus of this size."""
    real = iter(material.real)
    for number in range(count):
        choose = random.Random(f"post {number}")
        kind = PLANTED.get(number % 100)
        if kind and number > 100:
            _, _, text = material.real[choose.randrange(min(number, len(material.real)))]
            user, text = choose.choice(material.users), copied(text, kind, material, choose)
        elif found := next(real, None):
            _, user, text = found
        else:
            user = choose.choice(material.users)
            text = "".join(choose.choices(material.sentences(), k=choose.randint(2, 5)))[: 2 * LENGTH]
        yield Post(
            post_id=f"s{number:07d}",
            account=f"u{user}",
            text=text,
            published_at=FIRST_DAY + timedelta(seconds=5 * number),
            likes=choose.randrange(500),
        )


def write_corpus(path: Path, count: int, material: Material) -> None:
    """Write a corpus as JSON Lines."""
    with path.open("w", encoding="utf-8") as out:
        for post in posts_of(count, material):
            row = {
                "post_id": post.post_id,
                "account": post.account,
                "published_at": post.published_at.isoformat() if post.published_at else None,
                "text": post.text,
                "likes": post.likes,
            }
            out.write(json.dumps(row, ensure_ascii=False) + "\n")


def drafts_of(count: int, material: Material, each: int) -> list[Draft]:
    """Return so many drafts of each kind: near, partial and disguised copies, and such as copy nobody ("own")."""
    choose = random.Random(f"drafts {count}")
    drafts: list[Draft] = []
    for text in choose.sample(material.real, len(material.real)):
        if len(drafts) == 3 * each:
            break
        source = clean(text[2])
        if SHORTEST_SOURCE <= len(source.letters) <= LONGEST_SOURCE:
            kind = ("near", "partial", "disguised")[len(drafts) % 3]
            drafts.append(Draft(kind, copied(text[2], kind, material, choose), source.letters))
    hosts = [text for text in material.held_out if len(text) >= LENGTH]
    drafts += [Draft("own", text[:LENGTH]) for text in choose.sample(hosts, each)]
    return drafts


def copied(text: str, kind: str, material: Material, choose: random.Random) -> str:
    """Return a copy of a post, of one of the planted kinds."""
    source = clean(text)
    if kind == "near":
        return _edited(source.text, choose)
    if kind == "disguised":
        return disguised(source.text[:LENGTH], choose.choice(DISGUISES), choose)
    letters = min(choose.randint(*LIFTED), len(source.letters))
    if not letters:
        return text
    start = choose.randint(0, len(source.letters) - letters)
    lifted = source.original[slice(*source.original_letters(start, start + letters))]
    host = choose.choice(material.held_out)[: max(0, LENGTH - len(lifted))]
    cut = choose.randint(0, len(host))
    return f"{host[:cut]}，{lifted}。{host[cut:]}"


def disguised(text: str, kind: str, choose: random.Random) -> str:
    """Return a text as those write it who hide a copy from a search for its words."""
    if kind == "traditional":
        return str(_traditional(text))
    if kind == "full-width":
        return "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in text)
    if kind == "separators":
        mark = choose.choice(".·-_ ")
        return mark.join(text)
    inserted = ("\u200b", "\u200d", "\ufeff") if kind == "zero-width" else EMOJI
    return "".join(c + (choose.choice(inserted) if choose.random() < 0.3 else "") for c in text)


def _edited(text: str, choose: random.Random) -> str:
    """Change some letters of a text: another one, none, or one more."""
    share = choose.uniform(*EDITED)
    out = []
    for char in text:
        if unicodedata.category(char)[0] == "L" and choose.random() < share:
            out.append(choose.choice((choose.choice(FILLERS), "", char + choose.choice(FILLERS))))
        else:
            out.append(char)
    return "".join(out)


def held_out_posts(material: Material, count: int, prefix: str) -> Sequence[Post]:
    """Return posts that are not in the corpus, as a collector would bring them later."""
    choose = random.Random(prefix)
    texts = material.held_out
    return [
        Post(
            post_id=f"{prefix}{number:06d}",
            account=f"u{choose.choice(material.users)}",
            text=texts[number % len(texts)] + (choose.choice(texts) if number >= len(texts) else ""),
            published_at=FIRST_DAY + timedelta(days=90, seconds=number),
        )
        for number in range(count)
    ]
