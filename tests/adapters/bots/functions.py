"""Bots as a user would write them: for the tests of bots in Python."""

from bridge.adapters.bots.python import Talk


async def clerk(talk: Talk) -> None:
    """Offers a person, remembers what was said, says goodbye."""
    if talk.text.strip().lower() == "bye":
        talk.say("Goodbye")
        talk.close()
    elif talk.chosen == "A person":
        last = talk.memory.get("last", "")
        talk.hand_over("support", reason="asked", summary=f"saw: {last}", priority="high")
    else:
        talk.remember(last=talk.text[:40])
        talk.say(f"Hello **{talk.customer}**", "A person")


async def broken(talk: Talk) -> None:
    """Has a mistake in it."""
    raise RuntimeError("a mistake in the bot")


def no_coroutine(talk: Talk) -> None:
    """Forgot `async`."""
