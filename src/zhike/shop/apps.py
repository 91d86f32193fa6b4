from typing import Any

from django.apps import AppConfig


class ShopConfig(AppConfig):
    name = "zhike.shop"
    label = "shop"

    def ready(self) -> None:
        """Say what the shop offers, erases and audits, and announce its pages."""
        from django.utils.translation import gettext_lazy as _

        from zhike.customers import actions as customers
        from zhike.kit.jobs import reading
        from zhike.secure import audit_actions, subjects
        from zhike.shop import audit_names
        from zhike.shop.actions.contracts import forget_contracts_of
        from zhike.shop.actions.erasure import erase_receivers
        from zhike.shop.actions.figures import count_files
        from zhike.shop.facets import offer_orders
        from zhike.work import kinds

        offer_orders()
        subjects.on_erase("customer", erase_receivers)
        subjects.on_erase("customer", forget_contracts_of)
        customers.on_regrouped(count_files)
        reading.label("shop.remind_contracts", _("Remind of contracts that end"))
        audit_names.register()
        audit_actions.register("order.recorded", _("Order recorded"))
        audit_actions.register("contract.added", _("Contract added"))
        audit_actions.register("contract.changed", _("Contract changed"))
        audit_actions.register("products.costs_told", _("Cost prices noted"))
        kinds.register(
            "contract_ends", _("A contract ends"), icon="file-text",
            why={"contract_ends": _("The contract ends on the day it is due: renew it, change it, or let it end.")},
            outcomes=kinds.LISTED, see="orders.view", close=_note_on_file,
        )  # fmt: skip
        _announce_pages()


def _note_on_file(task_id: int, outcome: str, note: str, *, by: Any) -> None:
    from zhike.customers.actions import note_outcome

    note_outcome(task_id, outcome, note, by=by)


def _announce_pages() -> None:
    from zhike.ui.frame import nav_item

    nav_item(
        "shop",
        "Shop",
        "shopping-bag",
        "shop:orders",
        "orders.view",
        40,
        key="o",
        keywords="shangcheng dingdan",
        under=("/shop/",),
    )
    nav_item("shop.orders", "Orders", "list", "shop:orders", "orders.view", 41, parent="shop", keywords="dingdan")
    nav_item(
        "shop.nobody",
        "Without a customer",
        "user-question",
        "shop:without_customer",
        "orders.view",
        42,
        parent="shop",
    )
    nav_item(
        "shop.contracts",
        "Contracts",
        "file-text",
        "shop:contracts",
        "orders.view",
        45,
        parent="shop",
        keywords="hetong",
    )
    nav_item("shop.products", "Products", "package", "shop:products", "orders.view", 43, parent="shop")
    nav_item("shop.cases", "After-sale cases", "arrow-back-up", "shop:cases", "orders.view", 44, parent="shop")
