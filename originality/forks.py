"""Let no process fork while one of its threads is in the middle of something.

A child has only the thread that forked, but inherits every lock as it was at that moment. Ours could be made anew;
those inside SQLite, FAISS and the allocators could not, and the first call that wants one would wait for ever. So work
that takes such locks says that it is busy, and a fork waits until nobody is.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager

PATIENCE = 30.0  # seconds that a fork waits: a check takes a fraction of one; whoever hangs must not hold up all others


class _State:
    """How many are busy, and how many of them in this thread: a thread that forks cannot wait for itself."""

    def __init__(self) -> None:
        self.changed = threading.Condition()
        self.busy = 0
        self.here = threading.local()

    def count(self, step: int) -> None:
        """Begin or end."""
        with self.changed:
            self.busy += step
            self.here.busy = getattr(self.here, "busy", 0) + step
            self.changed.notify_all()

    def calm(self) -> bool:
        """Say whether all other threads are idle."""
        return self.busy <= getattr(self.here, "busy", 0)


_state = _State()


@contextmanager
def busy() -> Iterator[None]:
    """Hold up forks of this process for a block."""
    state = _state
    state.count(1)
    try:
        yield
    finally:
        state.count(-1)


def _before() -> None:
    _state.changed.acquire()  # and kept, so that nobody begins before the fork is done
    _state.changed.wait_for(_state.calm, PATIENCE)


def _in_parent() -> None:
    _state.changed.release()


def _in_child() -> None:
    global _state
    _state = _State()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(before=_before, after_in_parent=_in_parent, after_in_child=_in_child)
