from django.apps import AppConfig


class AnalyzeConfig(AppConfig):
    name = "zhike.analyze"
    label = "analyze"

    def ready(self) -> None:
        """Announce the pages to the frame, and the words of the jobs to the jobs page."""
        from django.utils.translation import gettext_lazy as _

        from zhike.analyze import checks  # noqa: F401  (registers itself)
        from zhike.analyze.boards import tiles  # noqa: F401  registers the kinds of tiles
        from zhike.analyze.segments.facets import offer_answers, offer_figures, offer_own, offer_portraits
        from zhike.secure.audit_actions import register, register_object
        from zhike.ui.frame import command, nav_item

        under = ("/insight/lists/",)
        lists = ("lists", "Today's lists", "checklist", "analyze:lists", "worklist.view", 25)
        nav_item(*lists, key="l", keywords="jinri qingdan", under=under, count=_open_entries)
        _name_pages()
        _name_later_pages()
        _name_boards()
        _name_answers()
        _name_pages_of_goods()
        _name_portraits()
        under = ("/insight/segments/",)
        marks = ("customers.segments", "Segments", "filter", "analyze:segments", "segments.view", 23)
        nav_item(*marks, parent="customers", keywords="fenzu renqun", under=under)
        new = "analyze:segment_new"
        command("segments.new", "New segment", "filter-plus", new, "segments.edit", keywords="xinjian fenzu")
        words = "yunxing fenxi"
        command("analyze.new", "Run the analysis", "player-play", "analyze:new_run", "analyze.run", keywords=words)
        register_object("analysis_run", _("Analysis run"))
        register_object("dashboard", _("Dashboard"))
        register("report.changed", _("Report changed"))
        register("report.sent", _("Report sent"))
        _name_jobs()
        _name_lists()
        offer_figures()
        offer_own()
        offer_answers()
        offer_portraits()


def _name_pages() -> None:
    """The rail of the insight pages."""
    from zhike.ui.frame import nav_item

    overview, see = "analyze:overview", "analyze.view"
    nav_item("insight", "Insight", "chart-dots", overview, see, 60, key="n", keywords="fenxi")
    words = "gailan zonglan"
    nav_item("insight.overview", "Overview", "layout-dashboard", overview, see, 60, parent="insight", keywords=words)
    nav_item("insight.rfm", "RFM", "grid-dots", "analyze:rfm", "analyze.view", 61, parent="insight")
    # The icons stand in the calls themselves: the build reads them there.
    nav_item(
        "insight.composition", "Composition", "chart-pie", "analyze:composition", "analyze.view", 63,
        parent="insight", keywords="goucheng fenxi", under=("/insight/measures/composition/",),
    )  # fmt: skip
    nav_item(
        "insight.value", "Value classes", "pyramid", "analyze:value", "analyze.view", 64,
        parent="insight", keywords="abc jinzita", under=("/insight/measures/value/",),
    )  # fmt: skip
    nav_item(
        "insight.lifetime", "Lifetime value", "hourglass", "analyze:lifetime", "analyze.view", 65,
        parent="insight", keywords="zhongshen jiazhi clv", under=("/insight/measures/lifetime/",),
    )  # fmt: skip
    nav_item(
        "insight.retention", "Retention", "repeat", "analyze:retention", "analyze.view", 66,
        parent="insight", keywords="liucun liushi baochi", under=("/insight/measures/retention/",),
    )  # fmt: skip
    nav_item(
        "insight.funnel", "Funnel figures", "target-arrow", "analyze:funnel", "analyze.view", 73,
        parent="insight", keywords="loudou zhuanhua", under=("/insight/measures/funnel/",),
    )  # fmt: skip
    nav_item(
        "insight.cube", "Cube", "cube", "analyze:cube", "analyze.view", 76,
        parent="insight", keywords="duowei fenxi olap toushi",
    )  # fmt: skip
    runs = ("insight.runs", "Runs", "history", "analyze:runs", "analyze.view", 79)
    nav_item(*runs, parent="insight", keywords="yunxing lishi")


def _name_later_pages() -> None:
    """What customers leave, and the methods this house added."""
    from zhike.ui.frame import nav_item

    nav_item(
        "insight.paths", "Paths and abandonment", "route", "analyze:paths", "analyze.view", 67,
        parent="insight", keywords="lujing fangqi lvke liulan guiji", under=("/insight/measures/paths/",),
    )  # fmt: skip
    nav_item(
        "insight.profit", "Profit contribution", "coins", "analyze:profit", "analyze.view", 65,
        parent="insight", keywords="lirun gongxian fuwu chengben", under=("/insight/measures/profit/",),
    )  # fmt: skip
    nav_item(
        "insight.methods", "Own methods", "puzzle", "analyze:methods", "analyze.view", 77,
        parent="insight", keywords="ziyou fangfa chajian",
    )  # fmt: skip


