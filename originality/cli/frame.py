"""What all commands share: help in the user's language, and one place where every failure becomes one line.

Enters: arguments. Leaves: an exit code. 0 fine, 1 `check` found an alarm (`doctor`: a problem remains), 2 bad usage or
failure, 130 interrupted, 141 the reader of our output went away.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any, TypeVar

import click

from originality.cli import texts
from originality.cli.output import complain, tolerate_any_text
from originality.cli.texts import say
from originality.errors import OriginalityError

FAILED, INTERRUPTED, PIPE_CLOSED = 2, 130, 141
DEBUG_VARIABLE = "ORIGINALITY_DEBUG"  # "1" shows the traceback of what must not happen
INDEX_VARIABLE = "ORIGINALITY_INDEX"

_Resolved = tuple[str | None, click.Command | None, list[str]]
AnyCommand = TypeVar("AnyCommand", bound=Callable[..., Any])


class TranslatedCommand(click.Command):
    """A command whose help texts are keys of `texts`, looked up when the help is shown."""

    def format_help(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write usage, description, options and examples."""
        name = ctx.command.name or ""
        pieces = " ".join(self.collect_usage_pieces(ctx))
        formatter.write_usage(ctx.command_path, pieces, prefix=say("help.usage"))
        formatter.write("\n")
        for line in say(f"{name}.help").splitlines():
            formatter.write(f"  {line}\n" if line else "\n")
        with formatter.section(say("help.options")):
            formatter.write_dl([_option_row(option, ctx) for option in _options(self, ctx)])
        if isinstance(self, click.Group):
            with formatter.section(say("help.commands")):
                formatter.write_dl([(each, say(f"{each}.help").splitlines()[0]) for each in self.list_commands(ctx)])
        with formatter.section(say("help.examples")):
            for line in say(f"{name}.examples").splitlines():
                formatter.write(f"  {line}\n")


class Root(TranslatedCommand, click.Group):
    """The program itself. Whatever goes wrong below it ends as one line on standard error and an exit code."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the commands in the order in which they are used, not in that of the alphabet."""
        return list(self.commands)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command that the first argument names."""
        if not args[0].startswith("-") and args[0] not in self.commands:
            raise click.UsageError(say("usage.no_command", name=args[0], known=" ".join(self.commands)), ctx)
        return super().resolve_command(ctx, args)

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; a reader that stopped reading (`| head`) is no error of ours."""
        try:
            return super().invoke(ctx)
        except BrokenPipeError:
            with suppress(OSError):  # else the interpreter complains when it flushes at its end
                os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            raise click.exceptions.Exit(PIPE_CLOSED) from None

    def main(
        self,
        args: Sequence[str] | None = None,
        prog_name: str | None = None,
        complete_var: str | None = None,
        standalone_mode: bool = True,
        windows_expand_args: bool = True,
        **extra: Any,
    ) -> Any:
        """Run and leave through `SystemExit`, whatever happens."""
        texts.use(texts.from_environment())
        tolerate_any_text()
        try:
            code = super().main(args, prog_name or "originality", complete_var, standalone_mode=False, **extra)
        except (click.exceptions.Abort, KeyboardInterrupt):
            complain(say("interrupted"))
            code = INTERRUPTED
        except click.ClickException as error:
            complain(say("error", message=usage_message(error)))
            code = FAILED
        except Exception as error:
            if os.environ.get(DEBUG_VARIABLE) == "1":
                raise
            complain(say("error", message=failure_message(error)))
            code = FAILED
        sys.exit(code if isinstance(code, int) else 0)


def usage_message(error: click.ClickException) -> str:
    """Say in the user's language what is wrong with the arguments, and where the right ones stand."""
    context = getattr(error, "ctx", None)
    helped = say("usage.see", command=context.command_path) if context else ""
    parameter = getattr(error, "param", None)
    if isinstance(error, click.MissingParameter) and parameter is not None:
        return say("usage.missing", name=parameter.get_error_hint(context)) + helped
    if isinstance(error, click.NoSuchOption):
        return say("usage.no_option", name=error.option_name) + helped
    if isinstance(error, click.BadParameter) and parameter is not None:
        return say("usage.bad_value", name=parameter.get_error_hint(context), seen=error.message) + helped
    return error.format_message() + helped


def failure_message(error: Exception) -> str:
    """Turn any failure into one line: the library's own message, or what the system said and what to do next."""
    if isinstance(error, OriginalityError):
        return str(error)
    seen = " ".join(str(error).split())
    if isinstance(error, OSError):
        return say("failed.system", seen=f"{error.strerror or seen}{f' ({error.filename})' if error.filename else ''}")
    if isinstance(error, MemoryError):
        return say("failed.memory")
    return say("failed.unforeseen", seen=f"{type(error).__name__}: {seen}", variable=DEBUG_VARIABLE)


def language_option(function: AnyCommand) -> AnyCommand:
    """Add `--lang`: before the command or after it, it holds for everything that is printed later."""

    def chosen(ctx: click.Context, parameter: click.Parameter, value: str | None) -> None:
        if value:
            texts.use(texts.language_of(value))

    return click.option(
        "--lang",
        type=click.Choice(["zh", "en"]),
        is_eager=True,
        expose_value=False,
        callback=chosen,
        help="option.lang",
    )(function)


def index_option(function: AnyCommand) -> AnyCommand:
    """Add `--index`."""
    return click.option(
        "--index", default="index", metavar="DIR", envvar=INDEX_VARIABLE, show_default=True, help="option.index"
    )(function)


def _options(command: click.Command, ctx: click.Context) -> list[click.Option]:
    return [each for each in command.get_params(ctx) if isinstance(each, click.Option) and not each.hidden]


def _option_row(option: click.Option, ctx: click.Context) -> tuple[str, str]:
    record = option.get_help_record(ctx)
    names = record[0] if record else ""
    key = option.help or ""
    text = say(key) if texts.known(key) else say("option.help")  # click words its own --help in English
    if option.show_default:
        text += say("help.default", value=option.default)
    if option.envvar:
        text += say("help.variable", name=option.envvar)
    return names, text
