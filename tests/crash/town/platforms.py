"""The platforms of the town, each with its ledger, and the settings of a desk on all of them."""

import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from bridge.settings import FILE_NAME
from bridge.simulators.bots.deskbridge import DeskbridgeBot
from bridge.simulators.bots.server import Json
from bridge.simulators.connector.platform import Platform
from bridge.simulators.discord import DiscordSimulator
from bridge.simulators.discord import Person as DiscordPerson
from bridge.simulators.discord import Timing as DiscordTiming
from bridge.simulators.graph.records import Number
from bridge.simulators.graph.settings import Quirks
from bridge.simulators.graph.simulator import GraphSimulator
from bridge.simulators.slack import Person as SlackPerson
from bridge.simulators.slack import SlackSimulator, Timing
from bridge.simulators.telegram.records import Bot
from bridge.simulators.telegram.simulator import TelegramSimulator
from tests.crash.desk import SECRET
from tests.crash.town.customers import PHOTO
from tests.crash.town.desk import TEAM
from tests.patience import PATIENCE

ROOM = "support"
_SIGNS = "whsec_" + "YSBzZWNyZXQgb2YgdGhlIHRvd24sIG9mIDMyIGJ5dGVzIQ=="
_PNG = b"\x89PNG\r\n\x1a\n" + bytes(20_000)
_BROUGHT_AGAIN = (0.3,) * 100_000
"""Graph does not tire: seconds between its tries."""
_LATER = (0.0, 1.5, 60.0)
"""What fails Slack sends again soon, and much later; most must have been read back by then."""
_SETTINGS = """
[desk]
data_dir = "data"
bot_deadline = "10m"  # a busy machine is no silent bot
{database}

[channels.web]
kind = "webchat"
bot = "porter"
origins = ["*"]
identity_secret = "{secret}"

[channels.web.limits]
visitor_per_second = 0
network_per_second = 0
total_per_second = 0
new_visitors_per_second = 0

[channels.whatsapp]
kind = "whatsapp"
bot = "porter"
phone_number_id = "{number.id}"
business_account_id = "{number.waba}"
access_token = "{number.token}"
app_secret = "{number.app_secret}"
verify_token = "{number.verify_token}"
graph_url = "{graph}"
status_seconds = 4
messages_per_second = 1000
pair_burst = 1000
pair_seconds = 0
read_marks = false

[channels.shop]
kind = "connector"
bot = "porter"
url = "{shop}/hook"
secret = "{signs}"
media_from = ["{shop}/"]
timeout = 60

[channels.telegram]
kind = "telegram"
bot = "porter"
token = "{telegram.token}"
api_url = "{telegram_api}"
messages_per_second = 1000
chat_burst = 100
chat_seconds = 0
poll_seconds = 5

[bots.porter]
kind = "webhook"
url = "{porter}/bot"
secret = "{signs}"
timeout = 60

[workspaces.slack]
kind = "slack"
mode = "socket"
bot_token = "{slack.bot_token}"
app_token = "{slack.app_token}"
signing_secret = "{slack.signing_secret}"
api_url = "{slack_api}"
posts_per_channel = 50
posts_per_minute = 10000

[workspaces.discord]
kind = "discord"
bot_token = "{discord.token}"
guild = "{guild}"
api_url = "{discord_api}"
gateway_url = "{gateway}"
calls_per_second = 10000
threads_in_room = 10000
card_edit_seconds = 0.5

[workspaces.local]
kind = "local"
"""


class Porter(DeskbridgeBot):
    """Hands everybody over at once, to the queue that he names: `c03-0001 to slack`."""

    def _answer(self, kind: str, data: Json) -> Json:
        if kind != "message.created" or data["conversation"]["control"] != "bot":
            return {}
        queue = data["message"]["text"].rpartition(" to ")[2]
        return {"handoff": {"queue": queue, "reason": "asked"}}


@dataclass(frozen=True, kw_only=True)
class Platforms:
    """Everything around the desk; `ledgers` has a file for each."""

    slack: SlackSimulator
    discord: DiscordSimulator
    graph: GraphSimulator
    telegram: TelegramSimulator
    shop: Platform
    porter: Porter
    number: Number
    butler: Bot
    ana: SlackPerson
    bia: DiscordPerson
    ledgers: Path


