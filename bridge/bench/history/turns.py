"""Two pasts by turns: what was measured on the shorter one, then on the longer one."""

from collections.abc import Mapping

from bridge.bench.figures import ratios

Pair = tuple[list[float], list[float]]


def order(turn: int) -> tuple[int, int]:
    """Who is first this time is second next time: the machine changes its speed meanwhile."""
    return (0, 1) if turn % 2 else (1, 0)


def compared(found: Mapping[str, Pair]) -> dict[str, list[float]]:
    """CPU seconds as figures: the long past's over the short one's, and the long one's alone."""
    figures = {}
    for name, (short, long) in found.items():
        figures[f"history_{name}_ratio"] = ratios(long, short)
        figures[f"history_{name}_us"] = [1e6 * seconds for seconds in long]
    return figures
