"""An open index, its encoder and its rules: one draft or many -> results, or decisions under a policy.

How a draft becomes a result is in `judgement`, how a result becomes a decision in `gate`. What is here makes both work
in threads, after a fork, in an event loop and by several processes, and refuses an index that is another by now.
"""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from originality import forks, score, workers
from originality.accounts import Admission, RegisterFile
from originality.calibration import CalibrationFile, InForce, Standing
from originality.cross import PairReader, load_reader
from originality.embed import Encoder, load_encoder
from originality.errors import IndexFault, SettingsError, StampError
from originality.gate import GateDecision, Policy, Sieve, decide
from originality.index import LocalIndex, open_index
from originality.judgement import Examination, Judge, examine
from originality.models import CheckResult, Post
from originality.settings import Settings, stamp

__all__ = ["Checker", "Draft", "Examination", "examine"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A text to check, as publishing systems hand it over."""

    text: str
    id: str = ""
    account: str = ""
    """Who would publish it: that account's own earlier posts accuse nobody."""
    published_at: datetime | None = None
    """When it was or will be published: later posts are no sources. None: every post of the index is earlier."""


class Checker:
    """Checks drafts against one index. Safe to share between threads, usable after a fork; a context manager.

    with Checker.open("index") as checker:
        result = checker.check("……")
        result.verdict, result.risk, result.matches[0].spans
    """

    def __init__(
        self,
        index: LocalIndex,
        encoder: Encoder,
        settings: Settings | None = None,
        *,
        model: score.Model | None = None,
        reader: PairReader | None = None,
    ) -> None:
        """Put an open index and the encoder that it was built with together; `open` does both.

        Args:
            index: an open index.
            encoder: the encoder whose vectors are in it.
            settings: thresholds, limits and language.
            model: the judge with its thresholds, in place of the one that ships with the package and of the index's
                calibration (cross-validation).
            reader: the cross-encoder that gives a second opinion; None takes the one that goes with the encoder.
        """
        self.encoder = encoder
        self.settings = settings or Settings()
        self._index = index
        self._inherited: LocalIndex | None = None
        self._process = os.getpid()
        self._stamp = index.info().stamp
        self._file = _identity(index)
        self._recipe: tuple[Any, ...] | None = None
        self._accounts = RegisterFile(index.folder)
        calibration = CalibrationFile(index.folder) if model is None else None
        self._reader = reader or load_reader(encoder)
        shipped = score.load_model(self._reader.name if self._reader else "")
        self._standing = Standing(calibration, model or shipped, self._stamp)

    @classmethod
    def open(cls, folder: Path | str, settings: Settings | None = None) -> Self:
        """Open the index in a folder with the encoder that it was built with.

        Raises:
            IndexFault: the index is missing, foreign or damaged.
            StampError: it was built with another version of the encoder or of this package.
            EncoderError: the encoder cannot be loaded.
            RegisterError: the register of accounts beside it is malformed.
        """
        index = open_index(folder)
        try:
            RegisterFile(index.folder).read()
            encoder = load_encoder(index.encoder)
            index.store.claim(stamp(encoder.name), index.encoder)
        except BaseException:
            index.close()
            raise
        checker = cls(index, encoder, settings)
        checker._recipe = (str(index.folder.absolute()), settings)
        return checker

    @property
    def index(self) -> LocalIndex:
        """The open index. A forked process opens its own: locks and connections of the parent are not its to use."""
        if self._process != os.getpid() and isinstance(self._index, LocalIndex):
            if "torch" in sys.modules:  # its pool of threads does not survive a fork, and waiting for it never ends
                sys.modules["torch"].set_num_threads(1)
            self._inherited, self._index = self._index, open_index(self._index.folder)
            self._process = os.getpid()
        return self._index

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the index."""
        self.close()

    def close(self) -> None:
        """Close the index."""
        self.index.close()

    def in_force(self, account: str = "", settings: Settings | None = None) -> InForce:
        """Return the thresholds that hold for an account's drafts now, and where they come from.

        Args:
            account: who would publish, by name or Weibo number; a brand may be calibrated for itself.
            settings: in place of the checker's own.

        Raises:
            ModelError: the settings name a rate whose risk nobody has counted.
        """
        names = self._accounts.read().names_of(account)
        return self._standing.of(settings or self.settings, lambda brand: brand in names)

    @property
    def shipped(self) -> score.Model:
        """The judge with the thresholds that it came with."""
        return self._standing.model

    def judge(self, account: str = "", settings: Settings | None = None) -> Judge:
        """Return what judges an account's drafts now, for those who say themselves which posts may accuse.

        Args:
            account: who would publish, by name or Weibo number.
            settings: in place of the checker's own.

        Raises:
            IndexFault: the index went away or was replaced.
            StampError: it has another stamp.
        """
        index = self._same_index()
        settings = settings or self.settings
        model = self.in_force(account, settings).model
        reader = self._reader if model.opinion else None
        return Judge(index=index, encoder=self.encoder, model=model, settings=settings, reader=reader)

    def accounts(self) -> list[str]:
        """Return the accounts of the index, the one with most posts first."""
        return list(self.index.accounts())

    def check(
        self,
        text: str,
        *,
        id: str = "",
        account: str = "",
        before: datetime | None = None,
        since: datetime | None = None,
    ) -> CheckResult:
        """Check one draft.

        Args:
            text: the draft as written. Any text is answered; what cannot be judged is `undetermined`.
            id: comes back in the result.
            account: who would publish it, by name or Weibo number; posts of that account are left out, and those of
                accounts whose posts it may reuse on that day, as the register of accounts beside the index says.
            before: only posts published earlier count; None counts all, those without a time included.
            since: only posts published at this time or later count; None sets no bound.

        Raises:
            IndexFault: the index went away, was replaced or was damaged meanwhile.
            StampError: its stamp changed meanwhile.
            RegisterError: the register of accounts was damaged meanwhile.
            ModelError: the settings name a rate whose risk nobody has counted.
        """
        admission = Admission.of(self._accounts.read(), account, before, since)
        with forks.busy():
            return self.judge(account).result(text, id, admission, _anyone)

    async def acheck(
        self, text: str, *, id: str = "", account: str = "", before: datetime | None = None
    ) -> CheckResult:
        """Check one draft in a thread, without holding up the event loop; see `check`."""
        return await asyncio.to_thread(self.check, text, id=id, account=account, before=before)

    def check_many(self, drafts: Iterable[Draft], *, workers: int | None = None) -> Iterator[CheckResult]:
        """Check drafts in the order given, lazily.

        Args:
            drafts: read a few ahead, however many there are.
            workers: processes that work at once, this one included; None takes one per core. The first drafts are
                checked by this process alone, and all of them where the checker was not made by `open`.

        Raises:
            WorkerError: one of the processes went away.
            OriginalityError: whatever `check` raises, in the place of the result.
        """
        return self._many(drafts, None, workers)

    def gate(self, draft: Draft | str, policy: Policy) -> GateDecision:
        """Check a draft and decide on it: pass, warn or block, with reasons.

        Args:
            draft: the draft; where it names no account, that of the policy counts.
            policy: the rules of the brand.

        Raises:
            OriginalityError: whatever `check` raises.
        """
        draft = Draft(text=draft) if isinstance(draft, str) else draft
        account, register = draft.account or policy.account, self._accounts.read()
        sieve = Sieve(policy, register.names_of, draft.published_at or datetime.now(UTC))
        settings = replace(self.settings, min_letters=policy.min_letters or self.settings.min_letters)
        model = self.in_force(account).model
        if (alarm := policy.alarm(model)) is not None:
            settings = replace(settings, alarm=alarm, alarms_per_100=None)
        admission = Admission.of(register, account, draft.published_at, None)
        with forks.busy():
            result = self.judge(account, settings).result(draft.text, draft.id, admission, sieve)
        if sieve.authorised and "authorised_reuse" not in result.caveats:
            result = replace(result, caveats=(*result.caveats, "authorised_reuse"))
        return decide(result, policy, sieve, account, settings.language, model)

    async def agate(self, draft: Draft | str, policy: Policy) -> GateDecision:
        """Decide on a draft in a thread, without holding up the event loop; see `gate`."""
        return await asyncio.to_thread(self.gate, draft, policy)

    def gate_many(
        self, drafts: Iterable[Draft], policy: Policy, *, workers: int | None = None
    ) -> Iterator[GateDecision]:
        """Decide on drafts in the order given, lazily; see `check_many`."""
        return self._many(drafts, policy, workers)

    def _many(self, drafts: Iterable[Draft], policy: Policy | None, processes: int | None) -> Iterator[Any]:
        if processes is not None and processes < 1:
            raise SettingsError(f"workers must be at least 1, got {processes}. Leave it out for one per core.")
        answer = _answering(self, policy)
        if self._recipe is None:
            return map(answer, drafts)
        return workers.in_order(drafts, answer, (_helper, (*self._recipe, policy)), processes or workers.cores())

    def _same_index(self) -> LocalIndex:
        """Return the index, unless it is no longer the one that was opened."""
        index = self.index
        if _identity(index) != self._file or (index.store.meta("stamp") or "") != self._stamp:
            with open_index(index.folder) as now:
                seen = now.info().stamp
            if seen != self._stamp:
                raise StampError(
                    f"The index at {index.folder} was opened with the stamp {self._stamp}, now it has {seen}: it was "
                    "built anew meanwhile. Open it again (start the program again)."
                )
            raise IndexFault(
                f"The index at {index.folder} was replaced by another file since it was opened. Open it again (start "
                "the program again)."
            )
        return index


def _answering(checker: Checker, policy: Policy | None) -> Callable[[Draft], CheckResult | GateDecision]:
    """Return what answers a draft: a check, or a decision where there is a policy."""
    if policy is None:
        return lambda draft: checker.check(draft.text, id=draft.id, account=draft.account, before=draft.published_at)
    return lambda draft: checker.gate(draft, policy)


def _helper(folder: str, settings: Settings | None, policy: Policy | None) -> Callable[[Draft], Any]:
    """Make the same in a process that shares the work."""
    return _answering(Checker.open(folder, settings), policy)


def _identity(index: LocalIndex) -> tuple[int, int] | None:
    """Return what tells the file of an index from one put in its place; None where there is none."""
    try:
        status = index.store.path.stat()
    except FileNotFoundError:
        return None
    return status.st_dev, status.st_ino


def _anyone(post: Post) -> bool:
    return True
