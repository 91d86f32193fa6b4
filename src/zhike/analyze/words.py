"""Codes of the analyses in words."""

from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from zhike.ui.figures import money_text, number

Words = dict[str, Promise]

# The same English as on the register, so that both say the same in every language.
CLASSES: Words = {
    "important_value": _("Important, valuable"),
    "important_develop": _("Important, to develop"),
    "important_keep": _("Important, to keep"),
    "important_win_back": _("Important, to win back"),
    "general_value": _("General, valuable"),
    "general_develop": _("General, to develop"),
    "general_keep": _("General, to keep"),
    "general_win_back": _("General, to win back"),
}
ACTS: Words = {
    "important_value": _("Keep them: thank, serve first, ask what they miss"),
    "important_develop": _("Spend well, come seldom: give a reason for the next order"),
    "important_keep": _("Were good and have gone quiet: call or write in person"),
    "important_win_back": _("About to be lost: win back with an offer of weight"),
    "general_value": _("Come often for little: show what goes together"),
    "general_develop": _("New or trying: make the second order easy"),
    "general_keep": _("Used to come often: remind them now and then"),
    "general_win_back": _("Long gone and small: no costly effort"),
}
# The R × F map, from the best group down; the words are those of the register.
GROUPS: Words = {
    "champions": pgettext_lazy("rfm group", "Champions"),
    "loyal": pgettext_lazy("rfm group", "Loyal"),
    "potential_loyalist": pgettext_lazy("rfm group", "Potential loyalists"),
    "new": pgettext_lazy("rfm group", "New"),
    "promising": pgettext_lazy("rfm group", "Promising"),
    "need_attention": pgettext_lazy("rfm group", "Need attention"),
    "about_to_sleep": pgettext_lazy("rfm group", "About to sleep"),
    "cant_lose": pgettext_lazy("rfm group", "Cannot lose them"),
    "at_risk": pgettext_lazy("rfm group", "At risk"),
    "hibernating": pgettext_lazy("rfm group", "Hibernating"),
}
GROUP_ACTS: Words = {
    "champions": _("Reward them, ask for a review, show new goods first"),
    "loyal": _("Offer better goods and a membership"),
    "potential_loyalist": _("Recommend what fits; a second and third order make them loyal"),
    "new": _("Welcome them well and follow up the first order"),
    "promising": _("Make the brand known to them; a small reason to come again"),
    "need_attention": _("An offer for a short time, by what they bought"),
    "about_to_sleep": _("Remind them now, before they are gone"),
    "cant_lose": _("Used to come often: call in person, hear what is wrong"),
    "at_risk": _("Write in person, bring back with an offer"),
    "hibernating": _("A cheap reminder at most"),
}
OTHERS: Words = {"absent": _("New here"), "unscored": _("No purchase")}
MEASURES: Words = {"r": _("Recency"), "f": _("Frequency"), "m": _("Monetary value")}
STATES: Words = {
    "queued": _("Waiting"),
    "running": _("Running"),
    "done": _("Done"),
    "empty": _("No purchases"),
    "failed": _("Failed"),
}
STATE_TONES = {"queued": "neutral", "running": "info", "done": "good", "empty": "warn", "failed": "bad"}
STEPS: Words = {
    "reading_changes": _("Reading what changed"),
    "scoring": _("Scoring the customers"),
    "writing_metrics": _("Writing classes on the files"),
    "drawing_up_lists": _("Drawing up the lists"),
    "measuring_value": _("Classing by value"),
    "measuring_composition": _("Composing the customers"),
    "measuring_products": _("Measuring the products"),
    "measuring_funnel": _("Following the funnel"),
    "measuring_retention": _("Following who stayed"),
    "measuring_satisfaction": _("Reading what customers answered"),
    "measuring_loyalty": _("Holding what they did against what they feel"),
    "measuring_replenishment": _("Finding who will need something soon"),
    "measuring_recommendation": _("Finding what to recommend"),
    "measuring_association": _("Finding what is bought together"),
    "measuring_paths": _("Following the ways of visitors"),
    "measuring_profit": _("Counting what customers leave"),
    "measuring_portrait": _("Drawing portraits"),
    "measuring_lookalike": _("Finding look-alikes"),
    "measuring_lifetime": _("Estimating what customers are still worth"),
    "done": _("Done"),
}
SORTINGS: Words = {"independent": _("Independent"), "nested": _("Nested (Hughes)")}
TIES: Words = {"together": _("Together"), "by_rank": _("By rank")}
CUTS: Words = {"mean": _("Mean"), "median": _("Median"), "score": _("Mean score")}
PARTS: Words = {"lists": _("Lists")}
LISTS: Words = {
    "gone_quiet": _("Gone quiet"),
    "big_first_buyer": _("Large first buyers"),
    "lost_high_value": _("High value lost"),
    "lead_alone": _("A lead left alone"),
    "need_soon": _("Needed soon"),
}
LIST_ICONS = {
    "gone_quiet": "moon",
    "big_first_buyer": "sparkles",
    "lost_high_value": "heart-broken",
    "lead_alone": "user-question",
    "need_soon": "calendar-repeat",
}
LIST_LEADS: Words = {
    "gone_quiet": _("Silent for more than twice as long as they usually wait between two orders, and not yet lost."),
    "big_first_buyer": _("One order so far, 7 to 30 days ago, among the largest fifth of all first orders."),
    "lost_high_value": _(
        "Among the fifth who spent most, and silent for longer than almost anybody ever was and came back."
    ),
    "need_soon": _("Will probably need again what they bought before: offer it before they look elsewhere."),
    "lead_alone": _("Potential and target customers with whom nobody has spoken for too long."),
}
ERRORS: Words = {
    "snapshot_failed": _("The database could not be read into the lake."),
    "spark_missing": _("Analyses are to run on Spark, which is not installed here."),
    "spark_away": _("The Spark cluster does not answer."),
    "spark_without_s3": _("The Spark cluster cannot read S3: Hadoop's part for it is missing there."),
    "lake_setting": _("The place of the lake is set wrongly."),
    "lake_away": _("The place of the lake does not answer."),
    "lake_denied": _("The place of the lake refuses us."),
    "lake_missing": _("The bucket of the lake is not there."),
    "lake_library": _("Hadoop's library for HDFS is not installed here."),
    "lake_taken": _("Another installation keeps its lake at this place."),
    "lake_newer": _("A newer version of Zhike wrote the lake."),
    "stopped": _("It was stopped."),
    "unexpected": _("Something unexpected happened; the log of the jobs says what."),
}


