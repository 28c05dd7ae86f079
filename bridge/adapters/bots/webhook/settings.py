"""What `[bots.<id>]` may say for a bot of kind `webhook`."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, SecretStr, model_validator

from bridge.adapters.common.setup.addresses import Address
from bridge.domain.delivery import BotEventKind
from bridge.ports.bot import MOST_HISTORY

PresetName = Literal["deskbridge", "rasa", "typebot", "openai", "chatwoot"]


_NEEDED: dict[PresetName, tuple[str, ...]] = {
    "deskbridge": ("secret",),
    "rasa": (),
    "typebot": ("typebot",),
    "openai": ("model",),
    "chatwoot": ("token",),
}


class WebhookSettings(BaseModel):
    """The settings of a bot behind HTTP."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    url: Address = Field(description="Where the bot takes its events; may be in your own network")
    preset: PresetName = Field(
        "deskbridge", description="Whose contract the bot speaks; ours if nothing is said"
    )
    secret: SecretStr = Field(
        SecretStr(""), description="Signs every call: `deskbridge bot secret` makes one"
    )
    token: SecretStr = Field(
        SecretStr(""), description="Bearer of a preset: the key of the API, of Rasa, of Chatwoot"
    )
    events: frozenset[BotEventKind] = Field(
        frozenset(), description="What the bot is told besides what it is asked"
    )
    observe: bool = Field(
        False, description="The bot reads what customers say to people; it cannot answer"
    )
    history: int = Field(
        0, ge=0, le=MOST_HISTORY, description="Earlier lines that come with what the bot is asked"
    )
    timeout: float = Field(10.0, gt=0, le=60, description="Seconds for one call")
    max_file_mib: int = Field(25, ge=1, le=100, description="Largest file the bot may send")
    model: str = Field("", max_length=200, description="`openai`: which model answers")
    prompt: str = Field("", max_length=20_000, description="`openai`: what the model is told first")
    typebot: str = Field("", max_length=200, description="`typebot`: the public id of the bot")

    @model_validator(mode="after")
    def _complete(self) -> "WebhookSettings":
        for name in _NEEDED[self.preset]:
            value = getattr(self, name)
            if not (value.get_secret_value() if isinstance(value, SecretStr) else value):
                raise ValueError(f'{name}: needed by preset = "{self.preset}"')
        return self
