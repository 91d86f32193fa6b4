"""Filling the demo shop in: through the same actions as an import, in whole batches, with runs that can be undone."""

import datetime as dt
import itertools
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from random import Random

from zhike.collect import actions as collect
from zhike.customers import actions as customers
from zhike.customers import queries as customer_queries
from zhike.customers.records import SourceFacts, Statement
from zhike.desk.demo import catalogue, file_details, names, near_people, visits
from zhike.desk.demo import orders as maker
from zhike.desk.demo.people import MARKET, OWN_SITE, TAOBAO, Shopper, shoppers
from zhike.desk.demo.rhythm import Calendar
from zhike.kit import clock
from zhike.secure.records import Viewer
from zhike.shop import actions as shop
from zhike.shop.records import OrderStatement

Tell = Callable[[str, int, int | None], None]  # phase, done, total

_BATCH = 500
_COUNTED = (
    "seen",
    "new",
    "updated",
    "unchanged",
    "rejected",
    "without_customer",
    "lines",
    "customers_new",
    "customers_joined",
)

# shop → (code, English and Chinese name, kind of channel, platform, trust, name in the history of imports)
_SOURCES = {
    TAOBAO: ("demo-taobao", "听雨茶器 淘宝店（演示）", "shop_platform", "taobao", 3, "演示数据 · 淘宝订单"),
    OWN_SITE: ("demo-site", "听雨茶器 官网（演示）", "shop_platform", "shopify", 4, "演示数据 · 官网订单"),
    MARKET: ("demo-market", "听雨茶器 拼多多店（演示）", "shop_platform", "pinduoduo", 3, "演示数据 · 拼多多订单"),
}
# shop → names of its catalogue and of its after-sale cases in the history of imports
_SHELVES = {
    TAOBAO: ("演示数据 · 淘宝商品", "演示数据 · 淘宝售后单"),
    OWN_SITE: ("演示数据 · 官网商品", "演示数据 · 官网售后单"),
    MARKET: ("演示数据 · 拼多多商品", "演示数据 · 拼多多售后单"),
}
_FOR_YEARS = 12  # purchases
_SPENT_CENTS = 180  # of advertising a quarter, for each customer the demo shop has
_MEMBERS = ("demo-members", "听雨茶器 会员登记（演示）", "store_terminal", "", 4, "演示数据 · 会员登记")


class CountsDiffer(Exception):
    """What lies in the database is not what was generated: `details` names both."""

    def __init__(self, details: dict[str, tuple[int, int]]) -> None:
        super().__init__(", ".join(f"{name}: {made} made, {kept} recorded" for name, (made, kept) in details.items()))
        self.details = details


@dataclass(slots=True)
class Filled:
    """What was recorded. `run_ids` by source code."""

    orders: int = 0
    lines: int = 0
    orders_without_customer: int = 0
    customers: int = 0
    customers_joined: int = 0
    run_ids: dict[str, int] = field(default_factory=dict)


def sources() -> list[SourceFacts]:
    """The sources of a demo shop that is here."""
    return [source for source in customer_queries.sources(archived=True) if source.is_demo]


def fill(count: int, seed: int, *, by: Viewer, tell: Tell = lambda phase, done, total: None) -> Filled:
    """Record a demo shop of `count` customers that ends now. Memory does not grow with `count`.

    `tell` hears phases `orders`, `members`, `finishing` with customers (rows, runs) done and the total where it is known.
    Raises CountsDiffer when the counts recorded are not those generated.
    """
    calendar = Calendar(clock.now())
    filled = Filled()
    counts: dict[str, Counter[str]] = {}
    opened: dict[str, tuple[int, int]] = {}
    for name, told in _SOURCES.items():
        opened[name] = _open(told, "orders", by)
        filled.run_ids[told[0]] = opened[name][1]
        counts[name] = Counter()
        _spend(opened[name][0], count, calendar, by)
    returned = {name: _Returned(opened[name][0], _SHELVES[name][1], by) for name in _SOURCES}
    walks = visits.Walks(calendar.now)
    _record_orders(count, seed, calendar, opened, counts, returned, walks, tell)
    for name in _SOURCES:
        returned[name].end()
        _record_catalogue(opened[name][0], _SHELVES[name][0], by)
    _record_members(count, seed, filled, by, tell)
    for place, run_id in enumerate(filled.run_ids.values()):
        tell("finishing", place, len(filled.run_ids))
        _finish(run_id)
    walks.record(opened[OWN_SITE][0], seed, by=by)
    for name, (_, run_id) in opened.items():
        collect.end_generated(run_id, counts[name])
    _add_up(filled, counts)
    return filled


