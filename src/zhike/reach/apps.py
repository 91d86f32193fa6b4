from django.apps import AppConfig


class ReachConfig(AppConfig):
    name = "zhike.reach"
    label = "reach"
