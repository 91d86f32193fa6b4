"""Who is in a segment, in plain Python from the definition in docs/reference/segment-rules.md. Reads JSON and rows alone."""

import datetime as dt
from zoneinfo import ZoneInfo

CARD = {
    "owner": "owner_staff_id",
    "source": "first_source_id",
    "created": "created_at",
    "tags": "tag_ids",
    "net_amount": "net_cents",
    "first_order": "first_order_at",
    "last_order": "last_order_at",
}
RFM = {
    "rfm_class": "class_code",
    "rfm_cell": "cell",
    "rfm_r": "r",
    "rfm_f": "f",
    "rfm_m": "m",
    "rfm_recency": "recency_days",
    "rfm_frequency": "frequency",
    "rfm_monetary": "monetary_cents",
}
PACKED = {
    "intention": str,
    "preferred_hours": str,
    "do_not_contact": str,
    "staff_count": float,
    "founded_on": dt.date.fromisoformat,
}
UNITS = {"week": 7, "month": 31, "quarter": 92, "year": 366}


class Oracle:
    """A world of rows ({table: [row]}) on a day of a shop; `rules` are other segments' rules by id."""

    def __init__(self, world, today, zone, currency, rules=None):
        self.world, self.today, self.zone, self.currency = world, today, ZoneInfo(zone), currency
        self.rules = rules or {}
        self.rfm = {row["customer_id"]: row for row in world["rfm"]}
        self.value = {row["customer_id"]: row["abc_class"] for row in world["value"]}
        self.products = {row["product_id"]: row for row in world["products"]}
        root = {row["customer_id"]: row["root_id"] for row in world["customers"]}
        owner = {r["source_record_id"]: root.get(r["customer_id"]) for r in world["source_records"]}
        self.bought = {}
        for order in world["orders"]:
            counts = order["currency"] == currency and order["kind"] != "adjustment" and order["net_cents"] != 0
            if counts and owner.get(order["source_record_id"]) is not None:
                self.bought.setdefault(owner[order["source_record_id"]], []).append(order)
        self.lines = {}
        for line in world["order_lines"]:
            if line["kind"] == "goods":
                self.lines.setdefault(line["version_id"], []).append(line)

    def members(self, rule):
        return {card["customer_id"] for card in self.world["cards"] if self.holds(rule["rule"], card)}

    def holds(self, part, card):
        if "all" in part:
            return all(self.holds(p, card) for p in part["all"])
        if "any" in part:
            return any(self.holds(p, card) for p in part["any"])
        if "none" in part:
            return not any(self.holds(p, card) for p in part["none"])
        return self.condition(part, card)

    def condition(self, part, card):
        on, test, value = part["on"], part["is"], part.get("value")
        if on == "segment":
            return self.holds(self.rules[value]["rule"], card) == (test == "in")
        if on.startswith("bought_"):
            seen = self.figure(on, part.get("where", {}), card["customer_id"])
        elif on in RFM:
            seen = self.rfm.get(card["customer_id"], {}).get(RFM[on])
        elif on == "abc_class":
            seen = self.value.get(card["customer_id"])
        elif on in PACKED:
            seen = dict(held.split("=", 1) for held in (card["stated"] or "").strip("|").split("|") if held).get(on)
            if seen is not None and PACKED[on] is not str:
                seen = PACKED[on](seen)
        else:
            seen = card[CARD.get(on, on)]
        if on in ("tags", "preferred_hours"):
            has = {int(t) if on == "tags" else t for t in (seen or "").split(",") if t}
            hits = [v in has for v in value]
            return {"any_of": any(hits), "all_of": all(hits), "none_of": not any(hits)}[test]
        known = seen is not None and seen != ""
        if test in ("unknown", "no", "none_of", "not_within"):
            twin = {"unknown": "known", "no": "yes", "none_of": "any_of", "not_within": "within"}[test]
            return not self.condition({**part, "is": twin}, card)
        if not known:
            return False
        return self.positive(test, value, seen)

    def positive(self, test, value, seen):
        if test == "known":
            return True
        if test == "yes":
            return bool(seen)
        if test == "any_of":
            return seen in value
        if test == "at_least":
            return seen >= value
        if test == "at_most":
            return seen <= value
        if test == "between":
            return value[0] <= seen <= value[1]
        first, last = self.days(value)
        day = self.day(seen)
        if test == "before":
            return first is not None and day < first
        return (first is None or day >= first) and (last is None or day <= last)

    def day(self, moment):
        if not isinstance(moment, dt.datetime):
            return moment
        return moment.replace(tzinfo=dt.UTC).astimezone(self.zone).date()

    def days(self, window):
        if "last_days" in window:
            return self.today - dt.timedelta(days=window["last_days"] - 1), self.today
        for which in ("this", "previous"):
            if which in window:
                same = [
                    day
                    for back in range(2 * UNITS[window[which]] + 2)
                    if self.unit(window[which], day := self.today - dt.timedelta(days=back)) is not None
                ]
                here = self.unit(window[which], self.today)
                if which == "this":
                    return min(d for d in same if self.unit(window[which], d) == here), self.today
                there = max(self.unit(window[which], d) for d in same if self.unit(window[which], d) != here)
                inside = [d for d in same if self.unit(window[which], d) == there]
                return min(inside), max(inside)
        return tuple(dt.date.fromisoformat(window[n]) if n in window else None for n in ("from", "to"))

    def unit(self, unit, day):
        return {
            "week": tuple(day.isocalendar())[:2],
            "month": (day.year, day.month),
            "quarter": (day.year, (day.month + 2) // 3),
            "year": (day.year,),
        }[unit]

    def figure(self, on, where, customer):
        count = 0
        for order in self.bought.get(customer, []):
            first, last = self.days(where.get("window", {}))
            day = self.day(order["ordered_at"])
            if (first and day < first) or (last and day > last):
                continue
            if where.get("sources") and order["source_id"] not in where["sources"]:
                continue
            by_line = set(where) - {"window", "sources"}
            lines = [line for line in self.lines.get(order["current_version_id"], []) if self.fits(line, where)]
            if on == "bought_orders":
                got = any(line["quantity"] > 0 for line in lines) if by_line else True
                count += 1 if order["net_cents"] > 0 and got else 0
            elif on == "bought_amount":
                count += sum(line["amount_cents"] for line in lines) if by_line else order["net_cents"]
            else:
                count += sum(line["quantity"] for line in lines)
        return count

    def fits(self, line, where):
        product = self.products.get(line["product_id"])
        if product is None:
            return False
        if "titles" in where and not any(w.lower() in product["title"].lower() for w in where["titles"]):
            return False
        named = (("skus", "sku"), ("categories", "category"), ("brands", "brand"))
        return all(product[column] in where[name] for name, column in named if name in where)
