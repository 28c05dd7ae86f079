"""The sections that every desk has, and what every channel, workspace and bot takes."""

import re
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from pathlib import Path
from typing import Annotated, Literal, get_args, get_origin
from urllib.parse import urlsplit

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    SecretStr,
    ValidationInfo,
    WithJsonSchema,
    field_validator,
    model_validator,
)

from bridge.domain.choices import choice_named
from bridge.locales import language_named

_UNITS = {"ms": 1, "s": 1_000, "m": 60_000, "h": 3_600_000, "d": 86_400_000}
_DURATION = re.compile(r"(\d+(?:\.\d+)?)\s*(ms|s|m|h|d)?")


def _millis(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise ValueError('write seconds, or a text such as "90s", "15m", "24h", "7d"')
    found = _DURATION.fullmatch(str(value).strip())
    if found is None:
        raise ValueError('write seconds, or a text such as "90s", "15m", "24h", "7d"')
    return round(float(found[1]) * _UNITS[found[2] or "s"])


Duration = Annotated[
    int, BeforeValidator(_millis), WithJsonSchema({"type": "string", "format": "duration"})
]
"""Written as seconds or as `"15m"`; kept in milliseconds."""

Network = IPv4Network | IPv6Network


def _network(value: object) -> Network:
    try:
        return ip_network(str(value), strict=False)
    except ValueError:
        raise ValueError(f'"{value}" is not an address or a network such as "10.0.0.0/8"') from None


Proxy = Annotated[
    Network, BeforeValidator(_network), WithJsonSchema({"type": "string", "format": "network"})
]


def _base_url(value: str) -> str:
    parts = urlsplit(value)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment:
        raise ValueError('write it whole, such as "https://desk.example.com"')
    return value.rstrip("/")


def _database_url(value: SecretStr) -> SecretStr:
    if urlsplit(value.get_secret_value()).scheme not in ("postgresql", "postgres"):
        raise ValueError('write it whole, such as "postgresql://user:password@host/database"')
    return value


def is_loopback(host: str) -> bool:
    """True when nobody but this machine can reach it."""
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


class Section(BaseModel):
    """A table of the settings: a key that nobody knows is an error, and nothing changes later."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    @field_validator("*", mode="before")
    @classmethod
    def _as_spelled(cls, value: object, info: ValidationInfo) -> object:
        """Of a few words one is meant whatever its case and hyphens: `pt-BR` is `pt_BR`."""
        field = cls.model_fields.get(info.field_name or "")
        kind = None if field is None else field.annotation
        if not isinstance(value, str) or get_origin(kind) is not Literal:
            return value
        choices = get_args(kind)
        meant = choice_named(value, choices) or language_named(value)
        return meant if meant in choices else value


class DeskSection(Section):
    """`[desk]`: the whole installation."""

    brand: str = Field(
        default="Deskbridge", min_length=1, max_length=64, description="what customers see"
    )
    language: Literal["en", "pt_BR"] = Field(
        default="en", description="for whoever has no language of his own"
    )
    data_dir: Path = Field(
        default=Path("data"), description="database, files and key; from the settings file's folder"
    )
    database_url: Annotated[SecretStr, AfterValidator(_database_url)] | None = Field(
        default=None,
        description="a PostgreSQL database, `postgresql://user:password@host/name`; without it the "
        "desk keeps a SQLite file in data_dir",
    )
    default_queue: str = Field(
        default="", description="where a conversation waits when the bot names no queue"
    )
    default_region: str = Field(
        default="BR",
        pattern="^[A-Z]{2}$",
        description="country of phone numbers written without one",
    )
    bot_deadline: Duration = Field(
        default=15_000, ge=1_000, description="a bot silent for so long hands over"
    )
    bot_late: Duration = Field(
        default=60_000,
        ge=1_000,
        description="a bot that said it would answer later, and does not, hands over",
    )
    cool_down: Duration = Field(
        default=30_000,
        ge=0,
        description="an agent who lost a conversation is not tried again for so long",
    )
    max_missed: int = Field(
        default=3,
        ge=1,
        description="missed conversations in a row after which an agent is unavailable",
    )
    idle_timeout: Duration = Field(
        default=0,
        ge=0,
        description="not connected for so long, an agent is made unavailable; 0: never",
    )
    started_timeout: Duration = Field(
        default=7 * 86_400_000, ge=60_000, description="a conversation we started waits so long"
    )
    starts_per_minute: int = Field(
        default=30,
        ge=0,
        description="one agent may begin so many conversations in a minute; 0: any number",
    )
    inactivity_warning: Duration = Field(
        default=3_600_000, ge=0, description="the agent is warned so long before the bot takes over"
    )
    ticket_types: tuple[str, ...] = Field(
        default=("question", "problem", "order", "other"),
        min_length=1,
        description="kinds of ticket",
    )
    ticket_statuses: tuple[str, ...] = Field(
        default=("open", "in progress", "waiting", "closed"),
        min_length=1,
        description="statuses of a ticket; a new one has the first",
    )
    closed_statuses: frozenset[str] = Field(
        default=frozenset({"closed"}), description="the statuses that mean that a ticket is done"
    )

    @model_validator(mode="after")
    def _closed_ones_exist(self) -> "DeskSection":
        if unknown := sorted(self.closed_statuses - set(self.ticket_statuses)):
            raise ValueError(f'closed_statuses: "{unknown[0]}" is not one of ticket_statuses')
        return self


class ServerSection(Section):
    """`[server]`: where it listens and what the world calls it."""

    host: str = Field(default="127.0.0.1", min_length=1, description="where to listen")
    port: int = Field(default=8080, ge=0, le=65535, description="0 takes a free one")
    public_url: Annotated[str, AfterValidator(_base_url)] | None = Field(
        default=None, description="the address that browsers and platforms use"
    )
    trusted_proxies: tuple[Proxy, ...] = Field(
        default=(), description="proxies whose X-Forwarded-For is believed"
    )
    replica_url: Annotated[str, AfterValidator(_base_url)] | None = Field(
        default=None,
        description="where other processes of the desk reach this one, "
        "if not at this machine's address and port",
    )
    drain: Duration = Field(
        default=10_000, ge=0, le=60_000, description="how long a stop waits for what is under way"
    )

    @model_validator(mode="after")
    def _open_ones_say_how(self) -> "ServerSection":
        if is_loopback(self.host):
            return self
        for key, example in (
            ("public_url", 'public_url = "https://desk.example.com"'),
            ("trusted_proxies", 'trusted_proxies = ["10.0.0.2"]'),
        ):
            if not getattr(self, key):
                raise ValueError(
                    f"{key}: needed because host = {self.host} is reachable from other machines; "
                    f"add {example}, or listen on 127.0.0.1 behind a proxy"
                )
        return self


class LogSection(Section):
    """`[log]`: what is written to standard error."""

    level: Literal["debug", "info", "warning", "error"] = Field(
        default="info", description="the least that is written"
    )
    format: Literal["json", "text"] = Field(
        default="json", description="JSON for machines, text for a terminal"
    )
    requests: Literal["problems", "all"] = Field(
        default="problems",
        description="which requests are logged: refused, failed and slow ones, or all",
    )


class ChannelCommon(Section):
    """What every `[channels.<id>]` takes beside the keys of its kind."""

    kind: str = Field(description="which adapter")
    bot: str | None = Field(
        default=None, description="the bot that talks first; without one people do"
    )
    reply_hold: Duration = Field(
        default=0,
        ge=0,
        le=60_000,
        description="a reply is kept back so long, to be edited or deleted",
    )


class WorkspaceCommon(Section):
    """What every `[workspaces.<id>]` takes beside the keys of its kind."""

    kind: str = Field(description="which adapter")


class BotCommon(Section):
    """What every `[bots.<id>]` takes beside the keys of its kind."""

    kind: str = Field(description="which adapter")
