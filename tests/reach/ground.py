"""A shop that sends: a notice, a template for each purpose, sending switched on into the simulator, people with addresses."""

from typing import Any

from zhike.customers import actions as customers
from zhike.reach import actions as reach
from zhike.reach.actions.keeping import Wanted
from zhike.reach.models import Message
from zhike.secure import consents
from zhike.secure.records import LOCAL_OPERATOR as BY

TEXTS = {
    "zh-hans": {"subject": "{{ shop }}：{{ name }}，新茶到了", "body": "{{ name }}，您好！\n\n新茶 {{ tea }} 到了。[看一看](https://shop.example/tea)"},
    "en": {"subject": "{{ shop }}: new tea", "body": "Dear {{ name }},\n\nnew {{ tea }} has come. [Have a look](https://shop.example/tea)"},
}  # fmt: skip
SERVICE = {
    "zh-hans": {"subject": "订单 {{ order_number }} 已发货", "body": "{{ name }}，您的订单 {{ order_number }} 已发货。"}
}


def open_house(**wanted: Any) -> dict[str, Any]:
    """Switch sending on and write what it needs; ids by name."""
    given = {
        "is_on": True,
        "public_url": "https://zhike.example",
        "quiet_from": "00:00",
        "quiet_until": "00:00",
    } | wanted
    reach.change_settings(Wanted(**given), by=BY)
    notice = consents.make_notice("marketing_mail", {"zh-hans": {"title": "营销邮件", "body": "新品与优惠。"}}, by=BY)
    return {
        "notice": notice,
        "news": reach.make_template("新茶", "marketing_mail", TEXTS, samples={"tea": "龙井"}, by=BY),
        "service": reach.make_template("发货", "service", SERVICE, by=BY),
    }


def person(address: str, name: str = "王小明", **more: str) -> int:
    """A customer with an e-mail address."""
    values = ({"name": name, "email": address} if address else {"name": name}) | more
    return customers.add_customer("person", values, by=BY)


def agreed(customer: int, house: dict[str, Any]) -> int:
    """The customer agreed to advertising by mail."""
    customers.give_consent(customer, "marketing_mail", way="form", notice_id=house["notice"], by=BY)
    return customer


def news(customer: int, house: dict[str, Any], key: str = "news-1", **more: Any) -> Message:
    """Ask for the advertising template."""
    given = {"purpose": "marketing_mail", "template": house["news"], "facts": {"tea": "龙井"}} | more
    return Message.objects.get(public_id=reach.send(to=customer, key=key, by=BY, **given))


def service(customer: int, house: dict[str, Any], key: str = "order-1", **more: Any) -> Message:
    """Ask for the service template."""
    given = {"purpose": "service", "template": house["service"], "facts": {"order_number": "A1"}} | more
    return Message.objects.get(public_id=reach.send(to=customer, key=key, by=BY, **given))