def _open(told: tuple[str, str, str, str, int, str], kind: str, by: Viewer) -> tuple[int, int]:
    code, name, channel, platform, trust, file_name = told
    source = customers.add_source(
        code=code,
        name=name,
        channel_kind=channel,
        platform=platform,
        trust_grade=trust,
        legal_basis="contract",
        is_demo=True,
        by=by,
    )
    return source.id, collect.begin_generated(source.id, kind=kind, name=file_name, by=by)


def _spend(source_id: int, count: int, calendar: Calendar, by: Viewer) -> None:
    """What a shop paid for being found, quarter by quarter over the last year."""
    today = calendar.midnights[-1].date()
    for quarter in range(4):
        customers.add_source_cost(
            source_id,
            spent_on=today - dt.timedelta(days=20 + 91 * quarter),
            kind="推广",
            amount_cents=count * _SPENT_CENTS,
            by=by,
        )


def _record_orders(
    count: int,
    seed: int,
    calendar: Calendar,
    opened: dict[str, tuple[int, int]],
    counts: dict[str, Counter[str]],
    returned: dict[str, "_Returned"],
    walks: visits.Walks,
    tell: Tell,
) -> None:
    waiting: dict[str, list[OrderStatement]] = {name: [] for name in opened}
    for before, made in maker.orders_by_customer(count, seed, calendar):
        for name, order in made:
            waiting[name].append(order)
            if len(waiting[name]) == _BATCH:
                counts[name] += _record(opened[name], waiting[name])
                returned[name].of(waiting[name])
                if name == OWN_SITE:
                    walks.of(waiting[name])
                waiting[name] = []
                tell("orders", before, count)
    for name, batch in waiting.items():
        counts[name] += _record(opened[name], batch)
        returned[name].of(batch)
        if name == OWN_SITE:
            walks.of(batch)
    tell("orders", count, count)


class _Returned:
    """The after-sale cases of one shop, recorded batch by batch under a run of their own."""

    def __init__(self, source_id: int, name: str, by: Viewer) -> None:
        self._source_id = source_id
        self._run_id = collect.begin_generated(source_id, kind="cases", name=name, by=by)
        self._counts: Counter[str] = Counter()

    def of(self, orders: list[OrderStatement]) -> None:
        """Record the cases of some orders."""
        stated = list(catalogue.cases(orders, first_row=self._counts["seen"] + 1))
        made = shop.prepare_stated(shop.CASE, self._source_id, stated, run_id=self._run_id)
        self._counts += Counter(seen=made.tally.seen, new=made.tally.new)
        shop.record_stated(made)

    def end(self) -> None:
        """All is recorded."""
        collect.end_generated(self._run_id, self._counts)


def _record_catalogue(source_id: int, name: str, by: Viewer) -> None:
    """After the orders: what the shop's own file says of a product stands above what an order line called it."""
    run_id = collect.begin_generated(source_id, kind="products", name=name, by=by)
    made = shop.prepare_stated(shop.PRODUCT, source_id, catalogue.products(), run_id=run_id)
    tally = shop.record_stated(made)
    collect.end_generated(run_id, {"seen": tally.seen, "new": tally.new, "updated": tally.updated})


