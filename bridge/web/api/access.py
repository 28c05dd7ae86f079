"""Operations on the tokens of programs.

They are the command line's alone: a token that could make tokens would outlive its revocation.
"""

from typing import Annotated

from pydantic import Field

from bridge.web.api.fields import Body, Id, Name, Nothing
from bridge.web.api.route import AnyRoute, Call, Route
from bridge.web.api.shapes import NewToken, TokenList, token_shape
from bridge.web.problems import Refused
from bridge.web.tokens import Tokens, TokenScope


class TokenRequest(Body):
    """A token to make; with `channel` it reaches that channel's conversations only.

    `bot` is needed by the scope `bot:speak`, and by no other.
    """

    name: Name
    scopes: Annotated[frozenset[TokenScope], Field(min_length=1)]
    channel: Id | None = None
    bot: Id | None = None


class Access:
    """Makes, lists and revokes tokens."""

    def __init__(self, tokens: Tokens, channels: frozenset[str], bots: frozenset[str]) -> None:
        """`channels` and `bots` are the ids of the settings."""
        self._tokens = tokens
        self._channels = channels
        self._bots = bots

    def routes(self) -> list[AnyRoute]:
        """Every operation on tokens."""
        path = "/v1/tokens"
        return [
            Route(
                method="GET",
                path=path,
                scope=None,
                handler=self._list,
                body=Nothing,
                query=Nothing,
                answer=TokenList,
            ),
            Route(
                method="POST",
                path=path,
                scope=None,
                handler=self._create,
                body=TokenRequest,
                query=Nothing,
                answer=NewToken,
                status=201,
            ),
            Route(
                method="DELETE",
                path=f"{path}/{{token}}",
                scope=None,
                handler=self._revoke,
                body=Nothing,
                query=Nothing,
                status=204,
            ),
        ]

    async def _list(self, call: Call[Nothing, Nothing]) -> TokenList:
        """List tokens."""
        return TokenList(tokens=tuple(map(token_shape, await self._tokens.list())))

    async def _create(self, call: Call[TokenRequest, Nothing]) -> NewToken:
        """Make a token; its text is shown this once."""
        body = call.body
        if body.channel is not None and body.channel not in self._channels:
            raise Refused(404, "unknown_channel", f"There is no channel {body.channel}.")
        if (TokenScope.BOT in body.scopes) != (body.bot is not None):
            raise Refused(422, "invalid", "bot: goes with the scope bot:speak, and only with it")
        if body.bot is not None and body.bot not in self._bots:
            raise Refused(404, "unknown_bot", f"There is no bot {body.bot}.")
        record, text = await self._tokens.create(body.name, body.scopes, body.channel, body.bot)
        return NewToken(id=record.id, token=text)

    async def _revoke(self, call: Call[Nothing, Nothing]) -> None:
        """Revoke a token."""
        if not await self._tokens.revoke(call.path["token"]):
            raise Refused(404, "not_found", "There is no such token.")
