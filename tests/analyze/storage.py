"""Places far away, begun for the tests on ports of the loopback: S3, and WebHDFS as its page describes it.

S3 is moto's server where that is installed, as `make prove` does, and else simulated: a few lines that answer what pyarrow asks. WebHDFS
is always simulated, like a name node and a data node; `make prove` has Hadoop's own client, which comes with Spark, read a lake
from it. A real HDFS was not at hand.
"""

import contextlib
import datetime as dt
import importlib.util
import json
import os
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, quote, unquote, urlsplit
from xml.sax.saxutils import escape

from tests.analyze.standalone import free_port

BUCKET = "lake"
HAS_MOTO = importlib.util.find_spec("moto") is not None
_BEGINS_WITHIN_S = 60.0


@contextlib.contextmanager
def s3_server(folder: Path) -> Iterator[str]:
    """The address of an S3 server with one bucket, `lake`; what it holds goes with it."""
    with _moto(folder) if HAS_MOTO else _begun(Buckets) as address:
        yield address


@contextlib.contextmanager
def _moto(folder: Path) -> Iterator[str]:
    address = f"http://127.0.0.1:{(port := free_port())}"
    with (folder / "s3.log").open("wb") as said:
        command = [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)]
        server = subprocess.Popen(command, stdout=said, stderr=subprocess.STDOUT, env={**os.environ})
        try:
            until = time.monotonic() + _BEGINS_WITHIN_S
            while True:
                try:
                    _made(f"{address}/{BUCKET}")
                    break
                except OSError:
                    assert time.monotonic() < until, (folder / "s3.log").read_text(errors="replace")[-2000:]
                    time.sleep(0.1)
            yield address
        finally:
            server.kill()
            server.wait()


def _made(bucket: str) -> None:
    urllib.request.urlopen(urllib.request.Request(bucket, method="PUT"), timeout=5).close()


@contextlib.contextmanager
def webhdfs_server() -> Iterator["NameNode"]:
    """A simulated cluster, in a thread of this process."""
    server = NameNode(("127.0.0.1", 0), _Answering)
    with _serving(server):
        yield server


@contextlib.contextmanager
def _begun(kind: type[ThreadingHTTPServer]) -> Iterator[str]:
    server = kind(("127.0.0.1", 0), _S3)
    with _serving(server):
        yield f"http://127.0.0.1:{server.server_port}"


@contextlib.contextmanager
def _serving(server: ThreadingHTTPServer) -> Iterator[None]:
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class Buckets(ThreadingHTTPServer):
    """Objects by bucket and key, in memory; one bucket, `lake`."""

    daemon_threads = True

    def __init__(self, *asked: object) -> None:
        self.objects: dict[str, tuple[bytes, dt.datetime]] = {}
        self.parts: dict[str, dict[int, bytes]] = {}
        super().__init__(*asked)  # type: ignore[arg-type]


