"""Whatever people do comes as an update that is just as the Bot API says."""

from collections.abc import Awaitable, Callable

import pytest

from bridge.simulators.telegram import Attached, CannotDo, Person
from tests.simulators.telegram.scene import PNG, Scene

_Act = Callable[[Person], Awaitable[object]]


def _file(kind: str, mime: str = "", name: str = "") -> _Act:
    return lambda bia: bia.sends_file(PNG, mime, kind=kind, name=name)


KINDS: dict[str, tuple[str, _Act]] = {
    "words": ("text", lambda bia: bia.writes("see https://a.example, @acme_bot, /help #now 🎉")),
    "start": ("text", lambda bia: bia.starts("from-the-site")),
    "photo": ("photo", _file("photo")),
    "captioned": ("caption", lambda bia: bia.sends_file(PNG, kind="photo", caption="see #this")),
    "video": ("video", _file("video", "video/mp4")),
    "animation": ("animation", _file("animation", "video/mp4")),
    "animation_as_document": ("document", _file("animation", "video/mp4")),
    "voice": ("voice", _file("voice")),
    "audio": ("audio", _file("audio", "audio/mpeg")),
    "video_note": ("video_note", _file("video_note")),
    "document": ("document", _file("document", name="a.pdf")),
    "sticker": ("sticker", _file("sticker", "image/webp")),
    "animated_sticker": ("sticker", _file("sticker", "application/x-tgsticker")),
    "video_sticker": ("sticker", _file("sticker", "video/webm")),
    "place": ("location", lambda bia: bia.shares_place(-23.5, -46.6)),
    "live_place": ("location", lambda bia: bia.shares_place(-23.5, -46.6, live_period=600)),
    "venue": ("venue", lambda bia: bia.shares_venue("Acme", "Rua 1")),
    "contact": ("contact", lambda bia: bia.shares_contact("+5511912345678", "Bo", user_id=7)),
    "poll": ("poll", lambda bia: bia.asks("Which?", "this", "that")),
    "dice": ("dice", lambda bia: bia.rolls()),
    "service": ("boost_added", lambda bia: bia.sends({"boost_added": {"boost_count": 1}})),
}
"""What Bia does, and the field of a message that says it."""


@pytest.mark.parametrize("kind", KINDS)
async def test_every_kind_of_message_is_told(scene: Scene, kind: str) -> None:
    field, act = KINDS[kind]
    await act(scene.bia)

    (update,) = await scene.updates()

    assert update["message"]["from"]["id"] == update["message"]["chat"]["id"] == scene.bia.id
    assert field in update["message"]


async def test_the_biggest_size_of_a_picture_is_the_picture(scene: Scene) -> None:
    await scene.bia.sends_file(PNG, kind="photo")

    (update,) = await scene.updates()
    bodies = []
    for size in update["message"]["photo"]:
        path = (await scene.call("getFile", file_id=size["file_id"]))["result"]["file_path"]
        url = f"{scene.sim.base_file_url}{scene.bot.token}/{path}"
        async with scene.http.get(url) as answer:
            bodies.append(await answer.read())

    assert [body == PNG for body in bodies] == [False, False, True]


async def test_an_album_is_a_message_for_each_file(scene: Scene) -> None:
    await scene.bia.sends_album(
        Attached(body=PNG, kind="photo", caption="two of them"), Attached(body=PNG, kind="photo")
    )

    first, second = await scene.updates()

    assert first["message"]["media_group_id"] == second["message"]["media_group_id"]


async def test_edits_and_moves_come_as_edited(scene: Scene) -> None:
    line = await scene.bia.writes("ol")
    place = await scene.bia.shares_place(1.0, 1.0, live_period=600)
    await scene.bia.edits(line, "olá @acme_bot")
    await scene.bia.moves(place, 2.0, 2.0)

    told = [one["edited_message"] for one in (await scene.updates())[2:]]

    assert told[0]["text"] == "olá @acme_bot"
    assert told[0]["entities"] == [{"offset": 4, "length": 9, "type": "mention"}]
    assert told[1]["location"]["latitude"] == 2.0
    assert all(one["edit_date"] for one in told)


async def test_an_answer_shows_what_it_answers_and_quotes(scene: Scene) -> None:
    ours = await scene.send(text="🎉 one or two?")
    asked = scene.bia.received()[0]
    await scene.bia.writes("two", quoting=asked, quote="two")

    (update,) = await scene.updates()

    assert update["message"]["reply_to_message"]["message_id"] == ours["message_id"]
    assert update["message"]["quote"] == {"text": "two", "position": 10, "is_manual": True}


