"""What the shop of these stories sold."""

import datetime as dt
from typing import Any

AT = dt.datetime(2026, 3, 1, 8, tzinfo=dt.UTC)


def statements(count: int) -> list[Any]:
    """Orders of so many buyers: 王小1 with phone 13800000001, and so on."""
    from zhike.customers.records import Statement
    from zhike.shop.records import LineStatement, OrderStatement

    return [
        OrderStatement(
            f"T-{n}",
            AT + dt.timedelta(hours=n),
            (LineStatement("S1", "铸铁锅", "2", "59.90"),),
            n,
            currency="CNY",
            buyer=Statement(
                ("platform_handle", f"tb_{n}"),
                AT,
                {"name": f"王小{n}", "phone": f"138000000{n:02}", "city": "杭州", "province": "浙江"},
                n,
            ),
            sealed={"receiver_phone": "13912345678"},
        )
        for n in range(1, count + 1)
    ]
