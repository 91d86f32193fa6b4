"""A lake on HDFS over HTTP (WebHDFS, or HttpFS in front of it): nothing of Hadoop need be installed here.

https://hadoop.apache.org/docs/stable/hadoop-project-dist/hadoop-hdfs/WebHDFS.html; names of operations are those of that page.
Users are believed by name (`ZHIKE_LAKE_USER`), as in clusters without Kerberos: put such a cluster into a network of its own.
"""

import http.client
import json
import os
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any
from urllib.parse import SplitResult, quote, urlencode, urljoin, urlsplit

from zhike.analyze.lake_place import PlaceProblem, Stored

_ANSWER_S = 60.0
_BLOCK = 2**20
_PORTS = {"webhdfs": 9870, "swebhdfs": 9871}


class WebHdfs:
    """Files below a path of a cluster. Names are written as drafts and renamed: HDFS renames at once, and never over another."""

    def __init__(self, parts: SplitResult) -> None:
        self.address = parts.geturl()
        self._secure = parts.scheme == "swebhdfs"
        self._place = f"{parts.hostname}:{parts.port or _PORTS[parts.scheme]}"
        self._cluster = f"{parts.scheme}://{parts.netloc}"
        self._root = "/" + parts.path.strip("/")
        self._user = os.environ.get("ZHIKE_LAKE_USER", "").strip()

    def read(self, name: str) -> bytes:
        """A small file."""
        with self._opened("GET", name, "OPEN") as answer:
            return answer.read()

    def write(self, name: str, content: bytes) -> None:
        """A small file, whole or not at all."""
        self._create(name, content, len(content))

    def put(self, file: Path, name: str) -> None:
        """A file of this machine, sent piece by piece."""
        with file.open("rb") as source:
            self._create(name, source, file.stat().st_size)

    def get(self, name: str, file: Path) -> None:
        """Into a file of this machine."""
        with self._opened("GET", name, "OPEN") as answer, file.open("wb") as out:
            while block := answer.read(_BLOCK):
                out.write(block)

    def stored(self, under: str = "") -> list[Stored]:
        """Every file below a name, folder by folder."""
        found: list[Stored] = []
        try:
            told = self._told("GET", under, "LISTSTATUS")["FileStatuses"]["FileStatus"]
        except FileNotFoundError:
            return []
        for one in told:
            name = f"{under}/{one['pathSuffix']}".strip("/")
            if one["type"] == "DIRECTORY":
                found += self.stored(name)
            else:
                found.append(Stored(name, one["length"], one["modificationTime"] / 1000))
        return sorted(found, key=lambda one: one.name)

    def delete(self, name: str) -> None:
        """Away with a file."""
        self._told("DELETE", name, "DELETE", recursive="false")

    def for_spark(self, name: str) -> str:
        """By Hadoop's own client of the same service."""
        return f"{self._cluster}{self._root}/{name}"

    def spark_settings(self) -> dict[str, str]:
        """Who asks: Hadoop's client takes the name from the environment of its process."""
        return {"spark.executorEnv.HADOOP_USER_NAME": self._user} if self._user else {}

    def _create(self, name: str, content: bytes | IO[bytes], length: int) -> None:
        draft = f"{name}.new"
        # The first answer says which machine takes the bytes; a gateway may take them itself and says so too.
        with self._opened("PUT", draft, "CREATE", overwrite="true", permission="640") as answer:
            further = answer.getheader("Location")
        if not further:
            raise PlaceProblem("lake_away", "the name node did not say where to write")
        with self._asked("PUT", further, content, length):
            pass
        renamed = self._told("PUT", draft, "RENAME", destination=f"{self._root}/{name}")
        if not renamed.get("boolean"):
            raise PlaceProblem("lake_denied", f"{name} could not be renamed")

    def _told(self, verb: str, name: str, operation: str, **options: str) -> Any:
        with self._opened(verb, name, operation, **options) as answer:
            return json.loads(answer.read() or b"{}")

    @contextmanager
    def _opened(self, verb: str, name: str, operation: str, **options: str) -> Iterator[http.client.HTTPResponse]:
        path = quote(f"/webhdfs/v1{self._root}/{name}".rstrip("/"))
        words = {"op": operation, **options, **({"user.name": self._user} if self._user else {})}
        scheme = "https" if self._secure else "http"
        with self._asked(verb, f"{scheme}://{self._place}{path}?{urlencode(words)}") as answer:
            if verb == "GET" and (further := answer.getheader("Location")):
                with self._asked("GET", urljoin(self.address, further)) as content:
                    yield content
            else:
                yield answer

    @contextmanager
    def _asked(
        self, verb: str, url: str, content: bytes | IO[bytes] | None = None, length: int = 0
    ) -> Iterator[http.client.HTTPResponse]:
        """One request and its answer; answers that refuse are raised."""
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or (self._secure and parts.scheme != "https"):
            raise PlaceProblem("lake_denied", "the cluster sends elsewhere than it was asked")
        if parts.scheme == "https":
            line: http.client.HTTPConnection = http.client.HTTPSConnection(
                parts.netloc, timeout=_ANSWER_S, context=ssl.create_default_context()
            )
        else:
            line = http.client.HTTPConnection(parts.netloc, timeout=_ANSWER_S)
        heads = {"Content-Type": "application/octet-stream", "Content-Length": str(length)} if verb == "PUT" else {}
        try:
            line.request(verb, f"{parts.path}?{parts.query}", body=content, headers=heads)
            answer = line.getresponse()
            if answer.status >= 400:
                _refuse(answer.status, answer.read(65_536))
            yield answer
        except (OSError, http.client.HTTPException) as problem:
            if isinstance(problem, FileNotFoundError):
                raise
            raise PlaceProblem("lake_away", f"{type(problem).__name__}: {problem}"[:300]) from None
        finally:
            line.close()


def _refuse(status: int, said: bytes) -> None:
    try:
        remote = json.loads(said)["RemoteException"]
        kind, text = str(remote["exception"]), str(remote["message"])
    except (ValueError, KeyError, TypeError):
        kind, text = "", said[:200].decode("utf-8", "replace")
    if status == 404 or kind == "FileNotFoundException":
        raise FileNotFoundError(text[:300])
    code = "lake_denied" if status in (401, 403) else "lake_away"
    raise PlaceProblem(code, f"{status} {kind}: {text}"[:300])
