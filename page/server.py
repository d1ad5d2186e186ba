"""What `originality app` runs: Streamlit, and beside it the index being opened.

The encoder's libraries take several seconds to load. They do so while Streamlit starts and the first visitor goes to
the browser, not while that visitor looks at an empty page.
"""

import sys
from contextlib import suppress
from pathlib import Path
from threading import Thread

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))


def main() -> None:
    """Run Streamlit with the arguments of the command line."""
    Thread(target=_open, name="opening", daemon=True).start()
    from streamlit.web.cli import main as streamlit

    streamlit(prog_name="streamlit")


def _open() -> None:
    with suppress(Exception):  # whatever it is, the first visitor opens the index again and is told
        from page.visit import open_ahead

        open_ahead()


if __name__ == "__main__":
    main()
