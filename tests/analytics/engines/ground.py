"""The tables that both engines are asked about: drawn once from a seed, written as Parquet, read by each engine for itself."""

import random
from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import ibis
import pyarrow as pa
import pyarrow.parquet as pq

AS_OF = date(2026, 11, 22)
BEFORE, AFTER = ("2025-06-01", "2025-12-31"), ("2026-01-01", "2026-06-30")
_STAGES = ("target_market", "potential", "target", "current")
VISITED_UNTIL = datetime(2026, 6, 30, 20)
_NAIVE = pa.timestamp("us")


def write(folder: Path) -> None:
    """Every table of the ground, a file each."""
    for name, rows in _drawn().items():
        pq.write_table(rows, folder / f"{name}.parquet")


class Ground:
    """The tables as one engine reads them: ``ground.lines``, ``ground.people`` …"""

    def __init__(self, read: Callable[[str], ibis.Table], folder: Path) -> None:
        self._read, self._folder = read, folder

    def __getattr__(self, name: str) -> ibis.Table:
        return self._read(str(self._folder / f"{name}.parquet"))


def _drawn() -> dict[str, pa.Table]:
    chance = random.Random(11)
    lines = _lines(chance)
    people = list(range(220))
    entered = [datetime(2026, 1, 1) + timedelta(hours=chance.randrange(24 * 150)) for _ in people]
    first = [at + timedelta(days=chance.randrange(5, 90)) if chance.random() < 0.4 else None for at in entered]
    stages = ["current" if ordered else chance.choice(_STAGES[:3]) for ordered in first]
    moved = [person for person in people if stages[person] != "target_market"]
    points = [
        (chance.choice(people), chance.randrange(-10, 40), AS_OF - timedelta(days=chance.randrange(120)))
        for _ in range(500)
    ]
    return {
        "lines": pa.table(lines),
        "bought": _bought(chance, lines),
        "catalog": pa.table({
            "product_id": list(range(30)), "title": ["复古茶具" if n % 7 == 0 else f"Tea {n}" for n in range(30)],
            "category": ["tea" if n < 15 else "cups" for n in range(30)], "brand": [("Leaf", "Clay", "")[n % 3] for n in range(30)],
        }),
        "contacts": pa.table({
            "customer_id": [chance.choice(people) for _ in range(150)],
            "minutes": pa.array([chance.choice([None, 5, 30]) for _ in range(150)], pa.int64()),
            "cost_cents": [chance.randrange(500) for _ in range(150)],
        }),
        "brought": pa.table({"customer_id": people, "source_id": [chance.randrange(3) for _ in people]}),
        "sources": pa.table({"source_id": [0, 1, 2, 3], "cost_cents": [10_001, 777, 50, 3]}),
        "cities": pa.table({"customer_id": people, "city": [chance.choice(["杭州", "宁波", "", None]) for _ in people]}),
        "costs": pa.table({"product_id": list(range(0, 30, 2)), "unit_cost_cents": [100 + 7 * n for n in range(15)]}),
        "files": pa.table({
            "customer_id": people, "created_at": pa.array(entered, _NAIVE), "first_order_at": pa.array(first, _NAIVE),
            "stage": stages,
        }),
        "moves": pa.table({
            "customer_id": moved, "move_id": list(range(len(moved))),
            "moved_at": pa.array([entered[person] + timedelta(days=2) for person in moved], _NAIVE),
            "from_stage": ["target_market"] * len(moved), "to_stage": ["potential"] * len(moved),
        }),
        "points": pa.table({"customer_id": [p for p, _, _ in points], "points": [n for _, n, _ in points], "day": [d for _, _, d in points]}),
        "open": pa.table({"customer_id": people, "stage": stages, "amount_cents": [chance.choice([None, 9900, 120_000]) for _ in people]}),
        "won": pa.table({"customer_id": people, "score": [float(chance.randrange(60)) for _ in people], "is_won": [chance.random() < 0.3 for _ in people]}),
        "records": pa.table({
            "phone": [chance.choice(["13812340017", "12", "", None]) for _ in people],
            "seen": [chance.choice([None, AS_OF - timedelta(days=chance.randrange(800))]) for _ in people],
            "group": [chance.choice("ab") for _ in people], "bits": [chance.randrange(64) for _ in people],
        }),
        "statements": pa.table({
            name: [chance.randrange(low, 2000) for _ in people]
            for name, low in (("current_assets", 0), ("cash", 0), ("total_assets", 0), ("current_liabilities", 0), ("total_liabilities", 0), ("net_assets", -900))
        }),
        "visits": _visits(),
        "judged": pa.table({"grade": [chance.choice("abc") for _ in people], "is_good": [chance.random() < 0.7 for _ in people]}),
    }  # fmt: skip


