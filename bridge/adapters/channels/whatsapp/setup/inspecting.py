"""What Graph says of a token and a number, for `connect` and `doctor`."""

import msgspec

from bridge.adapters.channels.whatsapp.client import Graph

SCOPES = frozenset({"whatsapp_business_messaging", "whatsapp_business_management"})
_MANAGES = "whatsapp_business_management"


class Granted(msgspec.Struct):
    """A right, and the accounts for which it holds; empty is all."""

    scope: str = ""
    target_ids: list[str] = []


class Token(msgspec.Struct):
    """What a token is worth. `expires_at` is in seconds; 0 is never."""

    app_id: str = ""
    is_valid: bool = False
    expires_at: int = 0
    scopes: list[str] = []
    granular_scopes: list[Granted] = []

    def lacking(self) -> list[str]:
        """Rights that we need and that it does not give."""
        return sorted(SCOPES - set(self.scopes))

    def accounts(self) -> list[str]:
        """WhatsApp Business Accounts that it may manage, as far as it names them."""
        found = (each.target_ids for each in self.granular_scopes if each.scope == _MANAGES)
        return [account for ids in found for account in ids]


class Number(msgspec.Struct):
    """A business number as its owner sees it."""

    id: str = ""
    verified_name: str = ""
    display_phone_number: str = ""
    quality_rating: str = ""


class _App(msgspec.Struct):
    id: str = ""
    name: str = ""


class _Subscribed(msgspec.Struct):
    whatsapp_business_api_data: _App = msgspec.field(default_factory=_App)


class _Debugged(msgspec.Struct):
    data: Token


class _Apps(msgspec.Struct):
    data: list[_Subscribed] = []


class _Numbers(msgspec.Struct):
    data: list[Number] = []


async def look_at_token(graph: Graph, token: str) -> Token:
    """What Graph knows of it. Raises as `Graph.get`."""
    answer = await graph.get("debug_token", _Debugged, {"input_token": token})
    return answer.data


async def look_at_number(graph: Graph) -> Number:
    """The number itself. Raises as `Graph.get`."""
    fields = {"fields": "verified_name,display_phone_number,quality_rating"}
    return await graph.get(graph.number, Number, fields)


async def numbers_of(graph: Graph, account: str) -> list[str]:
    """The ids of an account's numbers. Raises as `Graph.get`."""
    return [each.id for each in (await graph.get(f"{account}/phone_numbers", _Numbers)).data]


async def apps_of(graph: Graph, account: str) -> list[str]:
    """The ids of the apps that get an account's webhooks. Raises as `Graph.get`."""
    answer = await graph.get(f"{account}/subscribed_apps", _Apps)
    return [each.whatsapp_business_api_data.id for each in answer.data]
