"""Each epoch sees every sample once, in an order of its own."""

from __future__ import annotations

import pytest
import torch

from lrviz.engine.batches import Batches


def batches(samples: int = 10, size: int = 4, seed: int = 0) -> Batches:
    numbers = torch.arange(samples)
    return Batches(numbers[:, None].float(), numbers, size, seed)


def seen(made: Batches, epoch: int) -> list[int]:
    steps = range(epoch * made.per_epoch, (epoch + 1) * made.per_epoch)
    return [int(target) for step in steps for target in made(step)[1]]


def test_an_epoch_sees_every_sample_once_and_its_last_batch_holds_what_is_left() -> None:
    made = batches()
    assert made.per_epoch == 3
    assert [len(made(step)[1]) for step in range(6)] == [4, 4, 2, 4, 4, 2]
    assert sorted(seen(made, 0)) == sorted(seen(made, 1)) == list(range(10))


def test_inputs_and_targets_stay_together() -> None:
    made = batches()
    for step in range(9):
        inputs, targets = made(step)
        assert inputs[:, 0].tolist() == targets.tolist()


def test_epochs_and_seeds_have_orders_of_their_own() -> None:
    made = batches(100, 10)
    assert seen(made, 0) != seen(made, 1)
    assert seen(made, 0) != seen(batches(100, 10, seed=1), 0)


def test_a_step_sees_the_same_samples_in_whatever_order_it_is_asked() -> None:
    forwards, backwards = batches(), batches()
    there = [forwards(step)[1].tolist() for step in range(9)]
    back = [backwards(step)[1].tolist() for step in reversed(range(9))]
    assert there == back[::-1]


@pytest.mark.parametrize("size", [0, 10, 11])
def test_a_batch_of_all_is_the_part_as_it_stands(size: int) -> None:
    made = batches(size=size)
    assert made.per_epoch == 1
    assert seen(made, 0) == seen(made, 7) == list(range(10))


def test_drawing_leaves_torchs_own_generator_alone() -> None:
    before = torch.get_rng_state()
    seen(batches(), 3)
    assert torch.equal(before, torch.get_rng_state())
