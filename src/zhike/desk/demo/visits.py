"""Visits to the demo shop's own site: before orders, and by people who did not order. Few, so that the shop is made as fast as before."""

import datetime as dt
from collections import Counter
from collections.abc import Generator, Iterator
from random import Random

from zhike.collect import actions as collect
from zhike.collect.records import TrackedStatement
from zhike.customers.records import Statement
from zhike.secure.records import Viewer
from zhike.shop.records import OrderStatement

DAYS = 60
_MOST_ORDERS = 300
_FILE = "演示数据 · 官网访问"
_BATCH = 500
_SECTIONS = (("/teapots", "茶壶"), ("/cups", "茶杯"), ("/tea", "茶叶"), ("/gifts", "礼盒"))
_ENTRIES = (
    ("search", "baidu.com", 30), ("direct", "", 24), ("social", "xiaohongshu.com", 16), ("campaign", "双十一预热", 10),
    ("mail", "会员月刊", 6), ("referral", "chadao.example", 5), ("search", "bing.com", 4), ("social", "mp.weixin.qq.com", 5),
)  # fmt: skip
_HELP = (("chat", "", "咨询客服"), ("faq", "/help/delivery", "配送说明"), ("offer", "", "领取优惠券"))
_GUESTS = 4  # visits without an order for each that led to one
_ASK = 0.18  # of visits that are helped before the checkout
Act = tuple[str, str, str, str, str]  # kind, name, path, title, mark


class Walks:
    """Collects the newest orders of the site while they are made, and tells how their buyers came to them."""

    def __init__(self, now: dt.datetime) -> None:
        self._now, self._orders = now, list[OrderStatement]()

    def of(self, orders: list[OrderStatement]) -> None:
        """Keep those that are new enough to be walked to."""
        began = self._now - dt.timedelta(days=DAYS)
        self._orders += [o for o in orders if o.ordered_at >= began and o.buyer is not None and o.kind == "sale"]

    def record(self, source_id: int, seed: int, *, by: Viewer) -> None:
        """Record all visits under a run of their own."""
        run_id = collect.begin_generated(source_id, kind="visits", name=_FILE, by=by)
        counts: Counter[str] = Counter()
        batch: list[TrackedStatement] = []
        for act in self._acts(Random(seed * 31 + 7)):
            batch.append(act)
            if len(batch) == _BATCH:
                counts += _record(source_id, run_id, batch)
                batch = []
        counts += _record(source_id, run_id, batch)
        collect.end_generated(run_id, counts)

    def _acts(self, chance: Random) -> Iterator[TrackedStatement]:
        row = 1
        for number, order in enumerate(self._orders[-_MOST_ORDERS:]):
            visitor, person = f"demo-{number}", order.buyer
            if chance.random() < 0.5:
                row = yield from self._walk(
                    chance, row, visitor, None, self._ago(order.ordered_at, chance), has_bought=False
                )
            began = order.ordered_at - dt.timedelta(minutes=6 + chance.randrange(14))
            row = yield from self._walk(chance, row, visitor, person, began, has_bought=True)
        for number in range(len(self._orders[-_MOST_ORDERS:]) * _GUESTS):
            at = self._now - dt.timedelta(minutes=20 + chance.randrange(DAYS * 1440))
            # One in four is a customer who looked and was signed in, and did not buy this time.
            known = self._orders[-1 - number // 4].buyer if number % 4 == 0 else None
            row = yield from self._walk(chance, row, f"demo-guest-{number}", known, at, has_bought=False)

    @staticmethod
    def _ago(at: dt.datetime, chance: Random) -> dt.datetime:
        return at - dt.timedelta(days=1 + chance.randrange(8), minutes=chance.randrange(600))

    def _walk(
        self, chance: Random, row: int, visitor: str, person: Statement | None, at: dt.datetime, *, has_bought: bool
    ) -> Generator[TrackedStatement, None, int]:
        entry, entry_name = _entry(chance)
        for number, (kind, name, path, title, mark) in enumerate(_way(chance, has_bought=has_bought)):
            row += 1
            is_known = mark in ("checkout", "order", "basket") and person is not None
            came = (entry, entry_name) if number == 0 else ("inside", "")
            section = f"/{path.strip('/').partition('/')[0]}" if path else ""
            yield TrackedStatement(
                row, f"{visitor}-{row}", visitor, person if is_known else None, at, kind, name, path, title, section,
                *came, mark,
            )  # fmt: skip
            at += dt.timedelta(seconds=15 + chance.randrange(140))
        return row


def _entry(chance: Random) -> tuple[str, str]:
    kind, name, _ = chance.choices(_ENTRIES, weights=[weight for *_, weight in _ENTRIES])[0]
    return kind, name


def _way(chance: Random, *, has_bought: bool) -> Iterator[Act]:
    """A visit page by page. Whoever bought went the whole way; of the others some leave at each step, fewer with help."""
    path, title = chance.choice(_SECTIONS)
    if chance.random() < 0.6:
        yield _page("/", "首页")
        if not has_bought and chance.random() < 0.3:
            return
    yield _page(path, title)
    for _ in range(1 + chance.randrange(3)):
        yield _page(f"{path}/{100 + chance.randrange(40)}", f"{title}详情", "product")
    if chance.random() < 0.06:
        yield _page("/register", "注册会员", "form")
        if chance.random() < 0.6:
            yield ("track", "注册成功", "", "", "form_sent")
    if not has_bought and chance.random() < 0.55:
        return
    yield _page("/cart", "购物车", "basket")
    is_helped = chance.random() < (_ASK * 1.6 if has_bought else _ASK)
    if is_helped:
        mark, help_path, help_title = chance.choice(_HELP)
        if mark == "chat":
            yield ("track", "进入排队", "", "", "queue")
        if mark != "chat" or has_bought or chance.random() < 0.7:
            yield _page(help_path, help_title, mark) if help_path else ("track", help_title, "", "", mark)
    if not has_bought and chance.random() < 0.7:
        return
    yield _page("/checkout", "结算", "checkout")
    if has_bought:
        yield _page("/order-success", "下单成功", "order")


def _page(path: str, title: str, mark: str = "") -> Act:
    return "page", "", path, title, mark


def _record(source_id: int, run_id: int, batch: list[TrackedStatement]) -> Counter[str]:
    if not batch:
        return Counter()
    tally = collect.record_tracked(collect.prepare_tracked(source_id, batch, run_id=run_id))
    return Counter(seen=tally.seen, new=tally.new, unchanged=tally.unchanged)
