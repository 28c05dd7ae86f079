"""Commands, buttons, menus and forms, through the real discord.py."""

from typing import Self

import discord
import pytest
from discord import app_commands, ui

from bridge.simulators.discord import (
    App,
    CannotDo,
    Channel,
    DiscordSimulator,
    Guild,
    Person,
    Timing,
)
from tests.simulators.discord.bots import Bot

Interaction = discord.Interaction[discord.Client]


async def _sync(bot: Bot, guild: Guild) -> None:
    bot.tree.copy_global_to(guild=discord.Object(int(guild.id)))
    await bot.tree.sync(guild=discord.Object(int(guild.id)))


async def test_a_slash_command_in_a_thread_gets_its_options(
    sim: DiscordSimulator, bot: Bot, guild: Guild, support: Channel, ana: Person, bo: Person
) -> None:
    @bot.tree.command(description="Give it to somebody else")
    async def transfer(it: Interaction, agent: discord.Member, note: str = "") -> None:
        assert isinstance(it.channel, discord.Thread)
        await it.response.send_message(f"{agent.name}: {note} in {it.channel.name}")

    await _sync(bot, guild)
    thread = await ana.opens_thread(support, "Alice", "hello")

    outcome = await ana.uses(thread, "transfer", agent=bo, note="please")

    assert outcome.message is not None
    assert outcome.message.content == "bo: please in Alice"


async def test_a_deferred_private_answer_is_seen_by_its_person_alone(
    sim: DiscordSimulator, bot: Bot, guild: Guild, room: Channel, ana: Person, bo: Person
) -> None:
    @bot.tree.command(description="Queues")
    async def queues(it: Interaction) -> None:
        await it.response.defer(ephemeral=True, thinking=True)
        await it.followup.send("two waiting", ephemeral=True)

    await _sync(bot, guild)

    outcome = await ana.types(room, "/queues")
    answer = await ana.settled(outcome)

    assert outcome.interaction.answer == "thinking"
    assert answer.content == "two waiting"
    assert [one.content for one in ana.whispers(room)] == ["two waiting"]
    assert bo.whispers() == []
    assert sim.messages(room) == []


async def test_completion_gives_what_the_app_says(
    bot: Bot, guild: Guild, room: Channel, ana: Person
) -> None:
    @bot.tree.command(description="Move")
    async def move(it: Interaction, queue: str) -> None:
        await it.response.send_message(queue)

    @move.autocomplete("queue")
    async def queue(it: Interaction, typed: str) -> list[app_commands.Choice[str]]:
        names = [one for one in ("support", "sales") if one.startswith(typed)]
        return [app_commands.Choice(name=one.title(), value=one) for one in names]

    await _sync(bot, guild)

    assert await ana.completes(room, "move", "queue", "su") == [
        {"name": "Support", "value": "support"}
    ]


class Take(ui.DynamicItem[ui.Button[ui.View]], template=r"take:(?P<id>\d+)"):
    def __init__(self, number: str) -> None:
        super().__init__(ui.Button(label="Take", custom_id=f"take:{number}"))
        self.number = number

    @classmethod
    async def from_custom_id(cls, it: Interaction, item: ui.Item[ui.View], match: "object") -> Self:
        return cls(str(match["id"]))  # type: ignore[index]  # discord.py passes a re.Match

    async def callback(self, it: Interaction) -> None:
        await it.response.edit_message(content=f"#{self.number} is {it.user.name}'s", view=None)


async def test_a_persistent_button_changes_its_card(
    sim: DiscordSimulator, bot: Bot, room: Channel, ana: Person
) -> None:
    bot.add_dynamic_items(Take)
    view = ui.View(timeout=None)
    view.add_item(Take("1042"))
    await bot.place(room.id).send("card", view=view)
    card = await sim.message_in(room)

    outcome = await ana.presses(card, "take:1042")

    assert outcome.answered
    assert sim.messages(room)[0].content == "#1042 is ana's"
    with pytest.raises(CannotDo, match="no 'take:1042' here"):
        await ana.presses(card, "take:1042")


