from django.apps import AppConfig


class SecureConfig(AppConfig):
    name = "zhike.secure"
    label = "secure"
