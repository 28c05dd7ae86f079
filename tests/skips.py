"""In CI a skipped test is a failure, unless `allowed_skips.toml` lists it with its reason."""

import fnmatch
import os
import tomllib
from collections.abc import Generator, Mapping
from pathlib import Path

import pytest

ALLOWED = Path(__file__).with_name("allowed_skips.toml")
allowed_key = pytest.StashKey[Mapping[str, str]]()


def read_allowed(path: Path = ALLOWED) -> Mapping[str, str]:
    """Reasons by node id pattern; every entry must give one."""
    entries = tomllib.loads(path.read_text(encoding="utf-8")).get("allowed", [])
    return {entry["test"]: entry["reason"] for entry in entries}


def pytest_configure(config: pytest.Config) -> None:
    config.stash[allowed_key] = read_allowed()


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    if not hasattr(report, "wasxfail"):
        refuse_skip(report, item.config)
    return report


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_make_collect_report(
    collector: pytest.Collector,
) -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    report = yield
    refuse_skip(report, collector.config)
    return report


def refuse_skip(report: pytest.TestReport | pytest.CollectReport, config: pytest.Config) -> None:
    """Turns a skip that nobody listed into a failure, when this is CI."""
    if not report.skipped or os.environ.get("CI") != "true":
        return
    if any(fnmatch.fnmatchcase(report.nodeid, each) for each in config.stash[allowed_key]):
        return
    reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
    report.outcome = "failed"
    report.longrepr = f"{reason}\nIn CI a skipped test is a failure: list it in {ALLOWED.name}."
