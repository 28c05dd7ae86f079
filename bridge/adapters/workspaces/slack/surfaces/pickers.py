"""What an external menu offers for the letters typed so far."""

from collections.abc import Sequence

from bridge.adapters.common.choices import Choice, choice_of
from bridge.adapters.common.desk_eyes import DeskEyes
from bridge.adapters.workspaces.slack.blocks.outbound import plain_text
from bridge.adapters.workspaces.slack.client import Json
from bridge.adapters.workspaces.slack.site import Site
from bridge.adapters.workspaces.slack.surfaces import kit
from bridge.adapters.workspaces.slack.surfaces.occasion import Occasion
from bridge.locales import say
from bridge.ports.commands import ArgumentKind, WorkspaceUser


class Pickers:
    """Completes agents, queues, templates and conversations."""

    def __init__(self, site: Site, eyes: DeskEyes) -> None:
        """Nobody has typed yet."""
        self._site = site
        self._eyes = eyes

    async def offered(self, kind: str, typed: str, occasion: Occasion, user: WorkspaceUser) -> Json:
        """The answer to a `block_suggestion`."""
        if kind not in set(ArgumentKind):
            return {"options": []}
        number = None if occasion.sheet is None else occasion.sheet.number
        found = await self._eyes.choices(ArgumentKind(kind), user, typed.strip(), number)
        entries = {option.value: choice_of(option, kind) for option in found.options}
        shown = list(entries.values())[: kit.MAX_OPTIONS]
        if kind != ArgumentKind.TARGET or not shown:
            return {"options": [kit.option(each) for each in shown]}
        language = await self._eyes.language(user)
        return {"option_groups": _groups(shown, language)}


def _groups(shown: Sequence[Choice], language: str) -> list[Json]:
    people = [each for each in shown if each.value.startswith("@")]
    queues = [each for each in shown if not each.value.startswith("@")]
    return [
        {
            "label": plain_text(say(language, f"workspace.form.{name}"), 75),
            "options": [kit.option(each) for each in group],
        }
        for name, group in (("agents", people), ("queues", queues))
        if group
    ]
