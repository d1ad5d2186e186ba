"""What a killed run leaves behind, and how to tell that nobody writes it any more."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

# As `files.replacing` and `backup` name them: the number before the ending is the process that writes.
_NAMES = re.compile(r"\..+\.(?P<pid>\d+)\.(?:tmp|part)")


def abandoned(folder: Path) -> Iterator[Path]:
    """Yield the temporary files and folders in a folder whose writers are no longer alive."""
    for path in folder.iterdir():
        name = _NAMES.fullmatch(path.name)
        if name and not _alive(int(name["pid"])):
            yield path


def remove(path: Path) -> None:
    """Remove a file or a whole folder."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except (OSError, OverflowError):
        return True  # somebody else's process, or a system that does not tell: leave the file alone
    return True
