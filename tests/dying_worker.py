"""A worker in a process of its own that dies at a failpoint, on the databases of the test."""

import os
import subprocess
import sys

from django.db import connections

from zhike.secure.vault import roots

_WORK = "from zhike.cli.command import set_up_django; set_up_django('worker'); from zhike.kit import jobs; jobs.run_pending()"


def work(failpoint: str, *, never_said: str) -> int:
    """Do what waits until the failpoint is hit; the exit code. `never_said` must not stand in what it printed."""
    environment = {**os.environ, "ZHIKE_FAILPOINT": failpoint, "LANG": "C.UTF-8"}
    done = subprocess.run([sys.executable, "-c", _WORK], env=environment, capture_output=True, text=True, check=False)
    for connection in connections.all():
        connection.close()
    roots.forget()
    assert never_said not in done.stdout + done.stderr
    return done.returncode
