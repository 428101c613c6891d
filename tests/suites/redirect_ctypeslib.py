"""A pytest plugin: NumPy's own tests of numpy.ctypeslib, unchanged, try another module.

    PYTHONPATH=tests/suites CTYPESLIB=ndcall.compat.ctypeslib python -m pytest -p redirect_ctypeslib --pyargs numpy.tests.test_ctypeslib

The module stands where the tests import from, and what NumPy has there raises when it is called, so that nothing is borrowed.
"""

from __future__ import annotations

import importlib
import os
import sys
import types
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

_PLACE = "numpy.ctypeslib"


def _refuse(*_: Any, **__: Any) -> Any:
    raise AssertionError("NumPy's own numpy.ctypeslib was called")


def _list_functions(module: types.ModuleType) -> Iterator[types.FunctionType]:
    """The functions of NumPy's module, of its private one since NumPy 2.4, and of the classes in them."""
    for name, held in [*sys.modules.items()]:
        if (name + ".").startswith(module.__name__ + ".") and held is not None:
            for thing in vars(held).values():
                if getattr(thing, "__module__", "").startswith(module.__name__):
                    members = vars(thing).values() if isinstance(thing, type) else [thing]
                    functions = (getattr(one, "__func__", getattr(one, "fget", one)) for one in members)
                    yield from (one for one in functions if isinstance(one, types.FunctionType))


def pytest_configure(config: pytest.Config) -> None:
    original, replacement = importlib.import_module(_PLACE), importlib.import_module(os.environ["CTYPESLIB"])
    for function in list(_list_functions(original)):
        function.__code__ = _refuse.__code__  # in place: a function that was imported elsewhere refuses too
    sys.modules[_PLACE] = replacement
    np.ctypeslib = replacement


def pytest_collection_modifyitems(items: list[Any]) -> None:
    """Every name that a collected module has from numpy.ctypeslib is the other module's."""
    replacement = sys.modules[_PLACE]
    for module in {item.module for item in items}:
        for name in ("as_array", "load_library", "ndpointer"):
            if getattr(module, name, None) not in (None, getattr(replacement, name)):
                raise pytest.UsageError(f"{module.__name__}.{name} is not that of {replacement.__name__}")
