"""What a request must prove before it may change anything, and what every answer forbids."""

import hmac
from hashlib import sha256
from ipaddress import ip_address
from urllib.parse import urlsplit

from aiohttp import web

from bridge.ports.http import CLIENT_ADDRESS

CSRF_FIELD = "csrf"
CSRF_HEADER = "X-CSRF-Token"


class Guard:
    """Checks origins and tokens, signs file addresses, and writes the policy of every page."""

    def __init__(self, *, secret: bytes, public_url: str, framed: bool) -> None:
        """`framed` lets pages of our own origin show the workspace in a frame."""
        self._secret = secret
        self._origin = origin(public_url)
        ancestors = "'self'" if framed else "'none'"
        self._headers = {
            "Content-Security-Policy": (
                "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; "
                "media-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; "
                f"frame-ancestors {ancestors}"
            ),
            "X-Content-Type-Options": "nosniff",
            "X-Frame-Options": "SAMEORIGIN" if framed else "DENY",
            # Not no-referrer: with it browsers post forms with `Origin: null`.
            "Referrer-Policy": "same-origin",
            "Cross-Origin-Opener-Policy": "same-origin",
            "Cross-Origin-Resource-Policy": "same-origin",
            "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
        }

    def token(self, cookie: str) -> str:
        """The token that forms shown under this cookie carry."""
        return self._sign("csrf", cookie)

    def genuine(self, token: str, cookie: str) -> bool:
        """Whether a form was shown by us under this cookie."""
        return bool(cookie) and _same(token, self.token(cookie))

    def same_origin(self, request: web.Request) -> bool:
        """Whether the browser says that one of our own pages sent this."""
        sent = request.headers.get("Origin", "")
        return sent in self._own_origins(request)

    def secure(self, request: web.Request) -> bool:
        """Whether cookies of this request may only travel encrypted."""
        return self._origin.startswith("https:") and not on_loopback(request)

    def file_key(self, place: str, file: str) -> str:
        """Proof that we showed this file in this place."""
        return self._sign("file", f"{place}\n{file}")[:32]

    def showed_file(self, key: str, place: str, file: str) -> bool:
        """Whether the proof is ours."""
        return _same(key, self.file_key(place, file))

    def protect(self, response: web.StreamResponse) -> None:
        """Add what every answer of ours forbids; an answer may have said so more strictly."""
        for name, value in self._headers.items():
            response.headers.setdefault(name, value)
        response.headers.setdefault("Cache-Control", "no-store")

    def _own_origins(self, request: web.Request) -> set[str]:
        # A name that resolves to this machine today may be anybody's tomorrow; a loopback
        # address in Host cannot lie, because nobody else's page can have it as its origin.
        own = {self._origin}
        if on_loopback(request):
            own.add(f"http://{request.host}")
        return own

    def _sign(self, purpose: str, text: str) -> str:
        return hmac.new(self._secret, f"{purpose}\n{text}".encode(), sha256).hexdigest()


def origin(url: str) -> str:
    """The scheme, host and port of an address."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def on_loopback(request: web.Request) -> bool:
    """Whether the browser was pointed at this machine itself."""
    try:
        host = urlsplit(f"//{request.host}").hostname or ""
    except ValueError:  # that is no name of a host
        return False
    return host == "localhost" or _is_loopback(host)


def address(request: web.Request) -> str:
    """Where a request comes from, as the proxy in front may say."""
    return request.get(CLIENT_ADDRESS) or request.remote or ""


def _same(given: str, ours: str) -> bool:
    """Compare what a stranger sent, whatever bytes it was made of, in constant time."""
    return hmac.compare_digest(given.encode(errors="surrogateescape"), ours.encode())


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
