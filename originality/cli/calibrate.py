"""`originality calibrate`: the threshold of alarms, set on one's own corpus and held against editors' decisions."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from originality.cli.frame import TranslatedCommand, index_option, language_option
from originality.cli.in_force import LEAST, MOST, warn_of_calibration
from originality.cli.output import printable, show
from originality.cli.texts import language, say

if TYPE_CHECKING:
    from originality import Checker
    from originality.calibrate import Agreement, Measured, Part, Wish

TOO_FEW = 1


@click.command(cls=TranslatedCommand)
@index_option
@click.option(
    "--per-100", type=click.FloatRange(LEAST, MOST), default=2.0, show_default=True, metavar="N", help="option.per_100"
)
@click.option("--own", multiple=True, metavar="NAME", help="option.own.calibrate")
@click.option("--sample", type=click.IntRange(1), default=400, show_default=True, metavar="COUNT", help="option.sample")
@click.option("--seed", type=int, default=0, show_default=True, metavar="N", help="option.seed")
@click.option("--decisions", "weigh", is_flag=True, help="option.decisions")
@click.option("--show", "only_show", is_flag=True, help="option.show")
@click.option("--reset", is_flag=True, help="option.reset")
@click.option("--quiet", is_flag=True, help="option.quiet")
@language_option
@click.pass_context
def calibrate(  # noqa: PLR0913  (one parameter per option)
    ctx: click.Context,
    index: str,
    per_100: float,
    own: tuple[str, ...],
    sample: int,
    seed: int,
    weigh: bool,
    only_show: bool,
    reset: bool,
    quiet: bool,
) -> None:
    """Calibrate an index; see `calibrate.help` in `phrases`."""
    _refuse_mixtures(ctx)
    if reset:
        _reset(Path(index))
        return
    from originality import Checker, Settings
    from originality.calibrate import Wish

    wish = Wish(alarms_per_100=per_100, own=own, sample=sample, seed=seed)
    with Checker.open(index, settings=Settings(language=language())) as checker:
        done = True
        if only_show:
            _show_in_force(checker, own)
        else:
            done = _measure(checker, wish, quiet=quiet)
        if weigh:
            _weigh(checker)
    ctx.exit(0 if done else TOO_FEW)


def _refuse_mixtures(ctx: click.Context) -> None:
    """Refuse --show and --reset beside what they would ignore."""
    given = {
        name for name in ctx.params if ctx.get_parameter_source(name) is click.core.ParameterSource.COMMANDLINE
    } - {"index", "quiet"}
    allowed = {"reset": {"reset"}, "only_show": {"only_show", "weigh", "own"}}
    if any(name in given and given - fine for name, fine in allowed.items()):
        raise click.UsageError(say("usage.show_or_reset"), ctx)


def _reset(folder: Path) -> None:
    from originality.calibration import CalibrationFile
    from originality.index import open_index

    open_index(folder).close()  # a mistyped folder is said, not taken for one without a calibration
    file = CalibrationFile(folder)
    removed = file.remove()
    show(say("calibrate.removed", path=printable(str(file.path))) if removed else say("calibrate.nothing_to_remove"))


def _measure(checker: Checker, wish: Wish, *, quiet: bool) -> bool:
    from tqdm import tqdm

    from originality.calibrate import calibrate as measure
    from originality.calibration import CalibrationFile
    from originality.workers import cores

    with tqdm(file=sys.stderr, disable=quiet or None, leave=False) as bar:

        def progress(done: int, total: int) -> None:
            bar.total = total
            bar.update(done - bar.n)

        measured = measure(checker, wish, processes=cores(), progress=progress)
    file = CalibrationFile(checker.index.folder)
    if measured.calibration:
        file.write(measured.calibration)
    _show_measured(checker, measured, wish)
    if measured.calibration:
        show(say("calibrate.written", path=printable(str(file.path))))
    return measured.calibration is not None


def _show_measured(checker: Checker, measured: Measured, wish: Wish) -> None:
    from originality.calibrate import FEWEST_ACCOUNTS

    show(say("calibrate.drawn", drawn=measured.general.drawn, seed=wish.seed))
    _show_part(measured.general, checker.shipped.alarm)
    if measured.calibration is None:
        needed = measured.general.needed
        show(say("calibrate.too_few", needed=needed, fewest=FEWEST_ACCOUNTS, rate=wish.alarms_per_100))
        return
    _show_line(checker, "")
    for part in measured.brands:
        show(say("calibrate.drawn_of", brand=printable(part.brand), drawn=part.drawn))
        _show_part(part, checker.shipped.alarm)
        if part.scale is None:
            show(say("calibrate.too_few_of", brand=printable(part.brand), needed=part.needed))
        else:
            _show_line(checker, part.brand)


def _show_part(part: Part, line: float) -> None:
    from originality.calibrate import COPIED_LETTERS, COPIED_SHARE

    for why, count in sorted(part.left_out.items(), key=lambda item: -item[1]):
        reason = say(f"why.{why}", share=COPIED_SHARE, letters=COPIED_LETTERS)
        show(say("calibrate.left_out", count=count, reason=reason))
    show(say("calibrate.usable", posts=part.posts, accounts=part.accounts, line=line, shipped=part.shipped))


def _show_line(checker: Checker, account: str) -> None:
    from originality.calibration import line_text

    holds = checker.in_force(account)
    show(printable(line_text(holds, language())))
    point = next((p for p in holds.scale.copied if p.per_100 == holds.per_100), None) if holds.scale else None
    if point:
        figures = {"review": holds.model.review, "template": holds.model.template_review}
        show(say("calibrate.range", low=point.low, high=point.high, **figures))
    if holds.model.alarm < checker.shipped.review:
        show(say("calibrate.low", review=checker.shipped.review))


def _show_in_force(checker: Checker, own: tuple[str, ...]) -> None:
    from originality.calibration import CalibrationFile

    warn_of_calibration(checker)
    holds = checker.in_force()
    found = CalibrationFile(checker.index.folder).read() if holds.scale else None
    if found is None:
        show(say("calibrate.none"))
    else:
        now = checker.index.info().posts
        show(say("calibrate.made", date=f"{found.made_at:%Y-%m-%d}", posts=found.corpus_posts, now=now))
    for account in ("", *(own or (found.brands if found else ()))):
        _show_line(checker, account)


def _weigh(checker: Checker) -> None:
    from originality.calibrate import agreements
    from originality.decisions import DecisionFile

    decisions, broken = DecisionFile(checker.index.folder).read()
    if broken:
        show(say("calibrate.broken", count=broken))
    if not decisions:
        show(say("calibrate.no_decisions"))
        return
    for agreement in agreements(decisions, checker.in_force, checker.index.info().stamp):
        _show_agreement(agreement)


def _show_agreement(agreement: Agreement) -> None:
    from originality.calibrate import FEWEST_OF_A_KIND

    brand = printable(agreement.brand) if agreement.brand else say("calibrate.all_brands")
    counts = {choice: agreement.choices[choice] for choice in ("accept", "override", "ask")}
    show(say("calibrate.decisions", brand=brand, **counts))
    if agreement.other_judge:
        show(say("calibrate.other_judge", count=agreement.other_judge))
    if agreement.interval is None:
        show(say("calibrate.too_few_decisions", fewest=FEWEST_OF_A_KIND))
        return
    low, high = agreement.interval
    figures = {"overridden": counts["override"], "accepted": counts["accept"], "missed": agreement.missed}
    line = agreement.holds.model.alarm
    show(
        say("calibrate.would", line=line, false=agreement.false_alarms, rate=agreement.per_100, low=low, high=high,
            **figures)
    )  # fmt: skip
    if agreement.proposed is not None:
        show(say("calibrate.proposed", proposed=agreement.proposed))
    else:
        show(say("calibrate.agrees" if not agreement.is_off else "calibrate.differs"))
