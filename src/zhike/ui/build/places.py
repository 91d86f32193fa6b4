"""Where the build reads and writes."""

from pathlib import Path

from zhike.kit.home import CHECKOUT

PACKAGE = Path(__file__).resolve().parents[2]
ISLANDS = CHECKOUT / "islands"
NODE_MODULES = CHECKOUT / "node_modules"
OUT = PACKAGE / "static_build"
FONTS = PACKAGE / "fonts_build"  # for printing alone; browsers use the fonts they have
