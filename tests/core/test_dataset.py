"""Splitting and standardising."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.preprocessing import StandardScaler

from lrviz.core.dataset import Data, split_data, with_wrong_labels
from lrviz.core.errors import DataError

ABC = ("a", "b", "c")


def split(labels: list[int], test: int, seed: int = 0) -> Data:
    """Data whose only input is each sample's own number."""
    numbers = np.arange(len(labels), dtype=np.float64)[:, None]
    return split_data("d", numbers, np.array(labels), features=("number",), classes=ABC, test=test, seed=seed)


def regression(inputs: list[list[float]], targets: list[float], test: int = 2, seed: int = 0) -> Data:
    features = tuple(f"f{place}" for place in range(len(inputs[0])))
    return split_data("d", np.array(inputs), np.array(targets), features=features, test=test, seed=seed)


@given(st.lists(st.integers(0, 2), min_size=4, max_size=60), st.integers(0, 2**31 - 1), st.data())
def test_each_class_keeps_its_share_to_within_one_sample(labels: list[int], seed: int, data: st.DataObject) -> None:
    sizes = np.bincount(labels, minlength=3)
    test = data.draw(st.integers(1, max(1, len(labels) // 2)))
    parts = split(labels, test, seed)
    counts = np.bincount(parts.test_targets.astype(np.int64), minlength=3)
    assert counts.sum() == test
    assert np.bincount(parts.train_targets.astype(np.int64), minlength=3).tolist() == (sizes - counts).tolist()
    if sizes[sizes > 0].min() > 3:  # a class's only sample is kept for training, which shifts the shares
        assert np.abs(counts - sizes * test / len(labels)).max() < 1


def test_every_sample_is_in_one_part_and_its_target_stays_with_it() -> None:
    labels = [0, 1, 2] * 10
    parts = split(labels, 9)
    inputs = np.concatenate([parts.train_inputs, parts.test_inputs])[:, 0]
    targets = np.concatenate([parts.train_targets, parts.test_targets])
    order = np.argsort(inputs)
    assert len(np.unique(inputs)) == 30
    assert targets[order].tolist() == labels


def test_a_class_s_only_sample_is_trained_on() -> None:
    for seed in range(20):
        assert 2 in split([0] * 9 + [1] * 5 + [2], 5, seed).train_targets


def test_the_seed_alone_decides_the_split() -> None:
    labels = [0, 1, 2] * 20
    first, again, other = split(labels, 20, 1), split(labels, 20, 1), split(labels, 20, 2)
    assert first.train_inputs.tobytes() == again.train_inputs.tobytes()
    assert first.train_inputs.tobytes() != other.train_inputs.tobytes()


def test_standardising_uses_the_training_part_alone_and_agrees_with_scikit_learn() -> None:
    raw = np.random.default_rng(0).normal(50, 7, (90, 4))
    data = split_data("d", raw, np.arange(90) % 3, features=("a", "b", "c", "d"), classes=ABC, test=30, seed=3)
    again = split_data("d", np.arange(90.0)[:, None], np.arange(90) % 3, features=("n",), classes=ABC, test=30, seed=3)
    order = np.argsort(np.concatenate([again.train_inputs, again.test_inputs])[:, 0])
    places = np.argsort(order)  # which raw row each row of the parts is
    scaler = StandardScaler().fit(raw[places[:60]])
    np.testing.assert_allclose(data.train_inputs, scaler.transform(raw[places[:60]]), rtol=1e-5, atol=1e-6)
    np.testing.assert_allclose(data.test_inputs, scaler.transform(raw[places[60:]]), rtol=1e-5, atol=1e-6)


def test_a_feature_that_is_constant_in_training_is_0_in_both_parts() -> None:
    inputs = [[0.1, float(n)] for n in range(20)]
    data = regression(inputs, [float(n) for n in range(20)])
    assert not data.train_inputs[:, 0].any()
    assert not data.test_inputs[:, 0].any()
    assert data.train_inputs[:, 1].any()


def test_the_targets_of_a_regression_are_standardised() -> None:
    data = regression([[float(n)] for n in range(50)], [1000.0 + 3 * n for n in range(50)], test=10)
    assert data.classes == ()
    assert data.outputs == 1
    assert data.train_targets.mean() == pytest.approx(0, abs=1e-6)
    assert data.train_targets.std() == pytest.approx(1, rel=1e-6)


@pytest.mark.parametrize("number", [1e308, -1.7e308, 1e-200])
def test_numbers_that_cannot_be_standardised_are_refused_by_name(number: float) -> None:
    inputs = [[float(n), number * (1 + n % 2)] for n in range(20)]
    with pytest.raises(DataError, match="'d' column 'f1' holds numbers too large or too small"):
        regression(inputs, [float(n) for n in range(20)])


def test_nobody_changes_the_arrays() -> None:
    data = split([0, 1, 2] * 4, 3)
    for array in (data.train_inputs, data.train_targets, data.test_inputs, data.test_targets):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 0


def test_together_all_inputs_have_one_mean_and_one_deviation_that_of_the_training_part() -> None:
    raw = np.random.default_rng(0).normal(50, [1, 7, 20], (90, 3))
    raw[:, 0] = 4.0  # a constant pixel keeps its place below the mean
    targets = np.arange(90) % 3
    data = split_data("d", raw, targets, features=ABC, classes=ABC, test=30, seed=3, together=True)
    assert data.train_inputs.mean() == pytest.approx(0, abs=1e-6)
    assert data.train_inputs.std() == pytest.approx(1, rel=1e-6)
    apart = split_data("d", raw, targets, features=ABC, classes=ABC, test=30, seed=3)
    for ours, theirs in ((data.train_inputs, apart.train_inputs), (data.test_inputs, apart.test_inputs)):
        slope, shift = np.polyfit(theirs[:, 2], ours[:, 2], 1)
        np.testing.assert_allclose(ours[:, 2], slope * theirs[:, 2] + shift, atol=1e-5)
    assert len(np.unique(data.train_inputs[:, 0])) == 1
    assert data.train_inputs[0, 0] == data.test_inputs[0, 0] < -1


labels_of_three = st.lists(st.integers(0, 2), min_size=12, max_size=60)


@given(labels_of_three, st.floats(0, 0.9), st.integers(0, 2**31 - 1))
def test_exactly_that_share_of_the_training_labels_is_wrong_and_the_test_labels_stay_true(
    labels: list[int], share: float, seed: int
) -> None:
    clean = split(labels, 3, seed)
    noisy = with_wrong_labels(clean, share, seed)
    assert (noisy.train_targets != clean.train_targets).sum() == round(share * len(clean.train_targets))
    assert set(noisy.train_targets.tolist()) <= {0, 1, 2}
    assert noisy.train_targets.dtype == np.int64
    assert noisy.test_targets.tobytes() == clean.test_targets.tobytes()
    assert noisy.train_inputs is clean.train_inputs


def test_the_same_seed_makes_the_same_labels_wrong_and_another_seed_others() -> None:
    clean = split([0, 1, 2] * 40, 30)
    first, again, other = (with_wrong_labels(clean, 0.3, seed).train_targets.tobytes() for seed in (5, 5, 6))
    assert first == again != other


def test_a_larger_share_has_the_wrong_labels_of_a_smaller_one() -> None:
    clean = split([0, 1, 2] * 40, 30)
    few, many = (with_wrong_labels(clean, share, 0).train_targets for share in (0.2, 0.5))
    wrong = few != clean.train_targets
    assert (few[wrong] == many[wrong]).all()


def test_a_wrong_label_is_any_other_class_as_likely() -> None:
    clean = split([0, 1, 2] * 3000, 3)
    noisy = with_wrong_labels(clean, 0.9, 0)
    counts = np.bincount((noisy.train_targets - clean.train_targets) % 3, minlength=3)
    assert counts[0] == pytest.approx(900, abs=1)
    assert counts[1:] == pytest.approx([4050, 4050], abs=200)


def test_a_quantity_has_no_wrong_labels() -> None:
    data = regression([[float(n)] for n in range(20)], [float(n) for n in range(20)])
    assert with_wrong_labels(data, 0, 0) is data
    with pytest.raises(DataError, match="label_noise is for classes"):
        with_wrong_labels(data, 0.1, 0)
