"""The addresses of a web chat and what each of them does."""

import secrets
from collections.abc import Iterable
from contextlib import aclosing

import msgspec
from aiohttp import hdrs, web

from bridge.adapters.channels.webchat import inbound, lines
from bridge.adapters.channels.webchat.bundle import Bundle
from bridge.adapters.channels.webchat.chat import Chat
from bridge.adapters.channels.webchat.files import VisitorFiles
from bridge.adapters.channels.webchat.gate import Gate, answer, read_json
from bridge.adapters.channels.webchat.identity import Identities
from bridge.adapters.channels.webchat.streams import Streams, last_page
from bridge.adapters.channels.webchat.wire import (
    EditedMessage,
    EndedChat,
    Mark,
    NewMessage,
    NewSession,
    Nothing,
    Refusal,
)
from bridge.ports.adapter_store import AdapterStore

_MESSAGE = msgspec.json.Decoder(NewMessage)
_EDIT = msgspec.json.Decoder(EditedMessage)
_END = msgspec.json.Decoder(EndedChat)
_MARK = msgspec.json.Decoder(Mark)
_SESSION = msgspec.json.Decoder(NewSession)
_NOTHING = msgspec.json.Decoder(Nothing)
_STREAM = {"Content-Type": "text/event-stream", "X-Accel-Buffering": "no"}
_SCRIPT = {
    "Cache-Control": "public, max-age=300, stale-while-revalidate=86400",
    "Cross-Origin-Resource-Policy": "cross-origin",
    "X-Content-Type-Options": "nosniff",
    "Vary": "Accept-Encoding",
}


class Routes:
    """One method per address; each is one question to what does the work."""

    def __init__(
        self,
        *,
        gate: Gate,
        identities: Identities,
        chat: Chat,
        files: VisitorFiles,
        streams: Streams,
        store: AdapterStore,
        script: Bundle,
    ) -> None:
        """All parts are made by the adapter."""
        self._gate = gate
        self._identities = identities
        self._chat = chat
        self._files = files
        self._streams = streams
        self._store = store
        self._script = script

    def under(self, base: str) -> Iterable[web.RouteDef]:
        """Every address, under this prefix; what is not known there is a 404 in JSON."""
        guard = self._gate.guard
        return (
            web.get(f"{base}/widget.js", self._widget),
            web.get(f"{base}/welcome", self._gate.welcome, allow_head=False),
            web.post(f"{base}/messages", guard(self._write)),
            web.post(f"{base}/messages/{{line}}", guard(self._edit)),
            web.delete(f"{base}/messages/{{line}}", guard(self._delete)),
            web.post(f"{base}/end", guard(self._end)),
            web.get(f"{base}/stream", guard(self._stream), allow_head=False),
            web.get(f"{base}/history", guard(self._history), allow_head=False),
            web.post(f"{base}/session", guard(self._session)),
            web.post(f"{base}/received", guard(self._received)),
            web.post(f"{base}/read", guard(self._read)),
            web.post(f"{base}/typing", guard(self._typing)),
            web.post(f"{base}/files", guard(self._upload)),
            web.get(f"{base}/files/{{file}}", guard(self._download), allow_head=False),
            web.route("*", f"{base}/{{rest:.*}}", guard(_nowhere)),
        )

    def anywhere(self, base: str) -> Iterable[tuple[str, str]]:
        """What lets a visitor in and takes his lines; the rest lives where his journal is told."""
        return (
            ("GET", f"{base}/widget.js"),
            ("GET", f"{base}/welcome"),
            ("POST", f"{base}/session"),
            ("POST", f"{base}/messages"),
            ("OPTIONS", f"{base}/{{rest}}"),
        )

    async def _widget(self, request: web.Request) -> web.Response:
        headers = {**_SCRIPT, hdrs.ETAG: self._script.etag}
        if self._script.etag in request.headers.get(hdrs.IF_NONE_MATCH, ""):
            return web.Response(status=304, headers=headers)
        body = self._script.plain
        if "gzip" in request.headers.get(hdrs.ACCEPT_ENCODING, ""):
            body = self._script.compressed
            headers[hdrs.CONTENT_ENCODING] = "gzip"
        return web.Response(
            body=body, headers=headers, content_type="text/javascript", charset="utf-8"
        )

    async def _session(self, request: web.Request) -> web.StreamResponse:
        self._gate.admit_newcomer(request)
        await read_json(request, _SESSION)
        token, address = self._identities.issue(secrets.token_bytes(16))
        return answer({"token": token, "visitor": address})

    async def _write(self, request: web.Request) -> web.StreamResponse:
        address = self._gate.admit(request)
        message = await read_json(request, _MESSAGE)
        await self._chat.write(address, message)
        return answer({"id": message.id})

    async def _edit(self, request: web.Request) -> web.StreamResponse:
        address = self._gate.admit(request)
        line = inbound.line_id(request.match_info["line"])
        edit = await read_json(request, _EDIT)
        await self._chat.edit(address, line, edit)
        return answer({"id": line})

    async def _delete(self, request: web.Request) -> web.StreamResponse:
        address = self._gate.admit(request)
        line = inbound.line_id(request.match_info["line"])
        await self._chat.delete(address, line)
        return answer({"id": line})

    async def _end(self, request: web.Request) -> web.StreamResponse:
        address = self._gate.admit(request)
        ended = await read_json(request, _END)
        await self._chat.end(address, ended)
        return answer({"id": ended.id})

    async def _received(self, request: web.Request) -> web.StreamResponse:
        address = self._gate.admit(request)
        mark = await read_json(request, _MARK)
        await self._chat.received(address, mark.up_to)
        return answer(b"{}")

    async def _read(self, request: web.Request) -> web.StreamResponse:
        address = self._gate.admit(request)
        mark = await read_json(request, _MARK)
        await self._chat.read(address, mark.up_to)
        return answer(b"{}")

    async def _typing(self, request: web.Request) -> web.StreamResponse:
        address = self._gate.admit(request)
        await read_json(request, _NOTHING)
        await self._chat.typing(address)
        return answer(b"{}")

    async def _upload(self, request: web.Request) -> web.StreamResponse:
        address = self._gate.admit(request)
        file = await self._files.take(request, address)
        return answer(lines.shown_file(file))

    async def _download(self, request: web.Request) -> web.StreamResponse:
        address = self._gate.admit(request)
        return self._files.send(await self._files.of(address, request.match_info["file"]))

    async def _history(self, request: web.Request) -> web.StreamResponse:
        address = self._gate.admit(request)
        before = _number(request.query.get("before", ""))
        return answer(lines.page(*await last_page(self._store, address, before)))

    async def _stream(self, request: web.Request) -> web.StreamResponse:
        address = self._gate.admit(request)
        last = request.headers.get("Last-Event-ID")
        after = None if last is None else _number(last)
        with self._streams.open(address) as stream:
            # Asked now: what is marked from here on is told down the stream.
            marks = await self._chat.marks(address)
            response = web.StreamResponse(headers={**self._gate.headers(request), **_STREAM})
            await response.prepare(request)
            async with aclosing(stream.frames(after, marks)) as frames:
                try:
                    async for frame in frames:
                        await response.write(frame)
                except ConnectionError:
                    pass  # The tab was closed.
        return response


def _number(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 19):
        raise Refusal(400, "malformed", "The number of an event is needed.")
    return int(text)


async def _nowhere(request: web.Request) -> web.StreamResponse:
    raise Refusal(404, "not_found", f"There is nothing to {request.method} here.")
