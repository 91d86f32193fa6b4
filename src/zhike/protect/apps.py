from django.apps import AppConfig


class ProtectConfig(AppConfig):
    name = "zhike.protect"
    label = "protect"
