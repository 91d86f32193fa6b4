"""Call down, publish up: import-linter's contracts, and the doors between modules."""

import subprocess
import sys
from pathlib import Path

from tests.architecture.source import ROOT, dotted, imports, product_files, where

MODULES = {p.name for p in (ROOT / "src" / "zhike").iterdir() if (p / "apps.py").exists()}
OPEN = {"kit", "ui", "api"}
DOORS = {"actions", "queries", "events", "records"}
# Besides the doors: rights, the catalogue, sealing, cutting, the words of the audit, the type of opened values and their one
# answer, consent.
LENT_BY_SECURE = {
    "permissions",
    "fields",
    "subjects",
    "vault",
    "cutting",
    "audit_actions",
    "opened",
    "reveals",
    "consents",
}
# Kinds of tasks are registered by the modules whose tasks they are.
LENT_BY_WORK = {"kinds"}
# `cli` and `config` stand above the modules and set them up; they may also use what is named here.
ABOVE = {"cli", "config"}


def test_modules_import_only_those_below_them():
    program = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run([program], cwd=ROOT, capture_output=True, text=True, timeout=600, check=False)
    assert done.returncode == 0, done.stdout


def test_modules_meet_only_at_their_doors():
    wrong = []
    for file in product_files():
        own = [*dotted(file).split("."), ""][1]
        if own not in MODULES or own in ABOVE:
            continue
        for line, name in imports(file):
            parts = name.split(".")
            if parts[0] != "zhike" or len(parts) < 3 or parts[1] in {own, *OPEN} or parts[1] not in MODULES:
                continue
            doors = DOORS | {"secure": LENT_BY_SECURE, "work": LENT_BY_WORK}.get(parts[1], set())
            # The API of a module may use the shapes of the APIs below it.
            doors |= {"api"} if dotted(file).split(".")[2] == "api" else set()
            if parts[2] not in doors:
                wrong.append(f"{where(file, line)} {name}")
    assert not wrong, "\n".join(wrong)
