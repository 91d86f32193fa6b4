"""Codes of visits in words: marks, sources of entry, steps, kinds of help."""

from typing import Any

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from zhike.analyze.words import Words

MARKS: Words = {
    "product": pgettext_lazy("visit", "Looked at a product"),
    "favorite": pgettext_lazy("visit", "Kept a favorite"),
    "search": pgettext_lazy("visit", "Searched the shop"),
    "basket": pgettext_lazy("visit", "Put into the basket"),
    "checkout": pgettext_lazy("visit", "Went to the checkout"),
    "form": pgettext_lazy("visit", "Began a form"),
    "form_sent": pgettext_lazy("visit", "Sent the form"),
    "queue": pgettext_lazy("visit", "Queued for service"),
    "served": pgettext_lazy("visit", "Was served"),
    "chat": pgettext_lazy("visit", "Chatted"),
    "faq": pgettext_lazy("visit", "Read the help"),
    "offer": pgettext_lazy("visit", "Used an offer"),
    "order": pgettext_lazy("visit", "Ordered"),
}
ENTRIES: Words = {
    "direct": pgettext_lazy("entry", "Direct"),
    "search": pgettext_lazy("entry", "Search"),
    "social": pgettext_lazy("entry", "Social media"),
    "campaign": pgettext_lazy("entry", "Campaign"),
    "mail": pgettext_lazy("entry", "E-mail"),
    "message": pgettext_lazy("entry", "Text message"),
    "referral": pgettext_lazy("entry", "Another site"),
}
BEGUN: Words = {
    "basket": _("Basket filled, nothing ordered"),
    "form": _("Form begun, not sent"),
    "queue": _("Queued, not served"),
}
LEFT: Words = {"basket": _("Left a basket"), "form": _("Left a form"), "queue": _("Left the queue")}
HELP: Words = {
    "any": _("Any help"),
    "chat": pgettext_lazy("help", "Chat"),
    "faq": pgettext_lazy("help", "Help pages"),
    "offer": pgettext_lazy("help", "Offer"),
}


def step_label(step: Any) -> str:
    """A step by the name somebody gave it, else by what its mark means. Takes a `Step`, or a row told of one."""
    label, by, what = (
        (step["label"], step["by"], step["what"]) if isinstance(step, dict) else (step.label, step.by, step.what)
    )
    return label or (str(MARKS[what]) if by == "mark" else what)


def page_label(page: str) -> str:
    """A page by its path; product pages of a section are one."""
    return _now("Products in %(section)s") % {"section": page[:-2] or "/"} if page.endswith("/*") else page
