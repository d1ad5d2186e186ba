"""What the tests of security share: a cut network, files that run code if anybody lets them, folders as bytes."""

from __future__ import annotations

import io
import json
import os
import pickle
import subprocess
import sys
import textwrap
import zlib
from pathlib import Path
from typing import Any

import numpy as np

from originality.index.neighbours import FILES, MANIFEST
from tests.processes import ROOT

# In front of any program: whatever asks for a connection or a name is written down and refused.
_TAP = """
import os, sys
CUT = {"socket.connect", "socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr", "socket.sendto",
       "socket.sendmsg", "urllib.Request"}

def watch(event, arguments):
    if event in CUT:
        with open(os.environ["TAP_LOG"], "a", encoding="utf-8") as log:
            log.write(f"{event} {arguments[1:] if event.startswith('socket.') else arguments}\\n")
        raise PermissionError(f"the network is cut: {event}")

sys.addaudithook(watch)
"""


class Cable:
    """The network of a child process, cut; what it tried stands in `tried`."""

    def __init__(self, folder: Path) -> None:
        (folder / "tap").mkdir()
        (folder / "tap" / "sitecustomize.py").write_text(_TAP, encoding="utf-8")
        self._log = folder / "tap.log"
        self.environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith(("HF_", "ORIGINALITY_"))},
            "PYTHONPATH": os.pathsep.join([str(folder / "tap"), str(ROOT)]),
            "TAP_LOG": str(self._log),
            "ORIGINALITY_THREADS": "1",
        }

    @property
    def tried(self) -> list[str]:
        return self._log.read_text("utf-8").splitlines() if self._log.exists() else []

    def run(self, code: str, *arguments: object) -> str:
        """Run a piece of code to its end; return what it prints."""
        ran = subprocess.run(
            [sys.executable, "-c", textwrap.dedent(code), *map(str, arguments)],
            capture_output=True, text=True, timeout=900, check=False, cwd=ROOT, env=self.environment,
        )  # fmt: skip
        assert ran.returncode == 0, ran.stderr
        return ran.stdout


class Trap:
    """Unpickled, it makes a file: proof that somebody ran what a file said."""

    def __init__(self, mark: Path) -> None:
        self._mark = mark

    def __reduce__(self) -> tuple[Any, ...]:
        return os.mkdir, (str(self._mark),)


def pickled(mark: Path) -> bytes:
    return pickle.dumps(Trap(mark))


def objects(mark: Path) -> bytes:
    """Return a .npy file of objects, which numpy stores as a pickle."""
    file = io.BytesIO()
    np.save(file, np.array([Trap(mark)], dtype=object), allow_pickle=True)
    return file.getvalue()


def code(mark: Path) -> str:
    """Return a module that makes the file when it is imported."""
    return f"import os\nos.mkdir({str(mark)!r})\nclass Thing:\n    load = staticmethod(lambda *a, **k: None)\n"


def vouch(index: Path) -> None:
    """Forge the manifest of an index, so that its cache files are believed as they are."""
    path = index / MANIFEST
    manifest = json.loads(path.read_text("utf-8"))
    manifest["checksums"] = {name: zlib.crc32((index / FILES[name]).read_bytes()) for name in manifest["checksums"]}
    path.write_text(json.dumps(manifest), encoding="utf-8")


def content(folder: Path) -> dict[str, bytes]:
    """Return each file of a folder by its name; SQLite's shared memory, which every reader changes, is none of it."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not path.name.endswith("-shm") and (path.stat().st_size or not path.name.endswith("-wal"))
    }


def holding(folder: Path, words: str) -> list[str]:
    """Return the files that hold some words in any spelling that a program might write."""
    spellings = {words.encode(), words.encode("utf-16-le"), words.encode("gb18030"), words.encode("unicode_escape")}
    return [name for name, data in content(folder).items() if any(each in data for each in spellings)]
