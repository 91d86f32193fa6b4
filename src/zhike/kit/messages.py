"""The translations: `python -m zhike.kit.messages` turns every django.po below src/zhike/locale into a .mo.

`--check` lists what is not translated; `--missing MODULE` appends to the module's .po what its pages say and no .po has.
"""

import sys
from pathlib import Path

import polib

from zhike.kit import msgids

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
        found += [
            f"{po.parts[-4]}: {entry.msgid}" for entry in entries if not entry.obsolete and not entry.translated()
        ]
    return found


def known() -> dict[tuple[str, str], dict[str, polib.POEntry]]:
    """(context, msgid) → {module: entry}, over the Chinese of every module."""
    found: dict[tuple[str, str], dict[str, polib.POEntry]] = {}
    for po in sorted(LOCALE.glob("*/zh_Hans/LC_MESSAGES/django.po")):
        for entry in polib.pofile(str(po)):
            if not entry.obsolete:
                found.setdefault((entry.msgctxt or "", entry.msgid), {})[po.parts[-4]] = entry
    return found


def missing(module: str) -> dict[msgids.Message, str]:
    """Messages a module says and no .po translates (absent, empty or fuzzy), each with its place."""
    translated = {key for key, entries in known().items() if any(e.translated() for e in entries.values())}
    return {m: place for m, place in msgids.messages_of(module).items() if (m.context, m.msgid) not in translated}


def append_missing(module: str) -> int:
    """Append what is missing to the module's .po, untranslated, for a translator; returns how many."""
    path = LOCALE / module / "zh_Hans" / "LC_MESSAGES" / "django.po"
    path.parent.mkdir(parents=True, exist_ok=True)
    po = polib.pofile(str(path)) if path.exists() else polib.POFile(wrapwidth=120)
    if not path.exists():
        po.metadata = {
            "Language": "zh_Hans",
            "Content-Type": "text/plain; charset=UTF-8",
            "Content-Transfer-Encoding": "8bit",
            "Plural-Forms": "nplurals=1; plural=0;",
        }
    held = {(e.msgctxt or "", e.msgid) for e in po}
    added = 0
    for message, place in missing(module).items():
        if (message.context, message.msgid) in held:
            continue
        entry = polib.POEntry(
            msgid=message.msgid, msgctxt=message.context or None, occurrences=[(place.rpartition(":")[0], "")]
        )
        if message.plural:
            entry.msgid_plural, entry.msgstr_plural = message.plural, {0: ""}
        if message.has_places:
            entry.flags.append("python-format")
        po.append(entry)
        added += 1
    if added:
        po.save(str(path))
    return added


if __name__ == "__main__":
    if "--missing" in sys.argv:
        for name in sys.argv[sys.argv.index("--missing") + 1 :] or msgids.modules():
            print(f"{name}: {append_missing(name)} messages appended, {len(missing(name))} without translation")
        sys.exit(0)
    if "--check" in sys.argv:
        lacking = incomplete()
        print("\n".join(lacking) or "translations: complete")
        sys.exit(1 if lacking else 0)
    print(f"messages: {compile_all()} compiled")
