"""Everything interactive in one Slack workspace: the same commands from every surface."""

from msgspec.structs import replace

from bridge.adapters.common.forms import BOARDS, asks_for_more
from bridge.adapters.common.spoken import MENU, names_customer, number_and_rest
from bridge.adapters.common.voice import Voice
from bridge.adapters.workspaces.slack.blocks.actions import Pressed, read_action
from bridge.adapters.workspaces.slack.receiving.payloads import Payload
from bridge.adapters.workspaces.slack.receiving.taking import downloads
from bridge.adapters.workspaces.slack.setup.manifest import PRESENCE, SHORTCUT
from bridge.adapters.workspaces.slack.setup.slash_names import command_named
from bridge.adapters.workspaces.slack.site import Site
from bridge.adapters.workspaces.slack.surfaces import boards, kit
from bridge.adapters.workspaces.slack.surfaces.answers import Answers
from bridge.adapters.workspaces.slack.surfaces.home import AWAY
from bridge.adapters.workspaces.slack.surfaces.homes import Homes
from bridge.adapters.workspaces.slack.surfaces.modals import Modals
from bridge.adapters.workspaces.slack.surfaces.occasion import (
    Occasion,
    of_action,
    of_shortcut,
    of_slash,
    of_view,
)
from bridge.adapters.workspaces.slack.surfaces.opening import Opening
from bridge.adapters.workspaces.slack.surfaces.pickers import Pickers
from bridge.adapters.workspaces.slack.surfaces.running import Runner
from bridge.adapters.workspaces.slack.surfaces.sheet import Sheet, changed, filled
from bridge.adapters.workspaces.slack.surfaces.spoken import words
from bridge.adapters.workspaces.slack.surfaces.submitting import Submitting
from bridge.adapters.workspaces.slack.surfaces.typing import Typing
from bridge.ports.commands import WorkspaceUser


