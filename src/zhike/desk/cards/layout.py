"""Which fields of the file stand on which card, section by section; fields a kind of customer does not have fall away."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

KINDS: dict[str, Promise] = {
    "potential": _("Survey card of a potential customer"),
    "current": _("Card of a current customer"),
    "former": _("Card of a former customer"),
}
SHORT: dict[str, Promise] = {
    "potential": pgettext_lazy("card", "Potential"),
    "current": pgettext_lazy("card", "Current"),
    "former": pgettext_lazy("card", "Former"),
}
WHO = (
    *("sex", "birth_date", "occupation", "employer", "position", "company", "legal_form", "credit_code"),
    *("industry", "staff_count", "dealer_or_user"),
)
REACH = (
    *("phone", "other_phone", "email", "wechat", "qq", "preferred_channel", "preferred_hours", "do_not_contact"),
    *("province", "city", "district", "address_detail"),
)
SURVEY = (
    *("intention", "purchasing_power", "demand_size", "rival_in_use", "rivals_attended", "barrier"),
    *("occasion", "need", "latent_need", "relation_to_us", "business_with_us"),
)
# Shown as an empty box when not known: who surveys must see what to ask.
ALWAYS = {
    "potential": ("phone", "email", "intention", "purchasing_power", "demand_size", "rival_in_use", "barrier", "need"),
    "current": ("phone", "email", "preferred_channel"),
    "former": ("phone", "do_not_contact"),
}
SECTIONS: dict[str, tuple[tuple[Promise, tuple[str, ...]], ...]] = {
    "potential": ((_("Who it is"), WHO), (_("Ways to reach"), REACH), (_("Need and means"), SURVEY)),
    "current": ((_("Who it is"), WHO), (_("Ways to reach"), REACH), (_("Need and means"), SURVEY)),
    "former": ((_("Ways to reach"), (*REACH[:8], "province", "city")),),
}
SIGNS: dict[str, tuple[Promise, ...]] = {
    "potential": (_("Surveyed by"), _("Checked by"), _("Date")),
    "current": (_("Owner"), _("Checked by"), _("Date")),
    "former": (_("Filled in by"), _("Checked by"), _("Date")),
}
# Fields that stand elsewhere on the card, so that no group of the file repeats them.
ELSEWHERE = frozenset({"name", "leaving_reason", "win_back", "life_cycle"})


def stands_on(kind: str) -> frozenset[str]:
    """The fields a card's own sections hold."""
    return ELSEWHERE | {name for _title, names in SECTIONS[kind] for name in names}
