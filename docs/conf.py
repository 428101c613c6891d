"""Sphinx: the pages are Markdown (MyST); their code is run by tests/python/test_documents.py."""

import re
from pathlib import Path

_version = (Path(__file__).parent.parent / "python/ndcall/_version.py").read_text()

project = "ndcall"
author = "The ndcall authors"
copyright = "2026, The ndcall authors"
release = re.search(r'__version__ = "(.*)"', _version)[1]  # type: ignore[index]
version = release

extensions = ["myst_parser"]
myst_enable_extensions = ["colon_fence", "deflist"]
myst_heading_anchors = 3
html_theme = "furo"
html_title = f"ndcall {release}"


def setup(app):  # type: ignore[no-untyped-def]
    from pygments.lexers.special import TextLexer

    app.add_lexer("contract", TextLexer)
