"""Figures that proofs note while they run; `python -m tests.prove` gathers them into docs/proofs."""

import json
import os
from pathlib import Path

NOTES = "ZHIKE_PROOF_NOTES"  # names the file the notes go to, one JSON object a line


def note(proof: str, **figures: int | float | str) -> None:
    """Keep what a proof counted. Without a run of all proofs it is kept nowhere."""
    if place := os.environ.get(NOTES):
        with Path(place).open("a", encoding="utf-8") as stream:
            stream.write(json.dumps({"proof": proof, "figures": figures}, ensure_ascii=False) + "\n")
