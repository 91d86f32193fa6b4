"""Products and after-sale cases as files state them: prepared outside a transaction, written in one, withdrawn by run.

Both work as orders do: what was said is a version, who said it a sighting, and the row shows the newest live version.
"""

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import connection, transaction

from zhike.kit import bulk, chance, changes, clock, ids
from zhike.kit import rows as stored
from zhike.secure import vault
from zhike.shop.actions.batch import canonical
from zhike.shop.actions.preparation import rank_of
from zhike.shop.records import Stated, StatedTally

PRODUCT, CASE = "product", "case"
_COLUMNS: Mapping[str, tuple[str, ...]] = {
    PRODUCT: ("title", "category", "brand", "barcode", "price_cents", "cost_cents", "attributes"),
    CASE: ("order_number", "sku", "kind", "status", "reason", "quantity", "amount_cents", "currency", "opened_at", "closed_at"),
}  # fmt: skip
_TABLE = {PRODUCT: ("shop_product", "sku", "product"), CASE: ("shop_aftersalecase", "external_id", "case")}
_MOMENTS = {"opened_at", "closed_at"}
_NULLS = {"price_cents", "cost_cents", "attributes", "quantity", "amount_cents", *_MOMENTS}
_BATCH = 500


@dataclass(slots=True)
class PreparedStated:
    """Ready tuples of a batch of one kind."""

    about: str
    new: list[tuple[Any, ...]] = field(default_factory=list)
    changed: list[tuple[Any, ...]] = field(default_factory=list)
    versions: list[tuple[Any, ...]] = field(default_factory=list)
    seen_again: list[tuple[Any, ...]] = field(default_factory=list)
    sightings: list[tuple[Any, ...]] = field(default_factory=list)
    tally: StatedTally = field(default_factory=StatedTally)


@dataclass(slots=True)
class _Known:
    """A row that is there: its id, the version it shows, its title, and its stored versions by digest."""

    id: int
    shown: int | None
    title: str
    versions: dict[bytes, tuple[int, int, Any]] = field(default_factory=dict)

    @property
    def top(self) -> tuple[int, int]:
        return max(((rank, v) for v, rank, gone in self.versions.values() if gone is None), default=(0, 0))


def prepare_stated(about: str, source_id: int, given: Sequence[Stated], *, run_id: int) -> PreparedStated:
    """Compare a batch of products or cases of one source with what is known; writes nothing but the run's rank."""
    made, rank, at = PreparedStated(about), rank_of(run_id), clock.now()
    last = {one.key: one for one in given}
    known = known_of(about, source_id, last)
    made.tally.seen, made.tally.unchanged = len(given), len(given) - len(last)
    new_ids = iter(ids.take(_TABLE[about][2], sum(key not in known for key in last)))
    fresh = [one for key, one in last.items() if key not in known or digest_of(one) not in known[key].versions]
    version_ids = dict(zip((one.key for one in fresh), ids.take("stated_version", len(fresh)), strict=True))
    for key, one in last.items():
        digest, held = digest_of(one), known.get(key)
        version_id = version_ids.get(key) or (held.versions[digest][0] if held else 0)
        made.sightings.append((version_id, run_id, one.row_no))
        if held is None:
            about_id = next(new_ids)
            made.new.append(_new_row(about, about_id, source_id, one, version_id))
            made.tally.new += 1
        else:
            about_id = held.id
            _change(made, held, one, version_id, digest, rank)
        if key in version_ids:
            made.versions.append((version_id, about, about_id, digest, dict(one.columns), rank, at))
    return made


def _change(made: PreparedStated, held: _Known, one: Stated, version_id: int, digest: bytes, rank: int) -> None:
    stored_version = held.versions.get(digest)
    if stored_version is not None:
        _, seen, gone = stored_version
        if gone is not None or rank > seen:
            made.seen_again.append((version_id, rank if gone is not None else max(rank, seen), None))
    if held.shown == version_id or (rank, version_id) < held.top:
        made.tally.unchanged += 1
        return
    made.tally.updated += 1
    made.changed.append(_changed_row(made.about, held.id, version_id, one.columns, held.shown, held.title))


def known_of(about: str, source_id: int, keys: Iterable[str]) -> dict[str, _Known]:
    """The rows of these keys with their versions."""
    table, key, _ = _TABLE[about]
    title = "title" if about == PRODUCT else "''"
    sql = f"SELECT {key}, id, current_version_id, {title} FROM {table} WHERE source_id = %s AND {key} IN {{values}}"
    known = {k: _Known(i, shown, t) for k, i, shown, t in bulk.fetch_in(sql, keys, params=[source_id])}
    by_id = {held.id: held for held in known.values()}
    sql = "SELECT about_id, digest, id, seen_rank, withdrawn_at FROM shop_statedversion WHERE about = %s AND about_id IN {values}"
    for about_id, digest, version, rank, gone in bulk.fetch_in(sql, by_id, params=[about]):
        by_id[about_id].versions[bytes(digest)] = (version, rank, gone)
    return known


def digest_of(one: Stated) -> bytes:
    """Equal for equal statements."""
    return vault.lookup("stated_version", canonical(dict(one.columns)))


