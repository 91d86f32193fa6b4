from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ApiConfig(AppConfig):
    name = "zhike.api"
    label = "api"

    def ready(self) -> None:
        """Announce the page of tokens, the acts of the audit and the names of the jobs."""
        from zhike.api import handlers  # noqa: F401  (hears of staff who leave)
        from zhike.kit.jobs import reading
        from zhike.secure.audit_actions import register, register_object
        from zhike.ui.frame import nav_item

        nav_item(
            "api", "API tokens", "key", "api:tokens", "api.tokens", 94, "foot",
            parent="security", keywords="lingpai jiekou openapi",
        )  # fmt: skip
        register_object("api_token", _("API token"))
        register("api.token_made", _("API token made"))
        register("api.token_revoked", _("API token revoked"))
        register("api.used", _("API used"))
        reading.label("api.sweep", _("Remove old receipts of API requests"))
