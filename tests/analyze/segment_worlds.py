"""Random worlds of lake rows and random rules over them, small enough that conditions meet and miss."""

import datetime as dt

from hypothesis import strategies as st

TODAY = dt.date(2026, 11, 22)
ZONE = "America/New_York"  # clocks changed three weeks ago
SKUS = ["T-1", "T-2", "K-9"]
_MIDNIGHT = dt.datetime(2026, 11, 23, 5, 0)  # today's end there, as naive UTC
_START_OF_YEAR = dt.datetime(2026, 1, 1, 5, 0)
_EDGES = [
    _MIDNIGHT - dt.timedelta(days=90),
    _MIDNIGHT - dt.timedelta(days=1),
    _START_OF_YEAR,
    dt.datetime(2026, 10, 1, 4, 0),
]
moments = st.one_of(
    st.sampled_from(_EDGES).flatmap(
        lambda at: st.sampled_from([-1, 0, 1]).map(lambda step: at + dt.timedelta(seconds=step))
    ),
    st.integers(0, 800 * 24).map(lambda hours: _MIDNIGHT - dt.timedelta(hours=hours, minutes=13)),
)
_cents = st.sampled_from([-500, 0, 99, 100, 999, 5000])


def _card(draw, customer):
    pick = lambda *values: draw(st.sampled_from(values))  # noqa: E731
    tags = draw(st.sets(st.integers(1, 3)))
    return {
        "customer_id": customer,
        "stage": pick("current", "potential"),
        "country": "中国",
        "province": pick("浙江省", "广东省", ""),
        "city": pick("杭州市", ""),
        "owner_staff_id": pick(None, 7, 8),
        "team_id": None,
        "first_source_id": pick(None, 1, 2),
        "kind": pick("person", "organisation"),
        "sex": pick("male", "female", ""),
        "district": "",
        "occupation": pick(None, "", "教师"),
        "language": None,
        "stated": _stated(draw),
        "has_phone": pick(True, False, None),
        "has_email": False,
        "order_count": draw(st.integers(0, 3)),
        "net_cents": draw(_cents),
        "first_order_at": draw(st.none() | moments),
        "last_order_at": draw(st.none() | moments),
        "created_at": draw(moments),
        "tag_ids": f",{','.join(map(str, tags))}," if tags else None,
    }


@st.composite
def worlds(draw):
    """Five customers, one of them merged into another, with records, orders, lines, products, figures."""
    customers = [{"customer_id": c, "root_id": 1 if c == 5 else c, "number": f"K{c}", "kind": "person", "created_at": None}
                 for c in range(1, 6)]  # fmt: skip
    records = [{"source_record_id": 10 + n, "customer_id": draw(st.integers(1, 6)), "source_id": 1} for n in range(6)]
    products = [
        {
            "product_id": n,
            "source_id": 1,
            "sku": sku,
            "title": title,
            "line_kind": "goods",
            "category": kind,
            "brand": "",
        }
        for n, (sku, title, kind) in enumerate(
            [("T-1", "Green Tea 绿茶", "tea"), ("T-2", "红茶", "tea"), ("K-9", "tEapot", "pots")], 1
        )
    ]
    orders, lines = [], []
    for n in range(draw(st.integers(0, 9))):
        orders.append(_order(draw, n))
        for _ in range(draw(st.integers(0, 2))):
            lines.append(_line(draw, len(lines), n))
    figures = [_figures(draw, c) for c in draw(st.sets(st.integers(1, 4)))]
    cards = [_card(draw, c) for c in range(1, 5)]
    value = [{"customer_id": c, "abc_class": draw(st.sampled_from("abc")), "level": "gold", "value_cents": 5}
             for c in draw(st.sets(st.integers(1, 4)))]  # fmt: skip
    return {"value": value, "cards": cards, "customers": customers, "source_records": records, "products": products,
            "orders": orders, "order_lines": lines, "rfm": figures}  # fmt: skip


def _stated(draw):
    held = {
        "intention": draw(st.sampled_from(["strong", "weak", None])),
        "preferred_hours": draw(st.sampled_from(["morning", "noon,evening", None])),
        "do_not_contact": draw(st.sampled_from(["yes", "no", None])),
        "staff_count": draw(st.sampled_from(["1", "2.5", None])),
        "founded_on": draw(st.sampled_from(["2026-01-01", "2025-12-31", "2026-11-22", None])),
    }
    parts = [f"{name}={value}" for name, value in held.items() if value]
    return f"|{'|'.join(parts)}|" if parts else draw(st.sampled_from(["", None]))


def _order(draw, n):
    return {
        "order_id": n,
        "source_id": draw(st.integers(1, 2)),
        "source_record_id": draw(st.none() | st.integers(10, 15)),
        "current_version_id": 100 + n,
        "no_customer_why": "",
        "ordered_at": draw(moments),
        "paid_at": None,
        "kind": draw(st.sampled_from(["sale", "sale", "cancellation", "adjustment"])),
        "status": "completed",
        "currency": draw(st.sampled_from(["CNY", "CNY", "CNY", "USD"])),
        "net_cents": draw(_cents),
    }


