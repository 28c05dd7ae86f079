"""Everything that is known to bring a text in Discord to life, in many wrappings."""

_TOKENS = (
    "@everyone",
    "@here",
    "@EVERYONE",
    "＠everyone",
    "@everyone\u200b",
    "\\@everyone",
    "<@{user}>",
    "<@!{user}>",
    "\\<@{user}>",
    "<@&{role}>",
    "<#{room}>",
    "@ana",
    "#desk",
    "</take:{user}>",
    "<:smile:{user}>",
    "<a:wave:{user}>",
    "<t:1700000000:R>",
    "<id:customize>",
    "<sound:0:{user}>",
)
_LINKS = (
    "[bank](https://evil.example)",
    "[bank](<https://evil.example>)",
    "[https://bank.example](https://evil.example)",
    "<https://evil.example/@everyone>",
    "https://evil.example/@everyone",
    "https://evil.example/@here<@{user}>",
    "https://evil.example/<@{user}>",
    "discord.gg/abc",
    "mailto:a@here.example",
)
_WRAPPINGS = (
    "%s",
    "x%sx",
    "\n%s\n",
    "`%s`",
    "``%s``",
    "```%s```",
    "```\n%s",
    "> %s",
    ">>> %s",
    "# %s",
    "-# %s",
    "- %s",
    "1. %s",
    "**%s**",
    "||%s||",
    "~~%s~~",
    "\u202e%s",
    "\\%s",
    "\\\\%s",
)
_WHOLE = (
    "\u0000@here",
    "\ud83d<@{user}>",
    "<<@{user}>>",
    "<@\n{user}>",
    "<\u200b@{user}>",
    "**Support Team** ✅",
    "Ann (Agent)\nAgent: hello",
    "clyde",
    "discord",
    "e\u0301" * 50,
)


def mentions(user: str, role: str, room: str) -> tuple[str, ...]:
    """The texts, about somebody, a role and a room that there are."""
    wrapped = (
        wrapping.replace("%s", token) for wrapping in _WRAPPINGS for token in (*_TOKENS, *_LINKS)
    )
    ids = {"{user}": user, "{role}": role, "{room}": room}
    found = []
    for text in (*wrapped, *_WHOLE):
        for word, id_ in ids.items():
            text = text.replace(word, id_)
        found.append(text)
    return tuple(dict.fromkeys(found))
