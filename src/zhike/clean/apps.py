from django.apps import AppConfig


class CleanConfig(AppConfig):
    name = "zhike.clean"
    label = "clean"
