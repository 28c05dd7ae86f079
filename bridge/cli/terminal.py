"""What is known of the terminal: the language of whoever sits there, and where he looks."""

import os
import sys
from typing import TextIO

from bridge.locales import best_language


def terminal_language() -> str:
    """The terminal's language (`pt_BR.UTF-8`), or English."""
    named = (os.environ.get(name, "") for name in ("LC_ALL", "LC_MESSAGES", "LANG"))
    return best_language(next(filter(None, named), ""))


def looked_at() -> TextIO | None:
    """The stream that a person reads; None where only programs do."""
    return next((stream for stream in (sys.stdout, sys.stderr) if stream.isatty()), None)
