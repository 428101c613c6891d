"""Runs the code of README.md and docs/: what the documents show is what ndcall does. CONTRIBUTING.md says how to write it."""

import doctest
import re
import shlex
import subprocess
import sys
import warnings
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
MARKS = {"command_line.md": [pytest.mark.unsanitized]}  # a process for each of its lines, and no call that other tests do not make

FENCE = re.compile(r"^```([\w+-]*)[ \t]*(.*?)\n(.*?)^```[ \t]*$", re.MULTILINE | re.DOTALL)
FILE_COMMENT = re.compile(r"^(?:/\*|//|#|!)\s*([\w.-]+\.\w+)\s*(?:\*/)?\s*$")
NEVER_FILES = {"python", "pycon", "console"}


@dataclass(frozen=True)
class Block:
    language: str
    info: str  # what stands behind the language
    text: str
    line: int  # of the text's first line in the page, counted from one

    @property
    def file_name(self) -> str | None:
        """The file that the block is, by `name=FILE` behind the language or by a first line like `/* filter.c */`."""
        if self.language in NEVER_FILES:
            return None
        if named := re.search(r"\bname=(\S+)", self.info):
            return named[1]
        first = FILE_COMMENT.match(self.text.split("\n", 1)[0])
        return first[1] if first else None


def blocks_of(page: str) -> list[Block]:
    return [Block(m[1], m[2], m[3], page.count("\n", 0, m.start(3)) + 1) for m in FENCE.finditer(page)]


def run_session(block: Block, namespace: dict[str, object], name: str) -> None:
    """Compare a block of `>>>` lines with what they print; `...` stands for any text."""
    session = doctest.DocTestParser().get_doctest(block.text, namespace, name, name, block.line - 1)
    session.globs = namespace  # get_doctest took a copy, and the next block needs the names
    report: list[str] = []
    runner = doctest.DocTestRunner(optionflags=doctest.ELLIPSIS, verbose=False)
    if runner.run(session, out=report.append, clear_globs=False).failed:
        pytest.fail("".join(report), pytrace=False)


def run_console(block: Block, name: str, folder: Path) -> None:
    """Run a block of `$ ` lines in one shell and compare what each prints, on both streams; `...` stands for any text."""
    steps = re.findall(r"^\$ (.*(?:(?<=\\)\n.*)*)\n((?:(?!\$ ).*\n)*)", block.text, re.MULTILINE)
    mark = "=== end of a step ==="
    script = f'ndcall() {{ {shlex.quote(sys.executable)} -m ndcall "$@"; }}\n'
    script += "".join(f"{command}\nstatus=$?; echo '{mark}'; (exit $status)\n" for command, _ in steps)
    ran = subprocess.run(["sh", "-c", script], cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    checker = doctest.OutputChecker()
    for (command, expected), printed in zip(steps, ran.stdout.split(f"{mark}\n")[:-1], strict=True):
        if not checker.check_output(expected, printed, doctest.ELLIPSIS):
            pytest.fail(f"{name}, line {block.line}: $ {command}\nExpected:\n{expected}\nGot:\n{printed}", pytrace=False)


def run_page(page: str, name: str, folder: Path) -> int:
    """Write the page's files into the folder and run its blocks in order, those of Python in one namespace; the number of blocks run."""
    namespace: dict[str, object] = {"__name__": "__main__"}
    count = 0
    for block in blocks_of(page):
        if file_name := block.file_name:
            (folder / file_name).write_text(block.text, encoding="utf-8")
        elif block.language == "pycon" or (block.language == "python" and block.text.lstrip().startswith(">>>")):
            run_session(block, namespace, name)
            count += 1
        elif block.language == "console" and block.text.startswith("$ "):
            run_console(block, name, folder)
            count += 1
        elif block.language == "python":
            exec(compile("\n" * (block.line - 1) + block.text, name, "exec"), namespace)
            count += 1
    return count


@pytest.mark.parametrize("path", [pytest.param(page, id=str(page.relative_to(ROOT)), marks=MARKS.get(page.name, [])) for page in PAGES])
def test_the_code_of_a_page_does_what_the_page_says(path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with warnings.catch_warnings():
        warnings.simplefilter("default")  # as in a user's session; a page shows a warning by catching it
        count = run_page(path.read_text(encoding="utf-8"), path.name, tmp_path)
    assert count or path.name != "README.md"


PAGE_WITH_A_WRONG_LINE = """
```c
/* half.c */
double half(double x) { return x / 2; }
```
```text name=numbers.txt
1 2 3
```
```python
from pathlib import Path
numbers = Path("numbers.txt").read_text().split()
```
```python
>>> len(numbers), Path("half.c").exists()
(3, True)
```
```python
>>> len(numbers)
4
```
"""


def test_a_page_whose_output_is_not_true_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    good = PAGE_WITH_A_WRONG_LINE.rsplit("```python", 1)[0]
    assert run_page(good, "page.md", tmp_path) == 2
    with pytest.raises(pytest.fail.Exception, match=r'(?s)File "page\.md", line 18, .*Expected:\n    4\nGot:\n    3'):
        run_page(PAGE_WITH_A_WRONG_LINE, "page.md", tmp_path)


CONSOLE = """
```console
$ echo one; echo two >&2
one
two
$ false
$ echo $? \\
  and more
1 and more
$ ndcall --version
ndcall ...
```
```console
make shown-only
```
"""


def test_a_console_whose_output_is_not_true_fails(tmp_path: Path) -> None:
    assert run_page(CONSOLE, "page.md", tmp_path) == 1
    with pytest.raises(pytest.fail.Exception, match=r"(?s)page\.md, line 3: \$ false\nExpected:\n2\n\nGot:\n$"):
        run_page(CONSOLE.replace("$ false\n", "$ false\n2\n"), "page.md", tmp_path)
