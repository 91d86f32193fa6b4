from django.apps import AppConfig


class ShopConfig(AppConfig):
    name = "zhike.shop"
    label = "shop"

    def ready(self) -> None:
        """Announce the pages of the shop to the frame."""
        from django.utils.translation import gettext_lazy as _

        from zhike.secure import audit_actions, subjects
        from zhike.shop.actions.erasure import erase_receivers
        from zhike.shop.facets import offer_orders
        from zhike.ui.frame import nav_item

        offer_orders()
        subjects.on_erase("customer", erase_receivers)
        audit_actions.register("products.costs_told", _("Cost prices noted"))
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
        nav_item("shop.products", "Products", "package", "shop:products", "orders.view", 43, parent="shop")
        nav_item("shop.cases", "After-sale cases", "arrow-back-up", "shop:cases", "orders.view", 44, parent="shop")
