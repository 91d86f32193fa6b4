from django.apps import AppConfig


class WorkConfig(AppConfig):
    name = "zhike.work"
    label = "work"
