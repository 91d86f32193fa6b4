"""A cache for counters of protection: JSON rows in the database, so that they hold across restarts and processes."""

from typing import Any

from django.core.cache.backends.base import DEFAULT_TIMEOUT, BaseCache
from django.db import transaction
from django.db.models import Q

from zhike.kit import clock
from zhike.secure.models import Tally


class TallyCache(BaseCache):
    """Django's cache interface over the Tally table; values must be JSON."""

    def __init__(self, location: str, params: dict[str, Any]) -> None:
        super().__init__(params)

    def add(self, key: str, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        """Set a value only when the key is free; whether it was."""
        name = self._name(key, version)
        with transaction.atomic():
            Tally.objects.filter(pk=name, expires_at__lte=_now()).delete()
            _, made = Tally.objects.get_or_create(
                pk=name, defaults={"value": value, "expires_at": self._until(timeout)}
            )
        return made

    def get(self, key: str, default: Any = None, version: int | None = None) -> Any:
        """The value of a key that has not expired."""
        alive = Q(expires_at__isnull=True) | Q(expires_at__gt=_now())
        row = Tally.objects.filter(alive, pk=self._name(key, version)).first()
        return default if row is None else row.value

    def set(self, key: str, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> None:
        """Set a value."""
        Tally.objects.update_or_create(
            pk=self._name(key, version), defaults={"value": value, "expires_at": self._until(timeout)}
        )

    def touch(self, key: str, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        """Give a key a new life time; whether it exists."""
        return Tally.objects.filter(pk=self._name(key, version)).update(expires_at=self._until(timeout)) == 1

    def delete(self, key: str, version: int | None = None) -> bool:
        """Forget a key; whether it existed."""
        return Tally.objects.filter(pk=self._name(key, version)).delete()[0] > 0

    def clear(self) -> None:
        """Forget all entries of this cache (not the counters kept beside it)."""
        Tally.objects.filter(pk__startswith="cache:").delete()

    def _name(self, key: str, version: int | None) -> str:
        return f"cache:{self.make_and_validate_key(key, version=version)}"[:250]

    def _until(self, timeout: Any) -> float | None:
        if timeout is DEFAULT_TIMEOUT:
            timeout = self.default_timeout
        return None if timeout is None else _now() + timeout


def _now() -> float:
    return clock.now().timestamp()
