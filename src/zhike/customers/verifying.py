"""How far each value of a file is verified: a pure function over the live versions; acts come from the table.

States, from the least: `unverified` → `format_valid` (its form was checked at the door) → `corroborated` (so many sources
that do not copy one another say the same) → `confirmed` (somebody asked, and it is right); or `refuted` (asked, and wrong).
Only the last two are acts and stored; the others are derived whenever they are looked at.
"""

import datetime as dt
import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from zhike.customers.models import Verification
from zhike.customers.survivorship import LiveVersion, Verdict, rank
from zhike.kit import bulk
from zhike.kit import rows as stored
from zhike.secure import fields, vault

STATES = ("unverified", "format_valid", "corroborated", "confirmed", "refuted")
WAYS = ("call", "visit", "document", "code")
# Their normalizers refuse what is not well formed, check digits included; choices, numbers and days are read by kind.
FORMED = frozenset({"phone", "other_phone", "email", "payment_account", "credit_code", "postcode", "birth_date", "sex"})
# A customer has one of these at a time: sources that state different ones should be asked about. Handles, nicknames and places may differ.
CONTESTED = ("phone", "email", "wechat", "birth_date", "sex", "credit_code", "company")
_FORMED_KINDS = frozenset({"date", "number", "choice", "many", "yes_no"})
_ENOUGH = 2  # independent origins
_MANY = 50  # roots of a batch, of which it is worth asking first whether there is any finding at all


@dataclass(frozen=True, slots=True)
class ValueState:
    """One distinct value of a field: where it stands, how many independent origins say it, and the versions that do."""

    key: str
    state: str
    origin_count: int
    versions: tuple[LiveVersion, ...]  # the strongest first
    verdict: Verdict | None

    @property
    def newest_at(self) -> dt.datetime:
        """When it was last said."""
        return max(v.as_of for v in self.versions)


def value_key(field: str, fact: Any) -> str:
    """The key under which equal values of a field are equal: the digest of a sealed value, or one made of an open text."""
    if isinstance(fact, dict):
        return str(fact["k"])
    return vault.lookup("verified_value", f"{field}\n{fact}").hex()


def has_form(field: str) -> bool:
    """Whether a value that was taken into the field is well formed by that alone."""
    return field in FORMED or (fields.known(field) and fields.field(field).kind in _FORMED_KINDS)


def value_states(versions: Iterable[LiveVersion], field: str) -> list[ValueState]:
    """The distinct values of a field, the one the file shows first; cleared ones are no values."""
    groups: dict[str, list[LiveVersion]] = defaultdict(list)
    for version in versions:
        fact = version.facts.get(field)
        if fact is not None:
            groups[_told(fact)].append(version)
    for group in groups.values():
        group.sort(key=lambda v: rank(v, field), reverse=True)
    ordered = sorted(groups.values(), key=lambda group: rank(group[0], field), reverse=True)
    return [_state(field, group) for group in ordered]


def _told(fact: Any) -> str:
    """What equal values of one field have in common."""
    return str(fact["k"]) if isinstance(fact, dict) else f"={fact}"


def state_of(versions: Sequence[LiveVersion], field: str, version_id: int) -> str:
    """How far the value is verified that a file shows from a version."""
    if not any(version.verdicts for version in versions):
        return _unjudged_state(versions, field, version_id)
    return next(s.state for s in value_states(versions, field) if any(v.id == version_id for v in s.versions))


def _unjudged_state(versions: Sequence[LiveVersion], field: str, version_id: int) -> str:
    """The same where nobody has judged any value yet: only how many say this one counts, and nothing need be ranked."""
    shown = next(_told(v.facts[field]) for v in versions if v.id == version_id)
    stating = [v for v in versions if v.facts.get(field) is not None and field not in v.facts.get("_weak", ())]
    saying = [v for v in stating if _told(v.facts[field]) == shown]
    if len({_origin(v) for v in saying}) >= _ENOUGH:
        return "corroborated"
    return "format_valid" if has_form(field) else "unverified"


