"""What a token may see of its account: the number, the token itself, apps, templates."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass, replace

from bridge.simulators.common.wire import Json, JsonObject
from bridge.simulators.graph.errors import GraphRefusal
from bridge.simulators.graph.office import PostOffice
from bridge.simulators.graph.records import Number, Template
from bridge.simulators.graph.world import World

SCOPES = ("whatsapp_business_management", "whatsapp_business_messaging")


@dataclass(frozen=True, slots=True)
class Accounts:
    """Answers questions."""

    world: World
    office: PostOffice

    def number(self, number: Number) -> JsonObject:
        """The number as its owner sees it."""
        return {
            "id": number.id,
            "verified_name": number.name,
            "display_phone_number": f"+{number.display}",
            "quality_rating": number.quality,
            "throughput": {"level": "STANDARD"},
            "code_verification_status": "VERIFIED",
        }

    def account(self, waba: str) -> JsonObject:
        """The WhatsApp Business Account."""
        number = self._of(waba)
        return {"id": waba, "name": number.name, "currency": "BRL", "timezone_id": "25"}

    def numbers(self, waba: str) -> JsonObject:
        """Every number of an account."""
        found: list[Json] = [
            self.number(one) for one in self.world.numbers.values() if one.waba == waba
        ]
        return {"data": found}

    def _of(self, waba: str) -> Number:
        for one in self.world.numbers.values():
            if one.waba == waba:
                return one
        raise GraphRefusal(100, f"Object with ID '{waba}' does not exist")

    def subscribed(self, waba: str) -> JsonObject:
        """The apps that get the account's webhooks."""
        number = self._of(waba)
        if not number.subscribed:
            return {"data": []}
        app: JsonObject = {"id": number.app_id, "name": "Deskbridge", "link": ""}
        return {"data": [{"whatsapp_business_api_data": app}]}

    def subscribe(self, waba: str) -> JsonObject:
        """The app gets webhooks from now on."""
        for number in tuple(self.world.numbers.values()):
            if number.waba == waba:
                self.world.numbers[number.id] = replace(number, subscribed=True)
        return {"success": True}

    def debug(self, token: str) -> JsonObject:
        """What a token is worth."""
        for number in self.world.numbers.values():
            if number.token == token:
                ends = number.token_ends
                granted: list[Json] = [
                    {"scope": scope, "target_ids": [number.waba]} for scope in SCOPES
                ]
                about: JsonObject = {
                    "app_id": number.app_id,
                    "type": "SYSTEM_USER",
                    "is_valid": not ends or self.world.now() < ends,
                    "expires_at": ends,
                    "scopes": list(SCOPES),
                    "granular_scopes": granted,
                }
                return {"data": about}
        return {"data": {"is_valid": False, "error": {"code": 190, "message": "Bad token"}}}

    def templates(self, waba: str, query: Mapping[str, str]) -> JsonObject:
        """One page of the account's templates, and the way to the next."""
        self._of(waba)
        limit = min(100, int(query.get("limit", self.office.quirks.page)))
        found = [one for one in self.world.templates.values() if one.waba == waba]
        begin = _place(query.get("after", ""))
        page = found[begin : begin + limit]
        listed: list[Json] = [_listed(one) for one in page]
        paging: JsonObject = {
            "cursors": {"before": _cursor(begin), "after": _cursor(begin + limit)}
        }
        if begin + limit < len(found):
            after = f"limit={limit}&after={_cursor(begin + limit)}"
            paging["next"] = f"{self.world.address}/v23.0/{waba}/message_templates?{after}"
        return {"data": listed, "paging": paging}


def _listed(template: Template) -> JsonObject:
    return {
        "id": template.id,
        "name": template.name,
        "language": template.language,
        "status": template.status,
        "category": template.category,
        "parameter_format": "NAMED" if template.named else "POSITIONAL",
        "components": list(template.components),
        **template.extra,
    }


def _cursor(place: int) -> str:
    return urlsafe_b64encode(f"at {place}".encode()).decode()


def _place(cursor: str) -> int:
    if not cursor:
        return 0
    try:
        return int(urlsafe_b64decode(cursor).decode().removeprefix("at "))
    except ValueError as e:
        raise GraphRefusal(100, "Invalid cursor") from e
