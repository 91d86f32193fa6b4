"""One budget of guesses per account, for passwords and second factors together, however the guesser disguises.

Twenty evaluated guesses an hour from unknown browsers. A browser that has signed in to the account before has a budget
of its own, so strangers who use up theirs do not lock the owner out.
"""

import hashlib
import unicodedata

from django.core import signing
from django.http import HttpRequest, HttpResponse

from zhike.kit import chance
from zhike.secure import tallies

GUESSES_PER_HOUR = 20
_HOUR = 3600
_COOKIE = "zhike_device"
_COOKIE_SECONDS = 180 * 86400
_ACCOUNTS_A_DEVICE = 8


def account_key(email: str) -> str:
    """The same key for every way to write an address: case, accents, full-width letters, spaces, invisible signs."""
    wide = unicodedata.normalize("NFKD", email)
    plain = "".join(
        c for c in wide if not unicodedata.combining(c) and not c.isspace() and unicodedata.category(c) != "Cf"
    )
    return hashlib.sha256(plain.casefold().encode()).hexdigest()[:24]


def claim(request: HttpRequest, email: str) -> bool:
    """Count a guess before it is evaluated; False means it may not be evaluated."""
    return tallies.hit(_counter(request, email), limit=GUESSES_PER_HOUR, window_seconds=_HOUR)


def give_back(request: HttpRequest, email: str) -> None:
    """A guess was right: it does not count."""
    tallies.take_back(_counter(request, email))


def remember_device(request: HttpRequest, response: HttpResponse, email: str) -> None:
    """Let this browser keep its own budget for the account it has just signed in to."""
    device, accounts = _device(request) or (chance.public_id(), [])
    accounts = [account_key(email), *(a for a in accounts if a != account_key(email))][:_ACCOUNTS_A_DEVICE]
    response.set_signed_cookie(
        _COOKIE, signing.dumps([device, accounts]), salt=_COOKIE, max_age=_COOKIE_SECONDS,
        httponly=True, samesite="Lax", secure=request.is_secure(),
    )  # fmt: skip


def _counter(request: HttpRequest, email: str) -> str:
    key = account_key(email)
    known = _device(request)
    return f"guess:{key}:{known[0]}" if known and key in known[1] else f"guess:{key}"


def _device(request: HttpRequest) -> tuple[str, list[str]] | None:
    text = request.get_signed_cookie(_COOKIE, default=None, salt=_COOKIE, max_age=_COOKIE_SECONDS)
    if text is None:
        return None
    try:
        device, accounts = signing.loads(text)
    except (signing.BadSignature, ValueError):
        return None
    return device, accounts
