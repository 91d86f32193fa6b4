"""Codes of the domain in words."""

from django.utils.functional import Promise
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, pgettext_lazy

Words = dict[str, Promise]

KINDS: Words = {"person": _("Person"), "organisation": _("Organization")}
STAGES: Words = {
    "target_market": pgettext_lazy("stage", "Target market"),
    "potential": pgettext_lazy("stage", "Potential"),
    "target": pgettext_lazy("stage", "Target"),
    "current": pgettext_lazy("stage", "Current"),
    "former": pgettext_lazy("stage", "Former"),
}
PURCHASE_CLASSES: Words = {
    "a": _("Class A: strong means"),
    "b": _("Class B: weak means"),
    "c": _("Class C: no means for now"),
}
PRESALE_STEPS: Words = {
    "find": pgettext_lazy("step before a sale", "Find"),
    "talk": pgettext_lazy("step before a sale", "Talk"),
    "follow": pgettext_lazy("step before a sale", "Follow up"),
    "understand": pgettext_lazy("step before a sale", "Understand"),
    "relate": pgettext_lazy("step before a sale", "Build the relation"),
}
ABC_CLASSES: Words = {"a": _("Class A"), "b": _("Class B"), "c": _("Class C")}
PYRAMID_LEVELS: Words = {
    "platinum": _("Platinum"),
    "gold": _("Gold"),
    "iron": _("Iron"),
    "lead": pgettext_lazy("pyramid", "Lead"),
    "vip": _("VIP"),
    "major": _("Major customers"),
    "ordinary": _("Ordinary customers"),
    "small": _("Small customers"),
}
# The R × F map, from the best group down.
RFM_GROUPS: Words = {
    "champions": pgettext_lazy("rfm group", "Champions"),
    "loyal": pgettext_lazy("rfm group", "Loyal"),
    "potential_loyalist": pgettext_lazy("rfm group", "Potential loyalists"),
    "new": pgettext_lazy("rfm group", "New"),
    "promising": pgettext_lazy("rfm group", "Promising"),
    "need_attention": pgettext_lazy("rfm group", "Need attention"),
    "about_to_sleep": pgettext_lazy("rfm group", "About to sleep"),
    "cant_lose": pgettext_lazy("rfm group", "Cannot lose them"),
    "at_risk": pgettext_lazy("rfm group", "At risk"),
    "hibernating": pgettext_lazy("rfm group", "Hibernating"),
}
RFM_CLASSES: Words = {
    "important_value": _("Important, valuable"),
    "important_develop": _("Important, to develop"),
    "important_keep": _("Important, to keep"),
    "important_win_back": _("Important, to win back"),
    "general_value": _("General, valuable"),
    "general_develop": _("General, to develop"),
    "general_keep": _("General, to keep"),
    "general_win_back": _("General, to win back"),
}
SEXES: Words = {"male": _("Male"), "female": _("Female")}
CHECKED: Words = {
    "format_valid": _("Well formed"),
    "corroborated": _("Independent sources agree"),
    "confirmed": _("Confirmed by contact"),
}
CHECKED_TONES = {"confirmed": "good", "corroborated": "info", "format_valid": "neutral"}
CHECKED_ICONS = {"confirmed": "circle-check", "corroborated": "versions", "format_valid": "circle-dashed"}
STATE_TONES = CHECKED_TONES | {"refuted": "bad", "unverified": "neutral"}
STATE_ICONS = CHECKED_ICONS | {"refuted": "circle-x", "unverified": "circle-dotted"}
VERIFY_WAYS: Words = {
    "call": _("By telephone"),
    "visit": _("On a visit"),
    "document": _("By a document"),
    "code": _("By a code sent"),
}
STATES_OF_VALUES: Words = {**CHECKED, "unverified": _("Not verified"), "refuted": _("Found wrong")}
WAYS: Words = {
    "call": pgettext_lazy("way", "Call"),
    "visit": pgettext_lazy("way", "Visit"),
    "chat": pgettext_lazy("way", "Chat"),
    "mail": pgettext_lazy("way", "E-mail"),
    "message": pgettext_lazy("way", "Message"),
    "meeting": pgettext_lazy("way", "Meeting"),
    "event": pgettext_lazy("way", "Event"),
    "gift": pgettext_lazy("way", "Gift"),
    "list": pgettext_lazy("way", "Worklist"),
}
OUTCOMES: Words = {
    "done": _("Done"),
    "not_now": _("Not now"),
    "wrong": _("Wrong"),
    "reached": _("Reached"),
    "not_reached": _("Not reached"),
}
WIN_BACK = "win_back"
PURPOSES: Words = {WIN_BACK: _("Attempt to win back")}  # others are what somebody typed
WHY_WON: Words = {
    "won": _("Shown on the file"),
    "house": _("Entered by staff, which stands above what sources say"),
    "verified": _("The value shown was confirmed by contact"),
    "refuted": _("Somebody asked: this is wrong, and never shown again"),
    "own": _("The buyer's own word stands above what an order says of a receiver"),
    "trust": _("Its source is trusted less"),
    "older": _("An older statement"),
    "same": _("Says the same"),
    "tie": _("Same moment and trust: the later statement stands"),
}
EXPORTED: Words = {
    "customers": _("Customers"),
    "orders": _("Orders"),
    "card": _("Card of a customer"),
    "book": _("Register as a book"),
    "bag": _("Bag of documents"),
    "credit": _("Credit report"),
}
HEALTH: Words = {
    "worker": _("Background work"),
    "disk": _("Disk"),
    "backup_proven": _("Backup"),
    "keyring_copied": _("Copy of the keys"),
}
LIST_KINDS: Words = {
    "gone_quiet": _("Gone quiet"),
    "big_first_buyer": _("Large first buyers"),
    "lost_high_value": _("High value lost"),
    "contract_ends": _("A contract ends"),
    "lead_alone": _("A lead left alone"),
}
LINKS: Words = {
    "parent": _("Parent company"),
    "branch": _("Branch or subsidiary"),
    "dealer": _("Buys through this dealer"),
    "buys_through": _("Buys through it"),
    "contact": _("Contact person"),
    "works_for": _("Contact person of"),
    "principal": _("Principal"),
    "leads": _("Principal of"),
}
ROLES: Words = {
    "user": pgettext_lazy("buying role", "User"),
    "influencer": pgettext_lazy("buying role", "Influencer"),
    "decider": pgettext_lazy("buying role", "Decider"),
    "approver": pgettext_lazy("buying role", "Approver"),
    "buyer": pgettext_lazy("buying role", "Buyer"),
    "gatekeeper": pgettext_lazy("buying role", "Gatekeeper"),
}
OFFICES: Words = {
    "principal": _("Leads the company"),
    "owner": pgettext_lazy("office", "Owner of the company"),
    "legal_representative": _("Legal representative"),
}
FLOW_CHANNELS: Words = {
    "retail": pgettext_lazy("channel of goods", "Retail"),
    "wholesale": pgettext_lazy("channel of goods", "Wholesale"),
    "online": pgettext_lazy("channel of goods", "Online"),
    "project": pgettext_lazy("channel of goods", "Projects and tenders"),
    "export": pgettext_lazy("channel of goods", "Export"),
    "own_use": pgettext_lazy("channel of goods", "Own use"),
}
ATTACHMENTS: Words = {
    "document": _("Document"),
    "picture": _("Picture"),
    "card": _("Business card"),
    "contract": _("Signed contract"),
    "credit_report": _("Credit investigation report"),
    "visit_report": _("Site-visit report"),
}
TIMELINE_KINDS: Words = {
    "order": _("Orders"),
    "contact": _("Contacts"),
    "edit": _("Edits"),
    "statement": _("Sources"),
    "attachment": _("Attachments"),
    "contract": _("Contracts"),
    "message": _("Messages"),
    "visit": _("Visits"),
}
ENTRIES: Words = {
    "direct": pgettext_lazy("visit", "came directly"),
    "search": pgettext_lazy("visit", "from a search"),
    "social": pgettext_lazy("visit", "from social media"),
    "campaign": pgettext_lazy("visit", "from a campaign"),
    "mail": pgettext_lazy("visit", "from an e-mail"),
    "message": pgettext_lazy("visit", "from a text message"),
    "referral": pgettext_lazy("visit", "from another site"),
}

# How a record came to a file, why files were merged, and what may have come since.
JOINED: Words = {
    "same_phone": _("the same phone"),
    "same_email": _("the same e-mail"),
    "same_account": _("the same payment account"),
    "same_credit_code": _("the same credit code"),
}
MERGED: Words = {
    "by_hand": _("by hand"),
    "reviewed": _("reviewed side by side"),
    "above_threshold": _("above the threshold"),
    "api": _("by a program"),
}
SINCE: Words = {
    "record": _("New source records"),
    "statement": _("Statements of sources"),
    "edit": _("Values entered by staff"),
    "contact": _("Contacts noted"),
    "attachment": _("Attached files"),
}


def visit_title(steps: int, entry: str, entry_name: str) -> str:
    """A session of a customer on a site in a few words: how many steps, and where it came from."""
    told = ngettext("Visit of %(count)s step", "Visit of %(count)s steps", steps) % {"count": steps}
    if entry not in ENTRIES:
        return told
    came = str(ENTRIES[entry])
    named = _now("%(way)s (%(name)s)") % {"way": came, "name": entry_name} if entry_name else came
    return f"{told} · {named}"
