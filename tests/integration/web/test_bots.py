"""A whole desk between a platform of its own and a bot of its own, over real HTTP."""

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from aiohttp import ClientSession

from bridge.app import build
from bridge.domain.errors import InvalidSettings
from bridge.settings import load
from bridge.simulators.bots.deskbridge import DeskbridgeBot
from bridge.simulators.bots.server import Heard
from bridge.simulators.connector.platform import Platform
from tests.integration.web.conftest import Answer, Api, Json, Office
from tests.patience import until

SECRET = "whsec_" + "c2VjcmV0IG9mIGEgdGVzdCwgMzIgYnl0ZXMgbG9uZyE="
BIA = "+5511912345678"
SETTINGS = """
[channels.shop]
kind = "connector"
bot = "clerk"
url = "{platform}/hook"
secret = "{secret}"
[channels.webchat]
kind = "webchat"
bot = "menu"
[workspaces.local]
kind = "local"
[bots.clerk]
kind = "webhook"
url = "{bot}/hook"
secret = "{secret}"
events = ["conversation.ended"]
[bots.menu]
kind = "menu"
"""


class Clerk(DeskbridgeBot):
    """A bot that can be made to refuse one kind of event."""

    def __init__(self) -> None:
        super().__init__(SECRET)
        self.refuses = ""
        self.refused: list[str] = []

    async def answer(self, heard: Heard) -> tuple[int, Json]:
        if heard.json()["type"] == self.refuses:
            self.refused.append(self.refuses)
            return 400, {}
        return await super().answer(heard)


@dataclass(frozen=True, kw_only=True)
class Shop:
    """A desk with its platform and its bot."""

    office: Office
    platform: Platform
    bot: Clerk

    async def writes(self, text: str) -> int:
        """Bia writes on her platform."""
        status, _ = await self.platform.tell(self.platform.line(BIA, text))
        return status

    def seen(self) -> list[str]:
        """What Bia reads."""
        return [line.data["text"] for line in self.platform.lines(BIA)]

    def asked(self) -> list[Json]:
        """What the bot was told, oldest first."""
        return [heard.json() for heard in self.bot.heard]

    async def token(self, bot: str = "clerk") -> Api:
        """A token that speaks for a bot."""
        body = {"name": bot, "scopes": ["bot:speak"], "bot": bot}
        made = await self.office.operator("POST", "/v1/tokens", body)
        assert made.status == 201, made
        return Api(self.office.http, made.body["token"])

    async def answered(self) -> Json:
        """Bia has said hello and the bot has answered; what it was told."""
        await self.writes("Hello")
        await until(self.seen)
        conversation: Json = self.asked()[-1]["data"]["conversation"]
        return conversation


@pytest.fixture
async def shop(tmp_path: Path) -> AsyncIterator[Shop]:
    platform, bot = await Platform(SECRET).start(), await Clerk().start()
    file = tmp_path / "deskbridge.toml"
    file.touch(0o600)
    file.write_text(
        SETTINGS.format(platform=platform.base, bot=bot.base, secret=SECRET), encoding="utf-8"
    )
    app = await build(load(file, {}), port=0)
    await app.start()
    platform.desk = f"{app.url}/v1/channels/shop/events"
    async with ClientSession(app.url) as http:
        office = Office(app=app, http=http, operator=Api(http, app.operator))
        await office.operator("POST", "/v1/queues", {"name": "sales", "title": "Sales"})
        yield Shop(office=office, platform=platform, bot=bot)
    await app.stop()
    await platform.stop()
    await bot.stop()


async def say(
    api: Api, number: str, epoch: int, words: str = "Your order left", key: str | None = "k1"
) -> Answer:
    headers = {} if key is None else {"Idempotency-Key": key}
    body = {"epoch": epoch, "messages": [{"text": words}]}
    return await api("POST", f"/v1/conversations/{number}/messages", body, headers=headers)


async def test_a_customer_of_another_platform_talks_to_a_bot_behind_http(shop: Shop) -> None:
    assert await shop.writes("Hello") == 200
    await until(shop.seen)

    assert shop.seen()[0].startswith("What is it about?")
    (told,) = shop.asked()
    assert told["type"] == "message.created"
    assert told["data"]["contact"] == {"name": "Bia"}
    assert told["data"]["conversation"]["control"] == "bot"


async def test_a_bot_speaks_first_with_its_token_and_only_once_per_key(shop: Shop) -> None:
    conversation = await shop.answered()
    api = await shop.token()

    first = await say(api, conversation["id"], conversation["epoch"])
    again = await say(api, conversation["id"], conversation["epoch"])
    await until(lambda: len(shop.seen()) == 2)

    assert first.status == again.status == 200
    assert first.body == {"conversation": conversation["id"], "epoch": conversation["epoch"]}
    assert shop.seen()[-1] == "Your order left"


async def test_a_bot_that_speaks_after_people_have_the_word_gets_a_conflict(shop: Shop) -> None:
    conversation = await shop.answered()
    api = await shop.token()
    await shop.writes("person")
    reader = await shop.office.token("conversations:read")
    state = ""
    while state != "waiting":
        page = await reader("GET", f"/v1/conversations/{conversation['id']}")
        state = page.body["conversation"]["state"]

    refused = await say(api, conversation["id"], conversation["epoch"], "I am still here")

    assert (refused.status, refused.code) == (409, "stale")
    assert "I am still here" not in shop.seen()


