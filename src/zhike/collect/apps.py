from django.apps import AppConfig


class CollectConfig(AppConfig):
    name = "zhike.collect"
    label = "collect"
