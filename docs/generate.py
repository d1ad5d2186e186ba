"""Write the pages that are made from the code, so that they cannot fall behind it: `make docs`.

docs/cli.md is the --help of each command in English, docs/schema holds the published JSON Schemas. Tests assert that
what is in the repository is current.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import click

from originality.cli import main as program
from originality.cli import texts
from originality.gate.schema import schemas

CLI_PAGE = Path(__file__).with_name("cli.md")
SCHEMAS = Path(__file__).with_name("schema")
WIDTH = 92  # columns: what a code block shows without scrolling

_INTRODUCTION = """\
# Command line

<!-- Made by docs/generate.py from the --help of each command. Do not edit; run `make docs`. -->

Help and messages are Chinese unless `--lang en` or the environment variable `ORIGINALITY_LANG=en` asks for English.
`ORIGINALITY_INDEX` names the index that is used without `--index`.

| exit code | meaning |
|---|---|
| 0 | fine |
| 1 | `check` found an alarm (copied or closely imitated); `gate` blocked; `doctor` found a problem that remains; `calibrate` found too few posts |
| 2 | bad usage or failure; one line on standard error says what and what to do next |
| 130 | interrupted; what had been collected is safely stored |
"""  # noqa: E501


def cli_page() -> str:
    """Return docs/cli.md as it should be."""
    before = texts.language()
    texts.use("en")
    try:
        return "\n".join([_INTRODUCTION, *_sections()])
    finally:
        texts.use(before)


def schema_files() -> dict[Path, str]:
    """Return the files of docs/schema as they should be."""
    return {
        SCHEMAS / f"{stem}.json": json.dumps(schema, ensure_ascii=False, indent=2) + "\n"
        for stem, schema in schemas().items()
    }


def _sections() -> Iterator[str]:
    assert isinstance(program, click.Group)
    root = click.Context(program, info_name="originality", terminal_width=WIDTH)
    yield _section("originality", program.get_help(root))
    yield from _commands(program, root)


def _commands(group: click.Group, parent: click.Context) -> Iterator[str]:
    for name in group.list_commands(parent):
        command = group.commands[name]
        context = click.Context(command, parent=parent, info_name=name, terminal_width=WIDTH)
        yield _section(context.command_path, command.get_help(context))
        if isinstance(command, click.Group):
            yield from _commands(command, context)


def _section(title: str, text: str) -> str:
    return f"## {title}\n\n```text\n{text}\n```\n"


if __name__ == "__main__":
    CLI_PAGE.write_text(cli_page(), encoding="utf-8")
    for path, content in schema_files().items():
        path.parent.mkdir(exist_ok=True)
        path.write_text(content, encoding="utf-8")
