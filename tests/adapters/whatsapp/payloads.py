"""Webhooks and calls as Meta's own examples have them, and more that we made after its pages."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

_FOLDER = Path(__file__).parents[2] / "payloads" / "whatsapp"
NUMBER = "106540352242922"
"""The number that all of them are about."""


def _load(name: str) -> Mapping[str, Any]:  # Meta's JSON; whoever asked reads it at once
    loaded: Mapping[str, Any] = json.loads((_FOLDER / name).read_text("utf-8"))
    return loaded


META = _load("webhooks.json")
OURS = _load("our_webhooks.json")
REQUESTS = _load("messages_send_requests.json")
ANSWERS = _load("messages_send_responses.json")
TEMPLATES = _load("message_templates.json")


def body(hook: object) -> bytes:
    """A webhook's bytes."""
    return json.dumps(hook, ensure_ascii=False).encode()
