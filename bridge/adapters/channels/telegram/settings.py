"""What an operator may set under `[channels.<id>]` for a Telegram bot."""

import re
from enum import StrEnum
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationInfo, field_validator

TELEGRAM = "https://api.telegram.org"
TOKEN = re.compile(r"[0-9]{3,20}:[A-Za-z0-9_-]{30,100}")
_SECRET = re.compile(r"[A-Za-z0-9_-]{16,256}")
_Base = Annotated[str, Field(pattern=r"^https?://[^/?#]+(/[^?#]*[^/?#])?$")]


class Receive(StrEnum):
    """How updates come."""

    POLLING = "polling"
    WEBHOOK = "webhook"


class TelegramSettings(BaseModel):
    """One bot. With `receive = "webhook"` the desk does not start without its secret."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    token: SecretStr
    """The bot's token, from @BotFather."""
    receive: Receive = Receive.POLLING
    """`polling` fetches and needs no address; `webhook` lets Telegram call `public_url`."""
    webhook_secret: SecretStr = Field(default=SecretStr(""), validate_default=True)
    """Proves that a webhook comes from Telegram; 16 to 256 of `A-Z a-z 0-9 _ -`."""
    webhook_connections: int = Field(default=1, ge=1, le=100)
    """Webhooks at a time; with more than 1 Telegram may bring a customer's lines out of order."""
    label: str = ""
    """What agents see as the channel; empty means “Telegram”."""
    api_url: _Base = TELEGRAM
    """Another Bot API server, such as one of your own."""
    file_url: str = Field(default="", pattern=r"^(https?://[^/?#]+(/[^?#]*[^/?#])?)?$")
    """Where its files are; empty means `<api_url>/file`."""
    max_file_mb: int = Field(default=20, ge=1, le=2_000)
    """The largest file that is taken from a customer; Telegram's own servers give 20."""
    max_sent_file_mb: int = Field(default=50, ge=1, le=2_000)
    """The largest file that is sent to one; Telegram's own servers take 50."""
    messages_per_second: int = Field(default=30, ge=1, le=1_000)
    """What Telegram lets this bot send altogether."""
    chat_burst: int = Field(default=5, ge=1, le=100)
    """So many may go to one customer at once, and as many again `chat_seconds` later for each."""
    chat_seconds: float = Field(default=1.0, ge=0, le=60)
    """What one customer gets on average: one in so long; 0 is without limit."""
    poll_seconds: int = Field(default=30, ge=0, le=50)
    """How long Telegram keeps a question for updates open while there are none."""

    @field_validator("token")
    @classmethod
    def _looks_like_a_token(cls, token: SecretStr) -> SecretStr:
        if TOKEN.fullmatch(token.get_secret_value()) is None:
            raise ValueError(
                "this is no bot token: it looks like 123456789:AA… and @BotFather has it"
            )
        return token

    @field_validator("webhook_secret")
    @classmethod
    def _webhooks_are_proved(cls, secret: SecretStr, info: ValidationInfo) -> SecretStr:
        given = secret.get_secret_value()
        if given and _SECRET.fullmatch(given) is None:
            raise ValueError("use 16 to 256 of the characters A-Z a-z 0-9 _ -")
        if not given and info.data.get("receive") is Receive.WEBHOOK:
            raise ValueError('needed with receive = "webhook"; deskbridge connect makes one')
        return secret

    @property
    def bot_id(self) -> int:
        """The bot's own id: a token begins with it."""
        return int(self.token.get_secret_value().partition(":")[0])

    @property
    def files_at(self) -> str:
        """Where files are fetched."""
        return self.file_url or f"{self.api_url}/file"
