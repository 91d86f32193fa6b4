"""What `zhike doctor` looks at: can measures run where they are told to."""

from django.utils.translation import gettext as _

from zhike.analyze import spark_place
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
