"""A mail as bytes: headers that cannot be broken out of, a text and an HTML part, and the files that go with them."""

import re
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP as _SMTP
from email.utils import format_datetime

from zhike.reach.records import Mail
from zhike.secure.opened import Opened

_POLICY = _SMTP.clone(cte_type="7bit")  # not every server takes eight bits


def composed(mail: Mail, address: Opened) -> bytes:
    """The message with its closing dot, ready to be sent after DATA. Raises ValueError for a header that is none."""
    made = EmailMessage(policy=_POLICY)
    made["From"] = _address(mail.sender_address, mail.sender_name)
    made["To"] = _address(address.plain())
    if mail.reply_to:
        made["Reply-To"] = _address(mail.reply_to)
    made["Subject"] = mail.subject
    made["Date"] = format_datetime(mail.at)
    made["Message-ID"] = mail.message_id
    made["Auto-Submitted"] = "auto-generated"
    for name, value in mail.headers:
        made[name] = value
    made.set_content(mail.text)
    made.add_alternative(
        f'<!doctype html>\n<html><head><meta charset="utf-8"></head><body>\n{mail.html}\n</body></html>\n',
        subtype="html",
    )
    for file in mail.attachments:
        main, _, sub = file.media_type.partition("/")
        if not file.name.isprintable():
            raise ValueError("not a name a file can have")
        # A name beyond ASCII is told as RFC 2231 has it.
        made.add_attachment(file.content, maintype=main, subtype=sub, filename=file.name)
    # RFC 5321 4.5.2: a line that begins with a dot gets another one, and a dot alone ends the message.
    return re.sub(rb"(?m)^\.", b"..", made.as_bytes()) + b".\r\n"


def _address(text: str, name: str = "") -> Address:
    local, at, domain = text.rpartition("@")
    if not at or not text.isascii() or re.search(r"[\s<>,;:\"\\\x00-\x1f]", text):
        raise ValueError("not an address a mail can be sent to")
    return Address(name, local, domain)
