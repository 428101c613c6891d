"""Cells of a real kernel: what C prints stands in the output of the cell that called it, and an interrupt arrives."""

from __future__ import annotations

import contextlib
import textwrap

import pytest

pytestmark = [
    pytest.mark.unsanitized,  # a kernel that is started afresh
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),  # of jupyter_client and what it stands on
]

PRINTING = """\
#include <stdio.h>
#include <unistd.h>
int line(int i) { return printf("line %d\\n", i); }
int part(int i) { return printf("part %d", i); }
int warn(int i) { return fprintf(stderr, "warned %d\\n", i); }
/// ndcall: n; gil
int many_held(int n) { for (int i = 0; i < n; i++) printf("%099d\\n", i); return n; }
int many(int n) { for (int i = 0; i < n; i++) printf("%099d\\n", i); return n; }
"""


@pytest.fixture(scope="module", params=["", "1"], ids=["buffered", "unbuffered"])
def cell(request, tmp_path_factory):
    """cell(code): what a real kernel sends while it runs a cell: its stdout, its stderr, and the ends of errors."""
    from jupyter_client.manager import KernelManager

    folder = tmp_path_factory.mktemp("kernel")
    (folder / "printing.c").write_text(PRINTING)
    with pytest.MonkeyPatch.context() as patch:
        for name in ("IPYTHONDIR", "JUPYTER_RUNTIME_DIR", "JUPYTER_CONFIG_DIR"):
            patch.setenv(name, str(folder / name))
        patch.setenv("PYTHONUNBUFFERED", request.param)
        patch.delenv("PYTEST_CURRENT_TEST", raising=False)  # a kernel that sees it leaves the process's output alone
        manager = KernelManager(kernel_name="python3")
        manager.start_kernel(cwd=str(folder))
        client = manager.client()
        client.start_channels()
        client.wait_for_ready(timeout=60)

    def run(code: str, *, meanwhile=None) -> dict[str, str]:
        found = {"stdout": "", "stderr": "", "error": "", "html": ""}

        def note(message) -> None:
            content = message["content"]
            if message["msg_type"] == "stream":
                found[content["name"]] += content["text"]
                if meanwhile is not None:
                    meanwhile(manager)
            elif message["msg_type"] == "error":
                found["error"] += content["ename"]
            elif message["msg_type"] == "execute_result":
                found["html"] += content["data"].get("text/html", "")

        client.execute_interactive(code, output_hook=note, timeout=60)
        return found

    yield run
    client.stop_channels()
    with contextlib.suppress(RuntimeError):
        manager.shutdown_kernel(now=True)


def test_what_c_prints_stands_in_the_output_of_its_cell(cell):
    assert cell("import ndcall; lib = ndcall.load('printing.c')")["error"] == ""
    for i in range(5):
        assert cell(f"lib.line({i}); lib.part({i}); lib.warn({i})") == {
            "stdout": f"line {i}\npart {i}",
            "stderr": f"warned {i}\n",
            "error": "",
            "html": "",
        }


def test_what_c_printed_before_an_error_stands_in_the_cell_too(cell):
    cell("import ndcall; lib = ndcall.load('printing.c')")
    shown = cell("lib.part(7); lib.line('x')")
    assert (shown["stdout"], shown["error"]) == ("part 7", "ArgumentError")


def test_much_output_arrives_whole(cell):
    cell("import ndcall; lib = ndcall.load('printing.c')")
    assert len(cell("n = lib.many(2000)")["stdout"]) == 200_000  # more than a pipe holds


def test_a_call_that_holds_the_gil_may_print_much_too(cell):
    cell("import ndcall; lib = ndcall.load('printing.c')")
    assert len(cell("n = lib.many_held(2000)")["stdout"]) == 200_000


def test_a_library_and_a_function_are_shown_as_tables(cell):
    cell("import ndcall; lib = ndcall.load('printing.c')")
    assert "<table" in cell("lib")["html"]
    assert "int line(int i) { return" in cell("lib.line")["html"]


def test_an_interrupt_arrives_when_c_has_ended(cell):
    code = """
        import ndcall
        source = '''
        #include <stdio.h>
        #include <time.h>
        int work(int rounds) {
            struct timespec pause = {0, 10000000};
            for (int i = 0; i < rounds; i++) { if (i == 1) printf("begun\\\\n"); nanosleep(&pause, NULL); }
            return printf("ended\\\\n");
        }
        '''
        open("work.c", "w").write(source)
        lib = ndcall.load("work.c")
    """
    assert cell(textwrap.dedent(code))["error"] == ""
    interrupts: list[float] = []

    def interrupt_once(manager) -> None:
        if not interrupts:
            interrupts.append(manager)
            manager.interrupt_kernel()

    shown = cell("lib.work(60); print('never')", meanwhile=interrupt_once)
    assert (shown["stdout"], shown["error"]) == ("begun\nended\n", "KeyboardInterrupt")
    assert cell("n = lib.work(1)")["stdout"] == "ended\n"
