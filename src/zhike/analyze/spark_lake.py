"""The lake on a Spark cluster: the same tables, the same names, the same recipes. For the analysis child.

The files lie where DuckDB reads them: below the data folder, which every machine of the cluster sees under the same path.
One session serves a process: measures that run one after another share it, each with tables of its own.
"""

from typing import Any

from zhike.analyze import spark_place
from zhike.analyze.lake import Lake
from zhike.analyze.lake_files import Manifest, TableFolder


class SparkLake(Lake):
    """An opened lake whose engine is the cluster of `ZHIKE_SPARK_MASTER`; memory and threads are the cluster's business."""

    def _connected(self, memory_mb: int, threads: int) -> Any:
        master = spark_place.spark_master()
        spark_place.look(master)
        from zhike_analytics import spark

        return spark.connect(spark.session(master, name="zhike analysis"))

    def close(self) -> None:
        """Let go of the tables kept on the cluster; the session stays for the next measure and ends with the process."""
        self._forget_kept()

    def _newest(self, folder: TableFolder, manifest: Manifest, key: str, columns: list[str]) -> str:
        """As `newest_rows` tells DuckDB: of each key the row of the latest snapshot, tombstones left out."""
        chosen = ", ".join(columns)
        base, deltas = f"{folder.table}__base", f"{folder.table}__deltas"
        self.engine.read_parquet(folder.paths(manifest.base), table_name=base)
        if not manifest.deltas:
            return f"SELECT {chosen} FROM {base}"
        self.engine.read_parquet(folder.paths(manifest.deltas), table_name=deltas)
        return (
            f"SELECT {chosen} FROM {base} LEFT ANTI JOIN (SELECT DISTINCT {key} FROM {deltas}) AS said USING ({key}) "
            f"UNION ALL SELECT {chosen} FROM (SELECT *, row_number() OVER (PARTITION BY {key} ORDER BY lake_no DESC) "
            f"AS lake_nth FROM {deltas}) AS newest WHERE lake_nth = 1 AND NOT is_gone"
        )

    def _name(self, table: str, sql: str) -> None:
        self.engine.raw_sql(f"CREATE TEMPORARY VIEW {table} AS {sql}")
