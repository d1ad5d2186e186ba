"""Properties that hold whatever comes in: of cleaning, aligning, reading exports, and of the whole way to a result.

Each is a plain function of what hypothesis draws. The tests run them with a small budget, `benchmarks/fuzz.py` for as
long as one likes, guided by coverage where atheris is installed.
"""

from __future__ import annotations

import functools
import json
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import jsonschema
from hypothesis import strategies as st

from originality import Checker, clean
from originality.align import align
from originality.build import build
from originality.clean import clean as cleaned
from originality.collect import open_source
from originality.errors import CollectError
from originality.index import open_index
from originality.models import CleanText, Dropped
from tests.corpus import LOTTERY, SOURCE, START, STORIES, corpus
from tests.export_files import write_all
from tests.fakes import FakeEncoder
from tests.processes import ROOT
from tests.test_clean import POSTS

SLOWEST = 20.0  # seconds of processor time for one example of some hundred characters, on a busy machine
NAMES = (
    "any.csv",
    "any.json",
    "any.jsonl",
    "any.txt",
    "any.md",
    "any.xml",
    "any.db",
    "any.xlsx",
    "any.parquet",
    "a.zip",
)
SCHEMA = json.loads((ROOT / "docs" / "schema" / "check-result-1.json").read_text(encoding="utf-8"))

# -- what is drawn ---------------------------------------------------------------------------------------------------

_LENT = st.builds(
    lambda text, start, length: text[start : start + length],
    st.sampled_from([SOURCE, LOTTERY, *STORIES]),
    st.integers(0, 60),
    st.integers(4, 80),
)
_DISGUISES: tuple[Callable[[str], str], ...] = (
    "\u200b".join,
    " ".join,
    "😀".join,
    "·".join,
    lambda text: "".join(chr(ord(char) + 0xFEE0) if "!" <= char <= "~" else char for char in text),
    lambda text: text[::-1],
    lambda text: text.replace("的", "地").replace("里", "裡"),
    lambda text: f"#{text}#",
    lambda text: f"//@{text}",
    lambda text: "".join(f"&#{ord(char)};" for char in text),
)
DRAFTS = st.lists(
    POSTS | _LENT | st.builds(lambda text, disguise: disguise(text), _LENT, st.sampled_from(_DISGUISES)), max_size=6
).map("".join)


@st.composite
def exports(draw: st.DrawFn) -> tuple[str, bytes]:
    """Draw a file of an exporter that something has happened to, with a name."""
    content = draw(st.sampled_from(_samples()))
    for _ in range(draw(st.integers(1, 4))):
        content = draw(st.sampled_from(_MUTATIONS))(draw, content)
    return draw(st.sampled_from(NAMES)), content


def _flipped(draw: st.DrawFn, content: bytes) -> bytes:
    damaged = bytearray(content)
    for place, bit in draw(st.lists(st.tuples(st.integers(0, 2**20), st.integers(0, 7)), min_size=1, max_size=8)):
        if damaged:
            damaged[place % len(damaged)] ^= 1 << bit
    return bytes(damaged)


def _cut(draw: st.DrawFn, content: bytes) -> bytes:
    return content[: draw(st.integers(0, 2**20)) % (len(content) + 1)]


def _nested(draw: st.DrawFn, content: bytes) -> bytes:
    opening, closing = draw(
        st.sampled_from([(b"[", b"]"), (b'{"data":', b"}"), (b"<item>", b"</item>"), (b'"', b'"'), (b"{", b"")])
    )
    depth = draw(st.sampled_from([1, 3, 50, 2000]))
    return opening * depth + content + closing * depth


def _doubled(draw: st.DrawFn, content: bytes) -> bytes:
    other = draw(st.sampled_from(_samples()))
    place = draw(st.integers(0, 2**20)) % (len(content) + 1)
    return content[:place] + other[: draw(st.integers(0, 2000))] + content[place:]


def _stuffed(draw: st.DrawFn, content: bytes) -> bytes:
    place = draw(st.integers(0, 2**20)) % (len(content) + 1)
    return content[:place] + draw(st.binary(max_size=40) | st.text(max_size=20).map(_as_bytes)) + content[place:]


_MUTATIONS = (_flipped, _cut, _nested, _doubled, _stuffed)


def _as_bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


@functools.cache
def _samples() -> list[bytes]:
    with tempfile.TemporaryDirectory() as folder:
        return [path.read_bytes() for path in write_all(Path(folder))]


# -- what must hold --------------------------------------------------------------------------------------------------


