"""Lines of `doctor`: what is good, what deserves a look, what is bad; and the way out."""

from collections.abc import Awaitable, Iterable

import aiohttp
from msgspec.structs import replace
from yarl import URL

from bridge.ports.plugin import Check


def good(name: str, detail: str) -> Check:
    """Nothing is to be done."""
    return Check(name=name, ok=True, detail=detail)


def worth_a_look(name: str, detail: str, fix: str) -> Check:
    """It works, and may not be meant."""
    return Check(name=name, ok=True, warning=True, detail=detail, fix=fix)


def bad(name: str, detail: str, fix: str) -> Check:
    """It does not work."""
    return Check(name=name, ok=False, detail=detail, fix=fix)


def placed(place: str, checks: Iterable[Check]) -> tuple[Check, ...]:
    """The checks of one place, called by it."""
    return tuple([replace(check, name=f"{place}.{check.name}") for check in checks])


async def answers(url: str, trouble: Awaitable[str], platform: str) -> Check:
    """Whether what a platform will do at our address, done from here, comes to its end.

    `trouble` does it, and says what went wrong.
    """
    try:
        found = await trouble
    except (aiohttp.ClientError, TimeoutError) as error:
        found = f"cannot be reached from here ({type(error).__name__})"
    if found:
        fix = "start the desk, and lead this address to it"
        return bad("public_url", f"{url} {found}", fix)
    if URL(url).scheme != "https":
        fix = "put a proxy with a certificate in front of the desk"
        detail = f"{url} answers, but {platform} takes https only"
        return worth_a_look("public_url", detail, fix)
    return good("public_url", f"{url} answers as {platform} expects")
