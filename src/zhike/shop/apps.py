from django.apps import AppConfig


class ShopConfig(AppConfig):
    name = "zhike.shop"
    label = "shop"

    def ready(self) -> None:
        """Announce the pages of the shop to the frame."""
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
