"""Orders of the demo shop, one customer after the other: nothing is kept in memory, so any number streams."""

import datetime as dt
from collections.abc import Iterator
from random import Random

from zhike.customers.records import Statement
from zhike.desk.demo import names, places
from zhike.desk.demo.goods import SAMPLE, SHELVES, Good, basket
from zhike.desk.demo.people import MARKET, OWN_SITE, TAOBAO, Shopper, shoppers
from zhike.desk.demo.rhythm import DAYS, Calendar
from zhike.shop.records import LineStatement, OrderStatement

_FREE_POSTAGE_CENTS = 9_900
_MARKET_SHARE = 0.1  # orders of a platform that tells nothing of its buyers, beside each known one
_BARGAIN_MONTHS = (5, 10, 11)  # full-reduction coupons in June, November, December
_SIZES = (1, 1, 1, 1, 1, 2, 2, 2, 3, 4)
_QUANTITIES = ("1",) * 15 + ("2",) * 4 + ("3",)
_WORDS = (
    "请发顺丰，谢谢",
    "麻烦轻拿轻放",
    "送人的，别放价格单",
    "周末不在家，工作日送",
    "上次的很好喝，多送点样",
    "尽快发货",
)


def orders(count: int, seed: int, calendar: Calendar) -> Iterator[tuple[str, OrderStatement]]:
    """(shop, order) of `count` customers up to the calendar's now: the same seed and day give the same shop."""
    for _, made in orders_by_customer(count, seed, calendar):
        yield from made


def orders_by_customer(
    count: int, seed: int, calendar: Calendar
) -> Iterator[tuple[int, Iterator[tuple[str, OrderStatement]]]]:
    """The same, one customer after the other: (how many customers came before, their orders)."""
    maker = _Maker(calendar)
    for shopper in shoppers(count, seed):
        chance = Random((seed << 32) ^ (shopper.number * 2_246_822_519 + 1))
        yield shopper.number, maker.of(shopper, chance)


class _Maker:
    """Turns inner moments into orders; counts rows, as a file would."""

    def __init__(self, calendar: Calendar) -> None:
        self.calendar = calendar
        self.row = 1

    def of(self, shopper: Shopper, chance: Random) -> Iterator[tuple[str, OrderStatement]]:
        """All orders of one customer, and now and then one of somebody the market never names."""
        moved_at = 2.0 if chance.random() > 0.06 else chance.random()
        new_address = places.address(chance, shopper.city) if moved_at < 1 else ""
        is_masked = shopper.shop == TAOBAO and not shopper.also and chance.random() < 0.012
        for place, inner in enumerate(shopper.inner):
            shop = shopper.also if shopper.also and chance.random() < 0.5 else shopper.shop
            address = new_address if inner > moved_at else shopper.address
            yield from self._order(shopper, chance, shop, inner, place, address, is_masked)
            if chance.random() < _MARKET_SHARE:
                yield MARKET, self._market_order(chance, inner, f"{shopper.number}-{place}")

    def _order(
        self, shopper: Shopper, chance: Random, shop: str, inner: float, place: int, address: str, is_masked: bool
    ) -> Iterator[tuple[str, OrderStatement]]:
        day = self.calendar.day_at(inner)
        at = self.calendar.moment(day, chance.random(), chance.random())
        lines, cents = self._lines(shopper, chance, day)
        if shop == TAOBAO and cents:
            extras, added = self._extras(chance, cents, self.calendar.months[day], shopper.city.postage)
            lines += extras
            cents += added
        status, refund = _fate(chance, DAYS - 1 - day, cents)
        buyer = None if is_masked else _buyer(shopper, shop, at, address, self.row)
        sealed = {} if is_masked else _receiver(shopper, chance, address)
        number = _number(shop, shopper.number, place, at)
        yield (
            shop,
            OrderStatement(
                number,
                at,
                tuple(lines),
                self.row,
                "sale",
                status,
                "CNY",
                None if status in ("unpaid", "closed") else at + dt.timedelta(seconds=int(chance.random() * 900)),
                "",
                "",
                refund,
                "",
                buyer,
                "masked" if is_masked else "",
                sealed,
            ),
        )
        self.row += 1
        if shop == OWN_SITE and day < DAYS - 9 and chance.random() < 0.02:
            yield shop, self._credit_note(lines, number, at, buyer)

    def _credit_note(
        self, lines: list[LineStatement], number: str, at: dt.datetime, buyer: Statement | None
    ) -> OrderStatement:
        """The own site writes what it takes back as an order of its own, with a negative line."""
        line = lines[0]
        back = LineStatement(line.sku, line.title, f"-{line.quantity}", line.unit_price, row_no=self.row)
        self.row += 1
        later = at + dt.timedelta(days=6)
        return OrderStatement(
            f"{number}-R", later, (back,), self.row - 1, "cancellation", "completed", "CNY", later, buyer=buyer
        )

    def _lines(self, shopper: Shopper, chance: Random, day: int) -> tuple[list[LineStatement], int]:
        size = _SIZES[int(chance.random() * 10)]
        lines, cents = [], 0
        for good in basket(chance, shopper.taste, self.calendar.months[day], size):
            count = int(_QUANTITIES[int(chance.random() * 20)]) * shopper.scale
            lines.append(_line(good, str(count), self.row))
            cents += good.cents * count
        return lines, cents

    def _extras(self, chance: Random, cents: int, month: int, postage: str) -> tuple[list[LineStatement], int]:
        """What shops write between goods (postage, reductions, samples), and what it adds to the order in cents."""
        extras, added = [], 0
        if cents < _FREE_POSTAGE_CENTS:
            extras.append(LineStatement("POSTAGE", "邮费", "1", postage, "", "postage", self.row))
            added = int(postage.replace(".", ""))
        elif month in _BARGAIN_MONTHS and cents >= 20_000:
            off = cents // 20_000 * 30
            extras.append(LineStatement("COUPON", "跨店满减", "1", f"-{off}.00", "", "discount", self.row))
            added = -off * 100
        if chance.random() < 0.08:
            extras.append(LineStatement(SAMPLE.sku, SAMPLE.title, "1", "0.00", "", "sample", self.row))
        return extras, added

    def _market_order(self, chance: Random, near: float, key: str) -> OrderStatement:
        """An order of a platform that tells nothing of its buyers."""
        day = self.calendar.day_at(min(near * (0.7 + 0.3 * chance.random()), 0.999_999))
        at = self.calendar.moment(day, chance.random(), chance.random())
        good = SHELVES["any"][self.calendar.months[day]].draw(chance)
        status, refund = _fate(chance, DAYS - 1 - day, good.cents)
        self.row += 1
        return OrderStatement(
            f"{at:%y%m%d}-{key}",
            at,
            (_line(good, "1", self.row - 1),),
            self.row - 1,
            status=status,
            currency="CNY",
            paid_at=None if status in ("unpaid", "closed") else at,
            refund=refund,
            no_customer_why="platform",
        )