class Surfaces:
    """What `intake.Surfaces` promises. Each is awaited before Slack gets its ack."""

    def __init__(self, site: Site, voice: Voice) -> None:
        """Nothing was pressed yet."""
        self._site = site
        self._eyes = site.eyes
        self._modals = Modals(site)
        self._answers = Answers(site, voice, self._modals, self._eyes)
        self._runner = Runner(site)
        self._opening = Opening(site, self._eyes, self._modals, self._runner)
        self._submitting = Submitting(
            self._eyes, self._runner, self._opening, self._answers, downloads(site), site.clock
        )
        self._typing = Typing(site, self._eyes, self._runner, self._answers)
        self._pickers = Pickers(site, self._eyes)
        self._homes = Homes(site, self._eyes)

    async def start(self) -> None:
        """Homes follow the desk from now on."""
        await self._homes.start()

    async def stop(self) -> None:
        """Everybody gets the answer that he waits for."""
        await self._homes.stop()
        await self._answers.finish()

    # --- pressed ------------------------------------------------------------------------------

    async def action(self, payload: Payload) -> None:
        """A button runs its command, or opens the form for what it does not say."""
        occasion = of_action(payload)
        actions = payload.get("actions") or ()
        for action in actions:
            await self._pressed(occasion, action, payload)

    async def _pressed(self, occasion: Occasion, action: Payload, payload: Payload) -> None:
        id_, chosen = str(action.get("action_id", "")), action.get("selected_option") or {}
        if id_.startswith((f"{kit.PICK}:", f"{kit.FILL}:")):
            fields = filled(payload.get("view") or {}) | changed(action)
            await self._filled(occasion, id_, fields)
            return
        pressed = read_action(id_, str(action.get("value") or chosen.get("value") or ""))
        if pressed is not None:
            await self._run(occasion, pressed)

    async def _filled(self, occasion: Occasion, id_: str, fields: dict[str, str]) -> None:
        """Something in a modal or on the home that changes what is shown there."""
        user = await self._runner.user(occasion)
        if id_ == boards.FILTER:
            await self._opening.form(
                occasion, user, replace(self._sheet(occasion), command="conversations")
            )
        elif id_ == AWAY:
            await self._opening.form(
                occasion, user, self._opening.sheet(occasion, "available", None)
            )
        elif occasion.view:
            sheet = self._submitting.sheet_of(self._sheet(occasion), fields)
            await self._opening.form(occasion, user, sheet)

    async def _run(self, occasion: Occasion, pressed: Pressed) -> None:
        user = await self._runner.user(occasion)
        number = await self._runner.number(occasion, pressed.number, pressed.arguments)
        sheet = self._opening.sheet(occasion, pressed.command, number, arguments=pressed.arguments)
        if await self._opened(occasion, user, sheet, pressed):
            return
        answer = await self._runner.run(
            occasion, user, pressed.command, arguments=pressed.arguments, number=number
        )
        self._answers.tell(occasion, user, answer, pressed.command, number)

    async def _opened(
        self, occasion: Occasion, user: WorkspaceUser, sheet: Sheet, pressed: Pressed
    ) -> bool:
        """A board or a form, where the button wants one."""
        if pressed.command in BOARDS and not pressed.arguments:
            return await self._opening.board(occasion, user, sheet)
        if asks_for_more(pressed.command, pressed.arguments):
            return await self._opening.form(occasion, user, sheet)
        return False

    # --- chosen from a menu of Slack's --------------------------------------------------------

    async def shortcut(self, payload: Payload) -> None:
        """A message's menu acts on its conversation; the lightning menu on oneself."""
        occasion = of_shortcut(payload)
        user = await self._runner.user(occasion)
        id_ = str(payload.get("callback_id", ""))
        if id_ == PRESENCE:
            await self._presence(occasion, user)
            return
        command = id_.removeprefix(SHORTCUT)
        number = await self._runner.number(occasion)
        if number is None:
            await self._opening.sorry(occasion, user, "no_thread", command)
            return
        sheet = self._opening.sheet(occasion, command, number)
        if command == MENU and occasion.thread is not None:
            actions = await self._eyes.actions(number, occasion.thread, user)
            await self._opening.menu(occasion, user, sheet, actions)
        elif command in BOARDS:
            await self._opening.board(occasion, user, sheet)
        else:
            about = _about(command, payload)
            await self._run(occasion, Pressed(command=command, number=number, arguments=about))

    async def _presence(self, occasion: Occasion, user: WorkspaceUser) -> None:
        home = await self._eyes.home(user)
        if home is None or home.agent.available:
            await self._opening.form(
                occasion, user, self._opening.sheet(occasion, "available", None)
            )
            return
        answer = await self._runner.run(occasion, user, "available", arguments={"state": "on"})
        self._answers.tell(occasion, user, answer, "available")

    # --- typed --------------------------------------------------------------------------------

    async def slash(self, payload: Payload) -> None:
        """A slash command in a channel; without its conversation it asks which."""
        occasion = of_slash(payload)
        user = await self._runner.user(occasion)
        prefix = self._site.settings.command_prefix
        command = command_named(str(payload.get("command", "")), prefix)
        text = words(str(payload.get("text") or ""))
        if await self._asked(occasion, user, command, text):
            return
        answer = await self._runner.run(occasion, user, command, text=text)
        self._answers.tell(occasion, user, answer, command, number_and_rest(text)[0])

    async def _asked(
        self, occasion: Occasion, user: WorkspaceUser, command: str, text: str
    ) -> bool:
        """Open the modal that is kinder than an answer; false where there is none."""
        number, rest = number_and_rest(text)
        spec = self._site.commands.get(command)
        if spec is None:
            return False
        sheet = self._opening.sheet(occasion, command, number)
        if command in BOARDS and not rest:
            if command == "events" and number is None:
                return await self._opening.form(occasion, user, sheet)
            return await self._opening.board(occasion, user, sheet)
        if not spec.in_thread or (command == "template" and names_customer(rest)):
            return False
        if number is None:
            return await self._opening.form(occasion, user, replace(sheet, text=rest))
        if rest or not asks_for_more(command, {}) or command == "return-to-bot":
            return False
        return await self._opening.form(occasion, user, sheet)

    async def typed(self, message: Payload) -> bool:
        """A `!command`, or a mention of the app at the beginning of a message."""
        return await self._typing.typed(message)

    # --- filled in ----------------------------------------------------------------------------

    async def submission(self, payload: Payload) -> Payload | None:
        """A form that was sent: its command's refusal shows in it, its success privately."""
        return await self._submitting.sent(of_view(payload), payload["view"])

    async def options(self, payload: Payload) -> Payload:
        """What a picker offers."""
        occasion = of_view(payload)
        user = await self._runner.user(occasion)
        kind = str(payload.get("action_id", "")).removeprefix(f"{kit.PICK}:")
        return await self._pickers.offered(kind, str(payload.get("value") or ""), occasion, user)

    async def home_opened(self, event: Payload) -> None:
        """Somebody looks at the home tab."""
        if event.get("tab", "home") == "home":
            self._homes.opened(str(event.get("user", "")))

    # --- what they share ----------------------------------------------------------------------

    def _sheet(self, occasion: Occasion) -> Sheet:
        return occasion.sheet or Sheet()


def _about(command: str, payload: Payload) -> dict[str, str]:
    """A ticket that is made from a message begins with its words."""
    if command != "ticket":
        return {}
    message = payload.get("message") or {}
    return {"action": "new", "description": words(str(message.get("text") or ""))[:2_000]}