def mark_of(states: Sequence[ValueState]) -> str:
    """A mark of the values of a field and what is known of them; equal marks, nothing changed."""
    told = [
        (s.key, s.state, s.verdict.at.isoformat() if s.verdict else "", sorted(v.id for v in s.versions))
        for s in states
    ]
    return hashlib.sha256(repr(sorted(told)).encode()).hexdigest()[:32]


def contradicts(versions: Sequence[LiveVersion], field: str) -> list[ValueState]:
    """The values independent origins disagree about: what each says newest, unless our staff decided already.

    Empty where fewer than two stand against each other. What an origin said before it said something newer is history,
    not contradiction.
    """
    newest: dict[str, LiveVersion] = {}
    for version in versions:
        if version.facts.get(field) is None or field in version.facts.get("_weak", ()):
            continue
        if rank(version, field)[0] >= 2:
            return []
        if rank(version, field)[0] < 0:
            continue
        held = newest.get(_origin(version))
        if held is None or (version.as_of, version.id) > (held.as_of, held.id):
            newest[_origin(version)] = version
    states = value_states(newest.values(), field)
    return states if len(states) > 1 else []


def judged(versions: Sequence[tuple[int, LiveVersion]]) -> list[tuple[int, LiveVersion]]:
    """(root, version) with the verdicts on what each states: one question for all of them."""
    acts = acts_of({root for root, _ in versions})
    return [
        (root, with_verdicts(version, acts[root])) if root in acts else (root, version) for root, version in versions
    ]


Acts = Mapping[str, Mapping[str, Verdict]]  # field → value key → the newest verdict


def with_verdicts(version: LiveVersion, acts: Acts) -> LiveVersion:
    """A version with the verdicts on the values it states."""
    found = {}
    for field, verdicts in acts.items():
        fact = version.facts.get(field)
        if fact is not None and (verdict := verdicts.get(value_key(field, fact))):
            found[field] = verdict
    return replace(version, verdicts=found) if found else version


def acts_of(root_ids: Iterable[int]) -> dict[int, dict[str, dict[str, Verdict]]]:
    """What was verified on the files of the given roots, over the whole merged group: the newest verdict on each value."""
    found: dict[int, dict[str, dict[str, Verdict]]] = {}
    roots = sorted(set(root_ids))
    if len(roots) > _MANY and not Verification.objects.exists():
        return found  # an import into a shop where nobody verified anything yet looks no further
    for root, field, key, is_right, at, _id in sorted(bulk.fetch_in(_ACTS, roots), key=lambda r: r[5]):
        found.setdefault(root, {}).setdefault(field, {})[key] = Verdict(bool(is_right), stored.moment(at))
    return found


_ACTS = (
    "SELECT c.root_id, f.field, f.value_key, f.is_right, f.at, f.id FROM customers_customer c "
    "JOIN customers_sourcerecord r ON r.customer_id = c.id JOIN customers_verification f ON f.source_record_id = r.id "
    "WHERE f.withdrawn_at IS NULL AND c.root_id IN {values}"
)


def _state(field: str, group: Sequence[LiveVersion]) -> ValueState:
    verdict = max((v.verdicts[field] for v in group if field in v.verdicts), key=lambda v: v.at, default=None)
    own = [v for v in group if field not in v.facts.get("_weak", ())]
    origins = len({_origin(v) for v in own})
    if verdict is not None:
        state = "confirmed" if verdict.is_right else "refuted"
    elif origins >= _ENOUGH:
        state = "corroborated"
    else:
        state = "format_valid" if has_form(field) else "unverified"
    return ValueState(value_key(field, group[0].facts[field]), state, origins, tuple(group), verdict)


def _origin(version: LiveVersion) -> str:
    return version.origin or f"#{version.source_id}"


def origin_of(source_id: int, platform: str, *, is_house: bool) -> str:
    """What a source counts as: the house is one, all shops of a platform are one, every other source stands for itself."""
    return "house" if is_house else platform or f"#{source_id}"
