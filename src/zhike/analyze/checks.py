"""What `zhike doctor` looks at: can measures run where they are told to, and every method of one's own be used."""

from django.utils.translation import gettext as _

from zhike.analyze import lake_place, lake_sharing, methods, snapshot, spark_place, words
from zhike.kit.checks import OK, Finding, check


@check("spark_answers")
def spark_answers() -> Finding:
    """Where a cluster is named, it takes a connection and Spark is installed here."""
    master = spark_place.spark_master()
    if not master:
        return OK
    try:
        spark_place.look(master)
    except spark_place.SparkAway as problem:
        if problem.code == "spark_missing":
            text = _("Analyses are to run on Spark, which is not installed here.")
            return Finding(
                "failed", text, _("Install the extra “spark”, or clear ZHIKE_SPARK_MASTER to run them on DuckDB.")
            )
        text = _("The Spark cluster %(master)s does not answer.") % {"master": master}
        return Finding("failed", text, _("Start the cluster, or clear ZHIKE_SPARK_MASTER to run analyses on DuckDB."))
    return OK


@check("lake_place")
def lake_lies_where_it_is_told() -> Finding:
    """The place of the lake can be written, read and deleted from, holds our lake or none, and is not spoken to in clear."""
    try:
        parts = lake_place.named()
        if parts is None:
            return OK
        folder, place = snapshot.lake_folder(), lake_place.far()
        if place is None:
            (folder / ".try").write_bytes(b"")
            (folder / ".try").unlink()
        else:
            lake_sharing.tried(place, snapshot.lake_owner())
    except lake_place.PlaceProblem as problem:
        told = f"{words.ERRORS[problem.code]} {problem.detail}".strip()
        return Finding("failed", told, str(words.REMEDIES[problem.code]))
    except OSError as problem:
        return Finding(
            "failed", f"{words.ERRORS['lake_denied']} {problem.strerror}", str(words.REMEDIES["lake_denied"])
        )
    if lake_place.is_clear(parts):
        text = _(
            "The lake goes over the network in clear: customers are numbers in it, but orders are not for strangers."
        )
        return Finding("warning", text, _("Speak to the place by HTTPS (https://…, swebhdfs://…)."))
    return OK


@check("methods")
def own_methods() -> Finding:
    """Whether every method of one's own can be used."""
    wrong = methods.faults()
    if not wrong:
        return OK
    told = "; ".join(f"{folder}: {why}" for folder, why in wrong.items())
    text = _("Methods that cannot be used: %(told)s") % {"told": told[:400]}
    return Finding("warning", text, _("Mend them, try them with zhike analyze check-method, and start again."))
