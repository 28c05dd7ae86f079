"""What `[workspaces.<id>]` may say for a workspace of kind `slack`."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, SecretStr


class SlackSettings(BaseModel):
    """The settings of one Slack workspace; `deskbridge connect slack` fills in the tokens."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    bot_token: SecretStr = Field(description="The app's bot token, xoxb-...")
    app_token: SecretStr = Field(
        default=SecretStr(""), description="The app-level token, xapp-..., for Socket Mode."
    )
    signing_secret: SecretStr = Field(
        default=SecretStr(""), description="The app's signing secret, for mode http."
    )
    mode: Literal["socket", "http"] = Field(
        default="socket", description="How events come in; http needs public_url."
    )
    api_url: str = Field(
        default="https://slack.com/api/", description="Another address for government clouds."
    )
    language: Literal["auto", "en", "pt_BR"] = Field(
        default="auto", description="Language of what the whole room reads; auto is the desk's."
    )
    command_prefix: str = Field(
        default="",
        pattern=r"^[a-z0-9-]{0,16}$",
        description="Put before every slash command, where another app has the same names.",
    )
    link_by_email: bool = Field(
        default=False, description="Link a member to the agent with the same e-mail by itself."
    )
    shared_channels: bool = Field(
        default=False, description="Allow rooms that are shared with another organisation."
    )
    posts_per_minute: int = Field(
        default=300, ge=10, le=10_000, description="Messages a minute in the whole workspace."
    )
    posts_per_channel: float = Field(
        default=1.0, gt=0, le=50, description="Messages a second in one channel."
    )
    edits_per_minute: int = Field(
        default=50, ge=10, le=10_000, description="Edits a minute in the whole workspace."
    )
    card_edit_seconds: float = Field(
        default=5.0, ge=0.1, le=60, description="A card is edited at most once in so long."
    )
    home_seconds: float = Field(
        default=3.0, ge=0.1, le=60, description="A home is drawn at most once in so long."
    )
    history_page: int = Field(
        default=200, ge=1, le=999, description="Lines asked for at once when catching up."
    )
