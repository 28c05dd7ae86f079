"""What `[bots.<id>]` may say for a bot of kind `menu`."""

from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field


class MenuSettings(BaseModel):
    """The settings of a menu bot."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    file: Path | None = Field(
        None, description="The script (TOML); without one, a small shop's that is built in."
    )
