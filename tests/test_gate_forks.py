"""A fork waits for those who are busy, and for nobody else."""

from __future__ import annotations

import os
import threading
import time

import pytest

from originality import forks

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="this system cannot fork")


def forked() -> int:
    """Fork a child that is busy for a moment itself; return its exit code."""
    child = os.fork()
    if not child:
        with forks.busy():
            os._exit(7)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def test_a_fork_waits_until_a_busy_thread_is_done():
    begun, order = threading.Event(), []

    def work() -> None:
        with forks.busy():
            begun.set()
            time.sleep(0.3)
            order.append("worked")

    thread = threading.Thread(target=work)
    thread.start()
    begun.wait()
    assert forked() == 7
    order.append("forked")
    thread.join()
    assert order == ["worked", "forked"]


def test_a_thread_that_is_busy_itself_may_fork():
    with forks.busy(), forks.busy():
        began = time.monotonic()
        assert forked() == 7
    assert time.monotonic() - began < forks.PATIENCE / 2
    assert forked() == 7


def test_a_thread_that_hangs_holds_a_fork_up_only_so_long(monkeypatch):
    monkeypatch.setattr(forks, "PATIENCE", 0.2)
    begun, done = threading.Event(), threading.Event()

    def hang() -> None:
        with forks.busy():
            begun.set()
            done.wait(30)

    thread = threading.Thread(target=hang)
    thread.start()
    begun.wait()
    assert forked() == 7
    done.set()
    thread.join()
