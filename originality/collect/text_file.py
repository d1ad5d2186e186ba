"""What the readers of text files have in common: one file, read from its beginning to its end, and how far they are."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import TextIOWrapper
from pathlib import Path

from originality.collect.decode import Encoding, open_text
from originality.collect.memory import Header


class TextFile:
    """A text file on its way to rows."""

    def __init__(
        self, path: Path, header: Header, encoding: Encoding, told: Callable[[object], None] = lambda user: None
    ) -> None:
        """Prepare to read.

        :param told: called with the account that the file names for the posts that follow.
        """
        self._path = path
        self._header = header
        self._encoding = encoding
        self._told = told
        self._file: TextIOWrapper | None = None
        self._size = path.stat().st_size

    @property
    def fraction(self) -> float:
        """Share in [0, 1] of the bytes read, 0 before the file is open and after it is closed."""
        if self._file is None or self._file.closed:
            return 0.0
        # The text layer refuses to tell while it is iterated over, the layer below does not.
        return min(1.0, os.lseek(self._file.fileno(), 0, os.SEEK_CUR) / max(1, self._size))

    @contextmanager
    def _opened(self) -> Iterator[TextIOWrapper]:
        with open_text(self._path, self._encoding) as self._file:
            yield self._file
