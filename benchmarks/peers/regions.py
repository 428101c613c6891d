"""Parts of a page that a script makes: between `<!-- NAME: made by ... -->` and `<!-- end of NAME -->`."""

from __future__ import annotations

import re
from pathlib import Path


def pattern_of(name: str) -> re.Pattern[str]:
    return re.compile(rf"(<!-- {name}: made by [^\n]*-->\n)(.*?)(<!-- end of {name} -->)", re.DOTALL)


def read_region(page: Path, name: str) -> str:
    found = pattern_of(name).search(page.read_text(encoding="utf-8"))
    if not found:
        raise SystemExit(f"{page.name} has no region {name!r}")
    return found[2].strip("\n")


def replace_regions(page: Path, regions: dict[str, str]) -> None:
    text = page.read_text(encoding="utf-8")
    for name, content in regions.items():
        read_region(page, name)
        text = pattern_of(name).sub(lambda found, content=content: f"{found[1]}\n{content}\n\n{found[3]}", text)  # type: ignore[misc]
    page.write_text(text, encoding="utf-8")