async def test_a_quote_from_elsewhere_says_where_it_is_from(scene: Scene) -> None:
    team = scene.sim.group(scene.bot, "Team", scene.bia, admin=True)
    elsewhere = await scene.bia.at(team).sends_file(PNG, kind="photo")
    await scene.bia.writes("this", quoting=elsewhere)

    reply = (await scene.updates())[-1]["message"]["external_reply"]

    assert reply["origin"]["sender_user"]["id"] == scene.bia.id
    assert len(reply["photo"]) == 3


async def test_forwards_say_whose_it_was(scene: Scene) -> None:
    bo = scene.sim.person(scene.bot, "Bo")
    line = await bo.writes("hear, hear")
    await scene.bia.forwards(line)
    await scene.bia.forwards(line, hidden_as="Somebody")

    told = [one["message"]["forward_origin"] for one in (await scene.updates())[1:]]

    assert told[0]["sender_user"]["first_name"] == "Bo"
    assert told[1]["sender_user_name"] == "Somebody"


async def test_a_block_and_its_end_are_told(scene: Scene) -> None:
    await scene.bia.blocks()
    refused = await scene.call("sendMessage", chat_id=scene.bia.id, text="hello")
    await scene.bia.unblocks()
    await scene.send(text="hello")

    told = [one["my_chat_member"]["new_chat_member"] for one in await scene.updates()]

    assert refused["description"] == "Forbidden: bot was blocked by the user"
    assert [one["status"] for one in told] == ["kicked", "member"]


async def test_a_pressed_button_turns_until_it_is_answered(scene: Scene) -> None:
    button = {"text": "Yes", "callback_data": "y"}
    await scene.send(text="Sure?", reply_markup={"inline_keyboard": [[button]]})
    press = await scene.bia.presses(scene.bia.received()[0], "Yes")

    (update,) = await scene.updates()
    query = update["callback_query"]
    await scene.call("answerCallbackQuery", callback_query_id=query["id"], text="Thanks")
    shown = scene.bia.answer_to(press)

    assert (query["data"], query["message"]["text"]) == ("y", "Sure?")
    assert (shown.answered, shown.text) == (True, "Thanks")
    with pytest.raises(CannotDo):
        await scene.bia.presses(scene.bia.received()[0], "No")


async def test_reactions_tell_what_was_and_what_is(scene: Scene) -> None:
    await scene.updates(allowed_updates=["message_reaction"])
    line = await scene.bia.writes("oi")
    await scene.bia.reacts(line, "👍")
    await scene.bia.reacts(line)

    first, second = [one["message_reaction"] for one in await scene.updates()]

    thumb = [{"type": "emoji", "emoji": "👍"}]
    assert (first["old_reaction"], first["new_reaction"]) == ([], thumb)
    assert (second["old_reaction"], second["new_reaction"]) == (thumb, [])


async def test_a_message_of_another_decade_is_told_as_it_is(scene: Scene) -> None:
    await scene.bia.sends({"hologram": {"angle": 45}})
    scene.sim.telling.update(scene.bot.id, "hologram_update", {"x": 1})

    said = await scene.call("getUpdates")

    message, other = said["result"]
    assert message["message"]["hologram"] == {"angle": 45}
    assert other["hologram_update"] == {"x": 1}


async def test_in_a_group_a_bot_hears_what_is_meant_for_it(scene: Scene) -> None:
    team = scene.sim.group(scene.bot, "Team", scene.bia)
    bia = scene.bia.at(team)
    await bia.writes("not for you")
    await bia.writes("/help")
    scene.sim.stands(team, scene.bia, "administrator")
    await bia.writes("for all")

    told = await scene.updates()

    assert [one["message"]["text"] for one in told if "message" in one] == ["/help", "for all"]
    assert sum("my_chat_member" in one for one in told) == 2


async def test_a_channel_speaks_for_itself(scene: Scene) -> None:
    news = scene.sim.group(scene.bot, "News", scene.bia, kind="channel")
    await scene.bia.at(news).writes("hear, hear")
    said = await scene.call("sendMessage", chat_id=news.id, text="posted")

    post = (await scene.updates())[-1]["channel_post"]

    assert post["sender_chat"]["title"] == said["result"]["sender_chat"]["title"] == "News"
    assert "from" not in post


async def test_a_group_that_grew_says_its_new_number(scene: Scene) -> None:
    team = scene.sim.group(scene.bot, "Team", scene.bia)
    bigger = await scene.sim.upgrade(team, scene.bia)

    refused = await scene.call("sendMessage", chat_id=team.id, text="hello")
    taken = await scene.call("sendMessage", chat_id=bigger.id, text="hello")

    assert refused["parameters"] == {"migrate_to_chat_id": bigger.id}
    assert taken["ok"]
