"""What rules may ask about consent: for each purpose how it stands with a person, over the whole merged group."""

from collections.abc import Sequence

from django.utils.functional import lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from zhike.customers.segments.facets import Facet, offer_made
from zhike.customers.segments.own_facets import listed
from zhike.secure import consents

PREFIX = "consent."
CONSENT = "consent:"  # a column that begins so is a purpose in the lake's packed text of consents
NEVER = "unknown"  # nobody asked


def consent_facet(code: str) -> Facet | None:
    """The facet of a purpose, put away or not: rules that stand on it go on being readable."""
    if not code.startswith(PREFIX):
        return None
    purpose = consents.purpose(code.removeprefix(PREFIX))
    return _of(purpose) if purpose else None


def consent_facets() -> Sequence[Facet]:
    """One facet for each purpose in use."""
    return [_of(purpose) for purpose in consents.purposes()]


def offer_consents() -> None:
    """Offer them, at start-up."""
    offer_made(consent_facet, consent_facets)


def _of(purpose: consents.Purpose) -> Facet:
    name = purpose.label
    label = lazy(lambda: gettext("Consent: %(purpose)s") % {"purpose": name}, str)()
    column, choices = f"{CONSENT}{purpose.code}", listed(consents.STATES)
    return Facet(
        f"{PREFIX}{purpose.code}", label, _("Consent"), "consents", "state", "cards", column,
        choices=choices, right="consents.view",
    )  # fmt: skip
