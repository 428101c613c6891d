"""Every public name of ndcall, and a use of it: what tests/python/test_flat.py does a thousand times.

A row whose use is of a second kind has more words behind the name.
"""

from __future__ import annotations

import copy
import ctypes
import functools
import inspect
import os
import pickle
import sys
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import ndcall
import numpy as np
from ndcall._core import NdpointerCheck
from ndcall.compat import ctypeslib

SOURCE = """
#include <stdlib.h>
enum colour { RED, BLUE };
typedef struct { long n; double *x; int kind; } vec;
double table[3] = {1, 2, 3};
/// ndcall: a[n], b[n] -> c[n]
void add(const double *a, const double *b, double *c, long n) { for (long i = 0; i < n; i++) c[i] = a[i] + b[i]; }
/// ndcall: x[n], k = 2 -> total, y[n]; check k > 1
void totals(const double *x, long n, short k, double *total, double *y) { *total = k; for (long i = 0; i < n; i++) y[i] = *total += x[i]; }
/// ndcall: v, name -> v; ignore return
int touch(vec *v, const char *name) { v->kind = name[0]; return 0; }
/// ndcall: bytes[n]
int first(const unsigned char *bytes, long n) { return n ? bytes[0] : -1; }
int paint(enum colour c) { return c; }
/// ndcall: status; ok return == 0
int fail(int status) { return status; }
/// ndcall: status; warn return > 0 "dubious"; ignore return
int doubt(int status) { return status; }
void lined(double *x) { x[0] = 0; }
double *make(long n) { return calloc(n, sizeof(double)); }
void discard(void *p) { free(p); }
"""
CONTRACT = "struct vec: x[n]\n"
HEADER = "void add(const double *a, const double *b, double *c, long n);\n"


