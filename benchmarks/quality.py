"""All that says how good the judge is, in one run: writes the marked sections of docs/quality.md.

    python benchmarks/quality.py                          everything, from what `benchmarks/train.py` has left
    python benchmarks/quality.py --peers --errors         some of it
    python benchmarks/quality.py --peers --limit 100      a sample, printed only

Stages: the bench by cross-validated models, peers, ablations, pairs of research sets, disguises, worst errors. What a
stage found is kept under build/bench/quality until something that it depends on changes. Needs ../shared.
"""

from __future__ import annotations

import argparse
import functools
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable
from importlib import metadata
from pathlib import Path
from typing import Any

os.environ.setdefault("ORIGINALITY_THREADS", "1")  # before torch is loaded
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks import ablations, errors, pairs_rate, peers, referee
from benchmarks.common import BENCH, ROOT, SHARED, WORK, read_jsonl, require_bench
from benchmarks.examples import _fold, _folds, collect
from benchmarks.markdown import put, table
from originality.embed import e5

DOCUMENT = ROOT / "docs" / "quality.md"
RESULTS = WORK / "results-default.jsonl"  # of whoever ran bench.py last
OURS = referee.FOLDER / "bench.jsonl"
PAIRS = 400
COPIES = 120
DATA = (BENCH / "cases.jsonl", BENCH / "corpus.jsonl", BENCH / "score.py")
# What has a part in a check.
PARTS = """
    align alignment boilerplate checker clean cross disguise embed index judgement models retrieve score settings
    short sketch words
"""
CLASSES = ("natural_copy", "natural_partial", "splice", "light", "heavy")
COLUMNS = ["AUC", "matched AUC", "all", *(name.replace("_", " ") for name in CLASSES)]
_DISGUISE = re.compile(r"^(\w+) +(\d+) copies +first ([\d.]+) +flagged ([\d.]+) +named ([\d.]+)", re.MULTILINE)


def main() -> int:
    """Run the stages asked for and put what they found into the document."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bench", action="store_true", help="the judge, and the judge without the sources")
    parser.add_argument("--peers", action="store_true", help="other checkers beside it")
    parser.add_argument("--ablations", action="store_true", help="the judge without each group of figures")
    parser.add_argument("--pairs", type=int, nargs="?", const=PAIRS, metavar="N", help="pairs that are no copies")
    parser.add_argument("--disguise", action="store_true", help="copies in disguise")
    parser.add_argument("--errors", action="store_true", help="worst misses and worst false alarms by id")
    parser.add_argument("--limit", type=int, help="a sample of so many drafts or copies: printed, not written")
    chosen = parser.parse_args()
    require_bench()
    limit, count = chosen.limit, chosen.pairs or PAIRS
    stages: dict[str, Callable[[], str]] = {
        "bench": bench_section,
        "peers": lambda: peers_section(limit),
        "ablations": ablations_section,
        "pairs": lambda: pairs_section(min(count, limit or count)),
        "disguise": lambda: disguise_section(min(COPIES, limit or COPIES)),
        "errors": errors_section,
    }
    asked = [name for name in stages if getattr(chosen, name)] or list(stages)
    for name in asked:
        section = stages[name]()
        print(f"{section}\n", flush=True)
        if limit is None:  # read anew each time: a person may write in it meanwhile
            DOCUMENT.write_text(put(DOCUMENT.read_text(encoding="utf-8"), name, section), encoding="utf-8")
    return 0


def kept(name: str, parts: Iterable[object], make: Callable[[], Any]) -> Any:
    """Return what a stage found, from its file if nothing that it depends on has changed.

    Args:
        name: of the file.
        parts: files, whose content counts, and anything else by its text.
        make: runs the stage; returns what JSON can hold.
    """
    digest = hashlib.sha256()
    for part in parts:
        digest.update(part.read_bytes() if isinstance(part, Path) else str(part).encode())
    path, key = referee.FOLDER / f"stage-{name}.json", digest.hexdigest()
    if path.exists():
        content = json.loads(path.read_text(encoding="utf-8"))
        if content["key"] == key:
            return content["found"]
    found = make()
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps({"key": key, "found": found}, ensure_ascii=False), encoding="utf-8")
    return found


def _code() -> list[Path]:
    """Return the files that have a part in a check, weights and tables included."""
    package = ROOT / "originality"
    names = [package / name for name in PARTS.split()]
    found = [path for name in names for path in (sorted(name.rglob("*")) if name.is_dir() else [Path(f"{name}.py")])]
    return [path for path in found if path.is_file() and "__pycache__" not in path.parts]


@functools.cache
def judged() -> dict[str, Any]:
    """Return the referee's report on the cross-validated judge; its results are in `OURS`."""
    out = referee.FOLDER / "bench.json"

    def make() -> dict[str, Any]:
        command = [sys.executable, str(ROOT / "benchmarks" / "bench.py"), "--cross-validated", "--control"]
        out.parent.mkdir(parents=True, exist_ok=True)
        subprocess.run([*command, "--json", str(out)], check=True)
        shutil.copyfile(RESULTS, OURS)
        said: dict[str, Any] = json.loads(out.read_text(encoding="utf-8"))
        return said

    return dict(kept("bench", [*DATA, *_code(), WORK / "folds.json"], make))


