"""The roles a new installation starts with. Their rules are rows like any other: the policy page changes them."""

from dataclasses import dataclass

from zhike.secure.models import FieldRule, Role

# see, reveal, edit, export
_NO = ("hidden", False, False, False)
_READ = ("shown", False, False, False)
_WORK = ("shown", False, True, False)
_FULL = ("shown", False, True, True)
_REPORT = ("shown", False, False, True)
_MASK = ("masked", False, False, False)
_ASK = ("masked", True, True, False)
_ASK_OUT = ("masked", True, True, True)


@dataclass(frozen=True)
class Builtin:
    """A role as shipped: rights by class in the order internal, personal, sensitive; then exceptions by field; then statements and credit."""

    code: str
    zh: str
    en: str
    permissions: str
    scope: str
    reveals_per_hour: int
    internal: tuple
    personal: tuple
    sensitive: tuple = _NO
    fields: tuple[tuple[str, tuple], ...] = ()
    financial: tuple = _NO
    needs_second_factor: bool = False
    idle_minutes: int = 0


_NAMES = (
    *("name", "sex", "nickname", "occupation", "employer", "position", "buys_for"),
    *("ability", "interests", "hobbies", "special_interests", "education_level", "school", "field_of_study"),
    "survey_answers",
)
_SERVE = "customers.view customers.edit customers.tag orders.view worklist.view worklist.note work.view work.note customers.verify consents.view consents.edit reach.view reach.send"

BUILTIN = [
    Builtin(
        "owner", "店主（管理员）", "Owner (administrator)", "*", "all", 200,
        _FULL, _ASK_OUT, _ASK, tuple((n, _FULL) for n in _NAMES), _FULL, idle_minutes=60,
    ),
    Builtin(
        "supervisor", "客服主管", "Support supervisor",
        f"{_SERVE} work.assign customers.bulk customers.export exports.approve views.share collect.view analyze.view segments.view segments.edit funnel.view funnel.manage clean.view clean.decide clean.run clean.rules customers.merge quality.view quality.manage jobs.view reach.templates charge.manage access.view supervision.review credit.view credit.edit credit.approve", "all", 60,
        _FULL, _ASK_OUT, _MASK, tuple((n, _FULL) for n in _NAMES), _FULL,
    ),
    Builtin("agent", "客服", "Support agent", f"{_SERVE} segments.view funnel.view credit.view", "all", 20, _WORK, _ASK, _NO, tuple((n, _WORK) for n in _NAMES), _MASK),
    Builtin(
        "operator", "运营", "Shop operator",
        "customers.view customers.tag customers.bulk customers.export views.share orders.view collect.view collect.import collect.undo "
        "sources.manage analyze.view analyze.run segments.view segments.edit funnel.view funnel.manage clean.view worklist.view work.view work.note quality.view jobs.view jobs.manage consents.view reach.view reach.send reach.templates", "all", 0,
        _FULL, _MASK, _NO, (("name", _READ), ("sex", _REPORT), ("occupation", _REPORT)),
    ),
    Builtin(
        "account_manager", "业务员", "Account manager", f"{_SERVE} analyze.view segments.view segments.edit funnel.view credit.view credit.edit", "own", 40,
        _WORK, _ASK, _NO, tuple((n, _WORK) for n in _NAMES), _WORK,
    ),
    Builtin(
        "analyst", "数据分析", "Data analyst", "customers.view orders.view analyze.view analyze.run segments.view segments.edit funnel.view worklist.view work.view quality.view jobs.view consents.view credit.view", "all", 0,
        _REPORT, _NO, _NO, (("name", _MASK), ("sex", _REPORT), ("occupation", _READ)), _REPORT,
    ),
    Builtin(
        "keeper", "档案专员", "Archive keeper",
        "customers.view customers.edit customers.bulk customers.tag customers.export views.share orders.view collect.view collect.import "
        "collect.undo sources.manage fields.define customers.verify work.view work.note work.assign funnel.view clean.view clean.decide clean.run clean.rules customers.merge quality.view quality.manage charge.manage access.view jobs.view consents.view consents.edit credit.view credit.edit", "all", 60,
        _FULL, _ASK_OUT, _ASK, tuple((n, _FULL) for n in _NAMES), _FULL, idle_minutes=60,
    ),
    Builtin(
        "officer", "安全员", "Security officer", "staff.manage policy.edit audit.view exports.approve backup.manage jobs.view api.tokens api.manage consents.view notices.edit reach.view reach.manage access.view keeping.manage supervision.review supervision.rules work.view work.note", "all", 0,
        _READ, _NO, idle_minutes=60,
    ),
]  # fmt: skip


def install() -> int:
    """Create the built-in roles that are absent, with their rules; how many were made. Existing roles are left alone."""
    from zhike.secure import permissions, policy

    made = 0
    for shape in BUILTIN:
        codes = list(permissions.registry()) if shape.permissions == "*" else shape.permissions.split()
        role, is_new = Role.objects.get_or_create(
            code=shape.code,
            defaults={
                "name_zh": shape.zh,
                "name_en": shape.en,
                "builtin": True,
                "permissions": codes,
                "scope": shape.scope,
                "reveals_per_hour": shape.reveals_per_hour,
                "needs_second_factor": shape.needs_second_factor,
                "idle_minutes": shape.idle_minutes,
            },
        )
        if is_new:
            FieldRule.objects.bulk_create(_rules(role, shape))
            made += 1
    if made:
        policy.touch()
    return made


def _rules(role: Role, shape: Builtin) -> list[FieldRule]:
    def rule(target: dict[str, str], right: tuple) -> FieldRule:
        see, reveal, edit, export = right
        return FieldRule(role=role, see=see, reveal=reveal, edit=edit, export=export, **target)

    by_class = {
        "public": _FULL,
        "internal": shape.internal,
        "financial": shape.financial,
        "personal": shape.personal,
        "sensitive": shape.sensitive,
        "secret": _NO,
    }
    rules = [rule({"cls": cls}, right) for cls, right in by_class.items()]
    return rules + [rule({"field": name}, right) for name, right in shape.fields]
