"""A mail to somebody of the house: at once, to the address they sign in with, and kept nowhere here.

Whoever asks for it keeps what came of it. Nothing is tried twice: `unknown` means that nobody can tell whether it arrived.
"""

import logging

from zhike.kit import clock
from zhike.reach.channels import channels
from zhike.reach.records import Letter, Mail, Outcome
from zhike.reach.server import server_of
from zhike.reach.settings_of_mail import domain_of, sender_name, settings
from zhike.secure import queries as secure

log = logging.getLogger(__name__)


def write_to_colleague(staff_id: int, letter: Letter, *, reference: str) -> Outcome:
    """Hand a letter to the gateway for one member of staff; `reference` becomes its Message-ID, so it must be its own.

    `refused` with `sending_off` where sending is switched off, with `no_address` where nobody active has this id.
    """
    kept = settings()
    if not kept.is_on:
        return Outcome("refused", "sending_off")
    address = secure.mailbox(staff_id)
    if address is None:
        return Outcome("refused", "no_address")
    channel = channels().get(kept.channel)
    if channel is None:
        return Outcome("later", "no_channel")
    mail = Mail(
        message_id=f"<{reference}@{domain_of(kept)}>", sender_name=sender_name(kept),
        sender_address=kept.sender_address or "shop@localhost", reply_to=kept.reply_to, subject=letter.subject,
        text=letter.text, html=letter.html, at=clock.now(), attachments=letter.attachments,
    )  # fmt: skip
    try:
        return channel.deliver(mail, address, server_of(kept))
    except Exception as fault:  # noqa: BLE001  (a channel that breaks has said nothing about whether it delivered)
        log.error("channel %s broke with %s", kept.channel, type(fault).__name__)
        return Outcome("unknown", "channel_broke")
