"""Structured logs on standard error: facts with keys, no customers' words, no secrets."""

import logging
import re
import sys
from collections.abc import Iterable
from typing import TextIO

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

from bridge.ports.tracing import current_request

HIDDEN = "[hidden]"

_SECRET_KEY = re.compile(
    r"token|secret|password|passwd|authorization|cookie|signature|api_?key|private", re.I
)
_PRIVATE_KEYS = frozenset(
    {"text", "content", "excerpt", "message_text", "body", "caption", "summary", "note"}
)
# What a secret or a person looks like where it was not expected: in the text of an error.
_SHAPES = re.compile(
    r"xox[a-z]-[\w-]{8,}|xapp-[\w-]{8,}"  # Slack
    r"|\bbot\d{6,}:[\w-]{20,}|\b\d{8,10}:[\w-]{30,}"  # Telegram
    r"|\bEAA[A-Za-z0-9]{20,}"  # Meta
    r"|\b[\w-]{23,28}\.[\w-]{6,7}\.[\w-]{27,}"  # Discord
    r"|\bdk_[A-Za-z0-9_-]{16,}"  # ours
    r"|(?<=Bearer )\S+|(?<=Basic )\S+"
    r"|[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+"  # an e-mail address
    r"|\+\d[\d ()-]{7,18}\d"  # a phone number
)
_LONGEST = 4_000
_CONTROLS = {code: f"\\x{code:02x}" for code in (*range(32), 127)}


class Redactor:
    """Blots out secrets by name, by value and by shape, and customers' words by name."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        """Know these values; ones too short to be told from a word are left to their names."""
        long_enough = sorted({each for each in secrets if len(each) >= 6}, key=len, reverse=True)
        values = "|".join(map(re.escape, long_enough))
        self._pattern = re.compile(f"{values}|{_SHAPES.pattern}") if values else _SHAPES

    def __call__(self, _logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
        """Clean one entry before it is written."""
        return {key: self._clean(key, value) for key, value in event.items()}

    def _clean(self, key: str, value: object) -> object:
        if value is None or isinstance(value, bool | int | float):
            return value
        if key in _PRIVATE_KEYS or _SECRET_KEY.search(key):
            return HIDDEN
        return self._deep(value)

    def _deep(self, value: object) -> object:
        match value:
            case str():
                return self.blot(value)
            case dict():
                return {str(key): self._clean(str(key), each) for key, each in value.items()}
            case list() | tuple() | set() | frozenset():
                return [self._deep(each) for each in value]
            case None | bool() | int() | float():
                return value
            case _:
                return self.blot(str(value))

    def blot(self, text: str) -> str:
        """The text without anything that looks like a secret or a person."""
        return self._pattern.sub(HIDDEN, text[:_LONGEST])


def set_up_logs(
    *,
    level: str = "info",
    format: str = "json",
    secrets: Iterable[str] = (),
    stream: TextIO | None = None,
) -> None:
    """Send every logger of the process through one formatter; call it once, at start."""
    redact = Redactor(secrets)
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        _with_request,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[*shared, structlog.stdlib.ExtraAdder()],
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.format_exc_info,
                redact,
                _renderer(format),
            ],
        )
    )
    _send_all_to(handler, level)
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *shared,
            structlog.stdlib.PositionalArgumentsFormatter(),
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )


def _send_all_to(handler: logging.Handler, level: str) -> None:
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())
    handler.setLevel(level.upper())  # also for those who have a level of their own
    for chatty in ("httpx", "httpcore", "aiohttp.access", "asyncio"):
        logging.getLogger(chatty).setLevel(logging.WARNING)
    # A look at the clock that was skipped is made up for by the next; what hangs we say ourselves.
    logging.getLogger("apscheduler").setLevel(logging.ERROR)
    # It logs the sender's address and a traceback for every malformed request; the edge logs ours.
    logging.getLogger("aiohttp.server").setLevel(logging.CRITICAL)


def _with_request(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    if request := current_request.get():
        event.setdefault("request_id", request)
    return event


def _renderer(format: str) -> Processor:
    if format == "text":
        return _text
    return structlog.processors.JSONRenderer(ensure_ascii=True)


def _text(logger: WrappedLogger, method: str, event: EventDict) -> str:
    """One line for people, then perhaps a traceback; no escape sequence reaches a terminal."""
    trace = str(event.pop("exception", ""))
    event["event"] = str(event.get("event", "")).translate(_CONTROLS)
    line = str(structlog.dev.ConsoleRenderer(colors=False)(logger, method, event))
    lines = [each.translate(_CONTROLS) for each in trace.splitlines()]
    return "\n    ".join([line, *lines])