def cleaning(text: str) -> None:
    """Cleaning ends soon, is idempotent, and every letter stands where the map says."""
    began = time.process_time()
    once = cleaned(text)
    assert cleaned(once.text).text == once.text
    assert all(0 <= start < end <= len(text) for start, end in zip(once.starts, once.ends, strict=True))
    assert list(once.starts) == sorted(once.starts)
    assert [once.text[i] for i in once.letter_at] == [char for char in once.text if char.isalnum()]
    for first in range(0, len(once.letters), 7):
        last = min(first + 11, len(once.letters))
        _quotes(once, first, last, text)
    assert time.process_time() - began < SLOWEST


def _quotes(found: CleanText, first: int, last: int, text: str) -> None:
    """Assert that the original span of some letters really holds these letters, in order."""
    start, end = found.original_letters(first, last)
    assert 0 <= start < end <= len(text)
    held = clean._fold(text[start:end])
    before = ""
    while before != held.text:  # "&amp;lt;"
        before = held.text
        held.resolve_entities()
    letters = iter(held.text.lower())
    assert all(letter in letters for letter in found.letters[first:last].lower())


def aligning(draft: str, source: str) -> None:
    """Tiles are equal letters, each used once; spans lie in the originals."""
    left, right = cleaned(draft), cleaned(source)
    found = align(left, right)
    used: tuple[Counter[int], Counter[int]] = (Counter(), Counter())
    for tile in found.tiles:
        ours = left.letters[tile.draft : tile.draft + tile.length]
        assert ours == right.letters[tile.source : tile.source + tile.length]
        assert len(ours) == tile.length
        used[0].update(range(tile.draft, tile.draft + tile.length))
        used[1].update(range(tile.source, tile.source + tile.length))
    assert all(count == 1 for side in used for count in side.values())
    for span in found.spans(left, right):
        assert 0 <= span.draft[0] < span.draft[1] <= len(draft)
        assert 0 <= span.source[0] < span.source[1] <= len(source)
        if span.kind == "exact":
            assert _letters_in(left, span.draft) == _letters_in(right, span.source)


def _letters_in(text: CleanText, span: tuple[int, int]) -> str:
    return "".join(
        letter
        for letter, at in zip(text.letters, text.letter_at, strict=True)
        if span[0] <= text.starts[at] and text.ends[at] <= span[1]
    )


def reading(export: tuple[str, bytes]) -> None:
    """Posts, dropped items or one error of one line; the file stays as it was and alone."""
    name, content = export
    began = time.process_time()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_bytes(content)
        items, told = [], ""
        try:
            items = list(open_source([path]))
        except CollectError as error:
            told = str(error)
        assert "\n" not in told
        assert all(isinstance(item, Dropped) or (item.post_id and item.text.strip()) for item in items)
        assert path.read_bytes() == content
        assert [entry.name for entry in Path(folder).iterdir()] == [name]
    assert time.process_time() - began < SLOWEST


def checking(draft: str) -> None:
    """Any draft is answered, by the contract, and each span quotes the draft and a post of the index."""
    began = time.process_time()
    result = _checker().check(draft, before=START + timedelta(days=400))
    given = result.to_dict()
    jsonschema.validate(given, SCHEMA)
    assert json.loads(json.dumps(given, allow_nan=False)) == given
    left = cleaned(draft)
    for start, end in given["boilerplate"]:
        assert 0 <= start < end <= len(draft)
    for match in result.matches:
        right = cleaned(match.text)
        for span in match.spans:
            assert 0 <= span.draft[0] < span.draft[1] <= len(draft)
            assert 0 <= span.source[0] < span.source[1] <= len(match.text)
            ours, theirs = _letters_in(left, span.draft), _letters_in(right, span.source)
            assert theirs
            assert ours or given.get("disguises")
            if span.kind == "exact":
                assert ours == theirs or given.get("disguises")
    assert time.process_time() - began < SLOWEST


@functools.cache
def _checker() -> Checker:
    index = open_index(Path(tempfile.mkdtemp()), encoder="fake", encoder_name=FakeEncoder.name)
    build(corpus(), index, FakeEncoder())
    return Checker(index, FakeEncoder())


@dataclass(frozen=True, slots=True)
class Target:
    """A property, and what is drawn for each of its arguments."""

    check: Callable[..., None]
    drawn: Mapping[str, st.SearchStrategy[Any]]


TARGETS = {
    "clean": Target(cleaning, {"text": POSTS | DRAFTS}),
    "align": Target(aligning, {"draft": DRAFTS, "source": DRAFTS}),
    "readers": Target(reading, {"export": exports()}),
    "check": Target(checking, {"draft": DRAFTS}),
}
