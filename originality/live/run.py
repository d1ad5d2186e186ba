"""One run over the accounts of the register: one at a time, each as far as it goes, and a line in the log.

An account that fails does not keep the others from being brought up to date. A server that has refused, or whose calls
are used up, is left alone, by this run and by those to come, until the time that is remembered in the state.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from filelock import FileLock, Timeout

from originality.accounts import Account, load_register
from originality.build import BuildReport, build
from originality.embed import Encoder, load_encoder
from originality.errors import LiveError, RegisterError
from originality.files import PRIVATE
from originality.index import LocalIndex, open_index
from originality.live.api import ApiTimeline, OpenApi
from originality.live.catch_up import catch_up
from originality.live.faults import Busy, Fault, NotPermitted, QuotaSpent, Refused
from originality.live.http import Fetcher
from originality.live.log import write_line
from originality.live.outcome import AccountUpdate, LiveReport, add
from originality.live.page import Timeline
from originality.live.state import DaySpent, Pause, Progress, State
from originality.live.surroundings import Surroundings
from originality.live.token import find_token
from originality.live.web import Pace, Robots, WebTimeline
from originality.models import BEIJING, Dropped, Post
from originality.settings import LiveSettings

LOCK = "live.lock"
_FIRST_REST = timedelta(days=1)  # after a refusal; doubled with each one that follows
_LONGEST_REST = timedelta(days=14)


def collect_live(
    folder: Path,
    encoder: str,
    settings: LiveSettings,
    environment: Mapping[str, str],
    *,
    around: Surroundings | None = None,
    load: Callable[[str], Encoder] = load_encoder,
    told: Callable[[AccountUpdate], None] = lambda update: None,
) -> LiveReport:
    """Bring all accounts of the register up to date.

    Args:
        folder: where index, register and state are.
        encoder: name of the encoder of the index.
        settings: addresses, and bounds of conduct.
        environment: where tokens are looked for.
        around: clock, sleep and chance.
        load: makes an encoder of its name.
        told: called after each account.

    Raises:
        Busy: another run is at work on this index.
        RegisterError: no account is to be updated.
        IndexFault: the index cannot be written; what came before is safe.
    """
    around = around or Surroundings()
    accounts = [account for account in load_register(folder).accounts if account.updated_by != "none"]
    if not accounts:
        raise RegisterError(
            f"No account in {folder} is updated live. Add one: originality accounts add NAME --uid UID --live api"
        )
    with _alone(folder, around), _logged(folder, around) as said:
        loaded = load(encoder)
        with open_index(folder, encoder=encoder, encoder_name=loaded.name) as opened:
            index = _Postponing(opened.folder, opened.store)
            run = _Run(index, loaded, settings, environment, around)
            began = time.monotonic()
            updates = tuple(run.update(account, told) for account in accounts)
            index.save_now()
            report = LiveReport(
                updates=updates,
                posts=index.info().posts,
                requests=run.requests,
                seconds=time.monotonic() - began,
            )
        said.append(report.line())
    return report


class _Postponing(LocalIndex):
    """An index whose search files are written once, at the end: after each page they would cost more than the rest.

    They are a cache; a reader finds the new posts without them.
    """

    def save(self) -> None:
        """Leave it for later."""

    def save_now(self) -> None:
        """Write the search files."""
        super().save()


@dataclass(slots=True)
class _Run:
    index: LocalIndex
    encoder: Encoder
    settings: LiveSettings
    environment: Mapping[str, str]
    around: Surroundings
    requests: int = 0
    state: State = field(init=False)
    pace: Pace = field(init=False)
    robots: Robots = field(init=False, default_factory=Robots)

    def __post_init__(self) -> None:
        self.state = State.load(self.index.folder, self.index.store.meta("id") or "")
        self.pace = Pace(self.settings, self.around)

    def update(self, account: Account, told: Callable[[AccountUpdate], None]) -> AccountUpdate:
        """Bring one account up to date, as far as it goes."""
        report, failure, unfinished = BuildReport(), None, False
        try:
            self._catch_up(account, report)
        except DaySpent:
            unfinished = True
        except LiveError as fault:
            failure = fault
        self.state.save()
        done = AccountUpdate(account=account, report=report, failure=failure, unfinished=unfinished)
        told(done)
        return done

    def _catch_up(self, account: Account, report: BuildReport) -> None:
        server = _server_of(account)
        self._must_not_rest(server)
        progress = self.state.of(account.uid)

        def keep(items: Sequence[Post | Dropped]) -> None:
            add(report, build(items, self.index, self.encoder))

        horizon = self.around.now() - timedelta(days=self.settings.history_days)
        try:
            with self._timeline(account, progress) as timeline:
                catch_up(progress, timeline, keep=keep, save=self.state.save, horizon=horizon)
        except DaySpent:
            raise
        except (QuotaSpent, Refused) as fault:
            self._rest(server, fault)
            raise
        self.state.pauses.pop(server, None)

    @contextmanager
    def _timeline(self, account: Account, progress: Progress) -> Iterator[Timeline]:
        now, settings = self.around.now(), self.settings
        if account.updated_by == "web":
            if not settings.public_web:
                raise NotPermitted(
                    "Reading the public web is off. Read docs/live.md; then set ORIGINALITY_PUBLIC_WEB=1, or set the "
                    "account to another way of updating."
                )
            counted = self._counting(progress, settings.web_daily, "the public web", self.pace.wait)
            with Fetcher(settings.web_url, settings, self.around, before=counted) as fetcher:
                yield WebTimeline(fetcher, account, self.around, self.pace, self.robots)
            return
        own = account.role == "own"
        token = find_token(account.uid, self.environment)
        counted = self._counting(progress, settings.own_daily if own else None, "the free API")
        with Fetcher(
            settings.api_url if own else settings.business_url,
            settings,
            self.around,
            before=counted,
            token=token,
            retries=settings.retries,
        ) as fetcher:
            yield ApiTimeline(OpenApi(fetcher, token, self.around), account, now)

    def _counting(
        self, progress: Progress, most: int | None, what: str, wait: Callable[[], None] = lambda: None
    ) -> Callable[[], None]:
        """Return what is called before each request: it remembers the count first, so that no crash forgets it."""

        def count() -> None:
            if most is not None:
                progress.count(self.around.now(), most, what)
                self.state.save()
            wait()
            self.requests += 1

        return count

    def _must_not_rest(self, server: str) -> None:
        pause = self.state.pauses.get(server)
        if pause and self.around.now() < pause.until:
            until = pause.until.astimezone(BEIJING)
            raise Fault(f"Left alone until {until:%Y-%m-%d %H:%M} Beijing time, because: {pause.reason}")

    def _rest(self, server: str, fault: Fault) -> None:
        now, before = self.around.now(), self.state.pauses.get(server)
        times = before.times + 1 if before else 1
        if isinstance(fault, Refused):
            until = now + min(_FIRST_REST * 2 ** min(times - 1, 8), _LONGEST_REST)
        elif fault.wait is not None:
            until = now + timedelta(seconds=min(fault.wait, _LONGEST_REST.total_seconds()))
        else:
            until = _next_hour(now)
        self.state.pauses[server] = Pause(until, times, str(fault))


def _server_of(account: Account) -> str:
    """Return what is left alone together: quotas are per user for the free API, per contract for the other one."""
    if account.updated_by == "web":
        return "web"
    return f"own {account.uid}" if account.role == "own" else "business"


def _next_hour(now: datetime) -> datetime:
    """Return when the calls of an hour are counted anew."""
    return now.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)


@contextmanager
def _alone(folder: Path, around: Surroundings) -> Iterator[None]:
    lock = FileLock(folder / LOCK, timeout=0, mode=PRIVATE)
    try:
        lock.acquire()
    except Timeout:
        write_line(folder, around.now(), "busy: another run is at work")
        raise Busy(f"Another live run is at work on {folder}. Let it finish; it does what this one would do.") from None
    try:
        yield
    finally:
        lock.release()


@contextmanager
def _logged(folder: Path, around: Surroundings) -> Iterator[list[str]]:
    """Write one line about a run, however it ends."""
    said: list[str] = []
    try:
        yield said
    except BaseException as error:
        said.append(f"stopped: {type(error).__name__}: {error}")
        raise
    finally:
        write_line(folder, around.now(), " ".join(said))