async def test_a_customer_whom_somebody_answered_elsewhere_gets_no_word_of_the_bot(
    shop: Shop,
) -> None:
    echo = shop.platform.line(BIA, "Hi Bia, I am Ana, your order is here")
    told = await shop.platform.tell({"type": "message.echoed", "data": echo["data"]})

    written = [await shop.writes(words) for words in ("Thanks!", "When exactly?")]
    reader = await shop.office.token("conversations:read")
    page = await reader("GET", "/v1/conversations")

    assert told[0] == 200
    assert written == [200, 200]
    (conversation,) = page.body["conversations"]
    assert conversation["state"] == "assigned"
    assert shop.asked() == []
    assert shop.seen() == []


async def test_a_bots_token_reaches_its_own_conversations_and_nothing_else(shop: Shop) -> None:
    conversation = await shop.answered()
    number, epoch = conversation["id"], conversation["epoch"]
    other, reader = await shop.token("menu"), await shop.office.token("conversations:read")
    own = await shop.token()

    refusals = [
        await say(other, number, epoch, key="a"),
        await say(reader, number, epoch, key="b"),
        await say(shop.office.operator, number, epoch, key="c"),
        await say(own, "999", epoch, key="d"),
        await own("GET", f"/v1/conversations/{number}"),
        await own("GET", "/v1/conversations"),
        await own("POST", "/v1/queues", {"name": "x", "title": "X"}),
    ]

    assert {each.status for each in refusals} <= {403, 404}
    assert (await say(shop.office.nobody(), number, epoch)).status == 401
    assert len(shop.seen()) == 1


async def test_a_bot_must_name_its_call_and_its_epoch_and_make_sense(shop: Shop) -> None:
    conversation = await shop.answered()
    api = await shop.token()
    path = f"/v1/conversations/{conversation['id']}/messages"
    key = {"Idempotency-Key": "k"}

    unnamed = await say(api, conversation["id"], conversation["epoch"], key=None)
    without_epoch = await api("POST", path, {"messages": [{"text": "x"}]}, headers=key)
    unknown = await api("POST", path, {"epoch": 1, "message": "x"}, headers=key)
    inside = {"epoch": 1, "messages": [{"media": [{"url": "http://169.254.169.254/latest"}]}]}
    unsafe = await api("POST", path, inside, headers=key)

    assert (unnamed.status, unnamed.code) == (400, "no_idempotency_key")
    assert without_epoch.status == unknown.status == unsafe.status == 422
    assert unsafe.code == "unsafe_address"


async def test_a_token_for_a_bot_names_a_bot_that_is_there(shop: Shop) -> None:
    async def made(**body: object) -> int:
        answer = await shop.office.operator("POST", "/v1/tokens", {"name": "t", **body})
        return answer.status

    assert await made(scopes=["bot:speak"]) == 422
    assert await made(scopes=["conversations:read"], bot="clerk") == 422
    assert await made(scopes=["bot:speak"], bot="nobody") == 404


async def test_what_a_bot_refused_is_kept_listed_and_told_when_it_is_asked_for(shop: Shop) -> None:
    path = "/v1/bots/clerk/dead-letters"
    shop.bot.refuses = "conversation.ended"
    await shop.answered()
    await shop.writes("bye")
    letters: list[Json] = []
    while not letters:
        letters = (await shop.office.operator("GET", path)).body["dead_letters"]

    shop.bot.refuses = ""
    replayed = await shop.office.operator("POST", f"{path}/{letters[0]['id']}/replay")
    await until(lambda: len(shop.bot.refused) == 1 and len(shop.bot.heard) == 4)

    assert replayed.status == 204
    first, again = shop.bot.heard[-2:]
    assert letters[0]["type"] == again.json()["type"] == "conversation.ended"
    assert first.headers["webhook-id"] == again.headers["webhook-id"]
    assert (await shop.office.operator("GET", path)).body["dead_letters"] == []


async def test_the_description_of_the_api_knows_the_connector(shop: Shop) -> None:
    async with shop.office.http.get("/openapi.json") as answer:
        document = await answer.json()

    operation = document["paths"]["/v1/channels/shop/events"]["post"]
    served = {
        (route.method, route.resource.canonical)
        for route in shop.office.app.parts.server.application.router.routes()
        if route.resource is not None
        and route.resource.canonical.startswith("/v1/")
        and route.method != "HEAD"
    }
    described = {
        (method.upper(), path) for path, found in document["paths"].items() for method in found
    }

    assert "channels.shop" in operation["description"]
    assert served == described
    assert "ConnectorEvent" in json.dumps(document["components"]["schemas"])


@pytest.mark.parametrize("missing", ["channels.shop", "bots.clerk"])
async def test_without_its_secret_nothing_starts(tmp_path: Path, missing: str) -> None:
    table = f"[{missing}]"
    head, _, tail = SETTINGS.partition(table)
    text = head + table + tail.replace('secret = "{secret}"\n', "", 1)
    file = tmp_path / "deskbridge.toml"
    file.touch(0o600)
    file.write_text(
        text.format(platform="http://127.0.0.1:9", bot="http://127.0.0.1:9", secret=SECRET),
        encoding="utf-8",
    )

    with pytest.raises(InvalidSettings, match="secret"):
        load(file, {})
