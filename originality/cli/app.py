"""`originality app`: the page, served by streamlit in this very process, so that Ctrl-C reaches it."""

from __future__ import annotations

import os
import sys
import tomllib
from pathlib import Path

import click

from originality.addresses import is_loopback
from originality.cli.frame import INDEX_VARIABLE, TranslatedCommand, index_option, language_option
from originality.cli.output import complain
from originality.cli.texts import VARIABLE, language, say
from originality.embed.cache import CACHE_VARIABLE
from originality.errors import OriginalityError

HIGHEST_PORT = 65_535
SECRETS = Path(".streamlit") / "secrets.toml"  # where streamlit looks for a login, at home and beside the page
LOCAL_NAMES = ("localhost", "127.0.0.1", "::1")
_PATHS = (INDEX_VARIABLE, CACHE_VARIABLE)  # of the environment: they may be meant from the folder we are called in


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
    if not is_loopback(address) and not has_login(page.parent):
        raise OriginalityError(say("failed.no_login", address=address or '""', file=page.parent / SECRETS))
    open_index(index).close()  # a missing or damaged index is said here, not in the browser
    complain(say("app.opening", address=address, port=port))
    environment = {**os.environ, INDEX_VARIABLE: index, VARIABLE: language()}
    environment |= {name: str(Path(environment[name]).resolve()) for name in _PATHS if environment.get(name)}
    sys.stdout.flush()
    os.chdir(page.parent)  # streamlit obeys a .streamlit folder where it starts: only the page's own may count
    os.execve(sys.executable, command_line(page, port, address), environment)  # nosec B606: no shell, our own arguments


def command_line(page: Path, port: int, address: str) -> list[str]:
    """Return what starts the page.

    Modules in the folder where the user happens to be are left alone (-P). Where only this machine is served, only its
    own names are answered: a web page whose name leads to this machine meanwhile (DNS rebinding) has another one.
    """
    command = [
        sys.executable, "-P", str(page.parent / "page" / "server.py"), "run", str(page), "--server.port", str(port),
        "--server.address", address, "--server.headless", "true", "--browser.gatherUsageStats", "false",
    ]  # fmt: skip
    for name in dict.fromkeys((*LOCAL_NAMES, address)) if is_loopback(address) else ("*",):
        command += ["--server.allowedHosts", name]
    return command


def has_login(folder: Path) -> bool:
    """Say whether a login is configured for the page in a folder; the page itself asks streamlit again."""
    return any("auth" in _secrets(each / SECRETS) for each in (Path.home(), folder))


def _secrets(path: Path) -> dict[str, object]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):  # missing, or no TOML: streamlit takes no login from it either
        return {}


def _page() -> Path:
    import originality

    page = Path(originality.__file__).resolve().parent.parent / "app.py"
    if not page.is_file():
        raise OriginalityError(say("failed.page", path=page))
    return page
