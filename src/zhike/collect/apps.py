from django.apps import AppConfig


class CollectConfig(AppConfig):
    name = "zhike.collect"
    label = "collect"

    def ready(self) -> None:
        """Make this module's acts known to the audit, its jobs to their page and its pages to the frame."""
        from django.utils.translation import gettext_lazy as _

        from zhike.collect import audit_names
        from zhike.collect.reasons import FILES
        from zhike.collect.tracking.recording import forget_visitors
        from zhike.kit.jobs import reading
        from zhike.secure import audit_actions, subjects

        subjects.on_erase("customer", forget_visitors)
        audit_names.register()
        audit_actions.register("import.stored", _("File taken in"))
        audit_actions.register("import.started", _("Import started"))
        audit_actions.register("import.done", _("Import done"))
        audit_actions.register("import.undo_started", _("Undoing of an import started"))
        audit_actions.register("import.mapping_saved", _("Mapping of columns kept"))
        audit_actions.register("import.rejects", _("Rows kept out downloaded"))

        reading.label("collect.check_import", _("Check a file"))
        reading.label("collect.run_import", _("Import a file"))
        reading.label("collect.undo_import", _("Undo an import"))
        reading.label("collect.index_stopped", _("Index what stopped imports recorded"))
        audit_actions.register("source.work_noted", _("Work for a source noted"))
        audit_actions.register("source.incentive_booked", _("Incentive booked"))
        audit_actions.register("source.incentive_taken_back", _("Incentive taken back"))
        audit_actions.register("migration.opened", _("Migration begun"))
        audit_actions.register("migration.signed", _("Migration signed off"))
        reading.label("collect.count_sources", _("Count what sources brought"))
        reading.label("collect.reconcile", _("Reconcile a migration"))
        reading.label("collect.forget_files", _("Destroy old import files"))
        reading.label("checking", _("checking rows"))
        reading.label("recording", _("recording"))
        reading.label("indexing", _("indexing names and identifiers"))
        reading.label("adding_up", _("adding up orders"))
        reading.label("undoing", _("taking back"))
        for code, text in FILES.items():
            if not code.startswith("job_"):
                reading.error_text(code, text)
        _place_in_the_frame()


def _place_in_the_frame() -> None:
    from zhike.ui.frame import command, nav_item

    right = "collect.view"
    nav_item("collect", "Collect", "database-import", "collect:imports", right, 50, key="o", keywords="caiji", under=("/collect/",))  # fmt: skip
    nav_item("collect.imports", "Imports", "file-import", "collect:imports", right, 51, parent="collect", keywords="daoru dr")  # fmt: skip
    nav_item("collect.sources", "Sources", "database", "collect:sources", right, 52, parent="collect", keywords="laiyuan ly")  # fmt: skip
    nav_item("collect.report", "What sources brought", "trending-up", "collect:report", right, 53, parent="collect", keywords="chengxiao cx")  # fmt: skip
    nav_item("collect.migrations", "Migrations", "truck", "collect:migrations", right, 54, parent="collect", keywords="qianyi qy")  # fmt: skip
    command("collect.new", "Import a file", "upload", "collect:new", "collect.import", keywords="daoru dr wenjian")
