from typing import Any

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
    "customer.stage_set": _("Stage set"),
    "customer.stop_traced": _("Reason for stopping traced"),
    "customer.flow_noted": _("Flow of goods noted"),
    "customer.flow_removed": _("Flow of goods removed"),
    "stop_reason.changed": _("Catalogue of reasons for stopping changed"),
    "paper.placed": _("Place of a paper file noted"),
    "paper.missing": _("Leaf of a paper file marked missing"),
    "paper.found": _("Leaf of a paper file found again"),
    "customer.deputy_set": _("Deputy set"),
    "customer.reader_set": _("Second reader set"),
    "customer.key_set": _("Key customers set"),
    "customer.reviewed": _("File reviewed"),
    "contact.recorded": _("Contact noted"),
    "customer.linked": _("Customers linked"),
    "customer.unlinked": _("Link of customers ended"),
    "attachment.added": _("File attached"),
    "attachment.removed": _("Attached file destroyed"),
    "customer.merged": _("Customers merged"),
    "customer.unmerged": _("Merge taken apart"),
    "record.moved": _("Source record moved to another file"),
    "record.moved_back": _("Move of a source record taken back"),
    "numbering.changed": _("Pattern of file numbers changed"),
    "statement.recorded": _("Statement recorded"),
    "value.verified": _("Value verified"),
    "value.verification_withdrawn": _("Finding about a value taken back"),
    "segment.made": _("Segment made"),
    "segment.changed": _("Segment changed"),
    "segment.removed": _("Segment removed"),
}


class CustomersConfig(AppConfig):
    name = "zhike.customers"
    label = "customers"

    def ready(self) -> None:
        from zhike.customers import audit_names
        from zhike.customers.actions.attachments import forget_attachments_of
        from zhike.customers.actions.charge import forget_charge
        from zhike.customers.actions.erasure import erase_customer
        from zhike.customers.actions.old_cards import forget_old_cards
        from zhike.customers.actions.paper import forget_paper
        from zhike.customers.attached_files import place_of
        from zhike.customers.next_steps import announce as announce_next_steps
        from zhike.customers.queries.merges import group_of
        from zhike.customers.segments.consent_facets import offer_consents
        from zhike.customers.segments.own_facets import offer_own
        from zhike.kit.jobs import reading
        from zhike.secure import permissions, subjects
        from zhike.secure.audit_actions import register
        from zhike.secure.subjects import SealedFiles, sealed_files
        from zhike.work import kinds

        permissions.register("customers.verify", _("Verify values"))
        permissions.register("segments.view", _("See segments"))
        permissions.register("segments.edit", _("Build segments"))
        permissions.register("customers.merge", _("Merge files, take merges apart, move source records"))
        permissions.register("funnel.view", _("See the funnel"))
        permissions.register("funnel.manage", _("Manage rules, scores and reasons of the funnel"))
        reading.label("customers.lapse_consents", _("Let consents lapse whose time is over"))
        for code, label in AUDITED.items():
            register(code, label)
        audit_names.register()
        kinds.register_about("customer", _abouts, _found)
        announce_next_steps()
        offer_own()
        offer_consents()
        subjects.same_subject("customer", group_of)
        subjects.on_erase("customer", forget_attachments_of)
        subjects.on_erase("customer", forget_old_cards)
        subjects.on_erase("customer", forget_paper)
        subjects.on_erase("customer", erase_customer)
        subjects.on_erase("customer", forget_charge)
        sealed_files(SealedFiles("customers_attachment", "public_id", "source_record_id", place_of))


def _found(viewer: Any, text: str) -> int | None:
    from zhike.customers.queries.abouts import found_by

    return found_by(viewer, text)


def _abouts(viewer: Any, ids: Any) -> Any:
    from zhike.customers.queries.abouts import abouts

    return abouts(viewer, ids)
