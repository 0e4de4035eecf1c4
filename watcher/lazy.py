"""Values that are computed when they are first asked for."""

from collections.abc import Callable
from typing import Any, Generic, TypeVar

T = TypeVar("T")


class lazy(Generic[T]):  # noqa: N801 - used as a decorator, as `property` is
    """A property that is computed once; `functools.cached_property` takes a lock before 3.12."""

    def __init__(self, compute: Callable[[Any], T]) -> None:
        """Take over the method and what it says of itself."""
        self._compute = compute
        self.__doc__ = compute.__doc__

    def __set_name__(self, owner: type, name: str) -> None:
        """Learn under which name the value is kept."""
        self._name = name

    def __get__(self, instance: Any, owner: type) -> T:
        """Compute the value; the next time it is found in the instance before this."""
        value = self._compute(instance)
        instance.__dict__[self._name] = value
        return value
