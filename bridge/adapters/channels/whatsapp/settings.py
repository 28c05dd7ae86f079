"""What an operator may set under `[channels.<id>]` for a WhatsApp number."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, SecretStr

Digits = Annotated[str, Field(pattern=r"^[0-9]{5,32}$")]
Secret = Annotated[SecretStr, Field(min_length=16)]
GRAPH = "https://graph.facebook.com"


class WhatsAppSettings(BaseModel):
    """One business number. Without its secrets the desk does not start."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    phone_number_id: Digits
    """The number's id in Meta's developer pages; not the number itself."""
    business_account_id: Digits
    """The id of the WhatsApp Business Account that the number and its templates belong to."""
    access_token: Secret
    """A system user's token with whatsapp_business_messaging and whatsapp_business_management."""
    app_secret: Secret
    """Proves that a webhook comes from Meta."""
    verify_token: Secret
    """Asked for once, when Meta is told the webhook's address."""
    label: str = ""
    """What agents see as the channel; empty means “WhatsApp”."""
    graph_url: str = Field(default=GRAPH, pattern=r"^https?://[^/]+$")
    """Another address of the Graph API, without a path."""
    graph_version: str = Field(default="v23.0", pattern=r"^v[0-9]{1,3}\.[0-9]$")
    """The version of the Graph API."""
    max_file_mb: int = Field(default=100, ge=1, le=100)
    """The largest file that is taken from a customer."""
    messages_per_second: int = Field(default=80, ge=1, le=1_000)
    """What Meta lets this number send altogether."""
    pair_burst: int = Field(default=45, ge=1, le=1_000)
    """What may go to one customer at once."""
    pair_seconds: float = Field(default=6.0, ge=0, le=60)
    """After a burst, one more to the same customer in so long; 0 is without limit."""
    template_hours: float = Field(default=6.0, gt=0, le=168)
    """How often the templates are read again, besides when Meta tells of a change."""
    status_seconds: float = Field(default=90.0, ge=0, le=600)
    """How long a lost answer is waited for in the webhooks before it is called unknown."""
    read_marks: bool = True
    """Customers see two blue ticks when an agent or the bot answers."""
