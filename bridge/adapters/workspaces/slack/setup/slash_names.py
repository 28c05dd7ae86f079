"""What commands are called with a slash in front of them; pure.

Slack gives a name that two apps have to the one installed last, and its own names to none.
"""

_BUILT_IN = frozenset({"help"})
"""Ours that Slack itself answers: https://slack.com/help/articles/201259356."""
_INSTEAD = "desk-"


def slash_name(command: str, prefix: str = "") -> str:
    """The name to declare, without its slash."""
    if not prefix and command in _BUILT_IN:
        prefix = _INSTEAD
    return f"{prefix}{command}"


def command_named(slash: str, prefix: str = "") -> str:
    """The command that was typed as `/name`."""
    name = slash.removeprefix("/").lower()
    if prefix:
        return name.removeprefix(prefix)
    plain = name.removeprefix(_INSTEAD)
    return plain if plain in _BUILT_IN else name
