"""A small OpenID provider on loopback: discovery, keys, token and user info, as a test tells it."""

import base64
import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

CLIENT, SECRET = "zhike-client", "not-a-real-secret"


class Provider:
    """`claims` go into the ID token; `told` is the user info; `key` signs."""

    def __init__(self, issuer: str) -> None:
        self.issuer = issuer
        self.published = self.key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self.claims: dict[str, Any] = {}
        self.told: dict[str, Any] = {}
        self.overrides: dict[str, Any] = {}
        self.challenge = ""
        self.asked: list[dict[str, str]] = []
        self.tokens = 0

    def consent(self, address: str) -> dict[str, str]:
        """What a person's browser brings back after consenting at the address we were sent to."""
        query = {k: v[0] for k, v in parse_qs(urlsplit(address).query).items()}
        assert address.startswith(self.issuer + "/authorize?") and query["code_challenge_method"] == "S256"
        self.challenge = query["code_challenge"]
        return {"code": "a-code", "state": query["state"]}

    def token(self, form: dict[str, str]) -> tuple[int, dict[str, Any]]:
        """The token endpoint: the code counts only with the verifier of the challenge and the client's secret."""
        self.asked.append(form)
        digest = base64.urlsafe_b64encode(sha256(form.get("code_verifier", "").encode()).digest()).rstrip(b"=").decode()
        if digest != self.challenge or form.get("client_secret") != SECRET:
            return 400, {"error": "invalid_grant"}
        self.tokens += 1
        now = int(time.time())
        body = {"iss": self.issuer, "aud": CLIENT, "iat": now, "exp": now + 60, "jti": f"t{self.tokens}", **self.claims}
        signed = jwt.encode(body, self.key, algorithm="RS256", headers={"kid": "k1"})
        return 200, {"access_token": "opaque", "token_type": "Bearer", "id_token": signed}

    def page(self, path: str) -> dict[str, Any]:
        """The pages fetched with GET."""
        if path == "/keys":
            key = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(self.published.public_key()))
            return {"keys": [{**key, "kid": "k1", "alg": "RS256", "use": "sig"}]}
        if path == "/userinfo":
            return self.told
        names = {"authorization": "authorize", "token": "token", "userinfo": "userinfo"}
        endpoints = {f"{name}_endpoint": f"{self.issuer}/{path}" for name, path in names.items()}
        return {"issuer": self.issuer, "jwks_uri": f"{self.issuer}/keys", **endpoints, **self.overrides}


@contextmanager
def running() -> Iterator[Provider]:
    """A provider that answers on a free port of loopback."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._say(200, provider.page(urlsplit(self.path).path))

        def do_POST(self) -> None:
            form = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
            self._say(*provider.token({k: v[0] for k, v in form.items()}))

        def _say(self, status: int, value: dict[str, Any]) -> None:
            body = json.dumps(value).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args: Any) -> None:
            """Silence."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    provider = Provider(f"http://127.0.0.1:{server.server_port}")
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
