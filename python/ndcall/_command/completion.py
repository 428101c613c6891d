"""`ndcall completion`."""

from __future__ import annotations

import click
from click.shell_completion import get_completion_class

from .frame import PROGRAM, Command, commands

_SHELLS = ("bash", "zsh", "fish")


@click.command(
    cls=Command,
    examples="""
        $ ndcall completion bash > ndcall.bash
        $ ndcall completion zsh > _ndcall
        $ ndcall completion fish > ndcall.fish
    """,
)
@click.argument("shell", type=click.Choice(_SHELLS))
def command(shell: str) -> None:
    """Print the script that completes ndcall's commands, options, files and functions in a shell.

    bash: put 'eval "$(ndcall completion bash)"' into ~/.bashrc. zsh: 'eval "$(ndcall completion zsh)"' into ~/.zshrc, below compinit.
    fish: save it as ~/.config/fish/completions/ndcall.fish.
    """
    found = get_completion_class(shell)
    assert found is not None  # click has all of _SHELLS
    click.echo(found(commands, {}, PROGRAM, "_NDCALL_COMPLETE").source())
