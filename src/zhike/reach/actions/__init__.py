"""The verbs of `reach`: ask for a message, stop it, keep templates, settings and the suppression list."""

from zhike.reach.actions.colleagues import write_to_colleague
from zhike.reach.actions.forgetting import forget_lost_messages, forget_templates_of
from zhike.reach.actions.keeping import SettingsRefused, change_settings
from zhike.reach.actions.sending import KeyTaken, SendRefused, cancel, send, send_again
from zhike.reach.actions.stopping import stop_by_link
from zhike.reach.actions.suppressing import SuppressionRefused, lift, suppress
from zhike.reach.actions.templates import TemplateRefused, archive_template, change_template, make_template
from zhike.reach.actions.trying import Tried, try_settings

__all__ = [
    "KeyTaken",
    "SendRefused",
    "SettingsRefused",
    "SuppressionRefused",
    "TemplateRefused",
    "Tried",
    "archive_template",
    "cancel",
    "change_settings",
    "change_template",
    "forget_lost_messages",
    "forget_templates_of",
    "lift",
    "make_template",
    "send",
    "send_again",
    "stop_by_link",
    "suppress",
    "try_settings",
    "write_to_colleague",
]
