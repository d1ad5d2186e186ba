"""A small OpenID Connect provider on this machine, for tests of the login: discovery, consent, token, keys, end.

It keeps the rules that matter to whoever relies on it: codes are good once, for the client and the PKCE challenge that
they were given to, and only for a known client with its secret. `forged` makes it sign with a key that it does not
publish, `stale` makes it forget the nonce: a login by such a token must fail.
"""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, quote, urlencode, urlsplit

CLIENT, SECRET = "originality", "nur-zum-testen"
CONSENT = (
    '<!doctype html><meta charset="utf-8"><title>身份</title><a href="{yes}">以小满登录</a> <a href="{no}">取消</a>'
)


class Provider:
    """What a test may set and see."""

    def __init__(self, address: str) -> None:
        """Make its keys."""
        from joserfc.jwk import RSAKey

        self.address = address
        self.person = {"sub": "u-17", "name": "小满 **x**", "email": "xiaoman@brand.example"}
        self.forged = self.stale = False
        self.ended = 0
        self._key = RSAKey.generate_key(2048, {"kid": "own", "use": "sig", "alg": "RS256"})
        self._foreign = RSAKey.generate_key(2048, {"kid": "own", "use": "sig", "alg": "RS256"})
        self._codes: dict[str, dict[str, str]] = {}

    def discovery(self) -> dict[str, Any]:
        """Return what it says of itself."""
        ends = {"authorization": "authorize", "token": "token", "end_session": "end"}
        return {
            "issuer": self.address, "jwks_uri": f"{self.address}/jwks", "response_types_supported": ["code"],
            "subject_types_supported": ["public"], "id_token_signing_alg_values_supported": ["RS256"],
            "code_challenge_methods_supported": ["S256"],
            **{f"{name}_endpoint": f"{self.address}/{path}" for name, path in ends.items()},
        }  # fmt: skip

    def keys(self) -> dict[str, Any]:
        """Return its public keys."""
        return {"keys": [self._key.as_dict(private=False)]}

    def consent(self, asked: dict[str, str]) -> str:
        """Return the page on which the person says yes or no."""
        code = secrets.token_urlsafe(16)
        self._codes[code] = asked
        back, state = asked["redirect_uri"], asked["state"]
        yes, no = urlencode({"code": code, "state": state}), urlencode({"error": "access_denied", "state": state})
        return CONSENT.format(yes=f"{back}?{yes}".replace("&", "&amp;"), no=f"{back}?{no}".replace("&", "&amp;"))

    def token(self, given: dict[str, str], credentials: str) -> dict[str, Any] | None:
        """Return the tokens for a code; None where it does not belong to who asks."""
        asked = self._codes.pop(given.get("code", ""), None)
        known = base64.b64encode(f"{CLIENT}:{quote(SECRET)}".encode()).decode()
        if asked is None or credentials != f"Basic {known}" or asked["client_id"] != CLIENT:
            return None
        digest = hashlib.sha256(given.get("code_verifier", "").encode()).digest()
        if base64.urlsafe_b64encode(digest).rstrip(b"=").decode() != asked["code_challenge"]:
            return None
        return {"access_token": secrets.token_urlsafe(16), "token_type": "Bearer", "id_token": self._signed(asked)}

    def _signed(self, asked: dict[str, str]) -> str:
        from joserfc import jwt

        now = int(time.time())
        claims = {**self.person, "iss": self.address, "aud": CLIENT, "iat": now, "exp": now + 300}
        claims["nonce"] = "another" if self.stale else asked["nonce"]
        signed: str = jwt.encode({"alg": "RS256", "kid": "own"}, claims, self._foreign if self.forged else self._key)
        return signed


class _Answers(BaseHTTPRequestHandler):
    """Its five addresses."""

    provider: Provider

    def do_GET(self) -> None:
        place = urlsplit(self.path)
        asked = {name: values[0] for name, values in parse_qs(place.query).items()}
        match place.path:
            case "/.well-known/openid-configuration":
                self._json(self.provider.discovery())
            case "/jwks":
                self._json(self.provider.keys())
            case "/authorize":
                self._send(200, "text/html; charset=utf-8", self.provider.consent(asked).encode())
            case "/end":
                self.provider.ended += 1
                self.send_response(302)
                self.send_header("location", asked["post_logout_redirect_uri"])
                self.end_headers()
            case _:
                self._send(404, "text/plain", b"")

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"])).decode()
        given = {name: values[0] for name, values in parse_qs(body).items()}
        tokens = self.provider.token(given, self.headers.get("authorization", ""))
        self._json(tokens or {"error": "invalid_grant"}, 200 if tokens else 400)

    def log_message(self, format: str, *values: Any) -> None:
        """Say nothing."""

    def _json(self, value: dict[str, Any], status: int = 200) -> None:
        self._send(status, "application/json", json.dumps(value).encode())

    def _send(self, status: int, kind: str, body: bytes) -> None:
        self.send_response(status)
        self.send_header("content-type", kind)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


@contextmanager
def identity_provider() -> Iterator[Provider]:
    """Run the provider on a port of its own."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Answers)
    provider = Provider(f"http://127.0.0.1:{server.server_address[1]}")
    server.RequestHandlerClass = type("Answers", (_Answers,), {"provider": provider})
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
