"""What lies faintly over pages with personal data: who looks, and when, so that a photo of the screen names its maker."""

import unicodedata

from django.utils import timezone

from zhike.kit import clock
from zhike.secure.models import Staff

_LETTERS_OF_ADDRESS = 4


def lines(staff: Staff) -> list[str]:
    """Name, end of the e-mail address, and the day by the shop's clock."""
    local, _, domain = staff.email.rpartition("@")
    address = f"…{local[-_LETTERS_OF_ADDRESS:]}@{domain}"
    return [_drawable(staff.display_name), _drawable(address), f"{timezone.localtime(clock.now()):%Y-%m-%d}"]


def _drawable(text: str) -> str:
    # Control signs would make the picture unreadable as XML, and with it nameless.
    return "".join(c for c in text if not unicodedata.category(c).startswith("C"))