class Whom(ui.View):
    def __init__(self) -> None:
        super().__init__()
        self.chosen: list[str] = []

    @ui.select(cls=ui.UserSelect, custom_id="whom")
    async def whom(self, it: Interaction, menu: ui.UserSelect[Self]) -> None:
        self.chosen += [one.name for one in menu.values]
        await it.response.defer()

    @ui.select(
        custom_id="how",
        options=[discord.SelectOption(label="Low"), discord.SelectOption(label="High")],
    )
    async def how(self, it: Interaction, menu: ui.Select[Self]) -> None:
        self.chosen += menu.values
        await it.response.defer()

    @ui.select(cls=ui.RoleSelect, custom_id="team")
    async def team(self, it: Interaction, menu: ui.RoleSelect[Self]) -> None:
        self.chosen += [one.name for one in menu.values]
        await it.response.defer()


async def test_menus_give_people_roles_and_words(
    sim: DiscordSimulator, bot: Bot, guild: Guild, room: Channel, ana: Person, bo: Person
) -> None:
    view, agents = Whom(), sim.role(guild, "Agents")
    await bot.place(room.id).send("choose", view=view)
    card = await sim.message_in(room)

    await ana.chooses(card, "whom", bo)
    await ana.chooses(card, "how", "High")
    await ana.chooses(card, "team", agents)

    await sim.until(lambda: len(view.chosen) == 3)
    assert view.chosen == ["bo", "High", "Agents"]


class Ticket(ui.Modal, title="Ticket"):
    subject: ui.TextInput[Self] = ui.TextInput(label="Subject", custom_id="subject", max_length=10)

    async def on_submit(self, it: Interaction) -> None:
        await it.response.send_message(f"made {self.subject.value}", ephemeral=True)


async def test_a_message_menu_opens_a_form_and_the_form_is_answered(
    bot: Bot, guild: Guild, room: Channel, ana: Person
) -> None:
    @bot.tree.context_menu(name="Ticket from this message")
    async def ticket(it: Interaction, message: discord.Message) -> None:
        await it.response.send_modal(Ticket(title=message.content))

    await _sync(bot, guild)
    line = await ana.says(room, "It broke")

    opened = await ana.uses_menu("Ticket from this message", line)
    assert opened.modal is not None
    with pytest.raises(CannotDo, match="10 characters or fewer"):
        await ana.submits(opened.modal, subject="far too long a text")
    sent = await ana.submits(opened.modal, subject="printer")

    assert opened.modal.title == "It broke"
    assert sent.message is not None
    assert sent.message.content == "made printer"
    assert ana.modals == []


async def test_an_answer_that_never_comes_is_told_to_the_person(
    sim: DiscordSimulator, bot: Bot, guild: Guild, room: Channel, ana: Person
) -> None:
    @bot.tree.command(description="Sleeps")
    async def sleep(it: Interaction) -> None:
        pass

    await _sync(bot, guild)
    sim.world.timing = Timing(answer_within=0.05)

    outcome = await ana.uses(room, "sleep")

    assert not outcome.answered


async def test_a_second_answer_is_refused(
    bot: Bot, guild: Guild, room: Channel, ana: Person
) -> None:
    refused: list[int] = []

    @bot.tree.command(description="Twice")
    async def twice(it: Interaction) -> None:
        await it.response.send_message("one")
        it.response._response_type = None  # noqa: SLF001  # discord.py would not even ask
        try:
            await it.response.send_message("two")
        except discord.HTTPException as e:
            refused.append(e.code)
        await it.followup.send("done")

    await _sync(bot, guild)
    await ana.uses(room, "twice")

    await bot.wait_for("message", check=lambda one: one.content == "done", timeout=20)
    assert refused == [40060]


async def test_commands_keep_their_ids_until_they_change(
    sim: DiscordSimulator, bot: Bot, guild: Guild, app: App
) -> None:
    @bot.tree.command(name="return-to-bot", description="Back")
    async def back(it: Interaction) -> None:
        await it.response.send_message("back")

    await _sync(bot, guild)
    first = next(iter(sim.world.commands.values()))
    await _sync(bot, guild)
    second = next(iter(sim.world.commands.values()))

    assert (first.id, first.version) == (second.id, second.version)
    assert len(sim.world.creates[f"{app.id} {guild.id}"]) == 1


async def test_a_command_hidden_from_members_is_not_there_for_them(
    bot: Bot, guild: Guild, room: Channel, ana: Person
) -> None:
    @bot.tree.command(description="For admins")
    @app_commands.default_permissions(manage_guild=True)
    async def admin(it: Interaction) -> None:
        await it.response.send_message("yes")

    await _sync(bot, guild)

    with pytest.raises(CannotDo, match="no command 'admin' here"):
        await ana.uses(room, "admin")
