"""Preparing a batch of orders: prices, buyers, what is known already, and the tuples to write."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import orjson

from zhike.customers import actions as customers
from zhike.customers import queries as people
from zhike.customers.records import Statement
from zhike.kit import bulk, chance, clock, ids
from zhike.secure import vault
from zhike.shop.actions.batch import SEALED_COLUMN, STATED, PreparedOrders, canonical
from zhike.shop.models import RunStart
from zhike.shop.pricing import OrderRefused, PricedLine, PricedOrder, price
from zhike.shop.records import OrderStatement


@dataclass(slots=True)
class Ready:
    """One order of the batch: as given, priced, and the record its buyer landed on."""

    given: OrderStatement
    priced: PricedOrder
    record_id: int | None = None
    why: str = ""
    digest: bytes = b""
    stated: dict[str, Any] = field(default_factory=dict)
    columns: tuple[Any, ...] = ()  # what is stated, in the order of STATED
    own_key: int = 0  # the id of the key that seals a receiver where there is no customer


class OrderPreparation:
    """One batch of one source. Reads only, apart from new data keys and the rank of a run that begins."""

    def __init__(self, source_id: int, run_id: int, currency: str, zone: str) -> None:
        """`currency` is the shop's, for orders that state none."""
        self.source_id, self.run_id, self.currency, self.zone = source_id, run_id, currency, zone
        self.at_cell = bulk.as_stored(clock.now())

    def of(self, orders: Sequence[OrderStatement]) -> PreparedOrders:
        """Prepare the batch."""
        self.rank = rank_of(self.run_id)
        refused: list[OrderRefused] = []
        # Said twice in one batch, the later statement stands; readers put the rows of one order together before.
        last = {order.external_id: order for order in orders}
        ready = [r for order in last.values() if (r := self._priced(order, refused))]
        buyers = [r for r in ready if r.given.buyer is not None]
        said: list[Statement] = [r.given.buyer for r in buyers if r.given.buyer is not None]
        statements = customers.prepare_statements(self.source_id, said, run_id=self.run_id, zone=self.zone)
        for r, record_id in zip(buyers, statements.record_ids, strict=True):
            r.record_id = record_id
        self.made = PreparedOrders(self.source_id, self.run_id, self.currency, self.zone, orders, statements)
        tally = self.made.tally
        tally.seen, tally.rejected = len(orders), len(refused)
        tally.unchanged = len(orders) - len(last)
        tally.problems += [r.problem for r in refused]
        self._state(ready)
        self._lay(ready)
        self._count(ready)
        return self.made

    def _priced(self, order: OrderStatement, refused: list[OrderRefused]) -> Ready | None:
        try:
            return Ready(order, price(order))
        except OrderRefused as problem:
            refused.append(problem)
            return None

    def _state(self, ready: list[Ready]) -> None:
        """The columns each order states, and the digest that tells whether this was said before."""
        erased = people.erased_among(r.record_id for r in ready if r.record_id is not None)
        for r in ready:
            if r.record_id in erased:
                r.given = replace(r.given, sealed={})  # the amounts of an erased person's order, and nobody's address
            if r.record_id is None:
                # A buyer whose key cannot be used (masked, blank) leaves an order without a customer.
                r.why = r.given.no_customer_why or ("masked" if r.given.buyer else "not_given")
            p, given = r.priced, r.given
            values = (
                r.record_id,
                r.why,
                given.ordered_at,
                given.paid_at,
                given.kind,
                given.status,
                given.currency or self.currency,
            )
            money = (
                p.goods_cents,
                p.postage_cents,
                p.fee_cents,
                p.refund_cents,
                p.total_cents,
                p.net_cents,
                len(p.lines),
                p.item_count,
            )
            r.columns = (*values, *money)
            r.stated = dict(zip(STATED, r.columns, strict=True))
            lines = [(x.sku, x.title, x.kind, x.quantity, x.unit_price, x.amount_cents) for x in p.lines]
            r.digest = vault.lookup("order_version", canonical([r.stated, lines, dict(given.sealed)]))

    def _lay(self, ready: list[Ready]) -> None:
        known = self._known_orders([r.given.external_id for r in ready])
        stored = self._stored_versions(known)
        fresh = [r for r in ready if (known.get(r.given.external_id, (0,))[0], r.digest) not in stored]
        products = self._products(fresh)
        data_keys = self._keys(fresh)
        new_count = sum(r.given.external_id not in known for r in fresh)
        new_ids = zip(ids.take("order", new_count), chance.public_ids(new_count), strict=True)
        version_ids = iter(ids.take("order_version", len(fresh)))
        self._line_ids = iter(ids.take("order_line", sum(len(r.priced.lines) for r in fresh)))
        for r in fresh:
            version_id = next(version_ids)
            order_id = self._order_row(r, version_id, known, new_ids)
            self._version_row(r, version_id, order_id, data_keys)
            self._line_rows(r.priced.lines, version_id, products)
        again = [r for r in ready if (known.get(r.given.external_id, (0,))[0], r.digest) in stored]
        for r in again:
            self._said_again(r, known[r.given.external_id], stored)

    def _known_orders(self, external_ids: list[str]) -> dict[str, tuple[int, int | None]]:
        sql = "SELECT external_id, id, current_version_id FROM shop_order WHERE source_id = %s AND external_id IN {values}"
        return {e: (i, current) for e, i, current in bulk.fetch_in(sql, external_ids, params=[self.source_id])}

    def _stored_versions(
        self, known: dict[str, tuple[int, int | None]]
    ) -> dict[tuple[int, bytes], tuple[int, int, Any]]:
        sql = "SELECT order_id, digest, id, seen_rank, withdrawn_at FROM shop_orderversion WHERE order_id IN {values}"
        rows = list(bulk.fetch_in(sql, [order_id for order_id, _ in known.values()]))
        self._top: dict[int, tuple[int, int]] = {}
        for order_id, _, version, rank, withdrawn in rows:
            if withdrawn is None:
                self._top[order_id] = max((rank, version), self._top.get(order_id, (0, 0)))
        return {
            (order_id, bytes(digest)): (version, rank, withdrawn) for order_id, digest, version, rank, withdrawn in rows
        }

    def _products(self, fresh: list[Ready]) -> dict[str, int]:
        wanted: dict[str, PricedLine] = {}
        for r in fresh:
            for line in r.priced.lines:
                wanted.setdefault(sku_of(line), line)
        sql = "SELECT sku, id FROM shop_product WHERE source_id = %s AND sku IN {values}"
        known: dict[str, int] = dict(bulk.fetch_in(sql, wanted, params=[self.source_id]))
        new = [sku for sku in wanted if sku not in known]
        for sku, product_id in zip(new, ids.take("product", len(new)), strict=True):
            line = wanted[sku]
            self.made.products.append((product_id, self.source_id, sku, (line.title or sku)[:400], line.kind))
            known[sku] = product_id
        self._titles = {sku: line.title for sku, line in wanted.items()}
        return known

    def _keys(self, fresh: list[Ready]) -> dict[int, Any]:
        """Data keys to seal receivers with: the customer's record's, or one of the order's own where there is none."""
        for r in fresh:
            if r.given.sealed and r.record_id is None:
                r.own_key = ids.take("record")[0]
        wanted = {r.own_key or r.record_id for r in fresh if r.given.sealed}
        return vault.ensure_keys(sorted(key for key in wanted if key)) if wanted else {}

    def _order_row(self, r: Ready, version_id: int, known: dict[str, tuple[int, int | None]], new_ids: Any) -> int:
        external_id = r.given.external_id
        if external_id in known:
            self._show(r, known[external_id], version_id, self.rank)
            return known[external_id][0]
        order_id, public_id = next(new_ids)
        values = [bulk.as_stored(v) if type(v) is dt.datetime else v for v in r.columns]
        self.made.new_orders.append((order_id, public_id, self.source_id, external_id, version_id, *values))
        self.made.tally.new += 1
        return order_id

    def _version_row(self, r: Ready, version_id: int, order_id: int, data_keys: dict[int, Any]) -> None:
        sealed, key_of = None, None
        if r.given.sealed:
            key_of = r.own_key or r.record_id
            assert key_of is not None
            sealed = vault.seal(
                data_keys[key_of], vault.SealContext(SEALED_COLUMN, version_id, key_of), dict(r.given.sealed)
            )
        header = {n: v.isoformat() if isinstance(v, dt.datetime) else v for n, v in r.stated.items()}
        header_cell = orjson.dumps(header).decode()
        row = (version_id, order_id, r.digest, header_cell, r.record_id, sealed, key_of, self.rank, self.at_cell)
        self.made.versions.append(row)
        self.made.sightings.append((version_id, self.run_id, r.given.row_no))

    def _line_rows(self, lines: tuple[PricedLine, ...], version_id: int, products: dict[str, int]) -> None:
        for number, line in enumerate(lines, start=1):
            sku = sku_of(line)
            title = "" if line.title == self._titles.get(sku) else line.title[:400]
            self.made.lines.append(
                (
                    next(self._line_ids),
                    version_id,
                    number,
                    products[sku],
                    title,
                    line.kind,
                    line.quantity,
                    line.unit_price,
                    line.amount_cents,
                    line.is_repeat,
                )
            )

    def _said_again(
        self, r: Ready, known: tuple[int, int | None], stored: dict[tuple[int, bytes], tuple[int, int, Any]]
    ) -> None:
        """A version known already: the latest run that says it decides which version the order shows."""
        version_id, seen_rank, withdrawn = stored[known[0], r.digest]
        self.made.sightings.append((version_id, self.run_id, r.given.row_no))
        rank = self.rank if withdrawn is not None else max(seen_rank, self.rank)
        if rank != seen_rank or withdrawn is not None:
            self.made.seen_again.append((version_id, rank, None))
        self._show(r, known, version_id, rank)

    def _show(self, r: Ready, known: tuple[int, int | None], version_id: int, rank: int) -> None:
        """Let a known order show a version, unless a run that began later (this one was paused) says another."""
        order_id, shown = known
        if shown == version_id or (rank, version_id) < self._top.get(order_id, (0, 0)):
            self.made.tally.unchanged += 1
            return
        self.made.tally.updated += 1
        self.made.changed_orders.append((order_id, version_id, *r.columns))

    def _count(self, ready: list[Ready]) -> None:
        tally, told = self.made.tally, self.made.statements.tally
        tally.problems += [p for r in ready for p in r.priced.problems]
        # A buyer whose key cannot be used keeps no order out: it is told, and the order stays without a customer.
        tally.problems += [replace(p, fatal=False) if p.fatal else p for p in told.problems]
        tally.customers_new, tally.customers_updated, tally.customers_joined = told.new, told.updated, told.joined
        for r in ready:
            lines = r.priced.lines
            tally.without_customer += r.record_id is None
            tally.lines += len(lines)
            tally.repeated_lines += sum(line.is_repeat for line in lines)
            tally.other_lines += sum(line.kind != "goods" for line in lines)
            tally.total_cents += r.priced.total_cents


def rank_of(run_id: int) -> int:
    """A run's place among those that spoke of orders, taken when it begins and kept when it goes on after a pause."""
    return RunStart.objects.get_or_create(run_id=run_id)[0].id


def sku_of(line: PricedLine) -> str:
    """The merchant's code of a line's product, or its title where a file gives no code."""
    return line.sku.strip()[:120] or f"title:{line.title.strip()[:110]}"
