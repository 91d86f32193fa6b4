"""The facts a cube is made from, out of the lake: orders, their lines, contacts, each with the dimensions asked for.

For the warm child. A dimension of a customer is today's: who moved to another city counts there for all periods.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from zhike.analyze.cubes.fields import CONTACTS, CUSTOMER, DIMENSIONS, LINES, ORDERS, PRODUCT, TIME
from zhike.analyze.cubes.question import Question
from zhike.analyze.lake import Lake
from zhike.analyze.rfm_recipe import counted_orders

if TYPE_CHECKING:
    import ibis.expr.types as ir


@dataclass(frozen=True, slots=True)
class Sight:
    """Whose customers are looked at (None: all), up to which day of the shop, by which clock."""

    owners: Sequence[int] | None
    as_of: dt.date
    zone: str


class Facts:
    """The facts of one question, each kind made when it is first asked for."""

    def __init__(self, lake: Lake, question: Question, sight: Sight) -> None:
        self._lake, self._question, self._sight = lake, question, sight
        self._made: dict[str, ir.Table] = {}
        self._orders: ir.Table | None = None
        self.left_out: dict[str, Any] = {}

    def of(self, kind: str) -> "ir.Table":
        """Facts of a kind with a column for each dimension used, the part and period of the question alone."""
        if kind not in self._made:
            base = {ORDERS: self._of_orders, LINES: self._of_lines, CONTACTS: self._of_contacts}[kind]()
            self._made[kind] = self._kept(self._with_dimensions(base))
        return self._made[kind]

    def _base(self) -> "ir.Table":
        """Counted orders of customers in sight, with what measures sum and count."""
        import ibis

        if self._orders is None:
            also = ("source_id", "ordered_at", "refund_cents")
            orders, self.left_out = counted_orders(
                self._lake, as_of=self._sight.as_of, zone=self._sight.zone, also=also
            )  # fmt: skip
            bought = orders.net_cents > 0
            nobody, given_back = ibis.null().cast("int64"), (orders.refund_cents > 0) | (orders.kind == "refund")
            self._orders = orders.mutate(
                counted_order=bought.ifelse(orders.order_id, nobody),
                counted_customer=bought.ifelse(orders.customer_id, nobody),
                is_refunded=given_back.cast("int64"),
            )
        return self._orders

    def _of_orders(self) -> "ir.Table":
        return self._base().rename(moment="ordered_at")

    def _of_lines(self) -> "ir.Table":
        orders, lines = self._base(), self._lake.table("order_lines")
        goods = lines.filter(lines.kind == "goods").select("order_id", "product_id", "quantity", "amount_cents")
        joined = goods.inner_join(orders, ["order_id"]).rename(moment="ordered_at")
        if any(DIMENSIONS[name].table == "products" for name in self._question.dimensions):
            products = self._lake.table("products").select("product_id", "category", "brand")
            joined = joined.left_join(products, ["product_id"], rname="{name}_right").drop("product_id_right")
        return joined

    def _of_contacts(self) -> "ir.Table":
        import ibis

        contacts, roots = self._lake.table("contacts"), self._lake.roots()
        joined = contacts.inner_join(roots, ["source_record_id"])
        day = self._lake.shop_time(joined.contacted_at, self._sight.zone).date()
        told = joined.mutate(day=day).rename(moment="contacted_at")
        return told.filter(told.day <= ibis.date(self._sight.as_of))

    def _with_dimensions(self, facts: "ir.Table") -> "ir.Table":
        """A text column a dimension, named `d_` and its code; facts of customers out of sight dropped."""
        from zhike_analytics.purchases import group_text

        used = [DIMENSIONS[name] for name in self._question.dimensions]
        cards = self._lake.table("cards")
        if self._sight.owners is not None:
            cards = cards.filter(cards.owner_staff_id.isin(list(self._sight.owners)))
        on_card = {d.code: group_text(cards[d.column]) for d in used if d.table == "cards"}
        if on_card or self._sight.owners is not None:
            chosen = {f"d_{code}": column for code, column in on_card.items()}
            facts = facts.inner_join(cards.select(card_id="customer_id", **chosen), [("customer_id", "card_id")])
        for family in dict.fromkeys(d.table for d in used if d.kind == CUSTOMER and d.table != "cards"):
            told = self._lake.engine.table(family)
            chosen = {f"d_{d.code}": told[d.column] for d in used if d.table == family}
            held = told.select(**{f"{family}_id": told.customer_id}, **chosen)
            facts = facts.left_join(held, [("customer_id", f"{family}_id")])
            facts = facts.mutate(**{name: group_text(facts[name]) for name in chosen})
        own = {f"d_{d.code}": group_text(facts[d.column]) for d in used if d.table == "facts" or d.kind == PRODUCT}
        return facts.mutate(**own, **self._times(facts, [d.code for d in used if d.kind == TIME]))

    def _times(self, facts: "ir.Table", codes: list[str]) -> dict[str, "ir.Value"]:
        if not codes:
            return {}
        day, clock = facts.day, self._lake.shop_time(facts.moment, self._sight.zone)
        made = {
            "year": day.year().cast("string"),
            "quarter": day.year().cast("string") + "-Q" + day.quarter().cast("string"),
            "month": day.strftime("%Y-%m"),
            "week": day.truncate("W").cast("date").cast("string"),  # its Monday
            "day": day.cast("string"),
            "weekday": (day.day_of_week.index() + 1).cast("string"),
            "hour": clock.hour().cast("string").lpad(2, "0"),
        }
        return {f"d_{code}": made[code] for code in codes}

    def _kept(self, facts: "ir.Table") -> "ir.Table":
        import ibis

        period = self._question.period(self._sight.as_of)
        if period is not None:
            facts = facts.filter(facts.day.between(ibis.date(period[0]), ibis.date(period[1])))
        for name, values in self._question.where:
            facts = facts.filter(facts[f"d_{name}"].isin(list(values)))
        return facts
