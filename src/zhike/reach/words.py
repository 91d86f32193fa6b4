"""Words for the codes of `reach`: states, reasons, checks, outcomes."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

STATES: dict[str, Promise] = {
    "queued": pgettext_lazy("message", "Waiting to be sent"),
    "held": pgettext_lazy("message", "Held back"),
    "sending": pgettext_lazy("message", "On its way"),
    "sent": pgettext_lazy("message", "Sent"),
    "refused": pgettext_lazy("message", "Not sent"),
    "bounced": pgettext_lazy("message", "Bounced"),
    "failed": pgettext_lazy("message", "Failed"),
    "unknown": pgettext_lazy("message", "Unknown"),
    "cancelled": pgettext_lazy("message", "Stopped"),
}
TONES = {
    "queued": "info", "held": "warn", "sending": "info", "sent": "good", "refused": "neutral", "bounced": "bad", "failed": "bad",
    "unknown": "warn", "cancelled": "neutral",
}  # fmt: skip
CHECKS: dict[str, Promise] = {
    "on_time": _("Still in time"),
    "file": _("The file is in use"),
    "contact": _("May be contacted"),
    "consent": _("Consent for the purpose"),
    "address": _("An e-mail address is known"),
    "suppression": _("Not on the suppression list"),
    "words": _("The template has all it needs"),
    "way_out": _("The message carries a way out"),
    "cap": _("Not too many messages"),
    "hours": _("Time for sending"),
}
WHYS: dict[str, Promise] = {
    "too_late": _("It waited longer than three days, so it was not sent any more."),
    "archived": _("The file is archived."),
    "gone": _("The customer is no longer there."),
    "purpose": _("The purpose is no longer there."),
    "do_not_contact": _("The file says: do not contact."),
    "withdrawn": _("The customer withdrew consent for this purpose."),
    "lapsed": _("The consent has lapsed; ask anew."),
    "not_asked": _("The customer has not agreed to this purpose."),
    "no_address": _("No e-mail address is known."),
    "suppressed": _("An address of the customer is on the suppression list."),
    "bounced_before": _("Every known address has bounced before."),
    "facts_missing": _("The template needs something that was not given."),
    "no_way_out": _("The settings do not say where customers reach the page that stops messages."),
    "capped": _("The customer has had as many messages of this purpose as they may."),
    "quiet_hours": _("Quiet hours: it goes out in the morning."),
    "off": _("Sending is switched off; it waits."),
    "by_hand": _("Somebody stopped it."),
    "not_back": _(
        "The process broke off while sending. Nobody knows whether it arrived, so it is not sent again by itself."
    ),
    "gave_up": _("The mail server did not take it in six attempts."),
    "timeout": _("The mail server did not answer in time."),
    "no_connection": _("The mail server cannot be reached."),
    "host_unknown": _("There is no mail server of this name."),
    "host_inside": _("The mail server lies inside this network, which is not allowed here (see ZHIKE_MAIL_LOCAL)."),
    "authentication": _("The mail server refused user name or password."),
    "encryption": _("No secure connection to the mail server."),
    "broken_off": _("The connection broke while the mail was handed over."),
    "channel_broke": _("The channel broke while sending."),
    "no_channel": _("The channel of the settings is not there."),
    "header": _("The mail could not be composed."),
}
OUTCOMES: dict[str, Promise] = {
    "sent": pgettext_lazy("attempt", "Taken"),
    "later": pgettext_lazy("attempt", "Later"),
    "bounced": pgettext_lazy("attempt", "No such address"),
    "refused": pgettext_lazy("attempt", "Refused"),
    "unknown": pgettext_lazy("attempt", "Unknown"),
    "": pgettext_lazy("attempt", "Calling"),
}
REASONS: dict[str, Promise] = {
    "unsubscribed": _("Stopped by its reader"),
    "hard_bounce": _("Does not exist"),
    "complaint": pgettext_lazy("suppressed", "Complaint"),
    "by_hand": _("Put on by hand"),
}
LIFTED: dict[str, Promise] = {
    "asked": _("The customer asked for it"),
    "works_again": _("The address works again"),
    "mistake": _("It was a mistake"),
}
VIEWS: dict[str, Promise] = {
    "all": _("All"),
    "waiting": pgettext_lazy("messages", "Waiting"),
    "sent": pgettext_lazy("message", "Sent"),
    "not_sent": pgettext_lazy("message", "Not sent"),
    "trouble": _("Trouble"),
}
REFUSALS: dict[str, Promise] = {
    "template": _("This template is no longer in use."),
    "purpose": _("There is no such purpose, or it was put away."),
    "key": _("The key of the message is missing or too long."),
    "key_taken": _("This key stands for another message already."),
    "facts": _("These are too many facts, or one is too long."),
    "state": _("The message is no longer in a state for this."),
    "customer": _("The customer is no longer there."),
    "message": _("There is no such message."),
    "name": _("The template needs a name of at most 80 characters."),
    "subject": _("Each language you write needs a subject of one line, at most 200 characters."),
    "body": _("Each language you write needs a text; at least one language is needed."),
    "syntax": _("A variable is written {{ name }}, in small letters; other braces of this kind are not allowed."),
    "channel": _("There is no such channel."),
    "host": _("The mail server needs a name such as smtp.example.com."),
    "port": _("A port is a number from 1 to 65535."),
    "security": _("Choose how the connection is secured."),
    "clear_password": _("Without a secure connection no user name and no password are sent."),
    "sender": _("The sender needs an e-mail address."),
    "sender_name": _("The name of the sender has at most 80 characters."),
    "reply_to": _("Answers need an e-mail address, or nothing."),
    "url": _("The address of this installation begins with https:// and has no question mark."),
    "hours": _("A time is written 21:00."),
    "caps": _("A cap is a number of messages from 0 to 1000 in 1 to 365 days."),
    "address": _("This is no e-mail address."),
    "known": _("This address is on the list already."),
    "gone": _("This entry was taken off already."),
    "reason": _("Choose a reason."),
}


def why(code: str) -> str:
    """A reason in words; a code of the mail server as it is."""
    found = WHYS.get(code)
    if found is not None:
        return str(found)
    return str(_("The mail server answered %(code)s.")) % {"code": code} if code.isdigit() else code


def refusal(code: str) -> str:
    """Why something cannot be kept, in words."""
    return str(REFUSALS.get(code, _("One of the values is not allowed.")))
