"""A shop with one well-known customer and a few others, for the stories of the desk."""

import datetime as dt

import pytest

PHONE, EMAIL, STREET = "13812345678", "canary.wang@secret-mail.com", "文三路九百九十九号"
HANDLE, RECEIVER, MESSAGE = "tb_canary_handle", "收货人金丝雀", "请打 13977778888 找我"
WANG = {
    "name": "王小明",
    "phone": PHONE,
    "email": EMAIL,
    "address": f"浙江省杭州市西湖区{STREET}",
    "platform_handle": HANDLE,
}


@pytest.fixture
def wang(db: None) -> int:
    """王小明, with every kind of sealed value, two orders and an order of nobody beside."""
    from tests.desk import ground
    from tests.desk.ground import Person
    from zhike.customers.records import Statement
    from zhike.shop import actions
    from zhike.shop.records import LineStatement, OrderStatement

    ground.lay_ground()
    source_id = ground.source()
    (customer_id,) = ground.record(source_id, Person("a1", WANG))
    ground.record(source_id, *(Person(f"b{i}", {"name": f"王客{i}"}) for i in range(5)), run_id=2)
    lines = (LineStatement("SKU-1", "雪平锅", "2", "59.90"),)
    sealed = {
        "receiver_name": RECEIVER,
        "receiver_phone": "13700009999",
        "receiver_address": STREET,
        "buyer_message": MESSAGE,
    }
    buyer = Statement(("platform_id", "a1"), ground.NOON, WANG, 1)
    orders = [
        OrderStatement(
            f"N{i}", ground.NOON + dt.timedelta(hours=i), lines, i + 1, currency="CNY", buyer=buyer, sealed=sealed
        )
        for i in range(2)
    ]
    orders.append(
        OrderStatement("NOBODY1", ground.NOON, lines, 3, currency="CNY", no_customer_why="platform", sealed=sealed)
    )
    actions.record_orders(actions.prepare_orders(source_id, orders, run_id=3))
    for _ in actions.finish_run(3):
        pass
    return customer_id


@pytest.fixture
def address(wang: int) -> str:
    """The address of 王小明's file."""
    from tests.desk import ground

    return f"/customers/{ground.public_id(wang)}/"
