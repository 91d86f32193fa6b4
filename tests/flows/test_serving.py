"""One command, two processes: `zhike serve` as an operator meets it."""

import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import psutil
import pytest

PASSWORD = "Lantern-over-the-door-7"


@pytest.fixture
def zhike(tmp_path):
    """Run `zhike …` on an empty data folder of its own."""
    return commands(tmp_path / "home")


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """The data folder of an installation that `zhike init` made, once."""
    home = tmp_path_factory.mktemp("made") / "home"
    assert init(commands(home))["email"] == "laoban@example.com"
    return home


@pytest.fixture
def shop(made, tmp_path):
    """That installation, in the data folder of this story."""
    shutil.copytree(made, tmp_path / "home")


def commands(home: Path):
    environment = {**os.environ, "ZHIKE_HOME": str(home), "ZHIKE_LANGUAGE": "en", "ZHIKE_TESTING": "0"}
    for name in ("ZHIKE_DATABASE", "ZHIKE_KEYRING", "DJANGO_SETTINGS_MODULE"):
        environment.pop(name, None)

    def start(*words: str, **options) -> subprocess.Popen:
        pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "stdin": subprocess.PIPE, "text": True}
        return subprocess.Popen([sys.executable, "-m", "zhike", *words], env=environment, **{**pipes, **options})

    return start


def run(process: subprocess.Popen, text: str = "") -> tuple[int, str, str]:
    out, err = process.communicate(text, timeout=300)
    return process.returncode, out, err


def init(zhike) -> dict:
    words = [
        "init",
        "--email",
        "laoban@example.com",
        "--name",
        "知客老板",
        "--password-stdin",
        "--shop",
        "知客小店",
        "--json",
    ]
    code, out, err = run(zhike(*words), PASSWORD + "\n")
    assert code == 0, err
    return json.loads(out)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def get(port: int, path: str) -> tuple[int, dict]:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=5) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as error:
        return error.code, json.load(error)
    except OSError:  # nobody answers yet, or not in time
        return 0, {}


def wait_for(condition, seconds: float = 180) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.1)


def family(server: subprocess.Popen) -> list[psutil.Process]:
    told = psutil.Process(server.pid)
    return [told, *told.children(recursive=True)]


def child_of(server: subprocess.Popen, word: str) -> psutil.Process | None:
    for child in psutil.Process(server.pid).children():
        with contextlib.suppress(psutil.NoSuchProcess):  # it has just fallen
            if word in child.cmdline():
                return child
    return None


def test_serving_an_empty_folder_is_refused_with_the_next_step(zhike):
    code, out, _ = run(zhike("serve", "--json"))
    assert code == 1
    assert json.loads(out)["error"] == "not_set_up"


def test_a_second_init_is_a_conflict_and_changes_nothing(zhike, shop):
    code, out, _ = run(zhike("init", "--email", "other@example.com", "--password-stdin", "--json"), PASSWORD + "\n")
    assert (code, json.loads(out)["error"]) == (4, "already_set_up")


def test_init_leaves_keys_and_databases_to_their_owner_alone(made):
    assert made.stat().st_mode & 0o777 == 0o700
    for file in [*(made / "keys").iterdir(), made / "zhike.sqlite3", made / "keyring.sqlite3"]:
        assert file.stat().st_mode & 0o077 == 0, file


def test_serve_answers_restarts_what_falls_and_stops_in_good_order(zhike, shop):
    port = free_port()
    server = zhike("serve", "--port", str(port), "--json")
    try:
        ready = json.loads(server.stdout.readline())
        assert ready["address"] == f"http://127.0.0.1:{port}/"
        assert sum(sum(one.cpu_times()[:2]) for one in family(server)) < 20
        wait_for(lambda: get(port, "/health/ready/")[0] == 200)
        checks = get(port, "/health/ready/")[1]["checks"]
        assert checks.items() >= dict.fromkeys(("database", "keyring", "worker", "disk"), "ok").items()
        assert set(checks.values()) == {"ok"}

        fallen = child_of(server, "worker")
        fallen.kill()
        wait_for(lambda: (risen := child_of(server, "worker")) is not None and risen.pid != fallen.pid)
        child_of(server, "web").kill()
        wait_for(lambda: _answers(port))

        wait_for(lambda: _answers(port) and get(port, "/health/ready/")[0] == 200)
        children = psutil.Process(server.pid).children(recursive=True)
        server.send_signal(signal.SIGTERM)
        assert server.wait(timeout=180) == 0
        assert not any(child.is_running() for child in children)
    finally:
        server.kill()
        server.wait()


def test_the_children_end_when_the_supervisor_is_killed(zhike, shop):
    port = free_port()
    server = zhike("serve", "--port", str(port), "--json", stderr=subprocess.DEVNULL)
    server.stdout.readline()
    children = psutil.Process(server.pid).children(recursive=True)
    assert len(children) == 2
    server.kill()
    server.wait()
    wait_for(lambda: not any(child.is_running() for child in children))


def test_a_taken_port_is_named_before_anything_starts(zhike, shop):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        code, out, _ = run(zhike("serve", "--port", str(other.getsockname()[1]), "--json"))
    assert (code, json.loads(out)["error"]) == (4, "port_taken")


def test_doctor_finds_a_key_that_others_can_read(zhike, shop, tmp_path):
    Path(tmp_path / "home" / "keys" / "lookup.key").chmod(0o644)
    code, out, _ = run(zhike("doctor", "--json"))
    findings = json.loads(out)["checks"]
    assert code == 1
    assert any(f["state"] == "failed" and "lookup.key" in f["text"] for f in findings.values())


def _answers(port: int) -> bool:
    try:
        return get(port, "/health/")[0] == 200
    except OSError:  # refused, or reset while it starts
        return False
