"""Share work among processes: items go in, answers come out in the same order, lazily, a bounded number in flight.

Judging a text is Python and numpy, so threads would wait for each other; processes do not. This process works too, and
alone until the others have loaded what they need: a stream of few items never waits for them.

A helper is `python -c` with pickles over its pipes, not a `multiprocessing` child: those import the caller's main
module again, so a script without an `if __name__ == "__main__"` guard would start itself over and over.
"""

from __future__ import annotations

import os
import pickle
import signal
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sized
from concurrent.futures import Future
from contextlib import suppress
from itertools import chain, islice
from pathlib import Path
from queue import Empty, SimpleQueue
from types import TracebackType
from typing import Any, Generic, Self, TypeVar

from threadpoolctl import threadpool_limits

from originality.errors import WorkerError

Item = TypeVar("Item")
Answer = TypeVar("Answer")
Recipe = tuple[Callable[..., Callable[[Any], Any]], tuple[Any, ...]]
"""An importable function and its arguments: called once in a helper, it gives what answers an item there."""

FEW = 32  # items before helpers are called: they need some seconds to load, in which so many are done anyway
IN_FLIGHT = 8  # items per process that are read ahead: enough to keep all busy, little enough to hold in memory
_CODE = "from originality.workers import main; main()"


def cores() -> int:
    """Return the number of processor cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def in_order(
    items: Iterable[Item], answer: Callable[[Item], Answer], recipe: Recipe, processes: int
) -> Iterator[Answer]:
    """Yield the answer to each item, in order.

    Args:
        items: read lazily, never more than a few ahead.
        answer: answers an item in this process.
        recipe: makes the same in a helper.
        processes: how many work at once, this one included.

    Raises:
        WorkerError: a helper went away.
        Exception: whatever an answer raised, in the place of that answer.
    """
    stream = iter(items)
    many = isinstance(items, Sized) and len(items) > FEW
    yield from map(answer, islice(stream, 0 if many else FEW))
    following = list(islice(stream, 1))
    if following and (processes == 1 or not sys.executable):
        yield from map(answer, chain(following, stream))
    elif following:
        # As many processes as cores: threads of the numeric libraries would only wait for each other.
        with threadpool_limits(1), _Crew[Item, Answer](recipe, processes - 1) as crew:
            yield from crew.share(chain(following, stream), answer)


class _Task(Generic[Item, Answer]):
    """An item and its answer to come."""

    def __init__(self, item: Item) -> None:
        self.item = item
        self.future: Future[Answer] = Future()

    def run(self, answer: Callable[[Item], Answer]) -> None:
        """Answer, or keep what was raised for whoever asks."""
        try:
            self.future.set_result(answer(self.item))
        except Exception as error:
            self.future.set_exception(error)


class _Crew(Generic[Item, Answer]):
    """Helpers, each with a thread that hands it one task after the other."""

    def __init__(self, recipe: Recipe, helpers: int) -> None:
        self._tasks: SimpleQueue[_Task[Item, Answer] | None] = SimpleQueue()
        self._room = IN_FLIGHT * (helpers + 1)
        self._failure: BaseException | None = None
        self._helpers = [Helper(recipe) for _ in range(helpers)]
        self._threads = [threading.Thread(target=self._attend, args=(each,), daemon=True) for each in self._helpers]

    def __enter__(self) -> Self:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End the helpers, busy or not: they only read, so nothing is left half-done."""
        for helper in self._helpers:
            helper.kill()
        for _ in self._threads:
            self._tasks.put(None)
        for thread in self._threads:
            thread.join()
        for helper in self._helpers:
            helper.close()

    def share(self, items: Iterable[Item], answer: Callable[[Item], Answer]) -> Iterator[Answer]:
        """Yield the answers in order; this process takes the tasks for which no helper is free."""
        window: deque[_Task[Item, Answer]] = deque()
        for item in items:
            window.append(_Task(item))
            self._tasks.put(window[-1])
            while window and (len(window) >= self._room or window[0].future.done()):
                yield self._first(window, answer)
        while window:
            yield self._first(window, answer)

    def _first(self, window: deque[_Task[Item, Answer]], answer: Callable[[Item], Answer]) -> Answer:
        while not window[0].future.done():
            try:
                task = self._tasks.get_nowait()
            except Empty:
                break
            if task is not None:
                task.run(answer)
        if self._failure:
            raise self._failure
        return window.popleft().future.result()

    def _attend(self, helper: Helper) -> None:
        """Hand a helper tasks once it has loaded what it needs: until then this process has them."""
        try:
            helper.start()
        except BaseException as error:
            self._failure = error
            return
        while (task := self._tasks.get()) is not None:
            task.run(helper.ask)


