"""`python -m ndcall`, which is the program `ndcall`."""

from __future__ import annotations

import sys


def main() -> int:
    """Run the command line; the exit status."""
    from ._command.frame import run

    return run(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
