"""`originality app`: the page, served by streamlit in this very process, so that Ctrl-C reaches it."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import click

from originality.cli.frame import INDEX_VARIABLE, TranslatedCommand, index_option, language_option
from originality.cli.output import complain
from originality.cli.texts import VARIABLE, language, say
from originality.errors import OriginalityError

HIGHEST_PORT = 65_535


@click.command(cls=TranslatedCommand)
@index_option
@click.option(
    "--port", type=click.IntRange(1, HIGHEST_PORT), default=8501, show_default=True, metavar="N", help="option.port"
)
@click.option("--address", default="127.0.0.1", show_default=True, metavar="HOST", help="option.address")
@language_option
def app(index: str, port: int, address: str) -> None:
    """Serve the page; see `app.help` in `phrases`."""
    from originality.index import open_index

    page = _page()
    open_index(index).close()  # a missing or damaged index is said here, not in the browser
    complain(say("app.opening", address=address, port=port))
    command = [
        sys.executable, "-m", "streamlit", "run", str(page), "--server.port", str(port), "--server.address", address,
        "--server.headless", "true", "--browser.gatherUsageStats", "false",
    ]  # fmt: skip
    environment = {**os.environ, INDEX_VARIABLE: str(Path(index).resolve()), VARIABLE: language()}
    sys.stdout.flush()
    os.execve(sys.executable, command, environment)


def _page() -> Path:
    import originality

    page = Path(originality.__file__).resolve().parent.parent / "app.py"
    if not page.is_file():
        raise OriginalityError(say("failed.page", path=page))
    return page
