"""Coefficients of agreement and intervals, against published examples and what must always hold."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import cohen_kappa_score

from esco_kg.trials.intervals import exact, stratified_share
from esco_kg.trials.review.agreement import cohen_kappa, fleiss_kappa, krippendorff_alpha, with_interval

# Krippendorff 2011, section C: four observers, twelve units, nominal categories, missing values.
OBSERVERS = ("1 2 3 3 2 1 4 1 2 . . .", "1 2 3 3 2 2 4 1 2 5 . 3", ". 3 3 3 2 3 4 2 2 5 1 .", "1 2 3 3 2 4 4 1 2 5 1 .")
# Fleiss's table as Wikipedia gives it: ten subjects, fourteen raters, five categories.
FLEISS = (
    "0 0 0 0 14", "0 2 6 4 2", "0 0 3 5 6", "0 3 9 2 0", "2 2 8 1 1",
    "7 7 0 0 0", "3 2 6 3 0", "2 5 3 2 2", "6 5 2 1 0", "0 2 2 3 7",
)  # fmt: skip


def test_krippendorffs_own_example() -> None:
    units = [[v for v in unit if v != "."] for unit in zip(*(o.split() for o in OBSERVERS), strict=True)]
    assert krippendorff_alpha(units) == pytest.approx(0.743, abs=5e-4)


def test_fleiss_example() -> None:
    items = [[str(c) for c, n in enumerate(line.split()) for _ in range(int(n))] for line in FLEISS]
    assert fleiss_kappa(items) == pytest.approx(0.210, abs=5e-4)


def test_cohens_example() -> None:
    """Fifty applications, two readers: 20 both yes, 15 both no, 5 and 10 apart."""
    items = [["y", "y"]] * 20 + [["y", "n"]] * 5 + [["n", "y"]] * 10 + [["n", "n"]] * 15
    assert cohen_kappa(items) == pytest.approx(0.4)


PAIRS = st.lists(st.lists(st.sampled_from("abc"), min_size=2, max_size=2), min_size=2, max_size=30)


@settings(deadline=None)
@given(PAIRS)
def test_cohens_kappa_is_that_of_scikit_learn(items: list[list[str]]) -> None:
    ours = cohen_kappa(items)
    if ours is not None:
        first, second = zip(*items, strict=True)
        assert ours == pytest.approx(cohen_kappa_score(first, second), abs=1e-9)


@settings(deadline=None)
@given(PAIRS)
def test_perfect_agreement_is_one_and_order_does_not_matter(items: list[list[str]]) -> None:
    same = [[first, first] for first, _ in items]
    for coefficient in (cohen_kappa, fleiss_kappa, krippendorff_alpha):
        assert coefficient(same) in (None, pytest.approx(1.0))
        turned = coefficient([item[::-1] for item in items[::-1]])
        assert turned == (None if turned is None else pytest.approx(coefficient(items)))


def test_what_is_not_defined_is_none_and_never_a_number() -> None:
    for coefficient in (cohen_kappa, fleiss_kappa, krippendorff_alpha):
        assert coefficient([]) is None
        assert coefficient([["a", "a"], ["a", "a"]]) is None
    with pytest.raises(ValueError, match="same number of raters"):
        fleiss_kappa([["a", "b"], ["a", "b", "c"]])
    assert with_interval(cohen_kappa, [["a", "a"]]).value is None


def test_an_interval_holds_its_coefficient_and_narrows_with_more_items() -> None:
    items = [["a", "a"]] * 6 + [["b", "b"]] * 5 + [["a", "b"]] * 4
    few, many = with_interval(krippendorff_alpha, items), with_interval(krippendorff_alpha, items * 10)
    assert few.low is not None and few.value is not None and few.high is not None
    assert many.low is not None and many.high is not None
    assert few.low < few.value < few.high and many.high - many.low < few.high - few.low
    assert few == with_interval(krippendorff_alpha, items)


def test_exact_limits_as_published() -> None:
    """Newcombe 1998, Statistics in Medicine 17, table I: 81 of 263, and 0 of 20."""
    assert exact(81, 263) == (pytest.approx(0.2527, abs=1e-4), pytest.approx(0.3676, abs=1e-4))
    assert exact(0, 20) == (0.0, pytest.approx(0.1684, abs=1e-4))


def test_a_stratified_share_weights_its_strata() -> None:
    found = stratified_share({"big": [0.0] * 10, "small": [1.0] * 10}, {"big": 900, "small": 100})
    assert found.value == pytest.approx(0.1)
    assert 0 < found.low < 0.1 < found.high < 0.35


def test_one_stratum_is_the_exact_interval_of_its_sample() -> None:
    values = [1.0] * 3 + [0.0] * 27
    found = stratified_share({"all": values}, {"all": 10**9})
    low, high = exact(0.1 * 29, 29)
    assert found.value == pytest.approx(0.1)
    assert found.low == pytest.approx(low, abs=0.01) and found.high == pytest.approx(high, abs=0.01)


def test_no_error_found_is_not_no_error() -> None:
    found = stratified_share({"a": [0.0] * 20, "b": [0.0] * 20}, {"a": 100, "b": 100})
    assert (found.value, found.low) == (0.0, 0.0) and found.high == pytest.approx(exact(0, 40)[1])
    with pytest.raises(ValueError, match="no stratum"):
        stratified_share({"a": []}, {"a": 10})


def test_the_interval_covers_the_truth_about_as_often_as_it_says() -> None:
    import random

    draw = random.Random(1)
    sizes, shares = {"a": 700, "b": 200, "c": 100}, {"a": 0.05, "b": 0.2, "c": 0.5}
    population = {s: [float(n < shares[s] * sizes[s]) for n in range(sizes[s])] for s in sizes}
    truth = sum(map(sum, population.values())) / 1000
    inside = 0
    for _ in range(300):
        found = stratified_share({s: draw.sample(population[s], sizes[s] // 10) for s in sizes}, sizes)
        inside += found.low <= truth <= found.high
    assert inside / 300 >= 0.93
