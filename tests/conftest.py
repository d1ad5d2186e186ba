"""What all tests share: quiet libraries, a deterministic hypothesis, the one expensive encoder."""

from __future__ import annotations

import gc
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from originality.embed import Encoder

# One thread each: a test run must not fight itself for the cores, and results must not depend on their number.
os.environ.setdefault("ORIGINALITY_THREADS", "1")
os.environ.setdefault("HF_HUB_OFFLINE", "1")
os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")

# Derandomised: the same commit gives the same result. No deadline: other work shares the cores.
settings.register_profile(
    "tests", derandomize=True, deadline=None, database=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("tests")

SHARED = Path(__file__).resolve().parents[1].parent / "shared"


@pytest.fixture(scope="module", autouse=True)
def _nothing_is_looked_through_twice() -> None:
    """Streamlit's test runner collects garbage after each run: half a second, once all libraries are there."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session")
def shared() -> Path:
    """Return the folder of measuring data beside the repository, or skip."""
    if not SHARED.is_dir():
        pytest.skip("the measuring data is not part of this repository: ../shared is absent")
    return SHARED


@pytest.fixture(scope="session")
def default_encoder() -> Encoder:
    """Load the embedded encoder once per run, from the user's ordinary cache, so that repeated runs are quick."""
    from originality.embed import load_encoder

    return load_encoder("default")


@pytest.fixture
def public() -> Iterator[Path]:
    """Give a folder that other users can reach, unlike pytest's own."""
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)
