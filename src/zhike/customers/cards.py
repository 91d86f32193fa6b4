"""Cards are derived: from the golden values of a file to the columns of its card."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from zhike.customers import lake_values, verifying
from zhike.customers.funnel_values import purchase_class
from zhike.customers.survivorship import CLEARED, LiveVersion, golden
from zhike.kit import bulk, rows
from zhike_analytics.values import persons

COLUMNS = (
    "kind",
    "name",
    "name_sort",
    "sex",
    "country",
    "province",
    "city",
    "district",
    "has_phone",
    "has_email",
    "phone_state",
    "email_state",
    "purchase_class",
    "values",
    "origins",
)
# Those no index holds and no name shows: where only they change, every index of the card is left alone.
QUIET = ("sex", "country", "district", "phone_state", "email_state", "values", "origins")
# With those that narrow indexes hold; the others stand in every wide index beside figures.
NARROW = ("name", "name_sort", "province", "city", *QUIET)
_OWN_COLUMN = {"name", "sex", "country", "province", "city", "district"}
_CALLED = ("name", "company", "nickname")  # the first that is stated is what a card calls its customer
_FRESH_STATE = {n: "format_valid" if verifying.has_form(n) else "unverified" for n in ("phone", "email")}
_LONGEST = {"name": 200, "country": 60, "province": 40, "city": 60, "district": 60, "sex": 8}


@dataclass(slots=True)
class OpenFile:
    """What preparation needs of a customer's file: its versions and the card as it stands."""

    root_id: int
    change_seq: int
    card: dict[str, Any]
    is_archived: bool = False
    versions: list[LiveVersion] = field(default_factory=list)
    acts: verifying.Acts = field(default_factory=dict)


def columns_of(versions: Sequence[LiveVersion], kind: str) -> dict[str, Any]:
    """The derived columns of a card from the live versions of its file."""
    won = golden(versions)
    stated = sorted(won.items())
    card: dict[str, Any] = {name: str(won[name][1])[: _LONGEST[name]] if name in won else "" for name in _OWN_COLUMN}
    card["kind"] = kind
    card["name"] = _name(won)
    card["name_sort"] = _sort_key(card["name"]) if card["name"] else ""
    card["has_phone"] = "phone" in won
    card["has_email"] = "email" in won
    for name in ("phone", "email"):
        card[f"{name}_state"] = verifying.state_of(versions, name, won[name][0]) if name in won else ""
    card["values"] = {n: v for n, (_, v) in stated if n not in _OWN_COLUMN and isinstance(v, str)}
    card["purchase_class"] = purchase_class(card["values"])
    if packed := lake_values.packed(card["values"]):
        card["values"][lake_values.KEY] = packed
    card["origins"] = {n: version_id for n, (version_id, _) in stated}
    return card


def columns_of_one(version_id: int, facts: Mapping[str, Any], kind: str) -> dict[str, Any]:
    """`columns_of` for the one version of a new customer, on which nobody has judged: nothing competes, so no rule is asked.

    Nearly every row of an import comes here.
    """
    won = {n: v for n, v in sorted(facts.items()) if v is not CLEARED and n[0] != "_"}
    card: dict[str, Any] = {n: str(won[n])[: _LONGEST[n]] if n in won else "" for n in _OWN_COLUMN}
    name = next((str(won[n])[:200] for n in _CALLED if won.get(n)), "")
    values = {n: v for n, v in won.items() if n not in _OWN_COLUMN and isinstance(v, str)}
    card |= {
        "kind": kind,
        "name": name,
        "name_sort": _sort_key(name) if name else "",
        "has_phone": "phone" in won,
        "has_email": "email" in won,
        "phone_state": _FRESH_STATE["phone"] if "phone" in won else "",
        "email_state": _FRESH_STATE["email"] if "email" in won else "",
        "purchase_class": purchase_class(values),
        "values": values,
        "origins": dict.fromkeys(won, version_id),
    }
    if packed := lake_values.packed(values):
        values[lake_values.KEY] = packed
    return card


