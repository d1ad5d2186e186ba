"""How the index grows: rates, sizes, latencies and recall at any number of posts, beside other ways to do it.

    python benchmarks/scale.py --posts 10000                       a few minutes
    python benchmarks/scale.py --posts 1000000 --embed sample      without embedding every text, which takes hours
    python benchmarks/scale.py --posts 100000 --peers              also datasketch, FTS5, numpy, rapidfuzz, SemHash
    python benchmarks/scale.py --posts 100000 --profile profile.txt

Needs ../shared/data. The corpus, its index and what the encoder has read are kept under --work; a build that was
stopped goes on. Each phase is a process of its own, so that its memory is its own. Figures "cpu" are seconds of the
processor, which other work on the machine hardly changes; the others are of the clock.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

os.environ.setdefault("ORIGINALITY_THREADS", "1")  # before numpy is loaded
os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks import scale_build, scale_check, scale_corpus, scale_peers
from benchmarks.common import WORK, require_bench
from benchmarks.scale_embed import Remembering, Sampled
from benchmarks.scale_print import report
from originality import Checker
from originality.clean import clean
from originality.embed import Encoder, load_encoder
from originality.index import open_index

PHASES = ("corpus", "build", "read", "update")


def main() -> int:
    """Run all phases, or one of them in this process."""
    arguments = _arguments()
    require_bench()
    arguments.work.mkdir(parents=True, exist_ok=True)
    if arguments.phase:
        print(json.dumps(_phase(arguments.phase, arguments), ensure_ascii=False))
        return 0
    figures: dict[str, Any] = {"posts": arguments.posts, "encoder": arguments.encoder, "embed": arguments.embed}
    peers = [f"peer: {name}" for name in scale_peers.names()] if arguments.peers else []
    for phase in arguments.only or [*PHASES, *peers]:
        command = [sys.executable, *sys.argv, "--phase", phase]
        ran = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
        figures[phase] = json.loads(ran.stdout.splitlines()[-1])
        print(report(phase, figures[phase], sampled=arguments.embed == "sample"), flush=True)
    if arguments.json:
        arguments.json.write_text(json.dumps(figures, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--posts", type=int, default=10_000)
    parser.add_argument("--encoder", default="fast", choices=["fast"], help="one that reads each text for itself")
    parser.add_argument("--embed", default="all", choices=["all", "sample"], help="sample: most vectors are made up")
    parser.add_argument("--share", type=float, default=0.0, help="of the texts that sample reads beside the sources")
    parser.add_argument("--drafts", type=int, default=200, help="drafts of each kind")
    parser.add_argument("--peers", action="store_true")
    parser.add_argument("--profile", type=Path, help="write a profile of the checks, by function")
    parser.add_argument("--json", type=Path, help="write all figures here")
    parser.add_argument("--work", type=Path, default=WORK / "scale")
    parser.add_argument("--only", nargs="+", choices=PHASES, help="these phases, on what earlier runs have left")
    parser.add_argument("--phase", help=argparse.SUPPRESS)
    return parser.parse_args()


def _phase(phase: str, arguments: argparse.Namespace) -> dict[str, Any]:
    corpus = arguments.work / f"corpus-{arguments.posts}.jsonl"
    folder = arguments.work / f"index-{arguments.posts}-{arguments.embed}"
    material = scale_corpus.Material(arguments.posts)
    if phase == "corpus":
        if not corpus.exists():
            draft = corpus.with_suffix(".part")
            scale_corpus.write_corpus(draft, arguments.posts, material)
            draft.rename(corpus)
        return {"bytes_per_post": round(corpus.stat().st_size / arguments.posts, 1)}
    drafts = scale_corpus.drafts_of(arguments.posts, material, arguments.drafts)
    if phase == "read":
        if arguments.profile:
            return _profiled(arguments.profile, folder, load_encoder(arguments.encoder), drafts)
        return scale_check.read_phase(folder, load_encoder(arguments.encoder), drafts)
    encoder, remembered = _encoder(arguments, material, drafts)
    try:
        if phase.startswith("peer: "):
            return scale_peers.measure(phase.removeprefix("peer: "), corpus, drafts, encoder)
        if phase == "build":
            figures = scale_build.build_index(corpus, folder, encoder, arguments.encoder)
            texts, seconds = remembered.texts, remembered.cpu_seconds
            figures["embedded"] = {"texts": texts, "cpu_s": round(seconds, 1)}
            return {**figures, "bytes_per_post": scale_build.sizes(folder)}
        new = scale_corpus.held_out_posts(material, scale_build.VISIBLE, "new")
        with Checker(open_index(folder), remembered.encoder) as checker:
            figures = {"update": scale_build.update(folder, new, encoder, checker)}
            ids = [post.post_id for post in new]
            figures["delete"] = scale_build.delete(folder, ids[: scale_build.DELETED], encoder, checker)
            figures["delete all"] = scale_build.delete(folder, ids, encoder, checker)
        return figures
    finally:
        remembered.save()


def _encoder(
    arguments: argparse.Namespace, material: scale_corpus.Material, drafts: list[scale_corpus.Draft]
) -> tuple[Encoder, Remembering]:
    remembered = Remembering(load_encoder(arguments.encoder), arguments.work / "vectors")
    if arguments.embed == "all":
        return remembered, remembered
    sources = {draft.source for draft in drafts}
    cleaned = (clean(text) for _, _, text in material.real)
    always = {unit for text in cleaned if text.letters in sources for unit in text.units()}
    texts = [text for _, _, text in material.real[:6_000]]
    return Sampled(remembered, texts, always, arguments.share), remembered


def _profiled(path: Path, folder: Path, encoder: Encoder, drafts: list[scale_corpus.Draft]) -> dict[str, Any]:
    import cProfile
    import pstats

    with Checker(open_index(folder), encoder) as checker:
        own = [draft.text for draft in drafts if draft.kind == "own"]
        for text in own[:20]:
            checker.check(text)
        profile = cProfile.Profile()
        profile.enable()
        for text in own[20:]:
            checker.check(text)
        profile.disable()
    with path.open("w", encoding="utf-8") as out:
        pstats.Stats(profile, stream=out).sort_stats("tottime").print_stats(60)
        pstats.Stats(profile, stream=out).sort_stats("cumulative").print_stats(60)
    return {"profiled": len(own) - 20}


if __name__ == "__main__":
    sys.exit(main())
