"""Steps of optimizers that ask for the loss again on the way, with pauses.

torch asks in the middle of its step, where nothing can pause. So a step that has asked for as much as may be computed
at once is left, and begun anew from where it began: it comes to the same questions, and has the answers by then.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

from lrviz.core.pauses import Paused

Answer = tuple[Tensor, Tensor]  # the loss () and the gradient (P,) at a row's theta
Closure = Callable[[], float]
Step = Callable[[Closure], object]  # torch's


class _UnansweredError(Exception):
    """The step has asked what is not known yet."""


@dataclass(frozen=True)
class Oracle:
    """Whoever answers at theta (P,)."""

    at_once: int  # how many questions it may be asked without a pause
    answer: Callable[[Tensor], Answer]
    answer_in_pieces: Callable[[Tensor], Paused[Answer]]


def step_in_pieces(step: Step, theta: Tensor, state: dict[str, Any], first: Answer, oracle: Oracle) -> Iterator[None]:
    """One step of an optimizer whose `state` of theta (P,) this is; `first` is the answer at theta as it is.

    Of what the state lists, nothing is rewritten in place: L-BFGS lists its past steps.
    """
    before, memory = theta.clone(), _copied(state)
    answers = [first]
    while True:
        try:
            with torch.no_grad():
                step(_closure(theta, answers, oracle))
        except _UnansweredError:
            loss, gradient = yield from oracle.answer_in_pieces(theta.clone())
            answers.append((loss.clone(), gradient.clone()))
            theta.copy_(before)
            state.clear()
            state.update(_copied(memory))
        else:
            return


def _closure(theta: Tensor, answers: list[Answer], oracle: Oracle) -> Closure:
    """What torch's optimizers call for the loss, with the gradient left in `theta.grad`."""
    known = iter(tuple(answers))
    most = len(answers) + oracle.at_once

    def closure() -> float:
        answer = next(known, None)
        if answer is None:
            if len(answers) >= most:
                raise _UnansweredError
            loss, gradient = oracle.answer(theta)
            answer = loss.clone(), gradient.clone()
            answers.append(answer)
        theta.grad = answer[1]
        return float(answer[0])

    return closure


def _copied(state: dict[str, Any]) -> dict[str, Any]:
    return {name: _copy_of(value) for name, value in state.items()}


def _copy_of(value: Any) -> Any:
    match value:
        case Tensor():
            return value.clone()
        case list():
            return list(value)
        case _:
            return value
