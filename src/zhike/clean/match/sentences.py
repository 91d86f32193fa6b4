"""What each likeness means in words a clerk understands, and what a viewer may be told of it."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from zhike.secure import queries as secure
from zhike.secure.records import Viewer

SENTENCES: dict[tuple[str, str], Promise] = {
    ("name", "exact"): _("The names are the same."),
    ("name", "reading"): _("The names sound the same and are written differently."),
    ("name", "order"): _("The same name in another order, or in Latin letters."),
    ("name", "sound"): _("The names sound alike."),
    ("name", "one_character"): _("The names differ by one character."),
    ("name", "typing"): _("The names differ by a slip of typing."),
    ("name", "similar"): _("The names are similar."),
    ("name", "surname"): _("The same surname, another given name."),
    ("name", "other"): _("The names are different."),
    ("phone", "exact"): _("They share a telephone number."),
    ("phone", "last_eight"): _("The last eight digits of the telephone are the same."),
    ("phone", "one_digit"): _("The telephones differ by one digit, or by two neighbors exchanged."),
    ("phone", "other"): _("The telephones are different."),
    ("email", "exact"): _("They share an e-mail address."),
    ("email", "local_part"): _("The same e-mail name at another provider."),
    ("email", "typing"): _("The e-mail names differ by one letter."),
    ("email", "other"): _("The e-mail addresses are different."),
    ("address", "detail"): _("The addresses are the same."),
    ("address", "detail_near"): _("The same address, written a little differently."),
    ("address", "street"): _("The addresses are similar."),
    ("address", "district"): _("The same district."),
    ("address", "city"): _("The same city."),
    ("address", "province"): _("The same province."),
    ("address", "other"): _("The addresses are different."),
    ("birth_date", "exact"): _("The birthdays are the same."),
    ("birth_date", "typing"): _("The birthdays differ by one digit."),
    ("birth_date", "turned"): _("The birthdays have day and month exchanged."),
    ("birth_date", "month_and_day"): _("The same day and month of birth, another year."),
    ("birth_date", "year"): _("The same year of birth, another day."),
    ("birth_date", "other"): _("The birthdays are different."),
    ("employer", "exact"): _("They work for the same employer."),
    ("employer", "similar"): _("Their employers have similar names."),
    ("employer", "other"): _("Their employers are different."),
    ("handles", "exact"): _("They share an account (WeChat, QQ, payment …)."),
    ("handles", "other"): _("Their accounts are different."),
    ("sex", "exact"): _("The same sex."),
    ("sex", "other"): _("Not the same sex."),
}
LABELS: dict[str, Promise] = {
    "name": _("Name"),
    "phone": _("Phone"),
    "email": _("E-mail"),
    "address": _("Address"),
    "birth_date": _("Birthday"),
    "employer": _("Employer"),
    "handles": _("Accounts"),
    "sex": _("Sex"),
}
# A comparison speaks of these fields: who may see none of them is told nothing of it.
_FIELDS = {
    "name": ("name",),
    "phone": ("phone", "other_phone"),
    "email": ("email",),
    "address": ("address_detail",),
    "birth_date": ("birth_date",),
    "employer": ("employer",),
    "handles": ("wechat", "qq", "payment_account", "credit_code"),
    "sex": ("sex",),
}
RULES: dict[str, Promise] = {
    "phone": _("one telephone number"),
    "phone_end_eight": _("the last eight digits of a telephone"),
    "email": _("one e-mail address"),
    "local_part": _("one e-mail name"),
    "handle": _("one account"),
    "detail": _("one address"),
    "day": _("one birthday"),
}
OTHER_RULE = _("the same name, place or number")


@dataclass(frozen=True, slots=True)
class Sentence:
    """One comparison in words: what it says, how much it weighs, and whether it speaks for or against."""

    code: str
    label: str
    text: str
    weight: float

    @property
    def tone(self) -> str:
        """Green for, red against, grey for what weighs nothing."""
        return "good" if self.weight > 0.05 else "bad" if self.weight < -0.05 else "neutral"

    @property
    def size(self) -> float:
        """How long its bar is."""
        return abs(self.weight)

    @property
    def shown(self) -> str:
        """The weight with its sign."""
        return f"{self.weight:+.1f}"


def sentences(viewer: Viewer, parts: Iterable[tuple[str, str, float]]) -> list[Sentence]:
    """The comparisons of a pair this viewer may be told of, what weighs most first."""
    told = [
        Sentence(code, str(LABELS[code]), str(SENTENCES[code, level]), weight)
        for code, level, weight in parts
        if (code, level) in SENTENCES and may_be_told(viewer, code)
    ]
    return sorted(told, key=lambda s: -s.size)


def may_be_told(viewer: Viewer, comparison: str) -> bool:
    """Whether the viewer may see, at least masked, a field the comparison speaks of."""
    return any(secure.sight(viewer, field) != "hidden" for field in _FIELDS[comparison])


def likelihood(probability: float) -> tuple[Promise, str]:
    """A chance in words, and its tone."""
    if probability >= 0.999:
        return _("Almost certainly one customer"), "good"
    if probability >= 0.95:
        return _("Very likely one customer"), "good"
    if probability >= 0.8:
        return _("Likely one customer"), "info"
    return _("Perhaps one customer"), "warn"