def _name_boards() -> None:
    """Dashboards people make of all of them."""
    from zhike.ui.frame import nav_item

    nav_item(
        "insight.boards", "Dashboards", "layout-dashboard", "analyze:boards", "analyze.view", 60,
        parent="insight", keywords="yibiaopan kanban", under=("/insight/boards/",),
    )  # fmt: skip


def _name_answers() -> None:
    """The pages of what customers answered."""
    from zhike.ui.frame import nav_item

    nav_item(
        "insight.satisfaction", "Satisfaction", "mood-smile", "analyze:satisfaction", "analyze.view", 67,
        parent="insight", keywords="manyidu nps csat", under=("/insight/measures/satisfaction/",),
    )  # fmt: skip
    nav_item(
        "insight.loyalty", "Loyalty", "heart-handshake", "analyze:loyalty", "analyze.view", 68,
        parent="insight", keywords="zhongchengdu fugou", under=("/insight/measures/loyalty/",),
    )  # fmt: skip


def _name_pages_of_goods() -> None:
    """Those of products: together, recommended, needed, sold."""
    from zhike.ui.frame import nav_item

    nav_item(
        "insight.association", "Products together", "affiliate", "analyze:association", "analyze.view", 70,
        parent="insight", keywords="shangpin guanlian goumai lian", under=("/insight/measures/association/",),
    )  # fmt: skip
    nav_item(
        "insight.recommendation", "Recommendations", "thumb-up", "analyze:recommendation", "analyze.view", 71,
        parent="insight", keywords="tuijian shangpin mubiao kehu", under=("/insight/measures/recommendation/",),
    )  # fmt: skip
    nav_item(
        "insight.replenishment", "Needed soon", "calendar-repeat", "analyze:replenishment", "analyze.view", 72,
        parent="insight", keywords="xuyao buhuo haocai zhudong fuwu", under=("/insight/measures/replenishment/",),
    )  # fmt: skip
    products = ("insight.products", "Product analysis", "package", "analyze:products", "analyze.view", 69)
    nav_item(*products, parent="insight", keywords="shangpin maoli", under=("/insight/measures/products/",))


def _name_portraits() -> None:
    """Portraits, and look-alikes beneath them."""
    from zhike.ui.frame import nav_item

    under = ("/insight/measures/portrait/", "/insight/lookalike/", "/insight/measures/lookalike/")
    nav_item(
        "insight.portrait", "Portraits", "users-group", "analyze:portrait", "analyze.view", 62,
        parent="insight", keywords="kehu huaxiang julei xinli pianhao xiangsi kehu", under=under,
    )  # fmt: skip


def _name_lists() -> None:
    from functools import partial

    from django.urls import reverse

    from zhike.analyze import words
    from zhike.customers.actions import note_outcome
    from zhike.secure import queries as secure
    from zhike.secure.records import Viewer
    from zhike.work import kinds
    from zhike.work.records import TaskFacts

    def why(viewer: Viewer, task: TaskFacts) -> str:
        with_money = secure.sight(viewer, "net_amount") == "shown"
        with_goods = secure.sight(viewer, "order_lines") == "shown"
        return words.reason(task.why_code, task.why_params, with_money=with_money, with_goods=with_goods)

    for code, label in words.LISTS.items():
        kinds.register(
            code, label, icon=words.LIST_ICONS[code], why=why, outcomes=kinds.LISTED, see="worklist.view", act="worklist.note",
            close=note_outcome, list_url=partial(reverse, "analyze:list", args=[code]),
        )  # fmt: skip


def _name_jobs() -> None:
    from django.utils.translation import gettext_lazy as _

    from zhike.analyze import words
    from zhike.kit.jobs import reading

    reading.label("analyze.run_rfm", _("Analysis"))
    reading.label("analyze.nightly", _("Nightly analysis"))
    reading.label("analyze.compact", _("Rewrite the lake"))
    reading.label("analyze.refresh_segments", _("Count segments"))
    reading.label("analyze.count_rule", _("Count while building"))
    reading.label("analyze.answer_cube", _("Count a cube"))
    reading.label("analyze.send_reports", _("Send reports"))
    reading.label("counting_segments", _("Counting segments"))
    for step, said in words.STEPS.items():
        reading.label(step, said)
    reading.error_text("snapshot_failed", _("The database could not be read into the lake."))
    for code, said in words.ERRORS.items():
        if code.startswith(("spark_", "lake_")):
            reading.error_text(code, said)


def _open_entries(viewer: object) -> int | None:
    from typing import cast

    from zhike.analyze.records import LIST_KINDS
    from zhike.secure.records import Viewer
    from zhike.work import queries

    return sum(queries.open_counts(cast(Viewer, viewer), LIST_KINDS).values()) or None
