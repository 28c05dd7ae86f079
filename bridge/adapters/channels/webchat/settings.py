"""What an operator may set under `[channels.<id>]` for a web chat."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, SecretStr, field_validator

Key = Annotated[SecretStr, Field(min_length=16)]
Colour = Annotated[str, Field(pattern=r"^#[0-9a-fA-F]{6}$")]
Rate = Annotated[float, Field(ge=0)]
"""How many a second; 0 means without limit. Bursts of ten seconds' worth are allowed."""


class Limits(BaseModel):
    """How much one visitor, one network (/24 or /64) and everybody may ask for."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    visitor_per_second: Rate = 3
    """Requests of one visitor; 0 is without limit."""
    network_per_second: Rate = 20
    """Requests from one network."""
    total_per_second: Rate = 2_000
    """Requests of everybody together."""
    new_visitors_per_second: Rate = 1
    """Visitors that one network may begin."""
    streams_per_visitor: int = Field(default=8, ge=1)
    """Open tabs of one visitor."""
    streams: int = Field(default=10_000, ge=1)
    """Open tabs of everybody together."""


class WebChatSettings(BaseModel):
    """One web chat. `origins` are the sites that may embed it, besides our own pages."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    label: str = ""
    """What agents see as the channel; empty means “Web chat” in the desk's language."""
    origins: tuple[str, ...] = ()
    """Sites that may embed it, as `https://shop.example`; our own pages always may."""
    identity_secret: Key | None = None
    """The site's server signs its customers' ids with this; without it nobody is recognised."""
    identity_secret_old: Key | None = None
    """Still accepted while the site changes to a new `identity_secret`."""
    heading: str = ""
    """Shown at the top; empty means the brand."""
    welcome: str = ""
    """Shown before the first message; empty means a greeting in the visitor's language."""
    accent: Colour | None = None
    """The main colour, as `#4353d6`."""
    max_text: int = Field(default=4_000, ge=100, le=10_000)
    """Characters of the longest line a visitor may write."""
    max_file_mb: int = Field(default=25, ge=0, le=1_000)
    """The largest file either side may send; 0 takes the button away."""
    may_end: bool = True
    """Whether visitors have a button that ends the conversation."""
    limits: Limits = Limits()

    @field_validator("origins")
    @classmethod
    def _origins_are_exact(cls, origins: tuple[str, ...]) -> tuple[str, ...]:
        for origin in origins:
            scheme, _, host = origin.partition("://")
            exact = scheme in ("http", "https") and host and not set(host) & set("/*?#@ ")
            if origin != "*" and not exact:
                raise ValueError(
                    f"{origin!r} is not an origin: write it like https://shop.example, "
                    'without a path; "*" alone allows every site'
                )
        return tuple(origin.lower() for origin in origins)
