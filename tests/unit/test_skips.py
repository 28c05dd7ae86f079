"""The rule about skipped tests, seen from a test run of its own."""

from pathlib import Path

import pytest

from tests.skips import read_allowed

ONE_SKIPPED_TEST = "import pytest\ndef test_it():\n    pytest.skip('no such thing here')\n"
ONE_SKIPPED_FILE = "import pytest\npytest.importorskip('no_such_module_at_all')\n"


def outcomes(pytester: pytest.Pytester) -> dict[str, int]:
    plain = ["-p", "no:asyncio", "-p", "no:randomly"]
    return pytester.runpytest_inprocess("-p", "tests.skips", *plain).parseoutcomes()


def test_a_skipped_test_fails_in_ci(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CI", "true")
    pytester.makepyfile(ONE_SKIPPED_TEST)

    assert outcomes(pytester) == {"failed": 1}


def test_a_skipped_file_fails_in_ci(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CI", "true")
    pytester.makepyfile(ONE_SKIPPED_FILE)

    assert outcomes(pytester) == {"errors": 1}


def test_a_skipped_test_is_only_skipped_elsewhere(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("CI", raising=False)
    pytester.makepyfile(ONE_SKIPPED_TEST)

    assert outcomes(pytester) == {"skipped": 1}


def test_a_test_that_is_expected_to_fail_is_no_skip(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CI", "true")
    pytester.makepyfile("import pytest\n@pytest.mark.xfail\ndef test_it():\n    assert False\n")

    assert outcomes(pytester) == {"xfailed": 1}


def test_a_listed_skip_needs_a_reason(tmp_path: Path) -> None:
    listed = tmp_path / "allowed.toml"
    listed.write_text('[[allowed]]\ntest = "tests/e2e/*"\n', encoding="utf-8")

    with pytest.raises(KeyError, match="reason"):
        read_allowed(listed)


def test_every_listed_skip_gives_its_reason() -> None:
    assert all(reason.strip() for reason in read_allowed().values())