REMEDIES: Words = {
    "lake_setting": _(
        "Correct ZHIKE_LAKE and the settings beside it, or clear ZHIKE_LAKE to keep the lake in the data folder."
    ),
    "lake_away": _(
        "Start the storage or correct its address. Until then nothing is analyzed anew; what was counted before stands."
    ),
    "lake_denied": _("Give us the right to list, read, write and delete below this place, and check the keys."),
    "lake_missing": _("Make the bucket, private to this installation; we make none."),
    "lake_library": _(
        "Install Hadoop's client with libhdfs and Java, or name the cluster as webhdfs://…, which needs nothing."
    ),
    "lake_taken": _(
        "Name a prefix of its own for each installation; where the other one is no longer, delete what lies there."
    ),
    "lake_newer": _(
        "Bring this installation up to that version, or delete what lies there: the lake can always be made again."
    ),
}


def of_class(code: str, *, after: bool = False) -> str:
    """A class, or what stands for having none: new before, gone `after`."""
    if code == "absent" and after:
        return gettext("No longer here")
    return str(CLASSES.get(code) or OTHERS.get(code) or code)


def reason(code: str, params: Mapping[str, Any], *, with_money: bool, with_goods: bool = False) -> str:
    """Why somebody stands on a list, in one sentence; without amounts or goods for those who may not see them."""
    said = {name: number(value) if isinstance(value, int) else value for name, value in params.items()}
    currency = str(params.get("currency", ""))
    for name in ("monetary_cents", "order_cents", "threshold_cents"):
        if name in params:
            said[name.removesuffix("_cents")] = money_text(params[name], currency)
    if code == "gone_quiet":
        times = params["purchase_days"]
        return ngettext(
            "Silent for %(silent_days)s days; usually buys every %(own_gap_days)s days (%(purchase_days)s time so far).",
            "Silent for %(silent_days)s days; usually buys every %(own_gap_days)s days (%(purchase_days)s times so far).",
            times,
        ) % {**said, "times": times}
    if code == "large_first":
        if with_money:
            return (
                gettext("First order %(days_since)s days ago for %(order)s; the largest fifth begins at %(threshold)s.")
                % said
            )
        return gettext("First order %(days_since)s days ago, among the largest fifth of first orders.") % said
    if code == "need_soon":
        return _need(params, said, with_goods)
    if code == "lead_alone":
        return gettext("Nobody has spoken with them for %(silent_days)s days (limit: %(limit_days)s).") % said
    if code == "lost_high_value":
        if with_money:
            return (
                gettext(
                    "Spent %(monetary)s in all and has been silent for %(silent_days)s days (limit: %(limit_days)s)."
                )
                % said
            )
        return gettext("Among those who spent most; silent for %(silent_days)s days (limit: %(limit_days)s).") % said
    return code


def _need(params: Mapping[str, Any], said: dict[str, Any], with_goods: bool) -> str:
    """What will be needed again and when; the product only for those who may see what was bought."""
    said["product"] = params.get("product", "") if with_goods else gettext("a product")
    if params["due_in_days"] < 0:
        said["over_days"] = number(-params["due_in_days"])
        return (
            gettext("Was to need %(product)s again %(over_days)s days ago; bought %(silent_days)s days ago, expected every %(gap_days)s.")
            % said
        )  # fmt: skip
    return (
        gettext("Will need %(product)s again in %(due_in_days)s days; bought %(silent_days)s days ago, expected every %(gap_days)s.")
        % said
    )  # fmt: skip