def _line(draw, line, order):
    return {
        "line_id": line,
        "order_id": order,
        "version_id": 100 + order,
        "product_id": draw(st.integers(1, 4)),  # 4 is in no catalogue
        "kind": draw(st.sampled_from(["goods", "goods", "postage"])),
        "quantity": draw(st.sampled_from([-1, 0, 1, 3])),
        "amount_cents": draw(_cents),
    }


def _figures(draw, customer):
    return {
        "customer_id": customer,
        "class_code": draw(st.sampled_from(["important_value", "general_keep"])),
        "cell": draw(st.sampled_from(["555", "111"])),
        "r": draw(st.integers(1, 5)),
        "f": draw(st.integers(1, 5)),
        "m": draw(st.integers(1, 5)),
        "recency_days": draw(st.integers(0, 100)),
        "frequency": draw(st.integers(1, 3)),
        "monetary_cents": draw(_cents),
    }


_windows = st.one_of(
    st.sampled_from([1, 30, 90, 365]).map(lambda n: {"last_days": n}),
    st.tuples(st.sampled_from(["this", "previous"]), st.sampled_from(["week", "month", "quarter", "year"])).map(
        lambda pair: {pair[0]: pair[1]}
    ),
    st.sampled_from([{"from": "2026-01-01"}, {"to": "2026-10-01"}, {"from": "2026-01-01", "to": "2026-09-30"}]),
)
_wheres = st.fixed_dictionaries(
    {},
    optional={
        "window": _windows,
        "sources": st.just([1]),
        "skus": st.lists(st.sampled_from(SKUS), min_size=1, max_size=2, unique=True),
        "titles": st.sampled_from([["tea"], ["红", "KETTLE"]]),
        "categories": st.just(["tea"]),
    },
)


def _tested(on, tests, values):
    return st.builds(lambda test, value: {"on": on, "is": test, "value": value}, st.sampled_from(tests), values)


def _bare(on, *tests):
    return st.sampled_from([{"on": on, "is": test} for test in tests])


def _numbers(on, numbers):
    pairs = st.tuples(numbers, numbers).map(sorted)
    between = pairs.map(lambda pair: {"on": on, "is": "between", "value": list(pair)})
    return _tested(on, ["at_least", "at_most"], numbers) | between


_few = st.integers(-1, 3)
_plain = st.one_of(
    _tested("province", ["any_of", "none_of"], st.sampled_from([["浙江省"], ["广东省", "浙江省"]])),
    _tested("owner", ["any_of", "none_of"], st.just([7])),
    _tested("tags", ["any_of", "all_of", "none_of"], st.sampled_from([[1], [1, 3]])),
    _tested("last_order", ["within", "not_within", "before"], _windows),
    _tested("abc_class", ["any_of", "none_of"], st.just(["a"])),
    _tested("rfm_class", ["any_of", "none_of"], st.just(["important_value"])),
    _tested("intention", ["any_of", "none_of"], st.just(["strong"])),
    _tested("preferred_hours", ["any_of", "all_of", "none_of"], st.sampled_from([["noon"], ["noon", "evening"]])),
    _tested("do_not_contact", ["any_of", "none_of"], st.just(["yes"])),
    _tested("founded_on", ["within", "not_within", "before"], _windows),
    _numbers("staff_count", _few),
    *(
        _bare(on, "known", "unknown")
        for on in (
            "staff_count",
            "founded_on",
            "intention",
            "sex",
            "occupation",
            "owner",
            "last_order",
            "rfm_class",
            "rfm_r",
        )
    ),
    _bare("has_phone", "yes", "no"),
    _numbers("order_count", _few),
    _numbers("net_amount", _cents),
    _numbers("rfm_recency", st.integers(0, 100)),
)
_orders = st.builds(
    lambda condition, where: {**condition, "where": where} if where else condition,
    st.one_of(_numbers("bought_orders", _few), _numbers("bought_amount", _cents), _numbers("bought_items", _few)),
    _wheres,
)
_segments = st.sampled_from([{"on": "segment", "is": test, "value": "other"} for test in ("in", "not_in")])
parts = st.recursive(
    st.one_of(_plain, _orders, _orders),
    lambda inner: st.builds(
        lambda joint, held: {joint: held},
        st.sampled_from(["all", "any", "none"]),
        st.lists(inner | _segments, min_size=1, max_size=3),
    ),
    max_leaves=8,
)
rules = parts.map(lambda part: {"version": 1, "rule": part})
plain_rules = st.recursive(
    _plain | _orders,
    lambda inner: st.lists(inner, min_size=1, max_size=2).map(lambda held: {"any": held}),
    max_leaves=3,
).map(lambda part: {"version": 1, "rule": part})
