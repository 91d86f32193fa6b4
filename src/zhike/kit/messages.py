"""Compile the translations: `python -m zhike.kit.messages` turns every django.po below src/zhike/locale into a .mo."""

import sys
from pathlib import Path

import polib

LOCALE = Path(__file__).resolve().parents[1] / "locale"


def compile_all() -> int:
    """Write a .mo beside each .po that is newer than its own; returns how many were written."""
    written = 0
    for po in sorted(LOCALE.glob("*/*/LC_MESSAGES/*.po")):
        mo = po.with_suffix(".mo")
        if not mo.exists() or mo.stat().st_mtime < po.stat().st_mtime:
            polib.pofile(str(po)).save_as_mofile(str(mo))
            written += 1
    return written


def incomplete() -> list[str]:
    """Messages without a translation or marked fuzzy, as `module: message`."""
    found = []
    for po in sorted(LOCALE.glob("*/*/LC_MESSAGES/*.po")):
        entries = polib.pofile(str(po))
        found += [f"{po.parts[-4]}: {entry.msgid}" for entry in entries if not entry.obsolete and not entry.translated()]
    return found


if __name__ == "__main__":
    if "--check" in sys.argv:
        missing = incomplete()
        print("\n".join(missing) or "translations: complete")
        sys.exit(1 if missing else 0)
    print(f"messages: {compile_all()} compiled")