def _bought(chance: random.Random, lines: dict[str, Any]) -> pa.Table:
    """The orders of the lines with their moments and what else is said of them."""
    net: dict[int, int] = {}
    of: dict[int, tuple[int, date]] = {}
    for order, who, day, cents in zip(
        lines["order_id"], lines["customer_id"], lines["day"], lines["net_cents"], strict=True
    ):
        net[order], of[order] = net.get(order, 0) + cents, (who, day)
    moments = [
        datetime(day.year, day.month, day.day, chance.randrange(24), chance.randrange(60)) for _, day in of.values()
    ]
    return pa.table({
        "customer_id": [who for who, _ in of.values()], "order_id": list(of), "at": pa.array(moments, _NAIVE),
        "net_cents": list(net.values()), "is_returned": [chance.random() < 0.1 for _ in of],
        "has_discount": [chance.random() < 0.3 for _ in of], "channel": [chance.choice("ab") for _ in of],
    })  # fmt: skip


def _lines(chance: random.Random) -> dict[str, Any]:
    columns: dict[str, list[Any]] = {
        name: []
        for name in (
            "customer_id",
            "order_id",
            "product_id",
            "day",
            "net_cents",
            "amount_cents",
            "quantity",
            "category",
        )
    }
    for order in range(2600):
        # Many buy often, and the last ones once, lately.
        is_late = order < 30
        who = 190 + order if is_late else int(chance.paretovariate(0.4)) % 190
        ago = chance.randrange(8, 28) if is_late else chance.randrange(2, 560)
        day = AS_OF - timedelta(days=ago)
        for product in chance.sample(range(30), chance.randrange(1, 4)):
            cents = chance.randrange(-900, 9000)
            told = (
                who,
                order,
                product,
                day,
                cents,
                cents,
                -1 if cents < 0 else chance.randrange(1, 4),
                "tea" if product < 15 else "cups",
            )
            for name, value in zip(columns, told, strict=True):
                columns[name].append(value)
    return columns  # fmt: skip


def _visits() -> pa.Table:
    """Acts of forty visitors over a day, some of them customers, up to shortly before the end."""
    chance, began = random.Random(5), VISITED_UNTIL - timedelta(hours=20)
    moments = [began + timedelta(minutes=chance.randrange(20 * 60)) for _ in range(600)]
    visitors = [chance.randrange(40) for _ in moments]
    pages = [chance.choice(["/", "/tea", "/cups", "/cart", ""]) for _ in moments]
    marks = ("", "", "product", "basket", "checkout", "order", "chat", "faq", "form", "form_sent", "queue", "served")
    return pa.table({
        "event_id": list(range(len(moments))), "visitor_id": visitors, "at": pa.array(moments, _NAIVE),
        "customer_id": pa.array([v if v % 3 else None for v in visitors], pa.int64()), "page": pages, "path": pages,
        "section": [page[:4] for page in pages], "mark": [chance.choice(marks) for _ in moments],
        "entry": [chance.choice(["", "search", "direct", "inside"]) for _ in moments],
    })  # fmt: skip
