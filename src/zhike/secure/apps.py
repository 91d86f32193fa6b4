from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class SecureConfig(AppConfig):
    name = "zhike.secure"
    label = "secure"

    def ready(self) -> None:
        from zhike.kit.jobs import reading
        from zhike.secure import access_notes, audit_names, custom_fields, pages, signals, subjects  # noqa: F401  (signals listen to the sign-in library)
        from zhike.secure.fields import custom_fields_from

        subjects.on_erase("customer", lambda customer_id: access_notes.forget("customer", customer_id))
        post_migrate.connect(_install_roles, sender=self)
        pages.announce()
        audit_names.register()
        custom_fields_from(custom_fields.read)
        reading.label("secure.sweep", _("Remove expired counters"))


def _install_roles(using: str, **_: Any) -> None:
    from zhike.secure import builtin_roles

    if using == "default":
        builtin_roles.install()