def shown_name(versions: Iterable[LiveVersion]) -> str:
    """The name a card of these versions shows: the person's, else the company's, else a nickname."""
    return _name(golden(versions))


def _name(won: dict[str, tuple[int, Any]]) -> str:
    return next((str(won[n][1])[:200] for n in _CALLED if n in won and won[n][1]), "")


@lru_cache(maxsize=65536)
def _sort_key(name: str) -> str:
    return persons.name_sort(name)[:120]


def open_files(root_ids: Iterable[int]) -> dict[int, OpenFile]:
    """Load the files of the given roots: card columns and every live version of every record in the merged group."""
    wanted = sorted(set(root_ids))
    names = ", ".join(f'"{c}"' for c in COLUMNS)
    files = {
        row[0]: OpenFile(row[0], row[1], _card(row[3:]), row[2] is not None)
        for row in bulk.fetch_in(
            f"SELECT customer_id, change_seq, archived_at, {names} FROM customers_customercard WHERE customer_id IN {{values}}",
            wanted,
        )
    }
    for root_id, version in _stored("v.withdrawn_at IS NULL AND c.root_id IN {values}", files):
        files[root_id].versions.append(version)
    for root_id, acts in verifying.acts_of(files).items():
        file = files[root_id]
        file.acts, file.versions = acts, [verifying.with_verdicts(v, acts) for v in file.versions]
    return files


# NULLIF: a moment out of an expression comes as SQLite keeps it, and is read once for all rows that share it.
_VERSIONS = (
    "SELECT c.root_id, v.id, r.id, r.source_id, s.trust_grade, s.is_house, NULLIF(v.as_of, NULL), v.facts, s.platform "
    "FROM customers_sourceversion v JOIN customers_sourcerecord r ON r.id = v.source_record_id "
    "JOIN customers_customer c ON c.id = r.customer_id JOIN customers_source s ON s.id = r.source_id WHERE "
)


def live_versions(root_ids: Iterable[int]) -> Iterable[tuple[int, LiveVersion]]:
    """(root, version) for every version not withdrawn on the files of the given roots."""
    return _versions("v.withdrawn_at IS NULL AND c.root_id IN {values}", root_ids)


def versions_of_customers(customer_ids: Iterable[int]) -> Iterable[tuple[int, LiveVersion]]:
    """(customer, version) for every version not withdrawn on the customers' own records, whatever file they show on."""
    owner: dict[int, int] = {}
    sql = "SELECT id, customer_id FROM customers_sourcerecord WHERE customer_id IN {values}"
    owner.update(bulk.fetch_in(sql, sorted(set(customer_ids))))
    for _, version in _versions("v.withdrawn_at IS NULL AND r.id IN {values}", owner):
        yield owner[version.source_record_id], version


def withdrawn_versions(version_ids: Iterable[int]) -> Iterable[tuple[int, LiveVersion]]:
    """(root, version) of withdrawn versions that are about to be said again."""
    return _versions("v.id IN {values}", version_ids)


def _versions(condition: str, wanted: Iterable[int]) -> list[tuple[int, LiveVersion]]:
    return verifying.judged(list(_stored(condition, wanted)))


def _stored(condition: str, wanted: Iterable[int]) -> Iterable[tuple[int, LiveVersion]]:
    for root_id, *rest in bulk.fetch_in(_VERSIONS + condition, sorted(set(wanted))):
        version_id, record_id, source_id, trust, house, as_of, facts, platform = rest
        origin = verifying.origin_of(source_id, platform, is_house=bool(house))
        said = rows.parsed(facts)
        yield (
            root_id,
            LiveVersion(version_id, record_id, source_id, trust, bool(house), rows.moment(as_of), said, origin=origin),
        )


def _card(row: tuple[Any, ...]) -> dict[str, Any]:
    card: dict[str, Any] = dict(zip(COLUMNS, row, strict=True))
    card["has_phone"], card["has_email"] = bool(card["has_phone"]), bool(card["has_email"])
    card["values"], card["origins"] = rows.parsed(card["values"]), rows.parsed(card["origins"])
    return card
