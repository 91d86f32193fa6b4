from django.apps import AppConfig


class ShopConfig(AppConfig):
    name = "zhike.shop"
    label = "shop"
