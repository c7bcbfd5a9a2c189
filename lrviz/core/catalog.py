"""The registries, and the decorators by which a file enters its part.

Part files import torch inside their functions, never at their top: so the whole catalog, and with it every
form, is known before torch is loaded, and `lrviz list` answers at once.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal

from lrviz.core.registry import Part, Registry
from lrviz.core.signature import Parameter, Value

if TYPE_CHECKING:
    from lrviz.core.data_view import DataView
    from lrviz.core.update import Stability, Stage, Update

Point = tuple[float, float]
Bounds = tuple[float, float, float, float]  # x0, x1, y0, y1
Task = Literal["classification", "regression"]


@dataclass(frozen=True, kw_only=True)
class Surface(Part):
    """factory(x, y, **settings) is the loss, elementwise for tensors of any one shape and dtype."""

    bounds: Bounds  # the window that shows what it teaches
    start: Point  # where a descent begins unless told otherwise
    rates: tuple[float, ...]  # plain descent's: one too large, one at the edge, one that suits, one that crawls
    minima: Callable[..., list[Point]]  # minima(**settings): every known minimum inside the bounds
    formula: str  # as people write it: "(a − x)² + b(y − x²)²"
    source: str  # where it was first described
    noise: float = 0.0  # the deviation of its gradient's noise unless told otherwise
    data: Callable[..., DataView] | None = None  # data(**settings): the samples, where it is a real loss

    def own_settings(self, parameters: Mapping[str, Value]) -> dict[str, Value]:
        """What `factory`, `minima` and `data` take of a choice's parameters: all but those common to all surfaces."""
        return {name: value for name, value in parameters.items() if name != NOISE.name}


@dataclass(frozen=True, kw_only=True)
class Optimizer(Part):
    """factory(params, lr, **settings) gives a torch.optim.Optimizer.

    `rowwise` marks an update that is not linear in its learning rate, or that needs the loss again: such an
    optimizer is made once for each run instead of once for all.
    """

    rowwise: bool = False
    stages: Callable[[Update], tuple[Stage, ...]] | None = None  # an update told in slow motion
    stability: Callable[[Update], Stability | None] | None = None  # None: no limit is known, there or at all
    speed: Callable[..., float] | None = None  # speed(**settings): by how much it is faster than SGD at a small rate


@dataclass(frozen=True, kw_only=True)
class Schedule(Part):
    """factory(optimizer, steps, **settings) gives a torch.optim.lr_scheduler.LRScheduler over `steps` steps.

    `by_loss` marks one that is told the loss at each step: every run then has a scheduler of its own.
    """

    by_loss: bool = False


@dataclass(frozen=True, kw_only=True)
class DataSet(Part):
    """factory(seed, **settings) gives a core.dataset.Data, the same bits for the same seed."""

    task: Task | None  # None: known only once it is loaded, as for a file of one's own
    drawn: bool = False  # whether it is made here, from the seed

    def own_settings(self, parameters: Mapping[str, Value]) -> dict[str, Value]:
        """What `factory` takes of a choice's parameters: all but those common to all classification sets."""
        return {name: value for name, value in parameters.items() if name != LABEL_NOISE.name}


@dataclass(frozen=True, kw_only=True)
class Model(Part):
    """factory(inputs, outputs, **settings) gives an untrained torch.nn.Module from `inputs` to `outputs` numbers.

    It may name a third argument, `shape`, and leave out `inputs`: how the inputs lie, (rows, columns) of a picture,
    which is also a sequence of rows; (inputs,) where they are plain numbers. `wants` "image" marks one that needs a
    picture.

    Its parameters are drawn from torch's global generator, which the caller seeds. The loss is cross-entropy for
    classes and the mean squared error for numbers; `squared` fits one-hot classes by squared error too.
    """

    tasks: tuple[Task, ...]
    squared: bool = False
    wants: Literal["", "image"] = ""
    loss: Callable[..., Any] | None = None  # loss(outputs, targets), a mean over the samples, in place of these

    def build(self, inputs: int, outputs: int, shape: tuple[int, ...], parameters: Mapping[str, Value]) -> Any:
        """The untrained module, from a choice's parameters."""
        given = {"inputs": inputs, "outputs": outputs, "shape": shape}
        named = inspect.signature(self.factory).parameters
        return self.factory(**{name: value for name, value in given.items() if name in named}, **parameters)


@dataclass(frozen=True, kw_only=True)
class Claim(Part):
    """factory(measured) gives a judgment; `teaches` is what the text says, in our words.

    What is measured for it: `needs(extent, seeds)`.
    """

    place: int  # among the claims, as the text says them
    needs: Callable[..., Iterable[Any]]
    method: str  # how the verdict follows from the figures


NOISE = Parameter(
    "noise", "float", 0.0, 0.0, 100.0, label="noise σ", hint="deviation of what is added to the gradient", more=True
)


def _of_every_surface(traits: Mapping[str, Any]) -> tuple[Parameter, ...]:
    noise = traits.get("noise", NOISE.default)
    return (replace(NOISE, default=NOISE.check(noise), more=noise == 0),)


LABEL_NOISE = Parameter(
    "label_noise",
    "float",
    0.0,
    0.0,
    0.9,
    label="label noise",
    hint="share of the training labels that are wrong",
    more=True,
)


def _of_every_classification(traits: Mapping[str, Any]) -> tuple[Parameter, ...]:
    return () if traits.get("task") == "regression" else (LABEL_NOISE,)


surfaces = Registry("surface", "surfaces", "lrviz.surfaces", Surface, ("x", "y"), _of_every_surface)
optimizers = Registry("optimizer", "optimizers", "lrviz.optimizers", Optimizer, ("params", "lr"))
schedules = Registry("schedule", "schedules", "lrviz.schedules", Schedule, ("optimizer", "steps"))
datasets = Registry("data set", "datasets", "lrviz.datasets", DataSet, ("seed",), _of_every_classification)
models = Registry("model", "models", "lrviz.models", Model, ("inputs", "outputs", "shape"))
claims = Registry("claim", "claims", "lrviz.claims", Claim, ("measured",))

REGISTRIES: Mapping[str, Registry[Any]] = {
    registry.plural: registry for registry in (surfaces, optimizers, schedules, datasets, models, claims)
}

surface = surfaces.register
optimizer = optimizers.register
schedule = schedules.register
dataset = datasets.register
model = models.register
claim = claims.register
