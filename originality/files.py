"""Writing files whole: whoever reads one finds the old content or the new, never a part, even after a power cut."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Give a name beside `path` to write to; then sync what was written and put it in place in one step.

    What is already there keeps its permissions. Where the writer fails, nothing has changed. The number before ".tmp"
    is the process that writes: what a dead one has left is found by it (`doctor`).
    """
    draft = path.with_name(f".{path.name}.{threading.get_ident():x}.{os.getpid()}.tmp")
    try:
        yield draft
        if path.exists():
            draft.chmod(path.stat().st_mode & 0o777)
        _sync(draft)
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
    if os.name == "posix":
        _sync(path.parent)  # else the renaming may be lost


def write_whole(path: Path, content: bytes | str, *, private: bool = False) -> None:
    """Write a file through `replacing`; lone surrogates of a text stay as they are.

    Args:
        path: the file, whose folder exists.
        content: bytes, or a text for UTF-8.
        private: a new file is for its owner only, from the first byte.
    """
    data = content.encode("utf-8", "surrogatepass") if isinstance(content, str) else content
    with replacing(path) as draft:
        handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600 if private else 0o666)
        with os.fdopen(handle, "wb") as file:
            file.write(data)


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
