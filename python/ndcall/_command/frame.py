"""What all commands share: the table of them, how a failure is said, and exit statuses."""

from __future__ import annotations

import contextlib
import os
import sys
import warnings
from collections.abc import Iterator, Sequence
from importlib import import_module
from typing import Any

import click

from .._exceptions import NdcallError
from .._suggest import suggest_nearest
from .._version import __version__
from .words import in_words_of_the_shell

PROGRAM = "ndcall"
FAILED, INTERRUPTED = 1, 130  # 0: well; 2: the command line was wrong

# In the order of --help. Only the file of the command that is used is imported.
COMMANDS = {
    "show": "What a source, header or library offers, as it was understood.",
    "run": "One call of a function, with arguments from the shell.",
    "draft": "A contract file to edit: a line for each function, with how sure it is.",
    "check": "Contracts against declarations, symbols and the compiler, without a call.",
    "cache": "What was built and is kept: list it, verify it, remove it.",
    "doctor": "Everything that ndcall needs on this machine; of what is missing, the cure.",
    "completion": "The script that completes ndcall in bash, zsh or fish.",
}


class _WithExamples(click.Command):
    """A command whose help ends with examples, laid out as they stand.

    An example is a line that begins with `$ `; the tests run each, in a folder that has what it names.
    """

    def __init__(self, *arguments: Any, examples: str = "", **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.examples = [line.strip() for line in examples.strip().splitlines()]

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        if not self.examples:
            return super().format_epilog(ctx, formatter)
        with formatter.section("Examples"):
            for line in self.examples:
                formatter.write(f"{'':{formatter.current_indent}}{line}\n")
        return None


class Command(_WithExamples):
    """A command."""


class Group(_WithExamples, click.Group):
    """A command that has commands of its own; a misspelt one is answered with the nearest."""

    def resolve_command(self, ctx: click.Context, args: list[str]) -> tuple[str | None, click.Command | None, list[str]]:
        known = self.list_commands(ctx)
        if args[0] not in known and not args[0].startswith("-"):
            ctx.fail(f"there is no command {args[0]!r}{suggest_nearest(args[0], known)}")
        return super().resolve_command(ctx, args)


class Commands(Group):
    """The commands of the table."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        found: click.Command = import_module(f"{__package__}.{cmd_name}").command
        return found

    def invoke(self, ctx: click.Context) -> object:
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt:  # click would break the line
            raise click.exceptions.Exit(INTERRUPTED) from None
        except BrokenPipeError:
            # Whoever read our output has seen enough. The interpreter would write the rest once more when it ends.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            raise click.exceptions.Exit(FAILED) from None

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.group(
    cls=Commands,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="'ndcall COMMAND --help' says more, with examples.",
)
@click.version_option(__version__, prog_name=PROGRAM, message="%(prog)s %(version)s")
def commands() -> None:
    """Call compiled C on NumPy arrays, with every argument checked."""


def choose_colour() -> bool | None:
    """None lets the stream decide: colours on a terminal, none in a pipe or file."""
    return False if os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb" else None


def run(arguments: Sequence[str]) -> int:
    """Run one command line, and say in words what went wrong.

    Parameters
    ----------
    arguments : sequence of str
        What stands behind the program's name.

    Returns
    -------
    int
        The exit status: 0; 1 where a command failed or found something; 2 where the command line is wrong; 130 after Ctrl-C.
    """
    with _warnings_said():
        try:
            status = commands.main(list(arguments), PROGRAM, standalone_mode=False, color=choose_colour())
            return int(status or 0)
        except click.ClickException as error:
            error.show()
            return error.exit_code
        except NdcallError as error:
            _say("red", in_words_of_the_shell(str(error)))
            return FAILED


def say_note(text: str) -> None:
    """A remark beside the result, on the standard error."""
    _say("cyan", text)


def _say(colour: str, text: str) -> None:
    click.echo(click.style(f"{PROGRAM}:", fg=colour, bold=True) + f" {text}", err=True, color=choose_colour())


@contextlib.contextmanager
def _warnings_said() -> Iterator[None]:
    """Warnings as one line of the program, without the place in Python that they came from."""
    with warnings.catch_warnings():
        warnings.simplefilter("default", UserWarning)
        warnings.showwarning = lambda message, *_: _say("yellow", in_words_of_the_shell(str(message)))
        yield
