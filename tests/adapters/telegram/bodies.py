"""Updates as Telegram writes them."""

import json
from typing import Any

Json = dict[str, Any]  # Telegram's own

BOT = 4200
BIA: Json = {
    "id": 77,
    "is_bot": False,
    "first_name": "Bia",
    "last_name": "Souza",
    "username": "bia",
    "language_code": "pt-br",
}
CHAT: Json = {"id": 77, "type": "private", "first_name": "Bia"}
GROUP: Json = {"id": -5, "type": "group", "title": "Us"}
AT = 1_790_000_000


def body(**update: object) -> bytes:
    """An update."""
    return json.dumps({"update_id": 9, **update}).encode()


def message(**said: object) -> Json:
    """A message of Bia's; `said` may say otherwise."""
    return {"message_id": 5, "date": AT, "chat": CHAT, "from": BIA, **said}


def written(**said: object) -> bytes:
    """An update in which Bia says this."""
    return body(message=message(**said))


def a_file(**more: object) -> Json:
    """What Telegram says of every file."""
    return {"file_id": "F1", "file_unique_id": "U1", "file_size": 7, **more}