def _record(opened: tuple[int, int], batch: list[OrderStatement]) -> Counter[str]:
    if not batch:
        return Counter()
    source_id, run_id = opened
    tally = shop.record_orders(
        shop.prepare_orders(source_id, batch, run_id=run_id, zone="Asia/Shanghai", currency="CNY")
    )
    return Counter({name: getattr(tally, name) for name in _COUNTED}) + Counter(made=len(batch))


def _record_members(count: int, seed: int, filled: Filled, by: Viewer, tell: Tell) -> None:
    """One in ten, and whoever came for years, filled in a card at the counter: a second source for the same people, joined by their e-mail."""
    source_id, run_id = _open(_MEMBERS, "customers", by)
    filled.run_ids[_MEMBERS[0]] = run_id
    statements = itertools.chain(_members(shoppers(count, seed)), _market_cards(count, seed))
    counts: Counter[str] = Counter()
    while batch := list(itertools.islice(statements, _BATCH)):
        prepared = customers.prepare_statements(source_id, batch, run_id=run_id, zone="Asia/Shanghai")
        tally = customers.record_statements(prepared)
        filled.customers += tally.new
        filled.customers_joined += tally.joined
        counts += Counter(
            {"seen": tally.seen, "new": tally.new, "customers_joined": tally.joined, "rejected": tally.rejected}
        )
        tell("members", counts["seen"], None)
    collect.end_generated(run_id, counts)


def _members(people: Iterator[Shopper]) -> Iterator[Statement]:
    at, row, firms = clock.now(), 1, 0
    for one in people:
        firms += one.is_firm
        is_regular = len(one.inner) >= _FOR_YEARS
        if (one.number % 10 != 3 and not is_regular) or one.is_firm or not (one.also or one.shop == OWN_SITE):
            continue
        row += 1
        birthday = f"{1958 + one.number * 7 % 48}-{one.number % 12 + 1:02d}-{one.number % 28 + 1:02d}"
        values = {
            "email": one.email,
            "name": one.name,
            "sex": one.sex,
            "birth_date": birthday,
            "occupation": _JOBS[one.number // 10 % len(_JOBS)],
            **file_details.answers(Random(one.number * 7919)),
        }
        # A new number since, or a slip of the pen: the shop says another one, and somebody has to ask.
        if one.number % 70 == 13 or is_regular:
            values["phone"] = names.phone(one.number + 600_011)
        yield Statement(("platform_id", f"M{one.number:07d}"), at, values, row, joins=("email",))
    for card, values in file_details.business_cards(firms):
        row += 1
        yield Statement(("platform_id", card), at, values, row, joins=())


def _market_cards(count: int, seed: int) -> Iterator[Statement]:
    """Cards taken at the tea market: customers met again under not quite the same name or number, joined by nobody."""
    at = clock.now()
    for row, (card, values) in enumerate(near_people.cards(shoppers(count, seed)), count + 100):
        yield Statement(("platform_id", card), at, values, row, joins=())


_JOBS = ("教师", "设计师", "会计", "工程师", "护士", "公务员", "自由职业", "茶艺师", "退休", "店主")


def _finish(run_id: int) -> None:
    for finish in (customers.finish_run, shop.finish_run):
        for _ in finish(run_id):
            continue


def _add_up(filled: Filled, counts: dict[str, Counter[str]]) -> None:
    """Sums of all shops; each order generated is accounted for, and the shop's own count agrees."""
    whole = sum(counts.values(), Counter())
    filled.orders, filled.lines = whole["new"], whole["lines"]
    filled.orders_without_customer = whole["without_customer"]
    filled.customers += whole["customers_new"]
    filled.customers_joined += whole["customers_joined"]
    if whole["made"] != whole["new"] or whole["rejected"]:
        raise CountsDiffer({"orders": (whole["made"], whole["new"])})