def record_stated(made: PreparedStated, *, within: Callable[[], None] | None = None) -> StatedTally:
    """Write a prepared batch in one transaction; `within` runs inside it."""
    table, key, _ = _TABLE[made.about]
    more = ("line_kind", "order_title") if made.about == PRODUCT else ("public_id",)
    new = ("id", "source_id", key, "current_version_id", *_COLUMNS[made.about], *more, "change_seq")
    with transaction.atomic():
        seq = changes.next_seq()
        bulk.insert_many(table, new, ((*row, seq) for row in made.new))
        _show(made.about, made.changed, seq)
        columns = ("id", "about", "about_id", "digest", "stated", "seen_rank", "created_at")
        bulk.insert_many("shop_statedversion", columns, made.versions)
        bulk.update_many("shop_statedversion", "id", ["seen_rank", "withdrawn_at"], made.seen_again)
        bulk.insert_many(
            "shop_statedsighting", ("version_id", "run_id", "row_no"), made.sightings, on_conflict="ignore"
        )
        if within:
            within()
    return made.tally


def withdraw_stated(run_id: int, *, batch: int = _BATCH) -> Iterator[int]:
    """Withdraw what a run said of products and cases, batch by batch; may be called again."""
    while True:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT version_id FROM shop_statedsighting WHERE run_id = %s ORDER BY version_id LIMIT %s",
                [run_id, batch],
            )
            versions = [row[0] for row in cursor.fetchall()]
        if not versions:
            return
        with transaction.atomic():
            _take_back(run_id, versions)
        yield len(versions)


def _take_back(run_id: int, versions: list[int]) -> None:
    marks = ", ".join(["%s"] * len(versions))
    with connection.cursor() as cursor:
        cursor.execute(
            f"DELETE FROM shop_statedsighting WHERE run_id = %s AND version_id IN ({marks})", [run_id, *versions]
        )
    left: dict[int, int] = {}
    sql = (
        "SELECT s.version_id, r.id FROM shop_statedsighting s JOIN shop_runstart r ON r.run_id = s.run_id "
        "WHERE s.version_id IN {values}"
    )
    for version_id, rank in bulk.fetch_in(sql, versions):
        left[version_id] = max(rank, left.get(version_id, 0))
    at = clock.now()
    bulk.update_many("shop_statedversion", "id", ["seen_rank"], list(left.items()))
    bulk.update_many("shop_statedversion", "id", ["withdrawn_at"], [(v, at) for v in versions if v not in left])
    touched: dict[str, set[int]] = {PRODUCT: set(), CASE: set()}
    for about, about_id in bulk.fetch_in(
        "SELECT about, about_id FROM shop_statedversion WHERE id IN {values}", versions
    ):
        touched[about].add(about_id)
    seq = changes.next_seq()
    for about, about_ids in touched.items():
        _show(about, _newest(about, about_ids), seq)


def _newest(about: str, about_ids: set[int]) -> list[tuple[Any, ...]]:
    newest: dict[int, tuple[int, int, Any]] = {}
    sql = (
        "SELECT about_id, id, seen_rank, stated FROM shop_statedversion "
        "WHERE about = %s AND withdrawn_at IS NULL AND about_id IN {values}"
    )
    for about_id, version, rank, stated in bulk.fetch_in(sql, sorted(about_ids), params=[about]):
        newest[about_id] = max((rank, version, stored.parsed(stated)), newest.get(about_id, (0, 0, {})), key=_place)
    order_titles = {}
    if about == PRODUCT:
        sql = "SELECT id, order_title FROM shop_product WHERE id IN {values}"
        order_titles = dict(bulk.fetch_in(sql, sorted(about_ids)))
    rows = []
    for about_id in about_ids:
        _, version, stated = newest.get(about_id, (0, None, {}))
        rows.append(_changed_row(about, about_id, version, stated, 0, order_titles.get(about_id, "")))
    return rows


def _place(found: tuple[int, int, Any]) -> tuple[int, int]:
    return found[:2]


def _new_row(about: str, about_id: int, source_id: int, one: Stated, version_id: int) -> tuple[Any, ...]:
    values = _values(about, one.columns, one.key)
    more = ("goods", "") if about == PRODUCT else (chance.public_id(),)
    return (about_id, source_id, one.key, version_id, *values, *more)


def _changed_row(
    about: str, about_id: int, version_id: int | None, columns: Mapping[str, Any], shown: int | None, title: str
) -> tuple[Any, ...]:
    """(id, version, columns…); of a product also how orders call it, noted when a catalogue first names it."""
    if about == CASE:
        return (about_id, version_id, *(_values(about, columns, "") if columns else ()))
    return (about_id, version_id, *_values(about, columns, title), title) if shown in (None, 0) else (
        about_id, version_id, *_values(about, columns, title)
    )  # fmt: skip


def _values(about: str, columns: Mapping[str, Any], title: str) -> tuple[Any, ...]:
    values = []
    for name in _COLUMNS[about]:
        value = columns.get(name, None if name in _NULLS else "")
        if name == "title":
            value = value or title
        if name in _MOMENTS and value:
            value = dt.datetime.fromisoformat(value)
        values.append(value)
    return tuple(values)


def _show(about: str, rows: list[tuple[Any, ...]], seq: int) -> None:
    """Let rows show a version. They come in up to three widths: with all columns, with the order's title too, or withdrawn."""
    names = ["current_version_id", *_COLUMNS[about], *(["order_title"] if about == PRODUCT else [])]
    widths: dict[int, list[tuple[Any, ...]]] = {}
    for row in rows:
        widths.setdefault(len(row) - 1, []).append((*row, seq))
    for width, same in widths.items():
        bulk.update_many(_TABLE[about][0], "id", [*names[:width], "change_seq"], same)
