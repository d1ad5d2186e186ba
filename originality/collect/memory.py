"""Which column of a table holds what, where its names do not tell: said once with `--map`, known from then on.

The mapping of a header that gave posts is kept in a small JSON file, under the names of its columns. The next file with
the same columns, in whatever order, needs none.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

from originality.collect.table import MAPPABLE, check_columns, key_of, knows_text
from originality.errors import CollectError
from originality.files import private_folder, write_whole

_VERSION = 1
_MOST_BYTES = 16 * 2**20


class Memory:
    """The mappings that were used before; without a file it remembers nothing."""

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._mappings = _load(path) if path else {}

    def mapping_for(self, names: Sequence[str]) -> dict[str, str]:
        """Return the mapping of a header, {} where it has none."""
        return self._mappings.get(_key(names), {})

    def remember(self, names: Sequence[str], mapping: Mapping[str, str]) -> None:
        """Keep a mapping that gave posts: the whole file is written anew and then takes the place of the old one."""
        if not self._path or self._mappings.get(_key(names)) == dict(mapping):
            return
        self._mappings = {**_load(self._path), _key(names): dict(mapping)}  # another run may have added some
        document = {"version": _VERSION, "mappings": self._mappings}
        text = json.dumps(document, ensure_ascii=False, indent=1, sort_keys=True)
        private_folder(self._path.parent)
        write_whole(self._path, text + "\n", private=True)


class Header:
    """The columns of one file: what the user said of them, else what was remembered, else what their names tell."""

    def __init__(self, path: Path, given: Mapping[str, str], memory: Memory) -> None:
        self._path = path
        self._given = given
        self._memory = memory
        self._names: list[str] = []
        self.mapping: Mapping[str, str] = given

    def knows_text(self, names: Sequence[str]) -> bool:
        """Say whether the text of posts is recognised among these columns."""
        return knows_text(names, self._mapping_for(names))

    def check(self, names: Sequence[str]) -> None:
        """Settle on these columns; raise CollectError where a mapped one or that of the texts is missing."""
        self.mapping = self._mapping_for(names)
        self._names = list(names)
        check_columns(self._path, names, self.mapping)

    def gave_posts(self) -> None:
        """Take note that the mapping is right: a post has come of it and was taken."""
        if self._given and self._names:
            self._memory.remember(self._names, self._given)
            self._names = []  # once is enough

    def _mapping_for(self, names: Sequence[str]) -> Mapping[str, str]:
        return self._given or self._memory.mapping_for(names)


def _key(names: Sequence[str]) -> str:
    return json.dumps(sorted(map(key_of, names)), ensure_ascii=False)


def _load(path: Path) -> dict[str, dict[str, str]]:
    try:
        if path.stat().st_size > _MOST_BYTES:
            raise ValueError
        document = json.loads(path.read_text(encoding="utf-8", errors="surrogatepass"))
        mappings = {str(key): dict(mapping) for key, mapping in document["mappings"].items()}
        if document["version"] != _VERSION or not all(map(_is_mapping, mappings.values())):
            raise ValueError
    except FileNotFoundError:
        return {}
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError, OSError) as error:
        raise CollectError(
            f"The remembered column mappings in {path} cannot be read. Delete the file and give --map once more."
        ) from error
    return mappings


def _is_mapping(mapping: Mapping[str, object]) -> bool:
    return all(field in MAPPABLE and isinstance(column, str) for field, column in mapping.items())
