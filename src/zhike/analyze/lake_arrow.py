"""A lake on S3-compatible storage, or on HDFS by Hadoop's own library: both through pyarrow, which is here anyway."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, urlsplit

from zhike.analyze.lake_place import PlaceProblem, Stored, secret_lines

_BLOCK = 8 * 2**20
_CONNECT_S, _ANSWER_S, _TRIES = 5.0, 60.0, 3
# Words of what storage answers, and what they mean here.
_MEANS = (
    ("lake_denied", ("ACCESS_DENIED", "AccessDenied", "INVALID_ACCESS_KEY", "InvalidAccessKey", "SIGNATURE_DOES_NOT_MATCH",
                     "SignatureDoesNotMatch", "Permission denied", "INVALID_CLIENT_TOKEN", "HTTP status 403")),
    ("lake_missing", ("NO_SUCH_BUCKET", "NoSuchBucket", "Bucket does not exist", "does not exist. Either create")),
)  # fmt: skip


def s3(parts: SplitResult) -> "ArrowPlace":
    """`s3://bucket/prefix`. Keys come from ZHIKE_LAKE_KEY_FILE (the key's id, then the secret), else from where programs of AWS
    look for them. With an endpoint of one's own buckets are named in the path, but for OSS, which wants them in the name."""
    import pyarrow.fs as pafs

    endpoint = os.environ.get("ZHIKE_LAKE_ENDPOINT", "").strip()
    region = os.environ.get("ZHIKE_LAKE_REGION", "").strip()
    host = urlsplit(endpoint).hostname or ""
    if endpoint and (urlsplit(endpoint).scheme not in ("http", "https") or not host):
        raise PlaceProblem(
            "lake_setting", "ZHIKE_LAKE_ENDPOINT is not an address like https://storage.example.com:9000"
        )
    addressing = os.environ.get("ZHIKE_LAKE_ADDRESSING", "").strip() or (
        "virtual" if host.endswith((".aliyuncs.com", ".myqcloud.com")) else "path"
    )
    if addressing not in ("path", "virtual"):
        raise PlaceProblem("lake_setting", "ZHIKE_LAKE_ADDRESSING is path or virtual")
    key = secret_lines(file) if (file := os.environ.get("ZHIKE_LAKE_KEY_FILE", "").strip()) else []
    if key and len(key) != 2:
        raise PlaceProblem("lake_setting", "ZHIKE_LAKE_KEY_FILE has two lines: the key's id, and the secret")
    asked: dict[str, Any] = {
        "connect_timeout": _CONNECT_S,
        "request_timeout": _ANSWER_S,
        "retry_strategy": pafs.AwsStandardS3RetryStrategy(max_attempts=_TRIES),
        "allow_bucket_creation": False,
        "check_directory_existence_before_creation": False,
    }
    if key:
        asked |= {"access_key": key[0], "secret_key": key[1]}
    if region or endpoint:  # without one of them the region is asked of AWS
        asked["region"] = region or "us-east-1"
    if endpoint:
        # Storage that only speaks like S3 need not know the sums that newer programs of AWS send unasked.
        os.environ.setdefault("AWS_REQUEST_CHECKSUM_CALCULATION", "when_required")
        os.environ.setdefault("AWS_RESPONSE_CHECKSUM_VALIDATION", "when_required")
        asked |= {"endpoint_override": endpoint, "force_virtual_addressing": addressing == "virtual"}
    with _told(parts.geturl()):
        filesystem = pafs.S3FileSystem(**asked)
    root = f"{parts.netloc}/{parts.path.strip('/')}".rstrip("/")
    settings = _s3a(endpoint, region, addressing, key)
    return ArrowPlace(parts.geturl(), filesystem, root, cluster=f"s3a://{root}", settings=settings, whole_at_once=True)


def _s3a(endpoint: str, region: str, addressing: str, key: list[str]) -> dict[str, str]:
    """The same, as Hadoop's own client of S3 is told it."""
    told = {"path.style.access": str(addressing == "path" and bool(endpoint)).lower()}
    if endpoint:
        told |= {"endpoint": endpoint, "connection.ssl.enabled": str(endpoint.startswith("https")).lower()}
    if region:
        told["endpoint.region"] = region
    names = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY")
    held = key or [os.environ[name] for name in names if os.environ.get(name)]
    if len(held) == len(names):
        told |= {"access.key": held[0], "secret.key": held[1]}
    return {f"spark.hadoop.fs.s3a.{name}": value for name, value in told.items()}


def hdfs(parts: SplitResult) -> "ArrowPlace":
    """`hdfs://namenode:8020/path`. Raises PlaceProblem (`lake_library`) where libhdfs, Java or Hadoop's classes are not found."""
    import pyarrow.fs as pafs

    root = "/" + parts.path.strip("/")
    user = os.environ.get("ZHIKE_LAKE_USER", "").strip() or None
    try:
        filesystem = pafs.HadoopFileSystem(parts.hostname, parts.port or 8020, user=user)
    except OSError as problem:
        if "libhdfs" in str(problem) or "libjvm" in str(problem):
            raise PlaceProblem("lake_library", str(problem)[:300]) from None
        raise PlaceProblem("lake_away", str(problem)[:300]) from None
    return ArrowPlace(parts.geturl(), filesystem, root, cluster=f"hdfs://{parts.netloc}{root}", settings={})


class ArrowPlace:
    """Files of a pyarrow file system below a root. `whole_at_once`: what is written is there when it is closed, and not before."""

    def __init__(
        self, address: str, filesystem: Any, root: str, *, cluster: str, settings: dict[str, str], whole_at_once: bool = False
    ) -> None:  # fmt: skip
        self.address, self._files, self._root = address, filesystem, root
        self._cluster, self._settings, self._whole_at_once = cluster, settings, whole_at_once

    def read(self, name: str) -> bytes:
        """A small file."""
        with _told(self.address), self._files.open_input_stream(self._at(name)) as stream:
            return bytes(stream.read())

    def write(self, name: str, content: bytes) -> None:
        """A small file, whole or not at all."""
        with self._written(name) as out:
            out.write(content)

    def put(self, file: Path, name: str) -> None:
        """A file of this machine."""
        with file.open("rb") as source, self._written(name) as out:
            while block := source.read(_BLOCK):
                out.write(block)

    def get(self, name: str, file: Path) -> None:
        """Into a file of this machine, piece by piece."""
        with _told(self.address), self._files.open_input_stream(self._at(name)) as stream, file.open("wb") as out:
            while block := stream.read(_BLOCK):
                out.write(block)

    def stored(self, under: str = "") -> list[Stored]:
        """Every file below a name."""
        import pyarrow.fs as pafs

        asked = pafs.FileSelector(self._at(under).rstrip("/"), recursive=True, allow_not_found=True)
        with _told(self.address):
            found = [info for info in self._files.get_file_info(asked) if info.is_file]
        cut = len(self._root.strip("/")) + 1
        held = (Stored(info.path.lstrip("/")[cut:], info.size, (info.mtime_ns or 0) / 1e9) for info in found)
        return sorted(held, key=lambda one: one.name)

    def delete(self, name: str) -> None:
        """Away with a file."""
        try:
            with _told(self.address):
                self._files.delete_file(self._at(name))
        except FileNotFoundError:
            pass

    def for_spark(self, name: str) -> str:
        """By Hadoop's own clients."""
        return f"{self._cluster}/{name}"

    def spark_settings(self) -> dict[str, str]:
        """Endpoint and keys, where there are any."""
        return dict(self._settings)

    @contextmanager
    def _written(self, name: str) -> Iterator[Any]:
        """A stream into a file that is there, whole, when the block ends well."""
        at = self._at(name)
        draft = at if self._whole_at_once else f"{at}.new"
        with _told(self.address):
            if not self._whole_at_once:
                self._files.create_dir(at.rsplit("/", 1)[0], recursive=True)
            stream = self._files.open_output_stream(draft)
            try:
                yield stream
            except BaseException:
                # Closed, a half would be a whole one: it is given up, and what storage began it forgets.
                if hasattr(stream, "abort"):
                    stream.abort()
                raise
            stream.close()
            if not self._whole_at_once:
                self._files.move(draft, at)

    def _at(self, name: str) -> str:
        return f"{self._root}/{name}" if name else self._root


@contextmanager
def _told(address: str) -> Iterator[None]:
    """What storage answers, by a code; that a file is not there stays what it is."""
    try:
        yield
    except FileNotFoundError as problem:
        if any(word in str(problem) for word in _MEANS[1][1]):
            raise PlaceProblem("lake_missing", address) from None
        raise
    except OSError as problem:
        said = str(problem)
        code = next((code for code, words in _MEANS if any(word in said for word in words)), "lake_away")
        raise PlaceProblem(code, said[:300]) from None