def bench_section() -> str:
    """Return the classes of the bench, and what is flagged once the sources are gone."""
    said = judged()
    rows = []
    for name, row in said["classes"].items():
        expect, cls = name.split("/")
        of_copies = (row.get("source@1"), row.get("source@5"), row.get("span_f1"))
        rows.append([expect, cls, row["n"], row["recall"], row["flagged"], *of_copies])
    headings = ["expected", "class", "drafts", "recall at 1 alarm per 100", "flagged"]
    return (
        f"AUC {said['auc']:.3f}, {said['matched_auc']:.3f} among drafts of like length; recall at 1 alarm per 100 "
        f"{said['recall_all']:.3f}; {said['alarms_per_100']:.2f} alarms per 100 clean drafts at the shipped threshold; "
        f"template AUC {said['template_auc']:.3f}. With the sources taken out of the corpus "
        f"{100 * said['control_flagged']:.2f} in 100 of the written copies are flagged.\n\n"
        + table([*headings, "source first", "source in five", "span F1"], rows)
    )


def _answers(peer: Callable[[peers.World], Any], world: peers.World) -> Any:
    return peers.results(world, peer(world))


def peers_section(limit: int | None = None) -> str:
    """Return the judge and its peers side by side, by the same referee."""
    drafts = referee.bench(limit)
    parts, world = halves(), peers.world_of(drafts)
    rows, absent = [], []
    if limit is None:
        judged()
    if OURS.exists():
        ids = {case["id"] for case in drafts.cases}
        ours = [result for result in read_jsonl(OURS) if result["id"] in ids]
        rows.append(_peer_row("this judge, cross-validated", drafts, ours, parts, "judge"))
    for name, peer in peers.PEERS.items():
        stage = f"{peer.__name__}-{len(drafts.cases)}"
        if peers.is_installed(name):
            found = kept(stage, peer_parts(), functools.partial(_answers, peer, world))
            rows.append(_peer_row(name, drafts, found, parts, f"peer-{peer.__name__}"))
            print(f"{name}: {rows[-1][1:4]}", flush=True)
        else:
            absent.append(name)
    sources = ["heavy: source first", "in five", "alarms per 100", "template AUC"]
    left_out = f"\n\nLeft out, because the package is not installed: {', '.join(absent)}." if absent else ""
    return table(["checker", *COLUMNS, *sources], rows) + left_out


def peer_parts() -> list[object]:
    """Return what the figures of the peers depend on."""
    package, versions = ROOT / "originality", [metadata.version(name) for name in ("datasketch", "jieba", "rapidfuzz")]
    made = [package / "clean.py", package / "words.py", package / "embed" / "transformer.py"]
    return [*DATA, *made, ROOT / "benchmarks" / "peers.py", e5.NAME, *versions]


def _peer_row(
    name: str, drafts: referee.Bench, results: list[dict[str, Any]], parts: dict[str, int], file: str
) -> list[Any]:
    said = referee.report(drafts, referee.with_verdicts(drafts, results, parts), file)
    heavy = said["classes"].get("copied/heavy", {})
    last = [heavy.get("source@1"), heavy.get("source@5"), said["alarms_per_100"], said["template_auc"]]
    return [name, *_figures(said), *last]