class World:
    """What the rows are made with; everything in `arguments` is looked at after a row."""

    def __init__(self, folder: Path, build_library: Callable[..., str]) -> None:
        self.folder = folder
        self.source, self.wrong, self.loose = folder / "code.c", folder / "wrong.c", folder / "loose.c"
        self.source.write_text(SOURCE)
        self.wrong.write_text("int wrong(int a) { return b; }\n")
        self.loose.write_text("int loose(void) { int never; return never; }\n")
        (folder / "code.contract").write_text(CONTRACT)
        (folder / "add.h").write_text(HEADER)
        (folder / "damaged.ndcall").write_text("ndcall saved library 1\n")
        self.compiled = build_library(SOURCE, folder / "old.so")
        self.lib = ndcall.load(self.source)
        self.a, self.b, self.c = np.arange(16.0), np.ones(16), np.zeros(16)
        self.narrow, self.bytes, self.text = np.ones(16, np.float32), bytearray(b"bytes"), "text of a caller"
        self.large = np.ones(200_000, np.float32)
        self.dtype = np.dtype(np.float64, metadata={"of": "nobody else"})  # NumPy itself leaves references to its own ones
        self.marked = np.ones(16, self.dtype)
        self.v = self.lib.vec(x=self.a)
        array = ctypeslib.ndpointer(float, ndim=1, flags="C")
        self.old = ctypeslib.load_library("old", folder)
        self.settings = [array, array, array, ctypes.c_long]
        self.old.add.argtypes, self.old.add.restype = self.settings, None
        self.old.make.argtypes, self.old.discard.argtypes = [ctypes.c_long], [ctypes.c_void_p]
        self.old.discard.restype = None
        self.check = NdpointerCheck(np.float64, 1, (16,), 1)
        self.doubles = (ctypes.c_double * 3)(1, 2, 3)
        self.refused = self.refuse(ndcall.ShapeError, self.lib.add, self.a, self.b[:3])
        self.mismatch = self.refused.mismatches[0]
        own = [self.a, self.b, self.c, self.narrow, self.bytes, self.text, self.large, self.dtype, self.marked, self.v, self.doubles]
        self.arguments = [*own, self.mismatch, self.lib, self.lib.add, self.lib.vec, self.old, self.old.add, self.check, array]

    @staticmethod
    def refuse(kind: type[BaseException], function: Callable[..., Any], *arguments: Any, **named: Any) -> Any:
        refused: BaseException | None = None
        try:
            function(*arguments, **named)
        except kind as error:
            refused = error.with_traceback(None)
        assert (type(refused), str(refused) != "") == (kind, True)
        return refused

    @staticmethod
    def warn(kind: type[Warning], function: Callable[..., Any], *arguments: Any) -> None:
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            function(*arguments)
        assert [warning.category for warning in caught] == [kind]

    def resize(self) -> None:
        """After a call nobody but the caller has an array, which NumPy asks before it resizes one, or what exports its memory."""
        x, data = self.a.copy(), bytearray(b"12345678")
        held = sys.getrefcount(x)
        self.lib.totals(x, 3)
        self.lib.first(data)
        self.refuse(ndcall.DtypeError, self.lib.add, x, self.b, self.narrow)
        assert sys.getrefcount(x) == held
        data.append(1)

    def copy_large(self) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            self.lib.totals(self.large)

    def save(self) -> None:
        for path in ndcall.save(self.lib, self.folder / "saved.ndcall"):
            os.unlink(path)

    def load_structs(self) -> None:
        lib = ndcall.load(self.source)
        assert (lib.touch(lib.vec(x=self.a), "b").kind, lib.table[2]) == (ord("b"), 3)

    def set_member(self) -> None:
        self.v.x = self.b
        self.v.x = self.a

    def set_functions(self, restype: Any = None) -> None:
        self.old.add.argtypes, self.old.add.restype = self.settings, restype
        self.old.add(self.a, self.b, self.c, 16)

    def set_errcheck(self) -> None:
        self.old.add.errcheck = lambda result, function, arguments: arguments
        self.old.add(self.a, self.b, self.c, 16)
        del self.old.add.errcheck

    def return_array(self) -> None:
        self.old.make.restype = ctypeslib.ndpointer(float, shape=(3,), free=self.old.discard)
        assert self.old.make(3).tolist() == [0, 0, 0]


class Row(NamedTuple):
    use: Callable[[World], Any]
    times: int = 1000


def travel(value: Any) -> Any:
    return pickle.loads(pickle.dumps(value))


def compare(name: str, side: Callable[[World], Any]) -> Row:
    return Row(lambda w: getattr(side(w), name)(side(w)))


