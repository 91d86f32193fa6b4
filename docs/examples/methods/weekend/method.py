"""Who buys at weekends: a worked example of a method. Copy the folder, rename it, change what it says."""

import ibis

from zhike.analyze.methods import Column, Given, Method

LEAST_ORDERS = 3  # of fewer orders nothing is said: two of two at a weekend is no habit


def compute(given: Given) -> ibis.Table:
    """One row a customer with enough orders: the share of orders at weekends, their money, and a word for it."""
    bought = given.orders.filter(given.orders.net_cents > 0)
    is_weekend = bought.day.day_of_week.index() >= 5
    people = bought.group_by("customer_id").aggregate(
        orders=bought.count(),
        weekend_orders=is_weekend.sum(),
        weekend_cents=bought.net_cents.sum(where=is_weekend).fill_null(0),
    )
    people = people.filter(people.orders >= LEAST_ORDERS)
    share = people.weekend_orders / people.orders
    habit = ibis.cases((share >= 0.6, "weekend"), (share <= 0.1, "workday"), else_="any")
    return people.select("customer_id", weekend_share=share, weekend_cents=people.weekend_cents, habit=habit)


METHOD = Method(
    code="weekend",
    title={"zh-hans": "周末购买", "en": "Buying at weekends"},
    about={
        "zh-hans": "至少三单的客户：周末（周六、周日，店铺时区）下单的比例。六成以上为周末型，一成以下为工作日型。",
        "en": "Of customers with three orders and more: the share of orders on Saturdays and Sundays of the shop's clock. "
        "From six in ten on it is a habit of weekends, up to one in ten one of workdays.",
    },
    columns=(
        Column("weekend_share", {"zh-hans": "周末订单占比", "en": "Share of orders at weekends"}, "share"),
        Column("weekend_cents", {"zh-hans": "周末净额", "en": "Net amount at weekends"}, "cents", field="net_amount"),
        Column(
            "habit",
            {"zh-hans": "购买习惯", "en": "Habit"},
            "choice",
            {
                "weekend": {"zh-hans": "周末型", "en": "Weekends"},
                "workday": {"zh-hans": "工作日型", "en": "Workdays"},
                "any": {"zh-hans": "不固定", "en": "Any day"},
            },
        ),
    ),
    rank_by="weekend_share",
    compute=compute,
)
