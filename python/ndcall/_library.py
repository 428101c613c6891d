"""The object that `load` gives."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from keyword import kwlist
from typing import TYPE_CHECKING, Any, NoReturn

from ._core import CoreLibrary, Declarations
from ._exceptions import BindError, UnknownNameError
from ._suggest import suggest_nearest
from ._traceback import brief_traceback
from ._value import Value

if TYPE_CHECKING:
    from ._recipe import Recipe
    from ._request import Request

# Of each library: the name or path it was asked for by ("" for one of our own), its path, and its SHA-256 where that was compared.
Sources = tuple[tuple[str, str, str], ...]


class State(Value):
    """What ndcall knows of a library: nothing of it is an attribute, since every name belongs to the library."""

    core: CoreLibrary
    recipe: Recipe
    name: str
    libraries: Sources


class Library:
    """The functions, enums, structs, constants and variables of a C library, by their names.

    ``lib.NAME`` and ``lib["NAME"]`` are the same; a name that is not there is an AttributeError or an UnknownNameError. A library has no
    names of its own: what ndcall can do with it are functions of the module, such as ``ndcall.show(lib)``.
    """

    # In a slot, because a descriptor is found before what a C library may call the same.
    __slots__ = ("__dict__", "__weakref__", "_ndcall_state")
    _ndcall_state: State

    def __init__(self) -> None:
        raise TypeError("a library is made by ndcall.load()")

    def __getitem__(self, name: str) -> Any:
        try:
            return self.__dict__[name]
        except KeyError:
            with brief_traceback():
                raise UnknownNameError(f"{self._ndcall_state.name} has no {name!r}{suggest_nearest(str(name), self.__dict__)}") from None

    def __setattr__(self, name: str, value: object) -> NoReturn:
        fix = f": to set the variable, write lib.{name}[...] = {value!r}" if hasattr(self.__dict__.get(name), "__setitem__") else ""
        raise AttributeError(f"{self._ndcall_state.name}: {name!r} cannot be replaced{fix}")

    def __delattr__(self, name: str) -> NoReturn:
        raise AttributeError(f"{self._ndcall_state.name}: {name!r} cannot be removed")

    def __contains__(self, name: object) -> bool:
        return name in self.__dict__

    def __iter__(self) -> Iterator[str]:
        return iter(sorted(self.__dict__))

    def __dir__(self) -> list[str]:
        return sorted(self.__dict__)

    def _ipython_key_completions_(self) -> list[str]:
        return sorted(self.__dict__)

    def __repr__(self) -> str:
        state = self._ndcall_state
        return f"<ndcall library {state.name}: {count(len(self.__dict__), 'name')} from {', '.join(state.core.paths)}>"

    def _repr_html_(self) -> str:
        from ._html import show_library

        return show_library(self)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Library):
            return NotImplemented
        return self is other or self._ndcall_state.recipe == other._ndcall_state.recipe

    def __hash__(self) -> int:
        return hash(self._ndcall_state.recipe)

    def __copy__(self) -> Library:
        return self

    def __deepcopy__(self, memo: object) -> Library:
        return self

    def __reduce__(self) -> tuple[Any, ...]:
        from ._pickling import reduce_library

        return reduce_library(self)


class Unavailable:
    """Stands for a variable that NumPy cannot show; says why, by its repr and when it is used."""

    __slots__ = ("_name", "_reason")

    def __init__(self, name: str, reason: str) -> None:
        self._name = name
        self._reason = reason

    def __repr__(self) -> str:
        return f"<ndcall variable {self._name}, cannot be shown: {self._reason}>"

    def _refuse(self, *_: object, **__: object) -> NoReturn:
        raise BindError(f"{self._name} cannot be shown: {self._reason}")

    __getitem__ = __setitem__ = __array__ = __index__ = __float__ = __complex__ = _refuse


def make_library(name: str, recipe: Recipe, libraries: Sources, **given: Any) -> Library:
    """A library with what the core makes of declarations, files and contracts; `given` are arguments of CoreLibrary."""
    library = Library.__new__(Library)
    core = CoreLibrary(name=name, owner=library, **given)
    object.__setattr__(library, "_ndcall_state", State(core, recipe, name, libraries))
    attributes = core.attributes
    # `lib.lambda` cannot be written: such a name gets an underscore, as an argument of that name does.
    library.__dict__.update({f"{word}_": attributes[word] for word in kwlist if word in attributes})
    library.__dict__.update(attributes)
    if "IPython" in sys.modules:
        from ._notebook import bring_output_to_cells

        bring_output_to_cells()
    return library


def count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def select_functions(request: Request, declarations: Declarations) -> set[str] | None:
    """The functions to offer; None for all."""
    hidden = set(declarations.hidden)
    reserved = _list_reserved(declarations) if request.kind == "header" and request.only is None else set()
    if request.only is None and not request.exclude and not hidden and not reserved:
        return None
    names = [name for name in declarations.function_names if name not in hidden]
    from fnmatch import fnmatchcase

    def fitting(patterns: Iterable[str], noun: str) -> set[str]:
        found: set[str] = set()
        for pattern in patterns:
            fits = {name for name in names if fnmatchcase(name, pattern)}
            if not fits:
                raise UnknownNameError(f"{noun} {pattern!r} fits no function of {request.name}{suggest_nearest(pattern, names)}")
            found |= fits
        return found

    chosen = set(names) if request.only is None else fitting(request.only, "only=")
    return chosen - fitting(request.exclude, "exclude=") - reserved


def _list_reserved(declarations: Declarations) -> set[str]:
    """The names that C keeps for its own library, which repeats itself under them; none where a header has no others."""
    names = declarations.function_names
    reserved = {name for name in names if name.startswith("__")}
    return reserved if len(reserved) < len(names) else set()
