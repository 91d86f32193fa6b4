"""From the text a source states to facts: normalized, classed by the catalogue, with keyed lookups.

Every writer of source records passes here, so none can forget.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from zhike.customers import lookup_kinds, typed_values
from zhike.customers.records import Problem, Statement
from zhike.secure import fields, vault
from zhike_analytics.values import addresses, emails, moments, persons, phones, text
from zhike_analytics.values.problem import ValueProblem

# What sources state; fields a merchant defines are asked for by name (see `is_stated`).
_STATED = [f for f in fields.product_fields() if f.is_stated]
SEALED_FIELDS = frozenset(f.name for f in _STATED if f.sealed)
OPEN_FIELDS = frozenset(f.name for f in _STATED if not f.sealed)
_OPEN_ALONE = OPEN_FIELDS - lookup_kinds.OF_FIELD.keys() - {"payment_account"}  # nobody is found by these
_PLAIN_MOBILE = re.compile(r"\+861[3-9][0-9]{9}\Z")
_LONGEST = {"name": 200, "nickname": 120, "address_detail": 400}
_SEXES = {
    "男": "male",
    "女": "female",
    "male": "male",
    "female": "female",
    "m": "male",
    "f": "female",
    "先生": "male",
    "女士": "female",
}


@dataclass(slots=True)
class Normalized:
    """A statement ready to seal: open facts, values to seal, keyed lookups, and what could not be used.

    Facts whose names begin with an underscore are about the statement: `_weak` lists fields that weigh less, `_unread` the
    fields in which something stood that could not be used, with the code of why, so that quality can be measured.
    """

    external_key: str
    facts: dict[str, Any] = field(default_factory=dict)
    sealed: dict[str, Any] = field(default_factory=dict)
    # Last four digits included: the same as `lookups_in` finds in the facts.
    lookups: list[tuple[int, bytes]] = field(default_factory=list)
    joins: list[tuple[int, bytes]] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def is_stated(name: str) -> bool:
    """Whether a field can be stated of a customer: one of the product, or one the merchant defined and still uses."""
    if fields.is_custom(name):
        return fields.known(name) and not fields.field(name).is_archived
    return name in SEALED_FIELDS or name in OPEN_FIELDS


def is_sealed(name: str) -> bool:
    """Whether the stated values of a field are sealed."""
    if name in SEALED_FIELDS or name in OPEN_FIELDS:  # nearly always
        return name in SEALED_FIELDS
    return fields.is_custom(name) and fields.known(name) and fields.field(name).sealed


def normalize(statement: Statement) -> Normalized | None:
    """Normalize one statement; None when its key cannot be used (the problem is then fatal, see `key_problem`)."""
    try:
        external_key = external_key_of(*statement.key)
    except ValueProblem:
        return None
    made = Normalized(external_key)
    for name, given in statement.values.items():
        if given:
            _take(made, statement, name, given)
    key_field, key_value = statement.key
    if key_field not in made.facts and is_stated(key_field):
        _take(made, statement, key_field, key_value)
    if statement.weak:
        made.facts["_weak"] = [name for name in statement.weak if name in made.facts]
    return made


def key_problem(statement: Statement) -> Problem:
    """Why a statement names no customer."""
    try:
        external_key_of(*statement.key)
    except ValueProblem as problem:
        return Problem(statement.row_no, statement.key[0], problem.code, problem.params, fatal=True)
    raise ValueError("this statement has a usable key")


def external_key_of(name: str, value: str) -> str:
    """The key of a record within its source: opaque ids as they came, personal keys as keyed digests.

    Raises ValueProblem with `key.blank`, `key.masked` (a platform's mask is not an identity) or the value's own code.
    """
    if not value or text.is_blank_word(value):
        raise ValueProblem("key.blank")
    if text.is_masked(value):
        raise ValueProblem("key.masked")
    calm = text.squash(value)
    if name == "platform_id":
        if len(calm) > 100:
            raise ValueProblem("key.too_long", limit=100)
        return f"id:{calm}"
    return f"{name}:{vault.lookup(name, identity_text(name, calm)).hex()}"


def identity_text(name: str, value: str) -> str:
    """The form of an identifier under which equals are equal."""
    if name in {"phone", "other_phone"}:
        return phones.phone(value).e164
    if name == "email":
        return emails.email(value).key
    if name == "payment_account":
        return _payment(value)[1]
    return text.fold(value)


def lookups_of(name: str, value: str) -> list[tuple[int, bytes]]:
    """Keyed lookups a normalized value feeds (empty for a field without lookup)."""
    if name == "payment_account":
        kind, key = _payment(value)
        return [(kind, vault.lookup(lookup_kinds.NAMES[kind], key))]
    kind = lookup_kinds.OF_FIELD.get(name, 0)
    if not kind:
        return []
    # The value is normalized: a phone is its E.164 form already, an e-mail differs from its key by case alone.
    same = value if kind == lookup_kinds.PHONE else value.casefold() if kind == lookup_kinds.EMAIL else text.fold(value)
    return [(kind, vault.lookup(lookup_kinds.NAMES[kind], same))]


def normal_text(name: str, given: str) -> dict[str, str]:
    """The normalized value(s) a given text stands for; an address fills several fields. Raises ValueProblem."""
    reader = _READERS.get(name)
    if reader is not None:
        return reader(given)
    if not is_stated(name):
        raise ValueProblem("field.unknown")
    typed = typed_values.read(fields.field(name), given)
    return {name: _short(name, given) if typed is None else typed}


def _take(made: Normalized, statement: Statement, name: str, given: str) -> None:
    try:
        values = normal_text(name, given)
        for field_name, value in values.items():
            lay(made, statement, field_name, value)
    except ValueProblem as problem:
        if problem.code.endswith(".blank"):  # a cell that says "nothing" is no problem
            return
        made.problems.append(Problem(statement.row_no, name, problem.code, problem.params))
        if not problem.code.endswith(".masked"):  # what a platform hides is not the source's fault
            made.facts.setdefault("_unread", {})[name] = problem.code


def lay(made: Normalized, statement: Statement, name: str, value: str) -> None:
    """Lay a normalized value open, or seal it and leave its digest, so that rules can compare without opening."""
    if name in _OPEN_ALONE:  # most fields of most rows
        made.facts[name] = value
        return
    lookups = lookups_of(name, value)
    made.lookups.extend(lookups)
    if is_sealed(name):
        made.sealed[name] = value
        made.facts[name] = digests = _digests(name, value, lookups)
        if "t" in digests:
            made.lookups.append((lookup_kinds.PHONE_TAIL, bytes.fromhex(digests["t"])))
    else:
        made.facts[name] = value
    if name in statement.joins and name not in statement.weak and _identifies(name, value):
        made.joins.extend(lookups)


def _digests(name: str, value: str, lookups: list[tuple[int, bytes]]) -> dict[str, Any]:
    """What stands in the facts for a sealed value: `k` its digest, `l` the lookup it feeds, `t` the last four digits'."""
    if not lookups:
        return {"k": vault.lookup(name, value).hex()}
    kind, digest = lookups[0]
    digests: dict[str, Any] = {"k": digest.hex(), "l": kind}
    if kind == lookup_kinds.PHONE:
        digests["t"] = vault.lookup("phone_tail", value[-4:]).hex()
    return digests


def lookups_in(facts: Mapping[str, Any]) -> set[tuple[int, bytes]]:
    """Every keyed lookup the facts of a version feed, last four digits included; nothing is opened."""
    found: set[tuple[int, bytes]] = set()
    for name, value in facts.items():
        if isinstance(value, dict) and "l" in value:
            found.add((value["l"], bytes.fromhex(value["k"])))
            if "t" in value:
                found.add((lookup_kinds.PHONE_TAIL, bytes.fromhex(value["t"])))
        elif name in lookup_kinds.OF_FIELD and isinstance(value, str):
            found.update(lookups_of(name, value))
    return found


def _identifies(name: str, value: str) -> bool:
    if name not in {"phone", "other_phone"}:
        return True
    # A plain mobile, as nearly all are, needs no reading again.
    return _PLAIN_MOBILE.match(value) is not None or phones.phone(value).identifies_person


def _short(name: str, given: str) -> str:
    calm = text.squash(given)
    if text.is_blank_word(calm):
        raise ValueProblem("text.blank")
    limit = _LONGEST.get(name, 120)
    if len(calm) > limit:
        raise ValueProblem("text.too_long", limit=limit)
    if text.is_masked(calm):
        raise ValueProblem("text.masked")
    return calm


@lru_cache(maxsize=65536)
def _address(given: str) -> dict[str, str]:
    found = addresses.address(given)
    parts = {
        "province": found.province,
        "city": found.city,
        "district": found.district,
        "address_detail": found.detail,
        "postcode": found.postcode,
    }
    return {name: value for name, value in parts.items() if value and not text.is_masked(value)}


@lru_cache(maxsize=65536)
def _person_name(given: str) -> dict[str, str]:
    return {"name": persons.person(given).text}


def _phone(name: str) -> Callable[[str], dict[str, str]]:
    return lambda given: {name: phones.e164(given)}


def _payment(value: str) -> tuple[int, str]:
    if "@" in value:
        return lookup_kinds.EMAIL, emails.email(value).key
    return lookup_kinds.PHONE, phones.phone(value).e164


def _payment_account(given: str) -> dict[str, str]:
    if text.is_blank_word(given):
        raise ValueProblem("text.blank")
    if text.is_masked(given):
        raise ValueProblem("text.masked")
    return {"payment_account": _payment(text.squash(given))[1]}


def _sex(given: str) -> dict[str, str]:
    found = _SEXES.get(given) or _SEXES.get(text.fold(given))
    if found is None and text.is_blank_word(given):
        raise ValueProblem("text.blank")
    if found is None:
        raise ValueProblem("sex.unknown")
    return {"sex": found}


_READERS: Mapping[str, Callable[[str], dict[str, str]]] = {
    "address": _address,
    "name": _person_name,
    "phone": _phone("phone"),
    "other_phone": _phone("other_phone"),
    "email": lambda given: {"email": emails.address(given)},
    "payment_account": _payment_account,
    "sex": _sex,
    "birth_date": lambda given: {"birth_date": moments.moment(given).day.isoformat()},
}


def open_facts(facts: Mapping[str, Any], names: Iterable[str]) -> dict[str, str]:
    """Of a version's facts, the open values of the given fields."""
    return {name: facts[name] for name in names if isinstance(facts.get(name), str)}
