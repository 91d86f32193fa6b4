"""The files for containers and systemd, as far as they can be tried without an engine: what they name exists, and their
commands and settings make a working installation on real PostgreSQL and Redis servers."""

import json
import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from typing import Any

import psycopg
import pytest
import yaml

from tests.architecture.source import ROOT
from zhike.cli import COMMANDS

OURS = ("upgrade", "web", "worker")


@pytest.fixture
def compose() -> dict[str, Any]:
    return yaml.safe_load((ROOT / "compose.yaml").read_text(encoding="utf-8"))


def test_every_command_and_setting_of_the_compose_file_exists(compose):
    told = (ROOT / "docs/reference/settings.md").read_text(encoding="utf-8")
    for name in OURS:
        service = compose["services"][name]
        assert service["command"][0] in COMMANDS, name
        assert all(f"`{variable}`" in told for variable in service["environment"]), name
    assert compose["services"]["worker"]["healthcheck"]["test"][1:] == ["zhike", "doctor"]
    asked = set(re.findall(r"\$\{([A-Z_]+)", (ROOT / "compose.yaml").read_text(encoding="utf-8")))
    assert all(f"`{variable}`" in told for variable in asked)


def test_the_keyring_lies_apart_from_the_data(compose):
    services = compose["services"]
    volumes = {name: {v.split(":")[0] for v in services[name].get("volumes", [])} for name in services}
    assert volumes["data"].isdisjoint(volumes["keyring"] | volumes["web"])
    assert volumes["keyring"].isdisjoint(volumes["web"])
    mounts = dict(v.split(":")[:2] for v in services["web"]["volumes"])
    assert mounts["keys"] == "/var/lib/zhike/keys" and mounts["files"] == "/var/lib/zhike"
    assert set.union(*volumes.values()) == set(compose["volumes"]), "a volume is missing or unused"
    web = services["web"]["environment"]
    assert "@data:" in web["ZHIKE_DATABASE"] and "@keyring:" in web["ZHIKE_KEYRING"]
    assert web["ZHIKE_DATABASE"].split("@")[0] != web["ZHIKE_KEYRING"].split("@")[0], "each has a password of its own"


def test_nothing_is_reachable_from_outside_but_the_pages_and_nothing_secret_is_written_down(compose):
    for name, service in compose["services"].items():
        outside = "outside" in service.get("networks", [])
        assert outside == (name == "web") and ("ports" in service) == (name == "web"), name
        assert all(port.startswith("127.0.0.1:") for port in service.get("ports", []))
    assert compose["networks"]["inside"] == {"internal": True}
    for name in OURS:
        service = compose["services"][name]
        assert service["read_only"] and service["cap_drop"] == ["ALL"] and "/tmp" in service["tmpfs"]
    text = (ROOT / "compose.yaml").read_text(encoding="utf-8") + (ROOT / "Containerfile").read_text(encoding="utf-8")
    given = re.sub(r"\$\{[^}]*\}", "$", text)
    for secret in re.findall(r"(?i)(?:password|token|secret)[A-Z_]*\s*[:=]\s*(\S+)", given):
        assert secret.strip('",') == "$", secret


def test_the_image_runs_as_nobody_in_particular_and_copies_only_what_exists():
    lines = (ROOT / "Containerfile").read_text(encoding="utf-8").replace("\\\n", " ").splitlines()
    assert "USER 10001:10001" in lines and any(line.startswith("HEALTHCHECK") for line in lines)
    volumes = json.loads(next(line for line in lines if line.startswith("VOLUME")).removeprefix("VOLUME "))
    assert len(volumes) == 3, "data, root keys and keyring each have a place of their own"
    entry = json.loads(next(line for line in lines if line.startswith("ENTRYPOINT")).removeprefix("ENTRYPOINT "))
    command = json.loads(next(line for line in lines if line.startswith("CMD")).removeprefix("CMD "))
    assert entry == ["zhike"] and command[0] in COMMANDS
    allowed = set(re.findall(r"^!(\S+)", (ROOT / ".dockerignore").read_text(encoding="utf-8"), re.MULTILINE))
    for line in lines:
        if line.startswith("COPY ") and "--from" not in line:
            for name in line.split()[1:-1]:
                assert (ROOT / name).exists() and name in allowed, name


