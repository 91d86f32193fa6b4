"""The wheel is the whole product: installed into a new environment, away from the checkout, it makes a shop and serves it."""

import json
import os
import re
import shutil
import site
import socket
import subprocess
import sys
import time
import tomllib
import urllib.request
import venv
import zipfile
from pathlib import Path

import pytest

from tests.architecture.source import ROOT

PASSWORD = "Lantern-over-the-door-7"


@pytest.fixture(scope="module")
def wheel(tmp_path_factory) -> Path:
    told = subprocess.run(
        ["deploy/build_wheel", str(tmp_path_factory.mktemp("dist"))], cwd=ROOT, capture_output=True, text=True
    )
    assert told.returncode == 0, told.stderr
    return Path(told.stdout.strip())


@pytest.fixture(scope="module")
def installed(wheel, tmp_path_factory) -> Path:
    """The `bin` of an environment that holds the wheel, beside the dependencies this run has (no network is needed)."""
    folder = tmp_path_factory.mktemp("elsewhere") / "venv"
    venv.create(folder, with_pip=False)
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--python", str(folder / "bin" / "python")]
    subprocess.run([*pip, "install", "-q", "--no-deps", "--no-index", str(wheel)], check=True)
    own = next(folder.glob("lib/python*/site-packages"))
    (own / "beside.pth").write_text("\n".join(site.getsitepackages()))
    yield folder / "bin"
    shutil.rmtree(folder)


@pytest.fixture
def run(installed, tmp_path):
    """Call a program of the new environment, from a folder that is no checkout, on a data folder of its own."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("ZHIKE_", "PYTHON", "DJANGO_"))}
    environment = {**kept, "ZHIKE_HOME": str(tmp_path / "home"), "ZHIKE_LANGUAGE": "zh"}

    def start(*words: str, **options) -> subprocess.Popen:
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
        return subprocess.Popen(
            [installed / words[0], *words[1:]], env=environment, cwd=tmp_path, **{**pipes, **options}
        )

    return start


def said(process: subprocess.Popen, given: str = "") -> str:
    out, err = process.communicate(given, timeout=300)
    assert process.returncode == 0, err
    return out


def test_the_wheel_holds_every_file_of_the_product_that_is_not_for_developers(wheel):
    held = set(zipfile.ZipFile(wheel).namelist())
    wanted = {
        str(f.relative_to(ROOT / "src"))
        for f in (ROOT / "src").rglob("*")
        if f.is_file() and f.suffix not in (".po", ".md", ".pyc") and not f.name.startswith(".")
    }
    wanted = {name for name in wanted if ".egg-info/" not in name}
    assert sorted(wanted - held) == []
    assert not any("test" in name.split("/")[0] or name.endswith((".sqlite3", ".key")) for name in held)


def test_the_version_stands_in_one_place(installed, run):
    version = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    assert version in said(run("zhike", "--version"))
    told = said(run("python", "-c", "import zhike, zhike_analytics; print(zhike.__file__)"))
    assert str(installed.parent) in told
    sources = [*(ROOT / "src").rglob("*.py"), ROOT / "Makefile", *(ROOT / "deploy").rglob("*"), ROOT / "package.json"]
    copies = [str(f) for f in sources if f.is_file() and f'"{version}"' in f.read_text(encoding="utf-8")]
    assert copies == []


def test_a_wheel_away_from_any_checkout_makes_a_shop_and_serves_it(run, tmp_path):
    words = [
        "init",
        "--email",
        "laoban@example.com",
        "--name",
        "知客老板",
        "--password-stdin",
        "--shop",
        "小店",
        "--json",
    ]
    assert json.loads(said(run("zhike", *words), PASSWORD + "\n"))["ok"]
    listed = "from zhike.collect.mapping.templates import templates; print(len(templates()))"
    setup = "import os, django; os.environ['DJANGO_SETTINGS_MODULE'] = 'zhike.config.settings'; django.setup(); "
    assert int(said(run("python", "-c", setup + listed))) >= 10
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    log = (tmp_path / "serve.log").open("w")
    server = run("zhike", "serve", "--port", str(port), stdout=log, stderr=log)
    try:
        assert json.loads(answer(port, "/health/", patience_s=300)) == {"ok": True}
        page = answer(port, "/account/login/")
        assert "登录" in page, "the translations are missing"
        for address in re.findall(r'(?:href|src)="(/static/[^"#]+)', page):
            assert len(answer(port, address)) > 100, address
        assert re.search(r"/static/ui/zhike\.[0-9a-f]+\.css", page) and re.search(
            r"/static/ui/zhike\.[0-9a-f]+\.js", page
        )
        assert json.loads(answer(port, "/health/ready/", patience_s=300))["ok"]
    finally:
        server.terminate()
        server.communicate(timeout=180)
        log.close()


def test_without_a_checkout_the_data_folder_is_the_users_own(run, installed, tmp_path):
    code = "import os; os.environ.pop('ZHIKE_HOME'); os.environ['XDG_DATA_HOME'] = os.getcwd(); from zhike.kit.home import home; print(home())"
    assert said(run("python", "-c", code)).strip() == str(tmp_path / "zhike")


def answer(port: int, path: str, patience_s: float = 120) -> str:
    deadline = time.monotonic() + patience_s
    while True:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=30) as response:
                return response.read().decode()
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.2)
