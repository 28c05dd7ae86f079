"""What an option offers for the letters typed so far, within Discord's three seconds."""

import asyncio

from bridge.adapters.common.choices import choice_of
from bridge.adapters.common.desk_eyes import DeskEyes
from bridge.adapters.common.forms import SPANS
from bridge.adapters.common.running import Runner
from bridge.adapters.workspaces.discord.client import Json
from bridge.adapters.workspaces.discord.site import Site
from bridge.adapters.workspaces.discord.surfaces.kit import clipped
from bridge.adapters.workspaces.discord.surfaces.occasion import Occasion
from bridge.adapters.workspaces.discord.surfaces.waits import Waits
from bridge.domain.errors import DeskbridgeError
from bridge.locales import say
from bridge.ports.commands import ArgumentKind, ArgumentSpec, WorkspaceUser

MOST = 25
_WORDS = 100


class Completing:
    """Completes agents, queues, templates, tickets and conversations."""

    def __init__(self, site: Site, eyes: DeskEyes, runner: Runner, waits: Waits) -> None:
        """Nobody types yet."""
        self._site = site
        self._eyes = eyes
        self._runner = runner
        self._waits = waits

    async def offered(self, occasion: Occasion, user: WorkspaceUser) -> list[Json]:
        """The entries; none when the desk does not say in time."""
        spec = self._spec(occasion)
        if spec is None:
            return []
        typed = occasion.options.get(occasion.focused, "")
        try:
            async with asyncio.timeout(self._waits.choices):
                return await self._entries(spec, typed, occasion, user)
        except (TimeoutError, DeskbridgeError):
            return []

    def _spec(self, occasion: Occasion) -> ArgumentSpec | None:
        command = self._site.commands.get(occasion.name)
        arguments = () if command is None else command.arguments
        return next((each for each in arguments if each.name == occasion.focused), None)

    async def _entries(
        self, spec: ArgumentSpec, typed: str, occasion: Occasion, user: WorkspaceUser
    ) -> list[Json]:
        language = await self._eyes.language(user)
        if spec.name == "since":
            return _spans(typed, language)
        named = "" if spec.kind is ArgumentKind.CONVERSATION else "conversation"
        number = await self._runner.number(occasion.thread, occasion.options.get(named, ""))
        found = await self._eyes.choices(spec.kind, user, typed, number)
        return [
            _entry(_label(choice.label, choice.hint), choice.value)
            for choice in (choice_of(each, spec.kind) for each in found.options[:MOST])
            if choice.value and len(choice.value) <= _WORDS
        ]


def _spans(typed: str, language: str) -> list[Json]:
    """How far back; what somebody types himself is as good."""
    known = [_entry(say(language, f"workspace.since.{each}"), each) for each in SPANS]
    fitting = [each for each in known if typed.lower() in f"{each['name']} {each['value']}".lower()]
    own = [_entry(typed, typed)] if typed and len(typed) <= _WORDS and not fitting else []
    return [*own, *fitting]


def _label(label: str, hint: str) -> str:
    return f"{label} · {hint}" if hint else label


def _entry(label: str, value: str) -> Json:
    return {"name": clipped(label, _WORDS), "value": value}