def test_the_units_for_systemd_start_commands_that_exist_and_are_well_formed(tmp_path):
    units = sorted((ROOT / "deploy/systemd").glob("*.service"))
    assert len(units) == 3
    for unit in units:
        text = unit.read_text(encoding="utf-8")
        program, command = re.search(r"^ExecStart=(\S+) (\S+)", text, re.MULTILINE).groups()
        assert program.endswith("/zhike") and command in COMMANDS
        assert "NoNewPrivileges=true" in text and "ProtectSystem=strict" in text and "User=zhike" in text
        verify = shutil.which("systemd-analyze")
        if verify is None:
            continue  # another system than Linux with systemd: the text above is all that can be looked at
        copy = tmp_path / unit.name
        copy.write_text(re.sub(r"=zhike$", "=root", text.replace(program, "/bin/true"), flags=re.MULTILINE))
        told = subprocess.run([verify, "verify", "--man=no", str(copy)], capture_output=True, text=True, check=False)
        assert unit.name not in told.stderr, told.stderr


@pytest.mark.slow  # servers of its own and four processes; what the files name is looked at every time, above
def test_its_commands_and_settings_make_a_working_installation(compose, scaled):
    """init, upgrade, web and worker as the compose file starts them; a job asked of the web is done by the worker."""
    words = ["init", "--email", "laoban@example.com", "--name", "老板", "--password-stdin", "--shop", "小店", "--json"]
    made = scaled.run(*words, given="Lantern-over-the-door-7\n")
    assert made.returncode == 0, made.stderr
    assert scaled.run(*compose["services"]["upgrade"]["command"]).returncode == 0
    web = [word if word != "8000" else str(scaled.port) for word in compose["services"]["web"]["command"]]
    scaled.start(*web)
    scaled.start(*compose["services"]["worker"]["command"])
    assert scaled.answer("/health/ready/", patience_s=300)["ok"]
    assert not (scaled.home / "run" / "worker.sock").exists(), "wake-ups go over Redis"
    assert not list(scaled.home.glob("*.sqlite3")), "everything is on the servers"
    backup = scaled.run("backup", "--json")
    assert backup.returncode == 0 and json.loads(backup.stdout)["backups"], backup.stderr


class Scaled:
    """Processes with the environment of the compose file, its host names replaced by servers of this test."""

    def __init__(self, home: Path, environment: dict[str, str]) -> None:
        self.home = home
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("ZHIKE_", "DJANGO_"))}
        self.environment = {**kept, **environment, "ZHIKE_HOME": str(home), "ZHIKE_LANGUAGE": "en"}
        self.running: list[subprocess.Popen] = []
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]

    def run(self, *words: str, given: str = "") -> subprocess.CompletedProcess:
        return subprocess.run(
            [sys.executable, "-m", "zhike", *words],
            env=self.environment,
            input=given,
            capture_output=True,
            text=True,
            check=False,
        )

    def start(self, *words: str) -> None:
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        self.running.append(subprocess.Popen([sys.executable, "-m", "zhike", *words], env=self.environment, **quiet))

    def answer(self, path: str, patience_s: float) -> dict[str, Any]:
        deadline = time.monotonic() + patience_s
        while True:
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=30) as response:
                    return json.load(response)
            except OSError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.3)


@pytest.fixture
def scaled(compose, tmp_path):
    from tests.postgresql import server_address

    program = shutil.which("redis-server")
    if program is None:
        pytest.fail("redis-server is not installed (Debian: apt-get install redis-server)")
    redis = subprocess.Popen(
        [program, "--port", "0", "--unixsocket", f"{tmp_path}/redis.sock", "--save", "", "--dir", str(tmp_path)],
        stdout=subprocess.DEVNULL,
    )
    given = compose["services"]["web"]["environment"]
    environment = {name: re.sub(r"\$\{[A-Z_]+:-([^}]*)\}", r"\1", value) for name, value in given.items()}
    names = {"ZHIKE_DATABASE": "zhike_scaled", "ZHIKE_KEYRING": "zhike_scaled_keyring"}
    with psycopg.connect(server_address("postgres"), autocommit=True) as server:
        for name in names.values():
            server.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
            server.execute(f"CREATE DATABASE {name}")
        environment |= {variable: server_address(name) for variable, name in names.items()}
        environment["ZHIKE_REDIS"] = f"unix://{tmp_path}/redis.sock"
        installation = Scaled(tmp_path / "home", environment)
        yield installation
        for process in installation.running:
            process.terminate()
        for process in installation.running:
            process.wait(timeout=180)
        redis.kill()
        redis.wait()
        for name in names.values():
            server.execute(f"DROP DATABASE {name} WITH (FORCE)")
