"""`originality collect`: exported files -> index, with a progress bar and a count of everything."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from originality.cli.frame import FAILED, TranslatedCommand, index_option, language_option
from originality.cli.output import complain, printable, show, show_json
from originality.cli.texts import say, say_reason
from originality.errors import StampError

if TYPE_CHECKING:
    from originality.build import BuildReport
    from originality.collect.source import Source
    from originality.index import LocalIndex
    from originality.models import Dropped, Post

OF_FILES = ("account", "mapping", "limit")  # options that mean nothing without files
MAPPINGS = "mappings.json"  # beside the index: which column is which, by header
FILES_NAMED = 20  # unreadable files named one by one; all are counted


def _mapping(ctx: click.Context, parameter: click.Parameter, values: tuple[str, ...]) -> dict[str, str]:
    pairs = [value.partition("=") for value in values]
    for value, (field, sign, column) in zip(values, pairs, strict=True):
        if not (field.strip() and sign and column.strip()):
            raise click.UsageError(say("usage.map", value=value), ctx)
    return {field.strip(): column.strip() for field, _, column in pairs}


@click.command(cls=TranslatedCommand)
@click.argument("paths", nargs=-1, metavar="PATH...")
@click.option("--live", is_flag=True, help="option.live")
@click.option("--account", default="", metavar="NAME", help="option.account.collect")
@index_option
@click.option("--map", "mapping", multiple=True, metavar="FIELD=COLUMN", callback=_mapping, help="option.map")
@click.option("--encoder", metavar="NAME", help="option.encoder")
@click.option("--limit", type=click.IntRange(min=1), metavar="N", help="option.limit")
@click.option("--quiet", is_flag=True, help="option.quiet")
@click.option("--json", "as_json", is_flag=True, help="option.json")
@language_option
@click.pass_context
def collect(ctx: click.Context, /, paths: tuple[str, ...], live: bool, **options: Any) -> None:
    """Collect posts; see `collect.help` in `phrases`."""
    if bool(paths) == live or (live and any(options[name] for name in OF_FILES)):
        raise click.UsageError(say("usage.paths_or_live"), ctx)
    if not live:
        _collect_files(paths, **options)
        return
    from originality.cli.live import collect_live

    folder = Path(options["index"])
    fine = collect_live(folder, _encoder_for(folder, options["encoder"]), as_json=options["as_json"])
    ctx.exit(0 if fine else FAILED)


def _collect_files(
    paths: tuple[str, ...], *, index: str, encoder: str | None, quiet: bool, as_json: bool, **reading: Any
) -> None:
    from originality.collect import open_source

    reading["mapping"] = reading["mapping"] or None
    folder = Path(index)
    source = open_source([Path(path) for path in paths], memory=folder / MAPPINGS, **reading)
    name = _encoder_for(folder, encoder)
    started = time.monotonic()
    refused: list[Dropped] = []
    report, posts = _build(_remembering(source, refused), source, folder, name, quiet=quiet)
    seconds = time.monotonic() - started
    rate = report.read / seconds if seconds else 0.0
    if as_json:
        show_json({"index": index, "encoder": name, **_counts(report), "posts": posts,
                   "seconds": round(seconds, 3), "posts_per_second": round(rate, 1)})  # fmt: skip
    else:
        _show_summary(report, refused)
        show(say("collect.done", seconds=seconds, rate=rate, index=printable(index), posts=posts))


def _remembering(items: Iterable[Post | Dropped], refused: list[Dropped]) -> Iterator[Post | Dropped]:
    """Pass everything on, and keep what tells of a whole file that could not be read."""
    from originality.models import Post

    for item in items:
        if not isinstance(item, Post) and item.detail and not item.line:
            refused.append(item)
        yield item


def _encoder_for(folder: Path, wanted: str | None) -> str:
    """Return the encoder to use: an index keeps the one that it was made with."""
    from originality.index import open_index
    from originality.index.database import FILE

    if wanted and Path(wanted).is_dir():
        wanted = str(Path(wanted).resolve())  # an index may be used from another working directory
    if not (folder / FILE).exists():
        return wanted or "default"
    with open_index(folder) as index:
        if wanted and index.info().stamp and wanted != index.encoder:
            raise StampError(say("failed.encoder", index=folder, seen=index.encoder, wanted=wanted))
        return index.encoder if index.info().stamp else wanted or "default"


def _build(
    items: Iterable[Post | Dropped], source: Source, folder: Path, name: str, *, quiet: bool
) -> tuple[BuildReport, int]:
    from originality.build import build
    from originality.embed import load_encoder
    from originality.index import open_index

    encoder = load_encoder(name)
    progress = _Progress(source, quiet)
    with open_index(folder, encoder=name, encoder_name=encoder.name) as index:
        with _said_when_stopped(index, progress), progress:
            report = build(items, index, encoder, progress=progress.advance)
        return report, index.info().posts


class _Progress:
    """A bar on standard error that fills with the share of the input that has been read. None where nobody looks."""

    def __init__(self, source: Source, quiet: bool) -> None:
        from tqdm import tqdm

        self.done = 0
        self._source = source
        self._started = time.monotonic()
        layout = "{percentage:3.0f}%|{bar}| {elapsed}<{remaining}{postfix}"
        self._bar = tqdm(total=1.0, bar_format=layout, file=sys.stderr, disable=quiet or None, leave=False)

    def __enter__(self) -> _Progress:
        return self

    def __exit__(self, *exception: object) -> None:
        self._bar.close()

    def advance(self, count: int) -> None:
        """Count items that are safely stored."""
        self.done += count
        rate = self.done / max(time.monotonic() - self._started, 1e-9)
        self._bar.set_postfix_str(say("collect.progress", read=self.done, rate=rate), refresh=False)
        self._bar.update(min(self._source.fraction, 1.0) - self._bar.n)


@contextmanager
def _said_when_stopped(index: LocalIndex, progress: _Progress) -> Iterator[None]:
    """Say what is safe when the run ends early, for whatever reason: nobody should have to guess."""
    try:
        yield
    except BaseException:
        complain(say("collect.stopped", done=progress.done, index=index.folder, posts=index.info().posts))
        raise


def _counts(report: BuildReport) -> dict[str, Any]:
    return {
        "read": report.read,
        "added": report.added,
        "replaced": report.replaced,
        "updated": report.updated,
        "unchanged": report.unchanged,
        "silent": report.silent,
        "expired": report.expired,
        "dropped": dict(report.dropped),
    }


def _show_summary(report: BuildReport, refused: Sequence[Dropped]) -> None:
    show(say("collect.read", **{**_counts(report), "dropped": sum(report.dropped.values())}))
    for reason, count in report.dropped.most_common():
        show(say("collect.dropped", count=count, reason=printable(say_reason(reason))))
    for item in refused[:FILES_NAMED]:
        show(f"    {printable(item.detail)}")
    if report.silent:
        show(say("collect.silent", silent=report.silent))
    if report.expired:
        show(say("collect.expired", expired=report.expired))
