"""The base of small immutable records."""

from __future__ import annotations

from typing import Any, Self, dataclass_transform


@dataclass_transform(eq_default=True, frozen_default=True)
class Value:
    """A record whose fields are the annotations of its class.

    typing.NamedTuple and dataclasses say the same, but compile code for every class: 0.3 ms each, and `import ndcall` makes a dozen.
    """

    _names: tuple[str, ...] = ()

    def __init_subclass__(cls) -> None:
        cls._names = tuple(cls.__annotations__)

    def __init__(self, *values: Any, **named: Any) -> None:
        fields = dict(zip(self._names, values, strict=False), **named)
        if len(values) > len(self._names) or fields.keys() != set(self._names):
            raise TypeError(f"{type(self).__name__} has the fields {', '.join(self._names)}")
        self.__dict__.update(fields)

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"{type(self).__name__} is immutable")

    def __eq__(self, other: object) -> bool:
        return type(other) is type(self) and other.__dict__ == self.__dict__

    def __hash__(self) -> int:
        return hash(self._values())

    def __repr__(self) -> str:
        return f"{type(self).__name__}{self._values()!r}"

    def _values(self) -> tuple[Any, ...]:
        return tuple(self.__dict__[name] for name in self._names)

    def as_dict(self) -> dict[str, Any]:
        return dict(self.__dict__)

    def replace(self, **changes: Any) -> Self:
        """A copy with other values in some fields."""
        return type(self)(**{**self.__dict__, **changes})
