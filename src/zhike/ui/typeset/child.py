"""In a process of its own, within limits: one layout and its data on stdin become a PDF on stdout.

The layouts are files of the product and the only ones this process can read; data reach them as JSON, as texts that are never
markup. No network, no packages, no fonts but those given. Whatever a text does to the compiler, only this process ends.
"""

import json
import resource
import sys
from pathlib import Path
from typing import Any

MOST_MEMORY, MOST_SECONDS = 3 << 30, 120
LAYOUTS = Path(__file__).resolve().parent / "layouts"
NO_PACKAGES = LAYOUTS / "packages"  # does not exist, so that none can be found there


def main() -> int:
    """Read {layout, data, fonts, tagged, created_s}; write a line of JSON with the pages of its rows, then the PDF."""
    import typst

    asked = json.loads(sys.stdin.buffer.read())
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (MOST_SECONDS, MOST_SECONDS))
    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[asked["fonts"]])
    compiler = typst.Compiler(
        str(LAYOUTS / f"{Path(asked['layout']).stem}.typ"),
        root=str(LAYOUTS),
        font_paths=fonts,
        ignore_system_fonts=True,
        sys_inputs={"data": json.dumps(asked["data"], ensure_ascii=False)},
        package_path=str(NO_PACKAGES),
        package_cache_path=str(NO_PACKAGES),
    )
    made: Any = compiler.compile(format="pdf", pdf_tags=asked["tagged"], timestamp=asked["created_s"])
    pages = compiler.query("<pages>", field="value", one=True) if asked["data"].get("counts_pages") else "[]"
    sys.stdout.buffer.write(json.dumps(json.loads(pages)).encode() + b"\n" + made)
    return 0


if __name__ == "__main__":
    sys.exit(main())