class _S3(BaseHTTPRequestHandler):
    """What pyarrow asks of S3: objects whole or in parts, their heads, lists below a prefix. Whole answers fit into one list."""

    server: Buckets
    protocol_version = "HTTP/1.1"

    def log_message(self, *_said: object) -> None:
        """Nothing: requests are not news."""

    def do_HEAD(self) -> None:
        self.do_GET()

    def do_GET(self) -> None:
        key, asked = self._asked()
        if key is None:
            return None
        if not key:
            return self._say(200, self._list(asked["prefix"][0] if "prefix" in asked else ""))
        if key not in self.server.objects:
            return self._refuse(404, "NoSuchKey")
        content, at = self.server.objects[key]
        heads = {"Last-Modified": format_datetime(at, usegmt=True), "ETag": '"x"', "Accept-Ranges": "bytes"}
        if (wanted := self.headers.get("Range")) is not None:
            first, last = wanted.removeprefix("bytes=").split("-")
            end = min(int(last or len(content)), len(content) - 1)
            heads["Content-Range"] = f"bytes {first}-{end}/{len(content)}"
            return self._say(206, content[int(first) : end + 1], **heads)
        return self._say(200, content, **heads)

    def do_PUT(self) -> None:
        content = self._content()
        key, asked = self._asked()
        if key is None:
            return
        if "partNumber" in asked:
            self.server.parts[asked["uploadId"][0]][int(asked["partNumber"][0])] = content
        else:
            self.server.objects[key] = content, dt.datetime.now(dt.UTC)
        self._say(200, b"", ETag='"x"')

    def do_POST(self) -> None:
        self._content()
        key, asked = self._asked()
        if key is None:
            return None
        if "uploads" in asked:
            upload = str(len(self.server.parts) + 1)
            self.server.parts[upload] = {}
            told = f"<Bucket>{BUCKET}</Bucket><Key>{escape(key)}</Key><UploadId>{upload}</UploadId>"
            return self._say(200, _xml("InitiateMultipartUploadResult", told))
        parts = self.server.parts[asked["uploadId"][0]]
        whole = b"".join(parts[number] for number in sorted(parts))
        self.server.objects[key] = whole, dt.datetime.now(dt.UTC)
        return self._say(200, _xml("CompleteMultipartUploadResult", f"<Key>{escape(key)}</Key><ETag>x</ETag>"))

    def do_DELETE(self) -> None:
        key, _asked = self._asked()
        if key is not None:
            self.server.objects.pop(key, None)
            self._say(204, b"")

    def _asked(self) -> tuple[str | None, dict[str, list[str]]]:
        """Key and options; a bucket that is not there, and whoever shows no key, are refused."""
        parts = urlsplit(self.path)
        bucket, _, key = unquote(parts.path).lstrip("/").partition("/")
        if bucket != BUCKET:
            self._refuse(404, "NoSuchBucket")
            return None, {}
        if not self.headers.get("Authorization", "").startswith("AWS4-HMAC-SHA256"):
            self._refuse(403, "AccessDenied")
            return None, {}
        return key, parse_qs(parts.query, keep_blank_values=True)

    def _content(self) -> bytes:
        """The body; programs of AWS send it in pieces that carry their sums."""
        told = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        if "aws-chunked" not in self.headers.get("Content-Encoding", ""):
            return told
        found, rest = b"", told
        while rest:
            head, _, rest = rest.partition(b"\r\n")
            size = int(head.split(b";")[0], 16)
            if not size:
                break
            found, rest = found + rest[:size], rest[size + 2 :]
        return found

    def _list(self, prefix: str) -> bytes:
        held = [
            f"<Contents><Key>{escape(key)}</Key><LastModified>{at.strftime('%Y-%m-%dT%H:%M:%S.000Z')}</LastModified>"
            f"<Size>{len(content)}</Size></Contents>"
            for key, (content, at) in sorted(self.server.objects.items())
            if key.startswith(prefix)
        ]
        return _xml(
            "ListBucketResult", f"<KeyCount>{len(held)}</KeyCount><IsTruncated>false</IsTruncated>{''.join(held)}"
        )

    def _refuse(self, status: int, code: str) -> None:
        self._say(status, _xml("Error", f"<Code>{code}</Code><Message>{code}</Message>"))

    def _say(self, status: int, content: bytes, **heads: str) -> None:
        self.send_response(status)
        for name, value in {"Content-Type": "application/xml", "Content-Length": str(len(content)), **heads}.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)


def _xml(name: str, inside: str) -> bytes:
    return f'<?xml version="1.0"?><{name} xmlns="http://s3.amazonaws.com/doc/2006-03-01/">{inside}</{name}>'.encode()


class NameNode(ThreadingHTTPServer):
    """Files by path, in memory: what is written, when, and who asked. `refusing`: nothing may be written; `opened_by_java`: how
    often Hadoop's own client read."""

    daemon_threads = True

    def __init__(self, *asked: object) -> None:
        self.files: dict[str, bytes] = {}
        self.written_at: dict[str, float] = {}
        self.users: set[str] = set()
        self.opened_by_java = 0
        self.refusing = False
        super().__init__(*asked)  # type: ignore[arg-type]

    @property
    def address(self) -> str:
        """`127.0.0.1:port`."""
        return f"127.0.0.1:{self.server_port}"

    def folders(self) -> set[str]:
        """Every folder that holds something, however deep."""
        found = {"/"}
        for path in self.files:
            parts = path.strip("/").split("/")[:-1]
            found |= {"/" + "/".join(parts[: n + 1]) for n in range(len(parts))}
        return found


