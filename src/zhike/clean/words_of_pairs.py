"""Words around pairs: states, refusals, keys too many share."""

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from zhike.clean.actions.duplicates import PairRefused
from zhike.clean.match.sentences import OTHER_RULE, RULES
from zhike.clean.models import MatchRun
from zhike.secure import queries as secure

TABS: dict[str, Promise] = {"open": _("To decide"), "skipped": _("Put aside"), "decided": _("Decided")}
STATES: dict[str, Promise] = {
    "open": _("To decide"),
    "merged": _("Merged"),
    "not_same": _("Not the same customer"),
    "same_household": _("Same household"),
    "skipped": _("Put aside"),
}
REFUSALS: dict[str, Promise] = {
    "gone": _("One of the two files is no longer there, or they are one file already."),
    "not_decided": _("There is nothing to take back."),
    "unknown_decision": _("This cannot be decided so."),
    "not_a_side": _("This cannot be decided so."),
    "same": _("The two are one file already."),
    "kinds": _("One is a person, the other an organization: they are not merged from here."),
    "archived": _("One of the two files is archived."),
    "erased": _("One of the two was erased."),
    "two_verified": _("Both were confirmed by contact: only a person may join them."),
    "settled": _("Somebody said that the two are not one customer."),
    "too_low": _("From this weight on a person looks at each pair."),
    "nothing": _("Nothing can be merged unseen from this weight on."),
    "unknown": _("This merge is not known."),
}


def refusal(refused: PairRefused) -> str:
    """Why a pair could not be decided so."""
    if refused.code == "decided":
        staff_id = refused.params.get("by_staff_id")
        name = secure.staff_names([staff_id]).get(staff_id, "") if isinstance(staff_id, int) else ""
        state = STATES.get(str(refused.params.get("state")), "")
        if name:
            return gettext("%(name)s was faster: %(state)s.") % {"name": name, "state": state}
        return gettext("A colleague was faster: %(state)s.") % {"state": state}
    return str(REFUSALS.get(refused.code, REFUSALS["unknown_decision"]))


def capped(run: MatchRun | None) -> list[tuple[str, int]]:
    """Keys too many customers share to compare each with each: in words, with how many share them; the largest of each rule."""
    largest: dict[str, int] = {}
    for rule, records in run.capped if run else ():
        words = str(RULES.get(rule, OTHER_RULE))
        largest[words] = max(records, largest.get(words, 0))
    return sorted(largest.items(), key=lambda one: -one[1])[:3]
