"""Writing files whole: whoever reads one finds the old content or the new, never a part, even after a power cut.

What is private is so from its first byte, whatever the umask says, and is never written through a link that somebody
has put in its place.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

NOFOLLOW = getattr(os, "O_NOFOLLOW", 0)  # opening a link fails; 0 where the system cannot do that
PRIVATE, PRIVATE_FOLDER = 0o600, 0o700


def private_folder(path: Path) -> None:
    """Make a folder for its owner only, and those above it as usual; one that is there stays as it is."""
    path.mkdir(PRIVATE_FOLDER, parents=True, exist_ok=True)


@contextmanager
def replacing(path: Path, *, private: bool = False) -> Iterator[Path]:
    """Give a name beside `path` to write to; then sync what was written and put it in place in one step.

    What is already there keeps its permissions. Where the writer fails, nothing has changed. The number before ".tmp"
    is the process that writes: what a dead one has left is found by it (`doctor`).

    Args:
        path: the file, whose folder exists.
        private: a new file is for its owner only, from the first byte.
    """
    draft = path.with_name(f".{path.name}.{threading.get_ident():x}.{os.getpid()}.tmp")
    try:
        if private:
            os.close(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | NOFOLLOW, PRIVATE))
        yield draft
        if path.exists():
            draft.chmod(path.stat().st_mode & 0o777)
        sync(draft)
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
    if os.name == "posix":
        sync(path.parent)  # else the renaming may be lost


def write_whole(path: Path, content: bytes | str, *, private: bool = False) -> None:
    """Write a file through `replacing`; lone surrogates of a text stay as they are.

    Args:
        path: the file, whose folder exists.
        content: bytes, or a text for UTF-8.
        private: a new file is for its owner only, from the first byte.
    """
    data = content.encode("utf-8", "surrogatepass") if isinstance(content, str) else content
    with replacing(path, private=private) as draft:
        draft.write_bytes(data)


def sync(path: Path) -> None:
    """Let the disk have what was written to a file, or which names a folder has."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