Through = Callable[[str, str], Awaitable[str]]
"""Gives the way to a named server at an address: the address itself, or another before it."""


async def straight(_name: str, address: str) -> str:
    """No way round."""
    return address


@asynccontextmanager
async def platforms(
    folder: Path, desk: str, through: Through = straight, database: str = ""
) -> AsyncIterator[Platforms]:
    """All of them, and the settings of a desk at this address in the folder."""
    async with AsyncExitStack() as open_:
        around = await _opened(open_, folder)
        for name, world in (
            ("slack", around.slack.world),
            ("discord", around.discord.world),
            ("whatsapp", around.graph.world),
            ("telegram", around.telegram.world),
        ):
            world.address = await through(name, world.address)
        around.shop.base = await through("shop", around.shop.base)
        desk = await through("desk", desk)
        around.shop.desk = f"{desk}/v1/channels/shop/events"
        webhook = f"{desk}/whatsapp/whatsapp/events"
        around = replace(around, number=around.graph.change_number(around.number, webhook=webhook))
        _settle(around, database)
        yield around


async def _opened(open_: AsyncExitStack, folder: Path) -> Platforms:
    """Every platform listens, and has its ledger in the folder."""
    brief = Timing(retry_after=_LATER)
    slack = await open_.enter_async_context(
        SlackSimulator.running(timing=brief, ledger=folder / "slack")
    )
    patient = DiscordTiming(answer_within=PATIENCE)
    discord = await open_.enter_async_context(
        DiscordSimulator.running(timing=patient, ledger=folder / "discord")
    )
    tireless = Quirks(retry_after=_BROUGHT_AGAIN)
    graph = await open_.enter_async_context(
        GraphSimulator.running(quirks=tireless, ledger=folder / "graph")
    )
    telegram = await open_.enter_async_context(
        TelegramSimulator.running(ledger=folder / "telegram")
    )
    shop = await Platform(_SIGNS, folder / "shop").start()
    open_.push_async_callback(shop.stop)
    shop.files[PHOTO] = _PNG
    porter = await Porter(_SIGNS, folder / "porter").start()
    open_.push_async_callback(porter.stop)
    return Platforms(
        slack=slack,
        discord=discord,
        graph=graph,
        telegram=telegram,
        shop=shop,
        porter=porter,
        number=graph.number(),
        butler=telegram.bot(),
        ana=slack.hire("Ana"),
        bia=discord.person("bia", discord.guild("Acme", owner="olga")),
        ledgers=folder,
    )


def _settle(around: Platforms, database: str) -> None:
    """Rooms, and the settings of a desk on all of it."""
    slack, discord, folder = around.slack, around.discord, around.ledgers
    app, bot = slack.install("Deskbridge"), discord.application()
    room = slack.channel(ROOM, around.ana, app, kind="private")
    guild = next(iter(discord.world.guilds.values()))
    discord.invite(bot, guild)
    forum = discord.forum(guild, ROOM)
    text = _SETTINGS.format(
        database=f'database_url = "{database}"' if database else "",
        secret=SECRET,
        signs=_SIGNS,
        number=around.number,
        graph=around.graph.url,
        shop=around.shop.base,
        telegram=around.butler,
        telegram_api=around.telegram.world.address,
        porter=around.porter.base,
        slack=app,
        slack_api=slack.api_url,
        discord=bot,
        guild=guild.id,
        discord_api=discord.api_url,
        gateway=discord.gateway_url,
    )
    path = folder / FILE_NAME
    path.touch(mode=0o600)
    path.write_text(text, "utf-8")
    team = (
        ("slack", room.id, "ana", around.ana.id),
        ("discord", forum.id, "bia", around.bia.id),
        ("local", "", "caio", ""),
    )
    keys = ("workspace", "room", "handle", "user")
    places = [dict(zip(keys, each, strict=True)) for each in team]
    (folder / TEAM).write_text(json.dumps(places), "utf-8")
