"""A Spark cluster of this machine: a master and two workers begun from the wheel, on ports of the loopback, ended afterwards."""

import contextlib
import json
import os
import socket
import subprocess
import time
import urllib.request
from pathlib import Path
from typing import Any

WORKERS = 2
_BEGINS_WITHIN_S = 120.0
# Small, since this machine does other things too, and without code made for each step, which takes longer than so few rows;
# a cluster of one's own has its own file.
_DEFAULTS = """\
spark.driver.memory 1g
spark.driver.host 127.0.0.1
spark.driver.bindAddress 127.0.0.1
spark.executor.memory 600m
spark.executor.cores 1
spark.cores.max 2
spark.sql.shuffle.partitions 2
spark.sql.codegen.wholeStage false
spark.sql.adaptive.enabled false
spark.locality.wait 0
"""


class Standalone:
    """The cluster while it runs; `environment` is what a process needs to send its measures there."""

    def __init__(self, folder: Path) -> None:
        import pyspark

        from zhike_analytics.spark import java_home

        self._home = Path(pyspark.__file__).parent
        self._folder, self._running, self._said = folder, list[subprocess.Popen[bytes]](), contextlib.ExitStack()
        settings = folder / "conf"
        settings.mkdir()
        (settings / "spark-defaults.conf").write_text(_DEFAULTS, encoding="utf-8")
        self._own = {
            "JAVA_HOME": java_home(),
            "SPARK_HOME": str(self._home),
            "SPARK_CONF_DIR": str(settings),
            "SPARK_LOCAL_IP": "127.0.0.1",
            "SPARK_LOCAL_DIRS": str(folder / "scratch"),
            "SPARK_DAEMON_MEMORY": "256m",
        }
        self._port, self._page = free_port(), free_port()
        self.environment = {**self._own, "ZHIKE_SPARK_MASTER": f"spark://127.0.0.1:{self._port}"}

    def __enter__(self) -> "Standalone":
        places = ["--host", "127.0.0.1", "--port", str(self._port), "--webui-port", str(self._page)]
        self._begin("master", "org.apache.spark.deploy.master.Master", places)
        self._wait(lambda: True, "the master")
        for number in range(WORKERS):
            own = ["--host", "127.0.0.1", "--cores", "1", "--memory", "1g", "--webui-port", str(free_port())]
            work = ["--work-dir", str(self._folder / f"worker{number}")]
            master = self.environment["ZHIKE_SPARK_MASTER"]
            self._begin(f"worker{number}", "org.apache.spark.deploy.worker.Worker", [*own, *work, master])
        self._wait(lambda: self.workers() == WORKERS, "two workers")
        return self

    def __exit__(self, *exc: object) -> None:
        for process in reversed(self._running):
            process.terminate()
        for process in self._running:
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(20)
            process.kill()
        self._said.close()

    def workers(self) -> int:
        """How many workers the master knows alive."""
        return sum(worker["state"] == "ALIVE" for worker in self._told()["workers"])

    def executors_begun(self) -> int:
        """How many processes the workers began for the measures, each with a folder of its own."""
        return sum(1 for _ in self._folder.glob("worker*/app-*/*/stderr"))

    def _begin(self, name: str, what: str, words: list[str]) -> None:
        said = self._said.enter_context((self._folder / f"{name}.log").open("wb"))
        # spark-class replaces itself by Java: ending this process ends the part of the cluster.
        command = [str(self._home / "bin" / "spark-class"), what, *words]
        environment = {**os.environ, **self._own}
        self._running.append(subprocess.Popen(command, env=environment, stdout=said, stderr=subprocess.STDOUT))

    def _wait(self, holds: Any, what: str) -> None:
        until = time.monotonic() + _BEGINS_WITHIN_S
        while time.monotonic() < until:
            with contextlib.suppress(OSError):
                self._told()
                if holds():
                    return
            time.sleep(0.3)
        logs = "\n".join(log.read_text(errors="replace")[-1500:] for log in self._folder.glob("*.log"))
        raise AssertionError(f"{what} did not begin:\n{logs}")

    def _told(self) -> Any:
        with urllib.request.urlopen(f"http://127.0.0.1:{self._page}/json/", timeout=5) as answer:
            return json.load(answer)


def free_port() -> int:
    """A port of the loopback that nobody listens on."""
    with socket.socket() as asked:
        asked.bind(("127.0.0.1", 0))
        return int(asked.getsockname()[1])
