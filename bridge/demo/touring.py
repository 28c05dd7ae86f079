"""`deskbridge demo --tour`: the whole story without a browser, over one of the workspaces."""

from pathlib import Path
from tempfile import TemporaryDirectory

from bridge.demo.house import earlier, settle_in
from bridge.demo.phone.shop import open_shop
from bridge.demo.tour.play import Tour, play, play_tour
from bridge.demo.tour.rows import ROWS
from bridge.demo.tour.show import Show

LOCAL = "local"
SLACK = "slack-sim"
DISCORD = "discord-sim"
WORKSPACES = (LOCAL, SLACK, DISCORD)
_FAILED = 1


async def tour(workspace: str, mode: str, as_json: bool) -> int:
    """Play every row and say what came of it; gives the exit code."""
    show = Show(len(ROWS), as_json=as_json)
    with TemporaryDirectory(prefix="deskbridge-tour-") as folder, show.running():
        played = await _play(Path(folder), workspace, mode, show)
    show.over(played)
    return 0 if played.held else _FAILED


async def _play(folder: Path, workspace: str, mode: str, show: Show) -> Tour:
    # each imported only now: most tours have nothing to do with the others
    if workspace == SLACK:
        from bridge.demo.chat.rows import ROWS as CHAT_ROWS
        from bridge.demo.slack.stage import set_slack_stage

        opening = set_slack_stage(folder / "desk", "http" if mode == "http" else "socket")
        return await play(opening, show.told, CHAT_ROWS)
    if workspace == DISCORD:
        from bridge.demo.chat.rows import ROWS as CHAT_ROWS
        from bridge.demo.discord.stage import set_discord_stage

        return await play(set_discord_stage(folder / "desk"), show.told, CHAT_ROWS)
    async with open_shop(earlier(0)) as shop:
        settings = settle_in(folder, "en", shop.environment())
        return await play_tour(settings, show.told, shop=shop)
