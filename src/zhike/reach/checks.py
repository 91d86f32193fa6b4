"""What `zhike doctor` looks at: does the mail leave."""

import datetime as dt

from django.utils.translation import gettext as _

from zhike.kit import clock
from zhike.kit.checks import OK, Finding, check
from zhike.reach.models import Message
from zhike.reach.settings_of_mail import settings

_LATE = dt.timedelta(hours=1)


@check("messages_leave")
def messages_leave() -> Finding:
    """Nothing that is due waits for long."""
    if not settings().is_on:
        return OK
    late = Message.objects.filter(state="queued", due_at__lt=clock.now() - _LATE).count()
    if late:
        text = _("%(count)d messages have waited for more than an hour.") % {"count": late}
        return Finding("warning", text, _("Is the worker running? Does the mail server answer? Send a test message."))
    return OK
