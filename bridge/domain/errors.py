"""What can go wrong, as facts; each says whether to try again and what a person can do.

| error                | try again           | certain nothing happened | who is told  |
|----------------------|---------------------|--------------------------|--------------|
| TemporaryFailure     | yes, backed off     | yes                      | nobody yet   |
| OutcomeUnknown       | after reconciling   | no                       | the agent    |
| DeliveryRejected     | no                  | yes                      | the agent    |
| CredentialsRejected  | yes, later          | yes                      | the operator |
| TokenRejected        | no, place pauses    | yes                      | both         |
| UntrustedRequest     | -                   | -                        | 401          |
| StorageUnavailable   | yes, by the sender  | yes                      | 503          |
| Overloaded           | yes, later          | yes                      | 429 or 503   |
"""


class DeskbridgeError(Exception):
    """The base of every error of ours; `str()` is a sentence for an operator."""


class TemporaryFailure(DeskbridgeError):
    """The platform could not take it now; nothing happened there. `retry_after` in seconds."""

    def __init__(self, message: str, retry_after: float | None = None) -> None:
        """Remember how long the platform asked us to wait."""
        super().__init__(message)
        self.retry_after = retry_after


class OutcomeUnknown(DeskbridgeError):
    """The call may or may not have had its effect; `final` when asking again tells no more."""

    def __init__(self, message: str, *, final: bool = False) -> None:
        """Remember whether somebody could still find out."""
        super().__init__(message)
        self.final = final


class DeliveryRejected(DeskbridgeError):
    """The platform refuses this for good; `code` is a catalogue key under `cause.`."""

    def __init__(self, message: str, code: str = "rejected") -> None:
        """Keep the reason's key, so that the agent is told in his language."""
        super().__init__(message)
        self.code = code


class WindowClosed(DeliveryRejected):
    """Free text is not allowed any more; a template is the way out."""

    def __init__(self, message: str) -> None:
        """The reason is always the same."""
        super().__init__(message, "window_closed")


class NotSupported(DeliveryRejected):
    """The platform cannot do this kind of thing."""

    def __init__(self, message: str) -> None:
        """The reason is always the same."""
        super().__init__(message, "not_supported")


class CredentialsRejected(DeskbridgeError):
    """The platform does not let us do this, here; somebody may mend it, nothing is dropped."""


class TokenRejected(CredentialsRejected):
    """The platform takes no call of ours; the channel or workspace pauses, nothing is dropped."""


class UntrustedRequest(DeskbridgeError):
    """A request that is not proved to come from where it claims."""


class StorageUnavailable(DeskbridgeError):
    """The database cannot store now (locked, full, read-only); nothing was stored."""


class NotLeading(DeskbridgeError):
    """Only the process that runs the desk does this: what asks for it is asked there."""


class Overloaded(DeskbridgeError):
    """More is waiting than we accept; `retry_after` in seconds."""

    def __init__(self, message: str, retry_after: float = 1.0) -> None:
        """Tell the sender when to come back."""
        super().__init__(message)
        self.retry_after = retry_after


class NotAuthorized(DeskbridgeError):
    """The actor may not do or see this."""


class InvalidSettings(DeskbridgeError):
    """The settings cannot be used; the sentence names the key and the way out."""


class NotFound(DeskbridgeError):
    """There is no such thing, or the asker may not know that there is."""
