"""Where the lake lies: the folder of the installation, or the place that `ZHIKE_LAKE` names. No Django, no engine.

/srv/lake                             a folder of this machine
s3://bucket/prefix                    S3 or what speaks like it (MinIO, OSS, COS): ZHIKE_LAKE_ENDPOINT, _REGION, _ADDRESSING
hdfs://namenode:8020/path             HDFS by Hadoop's own library (libhdfs), which must be installed
webhdfs://namenode:9870/path          HDFS over HTTP (swebhdfs: over HTTPS), which needs nothing
"""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol
from urllib.parse import SplitResult, urlsplit

SETTING = "ZHIKE_LAKE"
FAR = ("s3", "hdfs", "webhdfs", "swebhdfs")


class PlaceProblem(Exception):
    """The place cannot be used. `code`: `lake_setting` (it is named wrongly), `lake_away` (nobody answers), `lake_denied`,
    `lake_missing` (there is no such bucket), `lake_library` (libhdfs is not installed), `lake_taken` (of another installation),
    `lake_newer` (written by a newer version). `detail` is for the operator and holds no key."""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(f"{code}: {detail}" if detail else code)
        self.code, self.detail = code, detail


@dataclass(frozen=True, slots=True)
class Stored:
    """A file of a place: its name below it, its bytes, when it was written (seconds since 1970)."""

    name: str
    bytes: int
    written_at: float


class Place(Protocol):
    """A place far from this machine. A name is a relative path; files come whole or not at all, under names not used before."""

    address: str

    def read(self, name: str) -> bytes:
        """A small file. Raises FileNotFoundError, PlaceProblem."""

    def write(self, name: str, content: bytes) -> None:
        """A small file, whole or not at all. Raises PlaceProblem."""

    def put(self, file: Path, name: str) -> None:
        """A file of this machine, whole or not at all. Raises PlaceProblem."""

    def get(self, name: str, file: Path) -> None:
        """Into a file of this machine. Raises FileNotFoundError, PlaceProblem."""

    def stored(self, under: str = "") -> list[Stored]:
        """Every file below a name, in the order of names; none where there is nothing. Raises PlaceProblem."""

    def delete(self, name: str) -> None:
        """Away with a file; nothing where there is none. Raises PlaceProblem."""

    def for_spark(self, name: str) -> str:
        """The address by which a cluster reads a file."""

    def spark_settings(self) -> dict[str, str]:
        """What a cluster must be told to read it."""


def named() -> SplitResult | None:
    """The setting taken apart; None where the lake lies in the data folder. Raises PlaceProblem."""
    text = os.environ.get(SETTING, "").strip()
    if not text:
        return None
    parts = urlsplit(text)
    if parts.scheme in FAR:
        if not parts.netloc or parts.query or parts.fragment or parts.password:
            raise PlaceProblem(
                "lake_setting", f"{parts.scheme}://… needs a host or bucket, and neither keys nor options"
            )
        return parts
    if parts.scheme in ("", "file") and parts.path.startswith("/") and not parts.netloc:
        return parts
    raise PlaceProblem("lake_setting", f"neither an absolute path nor one of {', '.join(FAR)}")


def folder() -> Path | None:
    """The folder of this machine that the setting names; None for the data folder's own, and for a place far away."""
    parts = named()
    return Path(parts.path) if parts is not None and parts.scheme not in FAR else None


def is_far() -> bool:
    """Whether the lake lies far away. Raises PlaceProblem (`lake_setting`)."""
    parts = named()
    return parts is not None and parts.scheme in FAR


def far() -> Place | None:
    """The place far away that the setting names. Nobody is asked yet. Raises PlaceProblem (`lake_setting`, `lake_library`)."""
    parts = named()
    if parts is None or parts.scheme not in FAR:
        return None
    if parts.scheme.endswith("webhdfs"):
        from zhike.analyze.lake_webhdfs import WebHdfs

        return WebHdfs(parts)
    from zhike.analyze import lake_arrow

    return lake_arrow.s3(parts) if parts.scheme == "s3" else lake_arrow.hdfs(parts)


def is_clear(parts: SplitResult) -> bool:
    """Whether what goes there goes over a network in clear."""
    endpoint = urlsplit(os.environ.get("ZHIKE_LAKE_ENDPOINT", ""))
    asked = endpoint if parts.scheme == "s3" else parts
    is_plain = asked.scheme == "http" if parts.scheme == "s3" else parts.scheme == "webhdfs"
    return is_plain and (asked.hostname or "") not in ("localhost", "127.0.0.1", "::1")


def secret_lines(name: str) -> list[str]:
    """The lines of a file that holds keys; it must be private to its owner. Raises PlaceProblem."""
    file = Path(name)
    try:
        mode, text = file.stat().st_mode, file.read_text(encoding="utf-8")
    except OSError as problem:
        raise PlaceProblem("lake_setting", f"ZHIKE_LAKE_KEY_FILE cannot be read: {problem.strerror}") from None
    if mode & 0o077:
        raise PlaceProblem("lake_setting", f"{file} can be read by others: run chmod 600 {file}")
    return [line.strip() for line in text.splitlines() if line.strip()]
