"""Where measures run: on DuckDB in this process, or on the Spark cluster that a setting names. No engine is imported."""

import importlib.util
import os
import re
import socket

_WAIT_S = 3.0
_PORT = 7077


class SparkAway(Exception):
    """The cluster cannot be used: `code` is `spark_missing` (the extra is not installed), `spark_away` (nobody answers) or
    `spark_without_s3` (the lake lies on S3, and what reads it is not installed there)."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def spark_master() -> str:
    """`ZHIKE_SPARK_MASTER`: the cluster that measures run on, or nothing."""
    return os.environ.get("ZHIKE_SPARK_MASTER", "").strip()


def look(master: str) -> None:
    """Raise SparkAway unless the extra is here and one of the masters takes a connection: Spark itself asks for a minute."""
    if importlib.util.find_spec("pyspark") is None:
        raise SparkAway("spark_missing")
    places = _places(master)
    if places and not any(_answers(*place) for place in places):
        raise SparkAway("spark_away")


def _places(master: str) -> list[tuple[str, int]]:
    """Hosts and ports of `spark://one:7077,two:7077`; none for a cluster that is reached otherwise."""
    named = re.fullmatch(r"spark://(.+)", master)
    parts = named.group(1).split(",") if named else []
    held = [re.fullmatch(r"\[?(.+?)\]?(?::(\d+))?", part) for part in parts]
    return [(one.group(1), int(one.group(2) or _PORT)) for one in held if one]


def _answers(host: str, port: int) -> bool:
    try:
        socket.create_connection((host, port), timeout=_WAIT_S).close()
    except OSError:
        return False
    return True
