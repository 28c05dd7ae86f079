"""What is neither words nor a file: places, people, dice and polls."""

import random
from collections.abc import Mapping

from bridge.simulators.common.wire import Json, JsonObject, obj, txt
from bridge.simulators.telegram.api.call import Call, Desk
from bridge.simulators.telegram.api.sending import send
from bridge.simulators.telegram.errors import TelegramRefused
from bridge.simulators.telegram.shapes import poll_said

DICE = {"🎲": 6, "🎯": 6, "🎳": 6, "🏀": 5, "⚽": 5, "🎰": 64}
"""Every dice, and how high it goes."""
_PLACE = (
    "latitude", "longitude", "horizontal_accuracy", "live_period", "heading",
    "proximity_alert_radius",
)  # fmt: skip
_VENUE = (
    "title", "address", "foursquare_id", "foursquare_type", "google_place_id",
    "google_place_type",
)  # fmt: skip
_CONTACT = ("phone_number", "first_name", "last_name", "vcard")


async def send_location(desk: Desk, call: Call) -> Json:
    """`sendLocation`."""
    return await send(desk, call, desk.writable(call), {"location": _place(call.args)})


async def send_venue(desk: Desk, call: Call) -> Json:
    """`sendVenue`; it says the place twice, as Telegram does."""
    chat = desk.writable(call)
    place = _place(call.args)
    venue: JsonObject = {"location": place, **_given(call.args, _VENUE)}
    return await send(desk, call, chat, {"venue": venue, "location": place})


async def send_contact(desk: Desk, call: Call) -> Json:
    """`sendContact`."""
    return await send(desk, call, desk.writable(call), {"contact": _given(call.args, _CONTACT)})


async def send_dice(desk: Desk, call: Call) -> Json:
    """`sendDice`."""
    emoji = call.txt("emoji") or "🎲"
    if emoji not in DICE:
        raise TelegramRefused(400, "wrong parameter emoji in request")
    dice: JsonObject = {"emoji": emoji, "value": random.randint(1, DICE[emoji])}
    return await send(desk, call, desk.writable(call), {"dice": dice})


async def send_poll(desk: Desk, call: Call) -> Json:
    """`sendPoll`: 2 to 12 answers, as words."""
    options = [txt(obj(each).get("text")) for each in call.arr("options")]
    if not 2 <= len(options) <= 12 or not all(options):
        raise TelegramRefused(400, "a poll must have 2-12 options that are not empty")
    anonymous = call.args.get("is_anonymous") is not False
    multiple = call.flag("allows_multiple_answers")
    poll = poll_said(call.txt("question"), options, anonymous=anonymous, multiple=multiple)
    return await send(desk, call, desk.writable(call), {"poll": poll})


def _place(args: Mapping[str, Json]) -> JsonObject:
    latitude, longitude = args.get("latitude"), args.get("longitude")
    ranged = ((latitude, 90), (longitude, 180))
    if not all(isinstance(one, int | float) and abs(one) <= most for one, most in ranged):
        raise TelegramRefused(400, "wrong latitude or longitude specified")
    return _given(args, _PLACE)


def _given(args: Mapping[str, Json], names: tuple[str, ...]) -> JsonObject:
    return {name: args[name] for name in names if name in args}