ORDER = ("__eq__", "__ne__", "__lt__", "__le__", "__gt__", "__ge__")
ROWS: dict[str, Row] = {
    # --- calls
    "Function.__call__": Row(lambda w: w.lib.add(w.a, w.b)),
    "Function.__call__ out": Row(lambda w: (w.lib.add(w.a, w.b, w.c), w.lib.add(a=w.a, b=w.b, out=w.c))),
    "Function.__call__ converts": Row(lambda w: w.lib.add(w.narrow, [1] * 16)),
    "Function.__call__ dtype that equals": Row(
        lambda w: (w.lib.add(w.marked, w.marked), w.refuse(ndcall.DtypeError, w.lib.first, w.marked))
    ),
    "Function.__call__ several results": Row(lambda w: w.lib.totals(w.a, k=3)),
    "Function.__call__ struct and text": Row(lambda w: w.lib.touch(w.v, w.text)),
    "Function.__call__ enum": Row(lambda w: w.lib.paint("BLUE")),
    "Function.__call__ bytes": Row(lambda w: (w.lib.first(w.bytes), w.bytes.append(1), w.bytes.pop())),
    "Function.__call__ resized": Row(World.resize),
    # --- refusals
    "ArgumentError": Row(lambda w: w.refuse(ndcall.ArgumentError, w.lib.add, w.a)),
    "ArgumentError name": Row(lambda w: w.refuse(ndcall.ArgumentError, w.lib.add, w.a, w.b, d=w.c)),
    "ArgumentError object": Row(lambda w: w.refuse(ndcall.ArgumentError, w.lib.add, w.a, {})),
    "DtypeError": Row(lambda w: w.refuse(ndcall.DtypeError, w.lib.add, w.a, w.b, w.narrow)),
    "ShapeError": Row(lambda w: w.refuse(ndcall.ShapeError, w.lib.add, w.a, w.b[:3])),
    "ShapeError ndim": Row(lambda w: w.refuse(ndcall.ShapeError, w.lib.add, w.a, w.b.reshape(4, 4))),
    "LayoutError": Row(lambda w: w.refuse(ndcall.LayoutError, w.lib.add, w.a[:8], w.b[:8], w.c[::2])),
    "OverlapError": Row(lambda w: w.refuse(ndcall.OverlapError, w.lib.add, w.a[:15], w.b[:15], w.a[1:])),
    "RangeError": Row(lambda w: w.refuse(ndcall.RangeError, w.lib.totals, w.a, 2**40)),
    "CheckError": Row(lambda w: w.refuse(ndcall.CheckError, w.lib.totals, w.a, 1)),
    "BindError": Row(lambda w: w.refuse(ndcall.BindError, w.lib.lined, w.a)),
    "CallError": Row(lambda w: w.refuse(ndcall.CallError, w.lib.fail, 1)),
    "UnknownNameError": Row(lambda w: w.refuse(ndcall.UnknownNameError, lambda: w.lib["ad"])),
    "LoadError": Row(lambda w: w.refuse(ndcall.LoadError, ndcall.load, w.folder / "nowhere.c")),
    "ReadError": Row(lambda w: w.refuse(ndcall.ReadError, ndcall.load, w.folder / "damaged.ndcall"), times=100),
    "BuildError": Row(lambda w: w.refuse(ndcall.BuildError, ndcall.load, w.wrong), times=8),
    "ChannelError": Row(lambda w: travel(ndcall.ChannelError(w.text))),
    "NdcallError": Row(lambda w: travel(ndcall.NdcallError(w.text))),
    "ContractError": Row(lambda w: travel(ndcall.ContractError(w.text))),
    "CallWarning": Row(lambda w: w.warn(ndcall.CallWarning, w.lib.doubt, 1)),
    "CopyWarning": Row(lambda w: w.warn(ndcall.CopyWarning, lambda: warnings.warn(ndcall.CopyWarning(w.text), stacklevel=1))),
    "CopyWarning call": Row(World.copy_large, times=100),
    "BuildWarning": Row(lambda w: w.warn(ndcall.BuildWarning, functools.partial(ndcall.load, flags="-Wall"), w.loose), 8),
    "BuildError.__init__": Row(lambda w: travel(ndcall.BuildError(w.text, command=("cc",), output=w.text))),
    "BuildError.command": Row(lambda w: ndcall.BuildError(w.text, command=(w.text,)).command),
    "BuildError.output": Row(lambda w: ndcall.BuildError(w.text, output=w.text).output),
    "UnknownNameError.__str__": Row(lambda w: str(ndcall.UnknownNameError(w.text))),
    "ContractError.__str__": Row(lambda w: str(w.refused)),
    "ContractError.__getattr__": Row(lambda w: (w.refused.argument, w.refused.fix)),
    "ContractError.__reduce__": Row(lambda w: travel(w.refused)),
    "ContractError.mismatches": Row(lambda w: [str(mismatch.problem) for mismatch in w.refused.mismatches]),
    "Mismatch.__repr__": Row(lambda w: repr(w.mismatch)),
    **{
        f"Mismatch.{name}": Row(lambda w, name=name: getattr(w.mismatch, name))
        for name in ("argument", "expected", "fix", "got", "kind", "position", "problem")
    },
    # --- functions
    "Function": Row(lambda w: isinstance(w.lib["add"], ndcall.Function)),
    "Function.__doc__": Row(lambda w: w.lib.add.__doc__),
    "Function.__name__": Row(lambda w: w.lib.add.__name__),
    "Function.__qualname__": Row(lambda w: w.lib.add.__qualname__),
    "Function.__repr__": Row(lambda w: repr(w.lib.add)),
    "Function.__signature__": Row(lambda w: str(inspect.signature(w.lib.add)), times=200),
    "Function.__hash__": Row(lambda w: hash(w.lib.add)),
    "Function.__copy__": Row(lambda w: copy.copy(w.lib.add)),
    "Function.__deepcopy__": Row(lambda w: copy.deepcopy(w.lib.add)),
    "Function.__reduce__": Row(lambda w: travel(w.lib.add)),
    "Function.__reduce__ called": Row(lambda w: travel(w.lib.add)(w.a, w.b)),
    "Function._repr_html_": Row(lambda w: w.lib.add._repr_html_()),
    "Function.contract": Row(lambda w: w.lib.add.contract),
    "Function.declaration": Row(lambda w: w.lib.add.declaration),
    "Function.library": Row(lambda w: w.lib.add.library),
    "Function.source": Row(lambda w: w.lib.add.source),
    **{f"Function.{name}": compare(name, lambda w: w.lib.add) for name in ORDER},
    # --- libraries
    "Library": Row(lambda w: (w.lib.table, w.lib.RED, w.lib.colour, isinstance(w.lib, ndcall.Library))),
    "Library.__init__": Row(lambda w: w.refuse(TypeError, ndcall.Library)),
    "Library.__getitem__": Row(lambda w: w.lib["add"]),
    "Library.__setattr__": Row(lambda w: w.refuse(AttributeError, setattr, w.lib, "table", w.a)),
    "Library.__delattr__": Row(lambda w: w.refuse(AttributeError, delattr, w.lib, "table")),
    "Library.__contains__": Row(lambda w: "add" in w.lib),
    "Library.__iter__": Row(lambda w: list(w.lib)),
    "Library.__dir__": Row(lambda w: dir(w.lib)),
    "Library.__repr__": Row(lambda w: repr(w.lib)),
    "Library.__eq__": compare("__eq__", lambda w: w.lib),
    "Library.__hash__": Row(lambda w: hash(w.lib)),
    "Library.__copy__": Row(lambda w: copy.copy(w.lib)),
    "Library.__deepcopy__": Row(lambda w: copy.deepcopy(w.lib)),
    "Library.__reduce__": Row(lambda w: travel(w.lib)),
    "Library._repr_html_": Row(lambda w: w.lib._repr_html_()),
    "Library._ipython_key_completions_": Row(lambda w: w.lib._ipython_key_completions_()),
    # --- structs
    "struct.__new__": Row(lambda w: w.lib.vec.__new__(w.lib.vec)),
    "struct.__init__": Row(lambda w: w.lib.vec(x=w.a, kind=2)),
    "struct.__init__ refused": Row(lambda w: w.refuse(ndcall.ArgumentError, w.lib.vec, y=w.a)),
    "struct.__getattribute__": Row(lambda w: (w.v.x, w.v.n, w.v.kind)),
    "struct.__setattr__": Row(World.set_member),
    "struct.__delattr__": Row(lambda w: w.refuse(AttributeError, delattr, w.v, "x")),
    "struct.__dir__": Row(lambda w: dir(w.v)),
    "struct.__repr__": Row(lambda w: repr(w.v)),
    "struct.__copy__": Row(lambda w: copy.copy(w.v).x),
    # --- the module
    "__version__": Row(lambda w: ndcall.__version__),
    "show": Row(lambda w: (str(ndcall.show(w.lib.add)), repr(ndcall.show(w.lib)))),
    "draft": Row(lambda w: ndcall.draft(w.source), times=40),
    "save": Row(World.save, times=40),
    # --- ndcall.compat.ctypeslib
    "ctypeslib.CDLL": Row(lambda w: ctypeslib.CDLL(w.compiled), times=200),
    "CDLL.__init__": Row(lambda w: ctypeslib.CDLL(w.compiled).add, times=200),
    "ctypeslib.cdll": Row(lambda w: (ctypeslib.cdll[w.compiled].add, ctypeslib.cdll.LoadLibrary(w.compiled)), times=200),
    "ctypeslib.PyDLL": Row(lambda w: ctypeslib.PyDLL(w.compiled).add, times=200),
    "ctypeslib.pydll": Row(lambda w: (ctypeslib.pydll[w.compiled].add, ctypeslib.pydll.LoadLibrary(w.compiled)), times=200),
    "ctypeslib.load_library": Row(lambda w: ctypeslib.load_library("old", w.folder)),
    "ctypeslib.load_library strict": Row(lambda w: ctypeslib.load_library("old", w.folder, strict=True), times=200),
    "ctypeslib.load_library header": Row(lambda w: ctypeslib.load_library("old", w.folder, header="add.h").add, times=40),
    "ctypeslib.ctypes_load_library": Row(lambda w: w.warn(DeprecationWarning, ctypeslib.ctypes_load_library, "old", w.folder)),
    "ctypeslib.draft": Row(lambda w: ctypeslib.draft(w.old)),
    "ctypeslib.explain_path": Row(lambda w: ctypeslib.explain_path(w.old.add, w.a, w.b, w.c, 16)),
    "ctypeslib.as_array": Row(lambda w: (ctypeslib.as_array(w.doubles), ctypeslib.as_array(ctypes.pointer(w.doubles), (3,)))),
    "ctypeslib.as_ctypes": Row(lambda w: ctypeslib.as_ctypes(w.a)),
    "ctypeslib.as_ctypes_type": Row(lambda w: ctypeslib.as_ctypes_type(w.a.dtype)),
    "ctypeslib.c_intp": Row(lambda w: ctypeslib.c_intp(3)),
    "ctypeslib.ndpointer": Row(lambda w: ctypeslib.ndpointer(np.float64, 2, (None, 3), "C,W", optional=True)),
    "ctypeslib.ndpointer returned": Row(World.return_array),
    "NdpointerCheck.__new__": Row(lambda w: NdpointerCheck(np.float64, 2, (None, 3), 1, optional=True)),
    "NdpointerCheck.__call__": Row(
        lambda w: (w.check(w.a), w.refuse(ctypeslib.DtypeError, w.check, w.narrow), w.refuse(ctypeslib.ArgumentError, w.check, w.text))
    ),
    "NdpointerCheck.__repr__": Row(lambda w: repr(w.check)),
    **{
        f"NdpointerCheck.{name}": Row(lambda w, name=name: getattr(w.check, name))
        for name in ("dtype", "ndim", "shape", "flags", "optional")
    },
    "CtypesFunction.__new__": Row(lambda w: w.old["add"]),
    "CtypesFunction.__call__": Row(lambda w: w.old.add(w.a, w.b, w.c, 16)),
    "CtypesFunction.__call__ refused": Row(lambda w: w.refuse(ctypeslib.DtypeError, w.old.add, w.a, w.narrow, w.c, 16)),
    "CtypesFunction.argtypes": Row(World.set_functions),
    "CtypesFunction.restype": Row(lambda w: w.set_functions(ctypes.c_void_p)),
    "CtypesFunction.errcheck": Row(World.set_errcheck),
    "load": Row(lambda w: ndcall.load(w.source), 40),
    "load and call": Row(lambda w: ndcall.load(w.source).add(w.a, w.b), 40),
    "load and structs": Row(World.load_structs, 40),
}
