"""What other modules ask of the settings of sending."""

from zhike.reach.settings_of_mail import settings


def sends() -> bool:
    """Whether sending is switched on."""
    return settings().is_on


def public_url() -> str:
    """The address the product is reached under from outside, without a slash at its end; empty where nobody said."""
    return settings().public_url.rstrip("/")
