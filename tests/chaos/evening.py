"""What must be so in the evening of every bad day in the town."""

from tests.crash.town.town import Town
from tests.crash.verdict import judge


async def ends_well(town: Town) -> None:
    """Nobody begins anything; then no promise is broken, and the process is the same as before.

    Each line in doubt bears one mark and no other line bears any; nothing is under way.
    """
    history = await town.end()

    broken = judge(history).report()
    assert not broken, broken
    assert await town.under_way() == 0
    refused = {each.line for each in history.told} - history.in_doubt
    assert not refused & {each.line for each in history.shown}, "told of what is no trouble"
    up = [each.what for each in town.desk.happened]
    assert up == ["up"], "nobody killed it, and it did not die"
