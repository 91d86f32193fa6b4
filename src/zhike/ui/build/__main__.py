"""Make src/zhike/static_build (one stylesheet, one script, the lazy chart script, the icon sprite) and fonts_build."""

import fcntl
import gzip
import hashlib
import shutil
import sys
from pathlib import Path

from zhike.kit.home import CHECKOUT
from zhike.ui.build import icons, node
from zhike.ui.build.places import FONTS, ISLANDS, NODE_MODULES, OUT
from zhike.ui.build.trim import trim

# What a printed page needs: two weights for Chinese and Latin, and signs for the nicknames people give themselves.
_PRINTED = {
    "NotoSansSC-Regular.ttf": "noto-sans-sc/400Regular/NotoSansSC_400Regular.ttf",
    "NotoSansSC-Bold.ttf": "noto-sans-sc/700Bold/NotoSansSC_700Bold.ttf",
    "NotoEmoji-Regular.ttf": "noto-emoji/400Regular/NotoEmoji_400Regular.ttf",
    "LICENSE-NotoSansSC.txt": "noto-sans-sc/LICENSE_FONT",
    "LICENSE-NotoEmoji.txt": "noto-emoji/LICENSE_FONT",
}


def main(args: list[str]) -> int:
    """Build unless the digest of all inputs says the files are current (`--force` builds anyway)."""
    OUT.mkdir(exist_ok=True)
    with (OUT / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        node.install_packages()
        names = icons.icon_names()
        if unknown := icons.unknown_icons(names):
            print(f"assets: no such icons: {', '.join(unknown)}", file=sys.stderr)
        digest = _digest(names)
        stamp = OUT / ".digest"
        if "--force" not in args and stamp.exists() and stamp.read_text() == digest and _fonts_are_there():
            print("assets: up to date")
            return 0
        _build(names)
        _lay_fonts()
        stamp.write_text(digest)
    for file in sorted((OUT / "ui").iterdir()):
        print(f"assets: {file.name:14} {len(gzip.compress(file.read_bytes())) / 1000:6.1f} kB compressed")
    return 0


def _build(names: list[str]) -> None:
    ui = OUT / "ui"
    ui.mkdir(exist_ok=True)
    (ui / "icons.svg").write_text(icons.sprite(names), encoding="utf-8")
    tabler = NODE_MODULES / "@tabler" / "core" / "dist" / "css" / "tabler.css"
    # The islands' main.css imports this file: Tabler first, so that our own rules win.
    trimmed = NODE_MODULES / ".zhike-tabler.css"
    trimmed.write_text(trim(tabler.read_text(encoding="utf-8")), encoding="utf-8")
    shared = ("--bundle", "--minify", "--charset=utf8", "--log-level=warning", "--legal-comments=linked")
    browsers = "--target=chrome123,firefox128,safari17.5"
    node.esbuild(
        ISLANDS / "styles" / "main.css", *shared, browsers, f"--outfile={ui / 'zhike.css'}", "--loader:.svg=dataurl"
    )
    node.esbuild(ISLANDS / "main.js", *shared, browsers, "--format=iife", f"--outfile={ui / 'zhike.js'}")
    node.esbuild(ISLANDS / "charts.js", *shared, browsers, "--format=esm", f"--outfile={ui / 'charts.js'}")


def _lay_fonts() -> None:
    """Copy the fonts that printing embeds; they are no static files, so no browser is offered them."""
    FONTS.mkdir(exist_ok=True)
    for name, place in _PRINTED.items():
        shutil.copyfile(NODE_MODULES / "@expo-google-fonts" / place, FONTS / name)


def _fonts_are_there() -> bool:
    return all((FONTS / name).exists() for name in _PRINTED)


def _digest(names: list[str]) -> str:
    seen = hashlib.sha256()
    files = [*ISLANDS.rglob("*"), *Path(__file__).parent.glob("*.py"), CHECKOUT / "package-lock.json"]
    for file in sorted(f for f in files if f.is_file()):
        seen.update(str(file.relative_to(CHECKOUT)).encode() + b"\0" + file.read_bytes())
    seen.update("\n".join(names).encode())
    return seen.hexdigest()


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
