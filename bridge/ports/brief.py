"""An answer in one piece, for what is asked thousands of times a second and answered in a line."""

import time
from collections.abc import Mapping
from email.utils import formatdate

from aiohttp import HttpVersion11, hdrs, web

_FIRST_LINE = b"HTTP/1.1 200 OK\r\n"
_LAST_ANSWER = b"Connection: close\r\n"


def head(headers: Mapping[str, str]) -> bytes:
    """Headers as they are sent. Raises `ValueError` for what would not stay in its line."""
    lines = [f"{name}: {value}" for name, value in headers.items()]
    if any(mark in line for line in lines for mark in "\r\n\0"):
        raise ValueError("a header is one line")
    return "".join(f"{line}\r\n" for line in lines).encode("latin-1")


class Brief(web.StreamResponse):
    """A 200 whose body is at hand, for a request that was read.

    An ordinary answer is a dictionary that everybody may add to, and every header of it is looked
    at again when it is written: more work than the rest of a customer's line together costs in
    HTTP. The headers of this one are worded once and for all by those who want them; what differs
    from answer to answer is its length and the moment. It goes to the connection in one write.
    """

    def __init__(self, body: bytes) -> None:
        """Without headers but the length and the date; see `add`."""
        super().__init__()
        self._content = body
        self._head = b""
        self._sent = False
        self._goes_on = False

    def add(self, head: bytes) -> None:
        """Send these headers, made by `head`, too."""
        self._head += head

    @property
    def prepared(self) -> bool:
        """True when it is on its way: it is too late to add anything."""
        return self._sent

    @property
    def keep_alive(self) -> bool:
        """True when the connection may be used again."""
        return self._goes_on

    async def prepare(self, request: web.BaseRequest) -> None:
        """Send all of it. Raises `ConnectionResetError` when the client went away."""
        if self._sent:
            return
        self._sent = True
        self._goes_on = request.keep_alive and request.version == HttpVersion11
        transport = request.transport
        if transport is None or transport.is_closing():
            raise ConnectionResetError("the client went away")
        head = b"%b%b%bContent-Length: %d\r\n%b\r\n" % (
            _FIRST_LINE,
            self._head,
            _date.line(),
            len(self._content),
            b"" if self._goes_on else _LAST_ANSWER,
        )
        transport.write(head if request.method == hdrs.METH_HEAD else head + self._content)

    async def write_eof(self, data: bytes = b"") -> None:
        """All of it was sent already."""


class _Date:
    """The header that says what time it is, worded once a second."""

    def __init__(self) -> None:
        self._second = 0
        self._line = b""

    def line(self) -> bytes:
        second = int(time.time())
        if second != self._second:
            self._second = second
            self._line = b"Date: %b\r\n" % formatdate(second, usegmt=True).encode()
        return self._line


_date = _Date()
