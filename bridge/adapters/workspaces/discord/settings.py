"""What `[workspaces.<id>]` may say for a workspace of kind `discord`."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, SecretStr

API_URL = "https://discord.com/api/v10"
GATEWAY_URL = "wss://gateway.discord.gg/"


class DiscordSettings(BaseModel):
    """The settings of one Discord server; `deskbridge connect discord` fills in the first two."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    bot_token: SecretStr = Field(description="The bot's token.")
    guild: str = Field(pattern=r"^\d{1,20}$", description="The server's id.")
    language: Literal["auto", "en", "pt_BR"] = Field(
        default="auto", description="Language of what the whole room reads; auto is the desk's."
    )
    admin_roles: tuple[str, ...] = Field(
        default=(), description="Roles, by id or name, whose members are admins of the desk."
    )
    agent_roles: tuple[str, ...] = Field(
        default=(), description="Roles, by id or name, whose members are agents of the desk."
    )
    api_url: str = Field(default=API_URL, description="Another address of the API, for tests.")
    gateway_url: str = Field(
        default=GATEWAY_URL, description="Another address of the gateway, for tests."
    )
    calls_per_second: int = Field(
        default=50, ge=1, le=10_000, description="Calls a second that Discord allows this bot."
    )
    posts_in_thread: int = Field(
        default=5, ge=1, le=1_000, description="Messages in one thread that it takes in 5 seconds."
    )
    threads_in_room: int = Field(
        default=50, ge=1, le=10_000, description="Threads in one room that it opens in 5 minutes."
    )
    calls_of_a_kind: int = Field(
        default=10,
        ge=1,
        le=10_000,
        description="Calls of any other kind that one channel takes in 5 seconds, unless it says.",
    )
    active_threads: int = Field(
        default=950,
        ge=1,
        le=1_000,
        description="So many threads may be open in the whole server, other people's too.",
    )
    max_file_mib: int = Field(
        default=10, ge=1, le=500, description="Largest file; 50 or 100 where the server has boosts."
    )
    card_edit_seconds: float = Field(
        default=2.0, ge=0.1, le=60, description="A card is edited at most once in so long."
    )
    history_page: int = Field(
        default=100, ge=1, le=100, description="Lines asked for at once when catching up."
    )
