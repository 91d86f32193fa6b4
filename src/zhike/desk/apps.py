from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DeskConfig(AppConfig):
    name = "zhike.desk"
    label = "desk"

    def ready(self) -> None:
        """Announce the pages of the desk to the frame."""
        from zhike.desk.demo import check  # noqa: F401  (registers itself)
        from zhike.desk.demo.presence import notice
        from zhike.ui.frame import notice_source

        notice_source(notice)
        _word_the_jobs()
        _announce_the_demo()
        _announce_the_hand_overs()
        _announce_the_pages()
        _announce_cards_and_paper()


def _announce_the_pages() -> None:
    from zhike.ui.frame import command, nav_item

    nav_item("home", "Home", "home", "desk:home", None, 10, key="h", keywords="shouye sy")
    nav_item(
        "customers",
        "Customers",
        "users",
        "desk:register",
        "customers.view",
        20,
        key="c",
        keywords="kehu kh",
        under=("/customers/",),
    )
    nav_item("customers.register", "Register", "list", "desk:register", "customers.view", 21, parent="customers")
    nav_item(
        "customers.exports", "Exports", "download", "desk:exports", "customers.export", 22, parent="customers",
        keywords="daochu",
    )  # fmt: skip
    nav_item(
        "security.exports", "Exports to approve", "shield-check", "desk:approvals", "exports.approve", 94, "foot",
        parent="security", keywords="daochu shenpi",
    )  # fmt: skip
    nav_item("settings", "Settings", "settings", "desk:settings", "settings.edit", 95, "foot", keywords="shezhi")
    nav_item(
        "customers.numbering", "File numbers", "hash", "desk:numbering", "fields.define", 29, parent="customers",
        keywords="bianhao bh",
    )  # fmt: skip
    command("customers.new", "New customer", "user-plus", "desk:new", "customers.edit", keywords="xinjian kehu xjkh")
    command(
        "customers.without_orders",
        "Customers without orders",
        "user-question",
        "desk:without_orders",
        "customers.view",
    )


def _announce_cards_and_paper() -> None:
    from zhike.ui.frame import command, nav_item

    nav_item(
        "customers.paper", "Paper files", "archive", "desk:papers", "customers.view", 28, parent="customers",
        keywords="zhizhi dangan zzda",
    )  # fmt: skip
    command(
        "file_views",
        "Views of the file",
        "layout-columns",
        "desk:file_views",
        "settings.edit",
        keywords="dangan banben sanban",
    )
    command(
        "stop_reasons",
        "Reasons for stopping",
        "door-exit",
        "desk:stop_reasons",
        "fields.define",
        keywords="tingzhi jiaoyi yuanyin",
    )


def _word_the_jobs() -> None:
    """The web process shows jobs and never loads them: their words stand here."""
    from zhike.kit.jobs.reading import error_text, label

    label("desk.bulk", _("Change many customers"))
    label("desk.undo_bulk", _("Take back a change of many customers"))
    label("desk.export", _("Export"))
    label("desk.count", _("Count a list"))
    label("desk.expire_exports", _("Destroy old exports"))
    error_text("export_failed", _("The export could not be made: %(why)s"))


def _announce_the_hand_overs() -> None:
    from zhike.secure.audit_actions import register
    from zhike.ui.frame import nav_item

    register("charge.handed_over", _("Files handed over"))
    nav_item(
        "customers.charge", "Who is in charge", "user-check", "desk:charge", "customers.view", 26, parent="customers",
        keywords="zhuanguan jiaojie fuhe", under=("/customers/in-charge/",),
    )  # fmt: skip
    nav_item(
        "security.access", "Consultation log", "eye-search", "desk:all_access", "access.view", 93, "foot", parent="security",
        keywords="chayue jilu",
    )  # fmt: skip


def _announce_the_demo() -> None:
    from zhike.kit.jobs.reading import error_text, label
    from zhike.secure import audit_actions
    from zhike.ui.frame import command

    command("demo", "Demo shop", "building-store", "desk:demo", "demo.manage", keywords="yanshi ys")
    audit_actions.register_object("export", _("Export"))
    audit_actions.register_object("hand_over", _("Hand-over"))
    audit_actions.register("file_view.changed", _("Views of the file laid out"))
    audit_actions.register("demo.accounts_shown", _("Passwords of the demo accounts shown"))
    label("desk.load_demo", _("Load the demo shop"))
    label("desk.remove_demo", _("Remove the demo shop"))
    label("demo.orders", _("making customers and their orders"))
    label("demo.members", _("making member cards"))
    label("demo.finishing", _("indexing"))
    label("demo.customers", _("removing customers"))
    error_text("real_customers", _("There are real customers now; the demo shop does not come beside them."))
    error_text(
        "real_files_inside", _("Real files were imported under demo sources. Undo these imports first: %(runs)s")
    )
