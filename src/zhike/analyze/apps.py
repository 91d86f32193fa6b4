from django.apps import AppConfig


class AnalyzeConfig(AppConfig):
    name = "zhike.analyze"
    label = "analyze"