class Helper:
    """One process that answers, one question at a time: `start` it, `ask` it, then `kill` and `close` it."""

    def __init__(self, recipe: Recipe) -> None:
        self._recipe = recipe
        threads = dict.fromkeys(("ORIGINALITY_THREADS", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"), "1")
        self._process = subprocess.Popen(  # nosec B603: no shell, our own arguments
            [sys.executable, "-P", "-c", _CODE],  # -P: modules in the folder where the user happens to be are not ours
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**threads, **os.environ, "PYTHONPATH": _search_path()},
        )

    def start(self) -> None:
        """Let it load what it needs."""
        self.ask(self._recipe)

    def ask(self, message: Any) -> Any:
        """Return its answer.

        Raises:
            WorkerError: it went away.
            Exception: whatever it raised.
        """
        questions, answers = self._process.stdin, self._process.stdout
        assert questions is not None
        assert answers is not None
        packed = pickle.dumps(message)
        try:
            questions.write(packed)
            questions.flush()
            well, value = pickle.load(answers)  # nosec B301: of the process that we have just started
        except (EOFError, OSError, ValueError, pickle.UnpicklingError) as error:
            with suppress(subprocess.TimeoutExpired):
                self._process.wait(1.0)  # its pipes close a moment before its exit code is there
            self.kill()
            raise WorkerError(
                f"A process that shared the work went away (exit code {self._process.returncode}); memory may be "
                "short. Run again with fewer workers; workers=1 starts no process."
            ) from error
        if not well:
            raise value
        return value

    @property
    def is_alive(self) -> bool:
        """Say whether it has not ended."""
        return self._process.poll() is None

    def kill(self) -> None:
        """End it, unless it has ended by itself."""
        self._process.kill()
        self._process.wait()

    def close(self) -> None:
        """Close its pipes, once nobody reads them any more."""
        for pipe in (self._process.stdin, self._process.stdout):
            assert pipe is not None
            with suppress(OSError):
                pipe.close()


def main() -> None:
    """Be a helper: read the recipe, then answer until the input closes. Nothing else may write to the answers."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the whole group; the parent decides what ends
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    answer: Callable[[Any], Any] | None = None
    with suppress(EOFError, BrokenPipeError):
        while True:
            message = pickle.load(sys.stdin.buffer)  # nosec B301: of the process that has started this one
            try:
                if answer is None:
                    function, arguments = message
                    answer, value = function(*arguments), None
                else:
                    value = answer(message)
                packed = pickle.dumps((True, value))
            except Exception as error:
                packed = _packed_error(error)
            answers.write(packed)
            answers.flush()


def _packed_error(error: Exception) -> bytes:
    try:
        packed = pickle.dumps((False, error))
        pickle.loads(packed)  # nosec B301: what the line above has made
    except Exception:  # an error that does not survive the journey still has a name and a message
        packed = pickle.dumps((False, WorkerError(f"{type(error).__name__}: {error}")))
    return packed


def _search_path() -> str:
    here = str(Path(__file__).resolve().parents[1])
    return os.pathsep.join([here, *filter(None, [os.environ.get("PYTHONPATH")])])
