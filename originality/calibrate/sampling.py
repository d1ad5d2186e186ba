"""Which posts are drawn: as many of each account as there are, taken in turns, so that no account speaks for all."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Collection
from itertools import chain, zip_longest

from originality.index import LocalIndex


def drawn_rows(index: LocalIndex, sample: int, seed: int, names: Collection[str] | None = None) -> list[int]:
    """Return row numbers of posts, drawn without replacement; the same seed over the same index draws the same.

    Args:
        index: whose posts.
        sample: at most so many.
        seed: of the draw.
        names: only posts of accounts of these names or numbers.
    """
    by_account: defaultdict[str, list[int]] = defaultdict(list)
    for row, account, uid in index.store.rows("SELECT row, account, account_id FROM post ORDER BY row"):
        if names is None or account in names or uid in names:
            by_account[account].append(row)
    for account, rows in by_account.items():
        random.Random(f"{seed} {account}").shuffle(rows)  # nosec B311: a sample that comes out the same each time
    turns = zip_longest(*(by_account[account] for account in sorted(by_account)))
    return [row for row in chain.from_iterable(turns) if row is not None][:sample]