class _Answering(BaseHTTPRequestHandler):
    server: NameNode
    protocol_version = "HTTP/1.1"

    def log_message(self, *_said: object) -> None:
        """Nothing: requests are not news."""

    def do_GET(self) -> None:
        asked, path = self._asked()
        if asked["op"] == "OPEN":
            self.server.opened_by_java += "Java" in self.headers.get("User-Agent", "")
            if path not in self.server.files:
                return self._missing(path)
            if "data" not in asked:
                return self._elsewhere(path, asked)
            first = int(asked.get("offset", 0))
            last = first + int(asked["length"]) if "length" in asked else None
            return self._say(200, self.server.files[path][first:last], "application/octet-stream")
        if path not in self.server.files and path not in self.server.folders():
            return self._missing(path)
        if asked["op"] == "GETFILESTATUS":
            return self._tell({"FileStatus": self._status(path, "")})
        if (
            asked["op"] == "GET_BLOCK_LOCATIONS"
        ):  # Hadoop's client asks, before it shares a file out, where it lies: anywhere
            size = len(self.server.files.get(path, b""))
            told = {"fileLength": size, "isUnderConstruction": False, "isLastBlockComplete": True, "locatedBlocks": []}
            return self._tell({"LocatedBlocks": told | {"lastLocatedBlock": None}})
        if asked["op"] == "LISTSTATUS":
            return self._tell({"FileStatuses": {"FileStatus": self._listed(path)}})
        return self._refuse(400, "UnsupportedOperationException", asked["op"])

    def do_PUT(self) -> None:
        asked, path = self._asked()
        content = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        if self.server.refusing:
            return self._refuse(403, "AccessControlException", "Permission denied: user=zhike, access=WRITE")
        if asked["op"] == "CREATE":
            if "data" not in asked:
                return self._elsewhere(path, asked)
            self.server.files[path], self.server.written_at[path] = content, time.time()
            return self._say(201, b"")
        if asked["op"] == "RENAME":
            into = asked["destination"]
            is_free = (
                path in self.server.files and into not in self.server.files
            )  # HDFS never renames over another file
            if is_free:
                self.server.files[into] = self.server.files.pop(path)
                self.server.written_at[into] = self.server.written_at.pop(path)
            return self._tell({"boolean": is_free})
        return self._refuse(400, "UnsupportedOperationException", asked["op"])

    def do_DELETE(self) -> None:
        _asked, path = self._asked()
        return self._tell({"boolean": self.server.files.pop(path, None) is not None})

    def _asked(self) -> tuple[dict[str, str], str]:
        parts = urlsplit(self.path)
        asked = {name: values[0] for name, values in parse_qs(parts.query).items()}
        asked["op"] = asked["op"].upper()
        self.server.users.add(asked.get("user.name", ""))
        return asked, "/" + unquote(parts.path).removeprefix("/webhdfs/v1").strip("/")

    def _listed(self, path: str) -> list[dict[str, object]]:
        if path in self.server.files:
            return [self._status(path, "")]
        under = path.rstrip("/") + "/"
        names = {one[len(under) :].split("/")[0] for one in self.server.files if one.startswith(under)}
        return [self._status(under + name, name) for name in sorted(names)]

    def _status(self, path: str, suffix: str) -> dict[str, object]:
        is_file = path in self.server.files
        return {
            "pathSuffix": suffix,
            "type": "FILE" if is_file else "DIRECTORY",
            "length": len(self.server.files.get(path, b"")),
            "modificationTime": int(self.server.written_at.get(path, 0) * 1000),
            "accessTime": 0,
            "blockSize": 128 * 2**20,
            "replication": 1,
            "permission": "644" if is_file else "755",
            "owner": "zhike",
            "group": "zhike",
            "fileId": 1,
            "childrenNum": 0,
            "storagePolicy": 0,
        }

    def _elsewhere(self, path: str, asked: dict[str, str]) -> None:
        """As a name node that sends to a data node."""
        words = "&".join(f"{name}={quote(value)}" for name, value in asked.items())
        self.send_response(307)
        self.send_header("Location", f"http://{self.server.address}/webhdfs/v1{quote(path)}?{words}&data=true")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def _missing(self, path: str) -> None:
        self._refuse(404, "FileNotFoundException", f"File does not exist: {path}")

    def _refuse(self, status: int, kind: str, text: str) -> None:
        told = {"exception": kind, "javaClassName": f"org.apache.hadoop.{kind}", "message": text}
        self._say(status, json.dumps({"RemoteException": told}).encode(), "application/json")

    def _tell(self, told: object) -> None:
        self._say(200, json.dumps(told).encode(), "application/json")

    def _say(self, status: int, content: bytes, kind: str = "text/plain") -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)
