"""`zhike serve`: the web process and the worker, kept running together."""

import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable

import click

from zhike.cli.command import Conflict, Refused, command
from zhike.cli.output import Output


@command("serve")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535), help="Port to listen on.")
@click.option("--no-worker", is_flag=True, help="Run the web process only.")
def serve(out: Output, host: str, port: int, no_worker: bool) -> None:
    """Run Zhike until it is told to stop (Ctrl-C): web pages and worker, each restarted when it falls."""
    from django.db import connections

    from zhike.kit.processes import Child, on_stop_signals, supervise

    make_ready_to_serve(out)
    refuse_taken_port(host, port)
    connections.close_all()
    children = [Child("web", ["-m", "zhike", "web", "--host", host, "--port", str(port)])]
    if not no_worker:
        children.append(Child("worker", ["-m", "zhike", "worker"]))
    told_to_stop = threading.Event()
    on_stop_signals(told_to_stop.set)
    supervise(children, told_to_stop, each_turn=announcer(out, host, port))


def make_ready_to_serve(out: Output) -> None:
    """Refuse when the databases are missing or behind; gather the files of the pages when they changed."""
    from django.conf import settings
    from django.db import connections
    from django.utils.translation import gettext as _

    from zhike.cli.ground import collect_static, is_static_stale
    from zhike.kit.signs import waiting_migrations

    waiting = waiting_migrations()
    if waiting:
        is_new = "kit_job" not in connections["default"].introspection.table_names()
        hint = (
            _("This data folder is empty: run `zhike init`.")
            if is_new
            else _("The databases are behind: run `zhike upgrade`.")
        )
        raise Refused(hint, "not_set_up" if is_new else "upgrade_needed", waiting=waiting)
    if not settings.DEBUG and is_static_stale():
        out.say(_("Gathering the files of the pages …"))
        collect_static()


def refuse_taken_port(host: str, port: int) -> None:
    """Raise Conflict when somebody already listens there."""
    import socket

    from django.utils.translation import gettext as _

    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            raise Conflict(
                _("Port %(port)d is taken; choose another with --port.") % {"port": port}, "port_taken"
            ) from None


def announcer(out: Output, host: str, port: int) -> Callable[[], None]:
    """A call for each turn of the supervisor that says once when the pages answer."""
    from django.utils.translation import gettext as _

    shown = {"0.0.0.0": "localhost", "::": "localhost"}.get(host, host)
    address = f"http://{f'[{shown}]' if ':' in shown else shown}:{port}/"
    started, told = time.monotonic(), False

    def announce() -> None:
        nonlocal told
        if told or not _answers(f"{address}health/"):
            return
        told = True
        seconds = time.monotonic() - started
        out.result(
            {"ok": True, "address": address, "seconds": round(seconds, 1)},
            _("Zhike is ready at %(address)s (%(seconds).1f s). Stop with Ctrl-C.")
            % {"address": address, "seconds": seconds},
        )
        sys.stdout.flush()

    return announce


def _answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(address, timeout=1) as response:
            return bool(response.status == 200)
    except (urllib.error.URLError, OSError):
        return False
