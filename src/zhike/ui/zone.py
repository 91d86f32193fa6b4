"""Moments are shown in the shop's time zone, whoever looks and wherever they sit."""

from collections.abc import Callable
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from zhike.kit import clock
from zhike.kit.installation import installation

_KEPT_SECONDS = 60
_known: tuple[float, ZoneInfo] | None = None


def shop_zone() -> ZoneInfo:
    """The shop's zone, asked of the database at most once a minute."""
    global _known
    at = clock.now().timestamp()
    if _known is None or not 0 <= at - _known[0] < _KEPT_SECONDS:
        _known = (at, ZoneInfo(installation().time_zone))
    return _known[1]


def forget() -> None:
    """Ask again next time (settings changed, tests)."""
    global _known
    _known = None


class ShopZone:
    """Middleware: activates the shop's zone for the length of a request."""

    sync_capable = True
    async_capable = False

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with timezone.override(shop_zone()):
            return self.get_response(request)
