"""What contract tests share."""

from tests.fakes.folders import quick_folder

__all__ = ["quick_folder"]