def _line(good: Good, quantity: str, row: int) -> LineStatement:
    return LineStatement(good.sku, good.title, quantity, good.price, "", "goods", row)


def _fate(chance: Random, age_days: int, cents: int) -> tuple[str, str]:
    """The status of an order by its age, and what was given back, as decimal text."""
    roll = chance.random()
    if age_days == 0 and roll < 0.12:
        return "unpaid", ""
    if roll < 0.03:
        return "closed", ""
    if age_days > 5 and roll < 0.055:
        return "refunded", f"{cents // 100}.00"
    if age_days > 5 and roll < 0.07:
        return "completed", f"{cents // 400}.00"
    if roll < 0.078:
        return "cancelled", ""
    if age_days <= 1:
        return "paid", ""
    return ("shipped" if age_days <= 6 else "completed"), ""


def _buyer(shopper: Shopper, shop: str, at: dt.datetime, address: str, row: int) -> Statement:
    """What an order says of who bought. Only people who use both shops are joined, by their e-mail address."""
    if shop == TAOBAO:
        values = {"platform_handle": shopper.handle, "name": shopper.name, "phone": shopper.phone, "address": address}
        if shopper.also:
            values["payment_account"] = shopper.email
        return Statement(
            ("platform_handle", shopper.handle), at, values, row, joins=("payment_account",) if shopper.also else ()
        )
    values = {"email": shopper.email, "phone": shopper.phone, "address": address}
    if shopper.is_firm:
        values |= {"company": shopper.firm, "credit_code": names.credit_code(shopper.number)}
    else:
        values["name"] = shopper.name
    kind = "organisation" if shopper.is_firm else "person"
    return Statement(("email", shopper.email), at, values, row, kind, joins=("email",) if shopper.also else ())


def _receiver(shopper: Shopper, chance: Random, address: str) -> dict[str, str]:
    """Who gets the parcel: mostly the buyer; a gift goes to somebody who is no customer."""
    roll = chance.random()
    if roll < 0.06:
        name, _ = names.person_name(chance)
        city = places.CITIES.draw(chance)
        sealed = {
            "receiver_name": name,
            "receiver_phone": names.phone(shopper.number + 500_009),
            "receiver_address": places.address(chance, city),
        }
    else:
        sealed = {"receiver_name": shopper.name, "receiver_phone": shopper.phone, "receiver_address": address}
    if roll > 0.95:
        sealed["buyer_message"] = _WORDS[int(chance.random() * len(_WORDS))]
    return sealed


def _number(shop: str, customer: int, place: int, at: dt.datetime) -> str:
    """An order number in the shape of its shop, unique by customer and place."""
    if shop == TAOBAO:
        return f"{at:%y%j}{customer:09d}{place:03d}06"
    return f"#{100_000 + customer * 128 + place}"
