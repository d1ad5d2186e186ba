"""Who does the checks of the service: threads of this process, or processes of their own.

A question (a draft, and the policy to decide by) enters; a check or a decision leaves. Judging a text is Python and
numpy, so threads of one process wait for each other; a `Crew` has as many processes as told, each with the index open
and the encoder loaded, and hands each the next question that waits. One that goes away (killed, or out of memory) is
replaced while the others go on, and its question is asked once more: a check changes nothing, so that does no harm.
How many questions may wait is for `guard` to say.
"""

from __future__ import annotations

import asyncio
import logging
import signal
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from queue import Empty, SimpleQueue
from types import TracebackType
from typing import Any, Protocol, Self

from anyio import CapacityLimiter, to_thread

from originality.calibration import fault_text
from originality.checker import Checker, Draft
from originality.errors import OriginalityError
from originality.gate import GateDecision, Policy
from originality.models import CheckResult
from originality.serve.faults import place_of
from originality.settings import Settings
from originality.workers import Helper, cores

Answer = CheckResult | GateDecision

PAUSE_SECONDS = 5.0  # before a process that could not be replaced is tried again
_WARMING = "把这一句检查一遍，好让第一位来访者不必等待模型载入。"

logger = logging.getLogger(__name__)


class Answering(Protocol):
    """What the desk asks."""

    @property
    def ready(self) -> int:
        """How many checks can be done at once now."""

    async def answer(self, draft: Draft, policy: Policy | None) -> Answer:
        """Return the check of a draft, or the decision on it where there is a policy."""


class Threads:
    """This process alone, with as many threads as cores."""

    def __init__(self, checker: Checker) -> None:
        """Answer with a checker."""
        self._checker = checker
        self._threads: CapacityLimiter | None = None

    @property
    def ready(self) -> int:
        """How many checks can be done at once."""
        return cores()

    def warm(self) -> str:
        """Check something, so that all is loaded; return why the calibration does not hold, "" where it does."""
        return _warmed(self._checker)

    async def answer(self, draft: Draft, policy: Policy | None) -> Answer:
        """Return the check of a draft, or the decision on it."""
        if self._threads is None:  # it belongs to the event loop, which runs by now
            self._threads = CapacityLimiter(cores())
        return await to_thread.run_sync(_answer, self._checker, draft, policy, limiter=self._threads)


