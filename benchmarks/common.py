"""What the benchmarks share: where the measuring data lies, and the index of the bench corpus."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from originality.build import build
from originality.collect import open_source
from originality.embed import Encoder, load_encoder
from originality.index import LocalIndex, open_index

ROOT = Path(__file__).resolve().parent.parent
SHARED = ROOT.parent / "shared"
BENCH = SHARED / "bench"
WORK = ROOT / "build" / "bench"


def require_bench() -> None:
    """End with a clear line where the measuring data is absent."""
    if not BENCH.is_dir():
        sys.exit("The measuring data is not part of this repository: it is expected in ../shared/bench.")


def read_jsonl(path: Path) -> Iterator[dict[str, Any]]:
    """Yield the objects of a JSON Lines file."""
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            if line.strip():
                yield json.loads(line)


def bench_index(encoder_setting: str, corpus: Path = BENCH / "corpus.jsonl") -> tuple[LocalIndex, Encoder]:
    """Return the index of a corpus, built where it is missing, and its encoder."""
    encoder = load_encoder(encoder_setting)
    index = open_index(
        WORK / f"index-{corpus.stem}-{encoder_setting}", encoder=encoder_setting, encoder_name=encoder.name
    )
    report = build(open_source([corpus]), index, encoder)
    if report.added:
        print(f"indexed {report.added} posts of {corpus.name}, dropped {dict(report.dropped)}")
    return index, encoder
