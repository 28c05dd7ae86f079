"""No machine runs more tests at once than it has cores, memory and patience for."""

import pytest

from tests.cores import granted, workers

GIGABYTE = 2**30


@pytest.mark.parametrize(
    ("quota", "cores"),
    [
        pytest.param("200000 100000\n", 2, id="two of them"),
        pytest.param("50000 100000\n", 1, id="half of one"),
        pytest.param("max 100000\n", 64, id="no quota"),
        pytest.param("6400000 50000\n", 64, id="more than there are"),
        pytest.param("", 64, id="no control group"),
    ],
)
def test_a_container_has_as_many_cores_as_it_was_given_time_for(quota: str, cores: int) -> None:
    assert granted(64, quota) == cores


@pytest.mark.parametrize(
    ("cores", "memory", "wanted"),
    [(1, 4, 2), (2, 8, 3), (4, 16, 6), (4, 3, 3), (64, 512, 16), (2, 0, 1)],
)
def test_more_tests_than_cores_run_at_once_where_there_is_memory_for_them(
    cores: int, memory: int, wanted: int
) -> None:
    assert workers(cores, memory * GIGABYTE) == wanted
