"""`python -m zhike` is `zhike`."""

from zhike.cli import main

main()
