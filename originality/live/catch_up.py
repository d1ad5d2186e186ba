"""One account, brought up to date: its pages, newest first, until no gap is left.

A page is in the index before the cursor moves past it, so a run that is killed anywhere goes on there. The stretch that
it leaves open is a gap; what was posted meanwhile is a younger gap, read first, because news matter most.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from originality.live.page import Timeline
from originality.live.state import Progress
from originality.models import Dropped, Post


def catch_up(
    progress: Progress,
    timeline: Timeline,
    *,
    keep: Callable[[Sequence[Post | Dropped]], None],
    save: Callable[[], None],
    horizon: datetime,
) -> None:
    """Read all that is missing.

    Args:
        progress: how far the account has been read; moves with each page.
        timeline: the account's posts.
        keep: puts posts in the index; they are safe when it returns.
        save: writes down how far the account has been read.
        horizon: posts of a new account that are older are not asked for.
    """
    progress.begin()
    while progress.gaps:
        gap = progress.gaps[0]
        page = timeline.page(gap.cursor, gap.after)
        keep(page.items)
        far_enough = not gap.after and page.oldest is not None and page.oldest < horizon
        progress.passed(page.ids, "" if far_enough else page.cursor)
        save()
