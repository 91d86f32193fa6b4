"""The tables of `reach`; private."""

from zhike.reach.models.mail_settings import MailSettings
from zhike.reach.models.message import Attempt, Message
from zhike.reach.models.suppression import Suppression
from zhike.reach.models.template import Template, TemplateVersion

__all__ = ["Attempt", "MailSettings", "Message", "Suppression", "Template", "TemplateVersion"]
