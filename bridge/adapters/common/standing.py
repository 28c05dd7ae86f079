"""What is wrong with the connection to a platform right now, for the operator."""

import structlog

from bridge.domain.value import Value
from bridge.ports.plugin import Check

log = structlog.get_logger("bridge.workspaces")


class Trouble(Value):
    """Something an operator has to look at, and the way out."""

    detail: str
    fix: str
    warning: bool = False


class Standing:
    """Remembers what is wrong until it is right again; says each once in the log."""

    def __init__(self, workspace: str) -> None:
        """Nothing is wrong."""
        self._workspace = workspace
        self._troubles: dict[str, Trouble] = {}

    def wrong(self, name: str, detail: str, fix: str, *, warning: bool = False) -> None:
        """From now on this is wrong, whoever asks."""
        trouble = Trouble(detail=detail, fix=fix, warning=warning)
        if self._troubles.get(name) == trouble:
            return
        self._troubles[name] = trouble
        say = log.warning if warning else log.error
        say("needs_operator", workspace=self._workspace, trouble=name, detail=detail, fix=fix)

    def right(self, name: str) -> None:
        """This is no longer wrong."""
        if self._troubles.pop(name, None) is not None:
            log.info("well_again", workspace=self._workspace, trouble=name)

    def is_wrong(self, name: str) -> bool:
        """Whether this was wrong the last time we looked."""
        return name in self._troubles

    def checks(self) -> tuple[Check, ...]:
        """One failed check for everything that is wrong."""
        return tuple(
            Check(
                name=name,
                ok=trouble.warning,
                detail=trouble.detail,
                fix=trouble.fix,
                warning=trouble.warning,
            )
            for name, trouble in sorted(self._troubles.items())
        )
