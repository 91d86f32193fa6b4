"""A test message: to an address somebody types for it, at once, and kept nowhere."""

from dataclasses import dataclass

from django.utils.translation import gettext

from zhike.kit import chance, clock
from zhike.kit.installation import installation
from zhike.reach.channels import channels
from zhike.reach.records import Mail
from zhike.reach.server import server_of
from zhike.reach.settings_of_mail import domain_of, sender_name, settings
from zhike.secure import actions as secure
from zhike.secure.opened import Opened
from zhike.secure.permissions import check
from zhike.secure.records import Viewer


@dataclass(frozen=True, slots=True)
class Tried:
    """What came of a test: the channel, the outcome and the gateway's code."""

    channel: str
    outcome: str
    code: str


def try_settings(address: str, *, by: Viewer) -> Tried:
    """Send a test message to an address of one's own, whether sending is on or off. Raises Forbidden."""
    check(by, "reach.manage")
    kept = settings()
    channel = channels()[kept.channel]
    shop = installation().name
    words = gettext("This is a test message of %(shop)s. The mail server takes what Zhike sends.") % {"shop": shop}
    mail = Mail(
        message_id=f"<test-{chance.public_id()}@{domain_of(kept)}>", sender_name=sender_name(kept),
        sender_address=kept.sender_address or "shop@localhost", reply_to=kept.reply_to, subject=gettext("Test message"),
        text=f"{words}\n", html=f"<p>{_escaped(words)}</p>", at=clock.now(),
    )  # fmt: skip
    secure.record_audit("reach.tested", by=by, detail={"channel": kept.channel})
    outcome = channel.deliver(mail, Opened("email", address.strip()), server_of(kept))
    return Tried(kept.channel, outcome.kind, outcome.code)


def _escaped(words: str) -> str:
    from django.utils.html import escape

    return escape(words)
