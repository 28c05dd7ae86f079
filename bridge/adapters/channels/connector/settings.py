"""What `[channels.<id>]` may say for a channel of kind `connector`."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, SecretStr

from bridge.adapters.common.setup.addresses import Address

_HOUR = 3_600_000

How = Literal["native", "text", "none"]
Whether = Literal["native", "none"]


class ConnectorSettings(BaseModel):
    """The settings of a connector; all from `max_text` on says what the platform can show and do.

    What it cannot, the desk turns into words or refuses, and tells the agent.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    url: Address = Field(
        description="Where the platform takes our lines; may be in your own network"
    )
    secret: SecretStr = Field(
        description="Signs what we send and proves what we get: `deskbridge bot secret` makes one"
    )
    token: SecretStr = Field(
        SecretStr(""), description="A bearer that proves it, too, for platforms that cannot sign"
    )
    label: str = Field("", max_length=40, description="What agents see as the channel's name")
    timeout: float = Field(10.0, gt=0, le=60, description="Seconds for one call")
    media_from: tuple[Address, ...] = Field(
        (), description="Addresses in your own network from which customers' files may be fetched"
    )
    repeats: bool = Field(
        True, description="The platform acts once on the same webhook-id; else doubts are told"
    )
    max_text: int = Field(4_000, ge=100, le=20_000, description="Characters in one line")
    max_file_mib: int = Field(25, ge=0, le=100, description="Largest file; 0 for none at all")
    formatting: bool = Field(False, description="It shows Markdown; else it gets plain words")
    quotes: How = Field("native", description="A line that answers another one")
    reactions: Whether = Field("none", description="Emoji on a line")
    edits: Whether = Field("none", description="Changing a line that was sent")
    deletes: Whether = Field("none", description="Taking a line back")
    choices: How = Field("text", description="Buttons")
    max_choices: int = Field(10, ge=1, le=30, description="Buttons on one line")
    location: How = Field("text", description="A place on the map")
    contact_card: How = Field("text", description="A person's card")
    templates: How = Field("text", description="Templates of the platform's own")
    typing: bool = Field(False, description="It shows that an agent is typing")
    receipts: bool = Field(True, description="It tells what was delivered and read")
    starts_conversations: bool = Field(
        False, description="An agent may write first, to a number that never wrote"
    )
    phones: bool = Field(False, description="Its customers are phone numbers, as in +5511912345678")
    reply_window_hours: float = Field(
        0, ge=0, le=8_760, description="Free text so long after the customer's last line; 0: always"
    )

    @property
    def reply_window(self) -> int | None:
        """In milliseconds; None: always open."""
        return round(self.reply_window_hours * _HOUR) or None
