"""Looks at an app from outside: may it do what it must, does its socket open?"""

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bridge.adapters.workspaces.slack.errors import refusal
from bridge.adapters.workspaces.slack.setup.manifest import scopes
from bridge.domain.errors import TemporaryFailure

_TIMEOUT = aiohttp.ClientTimeout(total=15)


def missing_scopes(granted: frozenset[str]) -> list[str]:
    """What the manifest asks for and the token may not; nothing where Slack does not say."""
    return sorted(scopes() - granted) if granted else []


async def try_app_token(token: str, api_url: str) -> None:
    """Ask for the address of a socket, and leave it. Raises `CredentialsRejected` and others."""
    base = api_url if api_url.endswith("/") else f"{api_url}/"
    async with aiohttp.ClientSession(timeout=_TIMEOUT) as session:
        web = AsyncWebClient(base_url=base, session=session, retry_handlers=[])
        try:
            await web.apps_connections_open(app_token=token)
        except SlackApiError as error:
            data = error.response.data
            said = data if isinstance(data, dict) else {}
            raise refusal("apps.connections.open", said) from error
        except (aiohttp.ClientError, TimeoutError) as error:
            raise TemporaryFailure(f"cannot reach Slack: {error}") from error
