"""A personal value in the clear. It refuses every road out of the process except one."""

from typing import Any, NoReturn


class OpenedRefusal(TypeError):
    """Somebody tried to print, log, format, compare, hash, pickle or serialise an opened value."""


class Opened:
    """A decrypted value. `.plain()` is the single exit; only `secure`, `reach`, `clean.match` and the reveal answer may call it."""

    __slots__ = ("_field", "_value")

    def __init__(self, field: str, value: str) -> None:
        self._field = field
        self._value = value

    @property
    def field(self) -> str:
        """The name of the field the value belongs to."""
        return self._field

    def plain(self) -> str:
        """The value itself. Calls of this method are listed by an architecture test."""
        return self._value

    def _refuse(self, *args: Any) -> NoReturn:
        raise OpenedRefusal("an opened value may not be printed, formatted, compared, hashed or serialised")

    __str__ = __repr__ = __format__ = __bytes__ = __iter__ = __len__ = _refuse
    __eq__ = __hash__ = __reduce__ = __reduce_ex__ = __getstate__ = __copy__ = __deepcopy__ = _refuse
    __html__ = __json__ = _refuse
