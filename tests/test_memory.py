"""Looking rarely for cyclic garbage: only while a long work runs, and as the program had it afterwards."""

from __future__ import annotations

import gc
from collections.abc import Iterator

import pytest

from esco_kg.memory import collecting_rarely


@pytest.fixture
def thresholds() -> Iterator[None]:
    before = gc.get_threshold()
    yield
    gc.set_threshold(*before)


@pytest.mark.usefixtures("thresholds")
@pytest.mark.parametrize(
    ("own", "then"),
    [((700, 10, 10), (50_000, 20, 20)), ((90_000, 5, 30), (90_000, 20, 30)), ((0, 10, 10), (0, 10, 10))],
    ids=["the default", "rarer already", "switched off"],
)
def test_the_thresholds_of_a_program_are_its_own_again(own: tuple[int, int, int], then: tuple[int, int, int]) -> None:
    gc.set_threshold(*own)
    with collecting_rarely():
        assert gc.get_threshold() == then
    assert gc.get_threshold() == own
    with pytest.raises(KeyError), collecting_rarely():
        raise KeyError
    assert gc.get_threshold() == own
