"""Every refusal as one shape: `{"error": {"code", "message"}}` with the right status."""

from http import HTTPStatus

import msgspec
from aiohttp import web
from pydantic import ValidationError
from pydantic_core import ErrorDetails

from bridge.domain.choices import say_choice
from bridge.domain.errors import (
    DeskbridgeError,
    NotAuthorized,
    NotFound,
    Overloaded,
    StorageUnavailable,
    UntrustedRequest,
)
from bridge.locales import DEFAULT, say


class Problem(msgspec.Struct, frozen=True, kw_only=True):
    """What a program is told; `code` is for it, `message` for the person who wrote it."""

    status: int
    code: str
    message: str
    retry_after: int | None = None


class Refused(DeskbridgeError):
    """The API says no, with a status and a code of its own."""

    def __init__(self, status: int, code: str, message: str) -> None:
        """Keep all three."""
        super().__init__(message)
        self.status = status
        self.code = code


def problem_of(error: BaseException) -> Problem | None:
    """The answer to an error; None for a fault of ours that nobody foresaw."""
    match error:
        case Refused():
            return Problem(status=error.status, code=error.code, message=str(error))
        case web.HTTPException():
            code = HTTPStatus(error.status).phrase.lower().replace(" ", "_")
            return Problem(status=error.status, code=code, message=_explain(error))
        case ValidationError():
            return Problem(status=422, code="invalid", message=say_invalid(error))
        case NotFound():
            return Problem(status=404, code="not_found", message=str(error))
        case NotAuthorized():
            return Problem(status=403, code="not_authorized", message=_forbidden(str(error)))
        case UntrustedRequest():
            return Problem(status=401, code="untrusted", message=str(error))
        case Overloaded():
            seconds = max(1, round(error.retry_after))
            return Problem(status=503, code="overloaded", message=str(error), retry_after=seconds)
        case StorageUnavailable():
            message = "Cannot store anything now; try again."
            return Problem(status=503, code="storage_unavailable", message=message, retry_after=1)
        case _:
            return None


INTERNAL = Problem(
    status=500, code="internal", message="Something went wrong here; the log says what."
)


def answer(problem: Problem) -> web.Response:
    """The problem as JSON."""
    headers = {} if problem.retry_after is None else {"Retry-After": str(problem.retry_after)}
    body = {"error": {"code": problem.code, "message": problem.message}}
    return web.Response(
        status=problem.status,
        body=msgspec.json.encode(body),
        content_type="application/json",
        headers=headers,
    )


def say_invalid(error: ValidationError) -> str:
    """The first mistake, by its path; what was sent is never repeated."""
    first = error.errors(include_url=False)[0]
    path = ".".join(str(part) for part in first["loc"])
    said = _sentence(first)
    return f"{path}: {said}" if path else said


def _sentence(mistake: ErrorDetails) -> str:
    if mistake["type"] in ("enum", "literal_error"):
        return say_choice(mistake["input"], mistake["ctx"]["expected"])
    return mistake["msg"].removeprefix("Value error, ")


def _forbidden(said: str) -> str:
    """The engine names its reason by its key in the catalogue."""
    try:
        return say(DEFAULT, f"answer.{said}")
    except KeyError:
        return said


_EXPLAINED = {
    404: "There is nothing here.",
    405: "This address takes other methods.",
    413: "This is larger than we take.",
}


def _explain(error: web.HTTPException) -> str:
    return _EXPLAINED.get(error.status) or error.text or error.reason
