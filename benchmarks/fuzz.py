"""Run the properties of `tests/fuzzing.py` for as long as one likes.

    python benchmarks/fuzz.py [--minutes 10] [--only clean,align,readers,check] [--engine atheris|hypothesis]

Each target runs in a process of its own. With atheris (pip install atheris; not among the dependencies, for it is there
for few systems) what is tried is guided by the coverage of this package, else hypothesis alone draws. The first failure
is shrunk, printed, and ends the target.
"""

from __future__ import annotations

import argparse
import importlib.util
import os
import random
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

TARGETS = ("clean", "align", "readers", "check")
EXAMPLES = 300  # of one run of hypothesis; the next begins elsewhere
CHILD = "ORIGINALITY_FUZZ"
FOUND = ROOT / "build" / "fuzz"  # atheris writes here what failed, or took long


def main() -> int:
    """Run each target; fail where one has failed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--only", default=",".join(TARGETS))
    engine = "atheris" if importlib.util.find_spec("atheris") else "hypothesis"
    parser.add_argument("--engine", choices=["atheris", "hypothesis"], default=engine)
    arguments = parser.parse_args()
    if os.environ.get(CHILD):
        {"atheris": _guided, "hypothesis": _drawn}[arguments.engine](arguments.only, 60 * arguments.minutes)
        return 0
    return max([_run(name, arguments.engine, arguments.minutes) for name in arguments.only.split(",")])


def _run(name: str, engine: str, minutes: float) -> int:
    began = time.monotonic()
    command = [sys.executable, __file__, "--only", name, "--engine", engine, "--minutes", str(minutes)]
    ran = subprocess.run(command, env={**os.environ, CHILD: "1"}, capture_output=True, text=True, check=False)
    told = (ran.stdout + ran.stderr).strip().splitlines()
    tried = next((line for line in reversed(told) if "examples" in line or "runs in" in line), "")
    found = "no failure" if ran.returncode == 0 else "FAILED"
    print(f"{name:8s} {engine}, {time.monotonic() - began:.0f} s: {found}; {tried}", flush=True)
    if ran.returncode:
        print("\n".join(told[-60:]), flush=True)
    return int(bool(ran.returncode))


def _drawn(name: str, seconds: float) -> None:
    """Let hypothesis draw, run after run, each from another seed."""
    from hypothesis import HealthCheck, given, seed, settings

    from tests import fuzzing

    until, examples = time.monotonic() + seconds, 0
    target = fuzzing.TARGETS[name]

    def counted(**drawn: object) -> None:
        nonlocal examples
        examples += 1
        target.check(**drawn)

    profile = settings(
        max_examples=EXAMPLES, deadline=None, database=None, derandomize=False, suppress_health_check=list(HealthCheck)
    )
    while time.monotonic() < until:
        profile(seed(random.getrandbits(64))(given(**target.drawn)(counted)))()
    print(f"{examples} examples")


def _guided(name: str, seconds: float) -> None:
    """Let atheris choose the bytes that hypothesis draws from, by the coverage of this package."""
    import atheris  # type: ignore[import-untyped,import-not-found,unused-ignore]

    with atheris.instrument_imports(include=["originality"]):
        from tests import fuzzing
    from hypothesis import HealthCheck, given, settings

    FOUND.mkdir(parents=True, exist_ok=True)
    target = fuzzing.TARGETS[name]
    profile = settings(deadline=None, database=None, suppress_health_check=list(HealthCheck))
    test = profile(given(**target.drawn)(target.check))
    atheris.Setup(
        [
            sys.argv[0],
            f"-artifact_prefix={FOUND}/",
            f"-max_total_time={int(seconds) or 1}",
            "-rss_limit_mb=6000",
            "-print_final_stats=1",
        ],
        test.hypothesis.fuzz_one_input,  # type: ignore[attr-defined]
    )
    atheris.Fuzz()


if __name__ == "__main__":
    sys.exit(main())
