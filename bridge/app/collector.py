"""Tells the garbage collector what a desk is like: much that stays, little that goes in circles."""

import gc

_YOUNG, _MIDDLE, _OLD = 10_000, 20, 50


def settle_in() -> None:
    """Leave what a started desk stands on alone, and look at what is new less often.

    Call it once, when everything has started. By default the collector looks after every 700 new
    objects, which a desk under load makes several times in a millisecond; nearly all of them are
    freed without it. That was a sixth of the CPU of a message (`docs/performance.md`).
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(_YOUNG, _MIDDLE, _OLD)
