"""The settings of sending as they stand; before anybody saved them: off, into the simulator."""

from zhike.kit.installation import installation
from zhike.reach.models import MailSettings

DEFAULT_CAP = (3, 7)  # messages, days: for advertising without a cap of its own


def settings() -> MailSettings:
    """The row, or one with the defaults that is not stored."""
    return MailSettings.objects.filter(pk=1).first() or MailSettings()


def cap_of(kept: MailSettings, purpose: str, is_advertising: bool) -> tuple[int, int] | None:
    """(messages, days) that a group may receive for a purpose; None: no cap."""
    found = kept.caps.get(purpose)
    if found is None:
        return DEFAULT_CAP if is_advertising else None
    return (int(found[0]), int(found[1])) if found[0] else None


def sender_name(kept: MailSettings) -> str:
    """Who a mail is from, in words."""
    return kept.sender_name or installation().name


def domain_of(kept: MailSettings) -> str:
    """The domain that stands in ids of mails."""
    return kept.sender_address.rpartition("@")[2] or "localhost"
