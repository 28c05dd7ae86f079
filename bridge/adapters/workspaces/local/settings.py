"""What `[workspaces.<id>]` may say for a workspace of kind `local`."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field


class LocalSettings(BaseModel):
    """The settings of the local workspace."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    language: Literal["auto", "en", "pt_BR"] = Field(
        default="auto", description="Language before signing in; auto follows the browser."
    )
    session_days: int = Field(
        default=14, ge=1, le=90, description="Days after which people sign in again."
    )
    max_file_mb: int = Field(
        default=25, ge=1, le=100, description="Largest file an agent may send."
    )
    framed: bool = Field(
        default=False, description="Let pages of the same origin show the workspace in a frame."
    )
