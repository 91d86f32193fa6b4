"""What `zhike doctor` looks at: can measures run where they are told to, and every method of one's own be used."""

from django.utils.translation import gettext as _

from zhike.analyze import methods, spark_place
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


@check("methods")
def own_methods() -> Finding:
    """Whether every method of one's own can be used."""
    wrong = methods.faults()
    if not wrong:
        return OK
    told = "; ".join(f"{folder}: {why}" for folder, why in wrong.items())
    text = _("Methods that cannot be used: %(told)s") % {"told": told[:400]}
    return Finding("warning", text, _("Mend them, try them with zhike analyze check-method, and start again."))