def _figures(said: dict[str, Any]) -> list[float | None]:
    """Return the columns that need no threshold of anybody's."""
    classes = [said["classes"].get(f"copied/{name}", {}).get("recall") for name in CLASSES]
    return [said["auc"], said["matched_auc"], said["recall_all"], *classes]


def halves() -> dict[str, int]:
    """Return which of two parts of the bench each draft is in; all that was made from one post is in one of them."""
    cases = list(read_jsonl(BENCH / "cases.jsonl"))
    folds = _folds(cases)
    return {case["id"]: _fold(folds, case["id"]) % 2 for case in cases}


def ablations_section() -> str:
    """Return the judge without each group of figures, trained and cross-validated again."""

    def make() -> list[list[Any]]:
        drafts, rows = referee.bench(), []
        for i, (name, results) in enumerate(ablations.ablations(*collect("default"))):
            said = referee.report(drafts, results, f"ablation-{i}")
            rows.append([name, *_figures(said)])
            print(f"{name}: {rows[-1][1:]}", flush=True)
        return rows

    makers = [ROOT / "benchmarks" / f"{name}.py" for name in ("ablations", "examples", "opinions", "train")]
    rows = kept("ablations", [*DATA, BENCH / "train.jsonl", *makers, *_code()], make)
    return table(["judge", *COLUMNS], rows)


def pairs_section(count: int) -> str:
    """Return how many pairs of research sets that are no copies the shipped judge calls copied."""

    def make() -> list[list[Any]]:
        found = list(pairs_rate.rates(count))
        referee.write(referee.FOLDER / "pairs.jsonl", (pair for rate in found for pair in rate.called))
        return [
            [
                rate.name,
                rate.pairs,
                rate.undetermined,
                len(rate.called),
                _in_100(len(rate.called), rate.pairs),
                rate.unlike,
                _in_100(rate.unlike, rate.pairs),
                rate.others,
            ]
            for rate in found
        ]

    files = sorted({SHARED / "data" / "pairs" / f"{file}.parquet" for _, file, _ in pairs_rate.SETS})
    depends = [*files, *_code(), ROOT / "benchmarks" / "pairs_rate.py", count]
    rows = kept(f"pairs-{count}", depends, make)
    called = ["called copied", "in 100", "of these with a wording of their own", "in 100"]
    return table(["pairs", "drawn", "too short to judge", *called, "alarms for other texts only"], rows)


def _in_100(part: int, whole: int) -> str:
    return f"{100 * part / whole:.2f}"


def disguise_section(count: int) -> str:
    """Return how copies in disguise fare, and the clean drafts that unmasking accuses."""

    def make() -> list[str]:
        run = functools.partial(subprocess.run, check=True, stdout=subprocess.PIPE, text=True)
        command = [sys.executable, str(ROOT / "benchmarks" / "disguise.py")]
        return [run([*command, "--count", str(count)]).stdout, run([*command, "--clean"]).stdout]

    makers = [ROOT / "benchmarks" / f"{name}.py" for name in ("disguise", "disguises")]
    copies, clean = kept(f"disguise-{count}", [*DATA, *_code(), *makers], make)
    headings = ["disguise", "copies", "source first", "flagged", "disguise named"]
    return f"{table(headings, disguise_rows(copies))}\n\n{clean.splitlines()[0]}."


def disguise_rows(printed: str) -> list[list[str]]:
    """Return kind, copies, shares of source first, flagged and named from what `disguise.py` prints.

    Raises:
        ValueError: there is no such row.
    """
    rows = [list(found) for found in _DISGUISE.findall(printed)]
    if not rows:
        raise ValueError(f"benchmarks/disguise.py printed no row of copies: {printed[:200]!r}")
    return rows


def errors_section() -> str:
    """Return the worst misses and false alarms by id."""
    judged()
    examples, _ = collect("default")
    misses, alarms = errors.worst(referee.bench().cases, list(read_jsonl(OURS)))
    file = errors.keep_texts([*misses, *alarms])
    return (
        f"Copies with the lowest risk (their texts: {file}):\n\n{table(errors.HEADINGS, errors.rows(misses, examples))}"
        f"\n\nClean drafts with the highest:\n\n{table(errors.HEADINGS, errors.rows(alarms, examples))}"
    )


if __name__ == "__main__":
    sys.exit(main())
