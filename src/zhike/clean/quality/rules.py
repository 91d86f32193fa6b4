"""The catalogue of rules: those of the product, changed or switched off by the merchant, and the merchant's own."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from zhike.clean.models import QualityRule
from zhike.secure import fields

# What a rule can look at → the dimension it belongs to.
CHECKS: Mapping[str, str] = {
    "required": "completeness",
    "format": "validity",
    "shortest": "validity",
    "longest": "validity",
    "at_least": "validity",
    "at_most": "validity",
    "unique": "uniqueness",
    "fresh": "timeliness",
    "agrees": "consistency",
    "place": "consistency",
}
CHECK_WORDS: Mapping[str, Promise] = {
    "required": _("must be known"),
    "format": _("what is stated must be usable"),
    "shortest": _("at least so many characters"),
    "longest": _("at most so many characters"),
    "at_least": _("a number of at least"),
    "at_most": _("a number of at most"),
    "unique": _("one customer's alone"),
    "fresh": _("confirmed within so many days"),
    "agrees": _("sources agree"),
    "place": _("the city lies in the province"),
}
OWN_CHECKS = ("required", "fresh", "shortest", "longest", "at_least", "at_most", "agrees")  # what merchants may add
WITH_THRESHOLD = ("fresh", "shortest", "longest", "at_least", "at_most")
SEVERITIES: Mapping[str, Promise] = {"low": _("Low"), "medium": _("Medium"), "high": _("High")}
COST = {"low": 0.25, "medium": 0.5, "high": 1.0}  # the part of a field's weight that a fault takes from the score
KEY = "key"  # stands among the stages of a rule for key customers, whatever their stage
# Who stands beside the owner: no statement of a source, and looked at on files of key customers alone.
SECONDS = ("deputy", "second_reader")
STAGES = ("target_market", "potential", "target", "current", "former", KEY)


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule. `kind` and `stages` limit it to files of a kind or at some stages; empty means all of them."""

    code: str
    field: str
    check: str
    threshold: int = 0
    severity: str = "medium"
    kind: str = ""
    stages: tuple[str, ...] = ()
    is_on: bool = True
    is_own: bool = False  # the merchant's
    public_id: str = ""
    is_changed: bool = False

    @property
    def dimension(self) -> str:
        """The dimension of quality it belongs to."""
        return CHECKS[self.check]

    def is_about(self, kind: str, stage: str, *, is_key: bool = False) -> bool:
        """Whether it looks at files of a kind at a stage; `key` among the stages means key customers at any stage."""
        return self.kind in ("", kind) and (not self.stages or stage in self.stages or (is_key and KEY in self.stages))


def _rules(
    check: str, severity: str, *names: str, threshold: int = 0, kind: str = "", stages: tuple[str, ...] = ()
) -> list[Rule]:
    tail = f".{kind}" if kind else ""
    return [Rule(f"{n}.{check}{tail}", n, check, threshold, severity, kind, stages) for n in names]


_required = partial(_rules, "required")
_fresh = partial(_rules, "fresh", "medium")
_WINNING = ("potential", "target")
BUILTIN: tuple[Rule, ...] = tuple(
    rule
    for some in (
        _required("high", "name", "phone"),
        _required("medium", "province", "city", "address_detail"),
        _required("low", "sex", "email", "birth_date", "occupation", kind="person"),
        _required("low", "preferred_channel", stages=("current", KEY)),
        # Key customers: a second person, and fuller files, whatever their stage.
        _required("high", *SECONDS, stages=(KEY,)),
        _required("medium", "preferred_hours", stages=(KEY,)),
        _required("medium", "shopping_psychology", "interests", kind="person", stages=(KEY,)),
        _required("medium", "staff_count", "business_with_us", "relation_to_us", kind="organisation", stages=(KEY,)),
        _required("medium", "need", "purchasing_power", kind="person", stages=(*_WINNING, KEY)),
        _required("medium", "intention", stages=(*_WINNING, KEY)),
        _required("medium", "leaving_reason", stages=("former",)),
        _required("high", "credit_code", kind="organisation"),
        _required("medium", "industry", kind="organisation"),
        _rules("format", "high", "name", "phone", "email", "credit_code", "birth_date"),
        _rules("format", "medium", "sex", "wechat", "qq", "address_detail"),
        _rules("unique", "medium", "phone", "email", "wechat", "credit_code"),
        _fresh("phone", "address_detail", "preferred_channel", threshold=365),
        _fresh("email", "wechat", "occupation", "employer", "position", threshold=730),
        _fresh("industry", threshold=1095),
        _fresh("need", "purchasing_power", threshold=180),
        _fresh("intention", threshold=90),
        _rules("agrees", "medium", "name", "phone", "email", "birth_date", "credit_code"),
        _rules("agrees", "low", "sex", "address_detail", "province"),
        _rules("place", "medium", "city"),
    )
    for rule in some
)  # fmt: skip


def catalogue() -> list[Rule]:
    """Every rule as it stands now, those switched off among them: the product's first, in their order."""
    stored = {row.code: row for row in QualityRule.objects.order_by("id")}
    shipped = {rule.code for rule in BUILTIN}
    ours = [_changed(rule, stored[rule.code]) if rule.code in stored else rule for rule in BUILTIN]
    return ours + [_own(row) for code, row in stored.items() if code not in shipped and fields.known(row.field)]


def rules_in_force() -> list[Rule]:
    """The rules that are switched on, of fields that are still in use."""
    return [r for r in catalogue() if r.is_on and not fields.field(r.field).is_archived]


def _changed(rule: Rule, row: QualityRule) -> Rule:
    return replace(rule, threshold=row.threshold, severity=row.severity, is_on=row.is_on, is_changed=True)


def _own(row: QualityRule) -> Rule:
    return Rule(
        row.code, row.field, row.check_kind, row.threshold, row.severity, row.kind, tuple(row.stages), row.is_on, True, row.public_id
    )  # fmt: skip