class Crew:
    """Processes that answer; a context manager, which loads them and ends them.

    Args:
        folder: the index.
        settings: of the checkers.
        number: how many processes.
    """

    def __init__(self, folder: Path | str, settings: Settings | None, number: int) -> None:
        """Say what they need; entering the context starts them."""
        self._recipe = (_make, (str(Path(folder).absolute()), settings))
        self._number = number
        self._questions: SimpleQueue[_Question | None] = SimpleQueue()
        self._helpers: dict[int, Helper] = {}
        self._loaded: set[int] = set()
        self._threads: list[threading.Thread] = []
        self._lock = threading.Lock()
        self._ending = threading.Event()

    def __enter__(self) -> Self:
        """Load all of them at once.

        Raises:
            OriginalityError: the index or the encoder cannot be used, or a process went away.
        """
        try:
            with ThreadPoolExecutor(self._number) as pool:
                list(pool.map(self._start, range(self._number)))
        except BaseException:
            self._end()
            raise
        self._threads = [
            threading.Thread(target=self._attend, args=(place,), daemon=True) for place in range(self._number)
        ]
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End them, busy or not: they only read, so nothing is left half-done."""
        self._end()

    @property
    def ready(self) -> int:
        """How many processes are there and have loaded what they need."""
        return sum(self._helpers[place].is_alive for place in list(self._loaded))

    def warm(self) -> str:
        """Return why the calibration does not hold, "" where it does; all is loaded already."""
        return str(self._helpers[0].ask(None))

    async def answer(self, draft: Draft, policy: Policy | None) -> Answer:
        """Return the check of a draft, or the decision on it, once a process is free.

        Raises:
            WorkerError: the processes went away with it, twice, or none can be started.
            OriginalityError: whatever the check raises.
        """
        question = _Question((draft, policy))
        self._questions.put(question)
        return await asyncio.wrap_future(question.future)

    def _start(self, place: int) -> Helper:
        """Load a process and put it in its place."""
        helper = Helper(self._recipe)
        with self._lock:
            self._loaded.discard(place)
            old, self._helpers[place] = self._helpers.get(place), helper
            if self._ending.is_set():
                helper.kill()
        if old:
            old.kill()
            old.close()
        try:
            helper.start()
        except BaseException:
            helper.kill()
            raise
        self._loaded.add(place)
        return helper

    def _attend(self, place: int) -> None:
        """Hand the process of a place one question after the other, and replace it when it is gone."""
        helper: Helper | None = self._helpers[place]
        while helper and (question := self._questions.get()) is not None:
            if helper.is_alive:
                question.put_to(helper)
            if not helper.is_alive:
                if question.is_open:
                    self._questions.put(question)
                helper = self._replace(place)

    def _replace(self, place: int) -> Helper | None:
        """Return the process that takes the place of one that is gone; None where the service ends meanwhile."""
        while not self._ending.is_set():
            try:
                helper = self._start(place)
            except Exception as error:
                if self._ending.is_set():
                    break
                logger.error("A process that checks drafts went away and could not be replaced: %s", error)
                if not self.ready:
                    self._refuse(error)
                self._ending.wait(PAUSE_SECONDS)
            else:
                logger.warning("A process that checks drafts went away and was replaced.")
                return helper
        return None

    def _refuse(self, error: Exception) -> None:
        """Tell all who wait that nobody is there to answer."""
        with suppress(Empty):
            while (question := self._questions.get_nowait()) is not None:
                question.fail(error)

    def _end(self) -> None:
        with self._lock:
            self._ending.set()
        for helper in self._helpers.values():
            helper.kill()
        for _ in self._threads:
            self._questions.put(None)
        for thread in self._threads:
            thread.join()
        for helper in self._helpers.values():
            helper.close()


class _Question:
    """What is asked, and the answer to come."""

    def __init__(self, message: tuple[Draft, Policy | None]) -> None:
        self._message = message
        self._tries = 0
        self.future: Future[Answer] = Future()

    @property
    def is_open(self) -> bool:
        """Say whether somebody still waits for the answer."""
        return not self.future.done()

    def put_to(self, helper: Helper) -> None:
        """Have a process answer; where it goes away over it the question stays open, once."""
        if not self._tries and not self.future.set_running_or_notify_cancel():
            return
        self._tries += 1
        try:
            answer = helper.ask(self._message)
        except Exception as error:
            if helper.is_alive or self._tries > 1:
                self.fail(error)
        else:
            self.future.set_result(answer)

    def fail(self, error: Exception) -> None:
        """Answer with a failure."""
        if self._tries or self.future.set_running_or_notify_cancel():
            self.future.set_exception(error)


def _make(folder: str, settings: Settings | None) -> Callable[[tuple[Draft, Policy | None] | None], Any]:
    """Make what answers in a process of the crew; None asks why the calibration does not hold."""
    # A service manager tells all processes of a service to end. These end with the pipe: what was begun is answered.
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    checker = Checker.open(folder, settings)
    told = _warmed(checker)

    def answer(question: tuple[Draft, Policy | None] | None) -> Any:
        try:
            return told if question is None else _answer(checker, *question)
        except OriginalityError:
            raise
        except Exception as error:  # where it happened is known here only
            logger.error("%s", place_of(error))
            raise

    return answer


def _answer(checker: Checker, draft: Draft, policy: Policy | None) -> Answer:
    if policy is not None:
        return checker.gate(draft, policy)
    return checker.check(draft.text, id=draft.id, account=draft.account, before=draft.published_at)


def _warmed(checker: Checker) -> str:
    checker.check(_WARMING)
    return fault_text(checker.in_force(), checker.settings.language)
