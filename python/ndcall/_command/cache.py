"""`ndcall cache`."""

from __future__ import annotations

import json
import time

import click

from .._cache_upkeep import HeldEntry, clear_cache, find_cache_path, list_entries
from .frame import FAILED, Command, Group

SCHEMA = 1  # of the document of --json; a field may be added without a new number
_DAY = 86400  # seconds
_UNITS = ("B", "KiB", "MiB", "GiB")
_as_json = click.option("--json", "as_json", is_flag=True, help="One JSON document instead of lines.")


@click.group(
    cls=Group,
    examples="""
        $ ndcall cache list
        $ ndcall cache clear --unused-for 30
    """,
)
def command() -> None:
    """What was built and is kept: where it lies, what is there, whether it is whole; and its removal."""


@command.command("path", cls=Command, examples="$ ndcall cache path")
def print_path() -> None:
    """Print where the cache lies. It need not exist."""
    click.echo(find_cache_path())


@command.command("list", cls=Command, examples="$ ndcall cache list\n$ ndcall cache list --json")
@_as_json
def print_entries(as_json: bool) -> None:
    """List the builds that the cache holds, the last used first."""
    _print_entries(list_entries(), as_json)


@command.command("verify", cls=Command, examples="$ ndcall cache verify")
@_as_json
@click.pass_context
def verify(context: click.Context, /, as_json: bool) -> None:
    """Compare every byte with its hash, and list what is damaged or not ours; the exit status is 1 when something is.

    A load does the same with what it uses, and builds anew what is not whole.
    """
    held = list_entries(verify=True)
    flawed = [one for one in held if one.flaw is not None]
    _print_entries(held if as_json else flawed, as_json)
    if not as_json:
        click.echo(f"{len(held) - len(flawed)} of {_count(len(held))} {'is' if len(held) == 1 else 'are'} whole")
    context.exit(FAILED if flawed else 0)


@command.command("clear", cls=Command, examples="$ ndcall cache clear --unused-for 30\n$ ndcall cache clear")
@click.option("--unused-for", metavar="DAYS", type=click.FloatRange(min=0), default=0, help="Only what was not used for so long.")
def clear(unused_for: float) -> None:
    """Remove what the cache holds; all of it can be built again. Builders at work are not disturbed."""
    cleared = clear_cache(unused_for=unused_for * _DAY)
    click.echo(f"removed {_count(cleared.entries)}, {_show_size(cleared.size)}")


def _print_entries(held: list[HeldEntry], as_json: bool) -> None:
    if as_json:
        rows = [{**one.as_dict(), "flaw": None if one.flaw is None else one.flaw.as_dict()} for one in held]
        click.echo(json.dumps({"schema": SCHEMA, "path": find_cache_path(), "entries": rows}, indent=2))
        return
    for one in held:
        used = time.strftime("%Y-%m-%d %H:%M", time.localtime(one.last_used))
        place = f"   ({', '.join(one.files)})" if one.files else ""
        click.echo(f"{one.key[:12]}  {used}  {_show_size(one.size):>10}  {one.name or '?'}{place}")
        if one.flaw is not None:
            click.echo("  " + click.style(one.flaw.kind, fg="red") + f": {one.flaw.what}")


def _show_size(size: float) -> str:
    unit = 0
    while size >= 1024 and unit + 1 < len(_UNITS):
        size /= 1024
        unit += 1
    return f"{size:.{1 if unit else 0}f} {_UNITS[unit]}"


def _count(number: int) -> str:
    return f"{number} {'entry' if number == 1 else 'entries'}"
