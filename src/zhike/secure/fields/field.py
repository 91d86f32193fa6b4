"""Field: one row of the catalogue. *Class* says who may see it, *form* how it lies, *kind* what it holds."""

from dataclasses import dataclass
from typing import Literal

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Class = Literal["public", "internal", "financial", "personal", "sensitive", "secret"]
Form = Literal["open", "sealed", "apart", "cut"]
Kind = Literal["text", "long", "list", "number", "date", "choice", "many", "yes_no"]
Choices = tuple[tuple[str, Promise | str], ...]

CLASSES: tuple[Class, ...] = ("public", "internal", "financial", "personal", "sensitive", "secret")
CLASS_LABELS: dict[str, Promise] = {
    "public": _("Public"),
    "internal": _("Internal"),
    "financial": _("Financial"),
    "personal": _("Personal"),
    "sensitive": _("Sensitive"),
    "secret": _("Secret"),
}


@dataclass(frozen=True, slots=True)
class Field:
    """One field of the product.

    `mask` and `normalizer` name functions of zhike_analytics.values; `lookup` names the keyed digests that find the value;
    `lake` says what may enter the lake (`value`, `flag`, `code` or nothing); `keeping` names a class of keeping period;
    `erase` says what erasure does (`key` destroys the record's key, `blank` rewrites the open value, `keep` by law).
    `group` is where it stands on the file; `kind` what it holds: words, a long text, a list of words (、 between them), a
    number, a day, one code or several codes (| between them) of `choices`, yes or no. `weight` is its share in how complete
    a file is.
    """

    name: str
    label: Promise | str
    about: str
    cls: Class
    form: Form = "open"
    mask: str = "hidden"
    normalizer: str = "text"
    lookup: tuple[str, ...] = ()
    facet: bool = False
    lake: str = ""
    export: bool = True
    keeping: str = "customer"
    erase: str = "blank"
    group: str = ""
    kind: Kind = "text"
    choices: Choices = ()
    weight: int = 0
    is_archived: bool = False

    @property
    def sealed(self) -> bool:
        """Whether the value lies encrypted (sealed, apart or cut)."""
        return self.form != "open"

    @property
    def is_stated(self) -> bool:
        """Whether sources and staff state it of a customer; numbers, labels and figures are not stated."""
        return bool(self.group)

    def is_about(self, kind: str) -> bool:
        """Whether customers of a kind (`person`, `organisation`) have it."""
        return kind in self.about.split("+")


PARTY = "person+organisation"
_FACETS = frozenset({"list", "number", "date", "choice", "many", "yes_no"})
_LAKE = {"choice": "code", "many": "code", "yes_no": "code", "number": "value", "date": "value"}


def stated(
    name: str,
    label: Promise | str,
    group: str,
    cls: Class,
    *,
    about: str,
    kind: Kind = "text",
    choices: Choices = (),
    form: Form | None = None,
    mask: str = "hidden",
    normalizer: str = "",
    weight: int = 1,
    is_archived: bool = False,
) -> Field:
    """A field somebody states about a customer, its other properties derived.

    Sensitive values are sealed; so are long texts about persons, which name whom they please. What lies open and has
    few values is a facet; only codes, numbers and days go to the lake, never words.
    """
    if form is None:
        form = "sealed" if cls == "sensitive" else "cut" if cls == "personal" and kind == "long" else "open"
    is_open = form == "open"
    return Field(
        name,
        label,
        about,
        cls,
        form,
        mask=mask,
        normalizer=normalizer or kind,
        facet=is_open and kind in _FACETS,
        lake=_LAKE.get(kind, "") if is_open else "",
        export=form != "cut",
        erase="blank" if is_open else "key",
        group=group,
        kind=kind,
        choices=choices,
        weight=weight,
        is_archived=is_archived,
    )
