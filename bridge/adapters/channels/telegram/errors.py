"""The Bot API's refusals as ours: what to try again, what to tell, and in which words. Pure.

https://core.telegram.org/bots/api#making-requests, read November 2026. Telegram lists no
descriptions and may change them: one that we do not know is shown to the agent as it is.
"""

from bridge.domain.errors import (
    DeliveryRejected,
    DeskbridgeError,
    OutcomeUnknown,
    TemporaryFailure,
    TokenRejected,
)
from bridge.domain.value import Value

KNOWN = {
    "bot was blocked by the user": "telegram_blocked",
    "user is deactivated": "telegram_account_gone",
    "bot can't initiate conversation": "telegram_never_wrote",
    "chat not found": "telegram_no_chat",
    "peer_id_invalid": "telegram_no_chat",
    "message to edit not found": "telegram_line_gone",
    "message to delete not found": "telegram_line_gone",
    "message to react not found": "telegram_line_gone",
    "message_id_invalid": "telegram_line_gone",
    "message can't be edited": "telegram_too_old",
    "message can't be deleted": "telegram_too_old",
    "reaction_invalid": "telegram_reaction",
    "message is too long": "telegram_too_long",
    "caption is too long": "telegram_too_long",
    "media_caption_too_long": "telegram_too_long",
    "file is too big": "telegram_too_large",
    "request entity too large": "telegram_too_large",
    "wrong file": "telegram_file_refused",
    "photo_invalid": "telegram_file_refused",
    "image_process_failed": "telegram_file_refused",
    "voice_messages_forbidden": "telegram_no_voice",
}
"""What a description has in it, and what we say instead: `cause.<key>` in the catalogue."""
_AS_DOCUMENT = ("photo_invalid", "image_process_failed", "wrong file", "voice_messages_forbidden")
_UNCHANGED = "message is not modified"
_NO_TEXT = "there is no text in the message to edit"
_LONGEST = 300


class Answer(Value):
    """What the Bot API says when it does not do something."""

    error_code: int = 0
    description: str = ""
    parameters: "Parameters | None" = None


class Parameters(Value):
    """What a program may do about it."""

    retry_after: int = 0
    migrate_to_chat_id: int = 0


class Refusal(DeliveryRejected):
    """The Bot API refuses a call for good; nothing happened."""

    def __init__(self, answer: Answer) -> None:
        """Keep what was said."""
        super().__init__(f"Telegram {answer.error_code}: {_said(answer)}", _reason(answer))
        self.description = answer.description.lower()

    @property
    def unchanged(self) -> bool:
        """It is already as it shall be."""
        return _UNCHANGED in self.description

    @property
    def no_text(self) -> bool:
        """The line shows a file: what can be changed is its caption."""
        return _NO_TEXT in self.description

    @property
    def as_document(self) -> bool:
        """The file is not taken as what it is; as a document everything is."""
        return any(each in self.description for each in _AS_DOCUMENT)


class Conflict(TemporaryFailure):
    """Somebody else gets this bot's updates; `webhook` when it is an address."""

    def __init__(self, message: str) -> None:
        """Telegram tells the two apart in words only."""
        super().__init__(message)
        self.webhook = "webhook" in message.lower()


def of_answer(status: int, answer: Answer | None) -> DeskbridgeError:
    """The error of a call that got this status, and this JSON if it was JSON."""
    if answer is None:
        return _without_words(status)
    code = answer.error_code or status
    parameters = answer.parameters or Parameters()
    said = f"Telegram {code}: {_said(answer)}"
    if parameters.migrate_to_chat_id:
        return DeliveryRejected(said, "telegram_not_private")
    if code == 429:
        return TemporaryFailure(said, float(parameters.retry_after or 1))
    if code in (401, 404):
        return TokenRejected(said)
    if code == 409:
        return Conflict(said)
    if code >= 500:
        return OutcomeUnknown(said)
    return Refusal(answer)


def _without_words(status: int) -> DeskbridgeError:
    """A page of some proxy: only what surely did not get through is tried again."""
    said = f"Telegram answered {status} without saying why"
    if status in (401, 404):
        return TokenRejected(said)
    if status in (408, 425, 429, 503):
        return TemporaryFailure(said)
    if status == 413:
        return DeliveryRejected(said, "telegram_too_large")
    return OutcomeUnknown(said) if status >= 500 else DeliveryRejected(said)


def _reason(answer: Answer) -> str:
    """A catalogue key under `cause.`, or Telegram's own words where we have none."""
    description = answer.description.lower()
    known = (key for words, key in KNOWN.items() if words in description)
    return next(known, f"Telegram: {_said(answer)}")


def _said(answer: Answer) -> str:
    return " ".join(answer.description.split())[:_LONGEST] or "no explanation"
