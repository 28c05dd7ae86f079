"""What `[bots.<id>]` may say for a bot of kind `python`."""

from pydantic import BaseModel, ConfigDict, Field

from bridge.domain.delivery import BotEventKind


class PythonSettings(BaseModel):
    """The settings of a bot that is a Python function."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    handler: str = Field(
        pattern=r"^[A-Za-z_][\w.]*:[A-Za-z_]\w*$",
        description="Module and function, such as `shop.bot:answer`",
    )
    events: frozenset[BotEventKind] = Field(
        frozenset(), description="What the bot is told besides what it is asked"
    )
    observe: bool = Field(
        False, description="The bot reads what customers say to people; it cannot answer"
    )
