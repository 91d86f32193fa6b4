from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

# Acts on customers that the audit knows, with the words a reader of the audit sees.
AUDITED = {
    "source.added": _("Source added"),
    "source.archived": _("Source archived"),
    "source.cost_added": _("Source cost noted"),
    "customer.edited": _("Value entered on a file"),
    "customer.edit_undone": _("Entry on a file taken back"),
    "customer.tagged": _("Tag added"),
    "customer.untagged": _("Tag removed"),
    "customer.owner_set": _("Owner set"),
    "contact.recorded": _("Contact noted"),
    "statement.recorded": _("Statement recorded"),
}


class CustomersConfig(AppConfig):
    name = "zhike.customers"
    label = "customers"

    def ready(self) -> None:
        from zhike.secure.audit_actions import register

        for code, label in AUDITED.items():
            register(code, label)
