"""How far a model's picture can be trusted, in words: the true loss beside the plane's, and the distance between."""

from __future__ import annotations

import math
from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication

from lrviz.core.experiment import OnModel
from lrviz.core.scene import Scene
from lrviz.views import numbers
from lrviz.views.way import Way

DUST = 1e-5  # of the map's longer side: a shorter distance is the rounding of a calculation


@dataclass(frozen=True)
class Beside:
    """A model at its last measurement, and the point of the plane that stands for it there, its foot."""

    step: int
    loss: float | None  # on the training part; None where that was not measured
    plane_loss: float | None  # of the landscape at the foot; None off the map
    distance: float  # from the weights to their foot


def beside(scene: Scene, run: int, step: int, way: Way | None) -> Beside | None:
    """The last measurement up to `step` that the `way` has taken in; None for surfaces, and before there is one."""
    trace, landscape = scene.traces[run], scene.landscape
    if way is None or way.plane is None or landscape is None or not len(way.steps):
        return None
    taken = min(step, int(way.steps[-1]))
    measurement = int(trace.metric_step.searchsorted(taken, side="right")) - 1
    if measurement < 0:
        return None
    at = int(trace.metric_step[measurement])
    place = int(way.steps.searchsorted(at))
    distance, plane_loss = way.distance(place), way.loss_on(landscape, place)
    if not math.isfinite(distance):
        return None
    x0, x1, y0, y1 = landscape.bounds
    losses = trace.metric("train_loss")
    loss = float(losses[measurement]) if measurement < len(losses) else None
    distance = 0.0 if distance < DUST * max(x1 - x0, y1 - y0) else distance
    return Beside(at, loss, None if math.isnan(plane_loss) else plane_loss, distance)


def beside_texts(said: Beside) -> tuple[str, ...]:
    """The same in fewer and fewer letters, longest first."""
    given = _figures(said)
    if said.loss is None or said.plane_loss is None:
        return _tr("{distance} off the plane").format(**given), _tr("{distance} off").format(**given)
    return tuple(
        text.format(**given)
        for text in (
            _tr("training loss {loss}, on the plane {plane} · {distance} off it"),
            _tr("loss {loss}, on the plane {plane} · {distance} off it"),
            _tr("loss {loss}, plane {plane} · {distance} off"),
            _tr("loss {loss}, plane {plane}"),
            _tr("{distance} off the plane"),
            _tr("{distance} off"),
        )
    )


def beside_sentence(scene: Scene, run: int, step: int, way: Way | None) -> str:
    """In full, with what the plane's axes are; empty for surfaces."""
    if not isinstance(scene.experiment.problem, OnModel) or scene.plane is None:
        return ""
    said, axes = beside(scene, run, step, way), axes_text(scene).replace("\n", " · ")
    if said is None:
        return axes
    if said.loss is None:
        text = _tr("At step {step} the weights lie {distance} off the plane.")
    elif said.plane_loss is None:
        text = _tr("Training loss {loss} at step {step}; the weights lie {distance} off the plane, beside the map.")
    elif said.distance == 0:
        text = _tr("Training loss {loss} at step {step}; the weights lie on the plane, where the map says {plane}.")
    else:
        text = _tr(
            "Training loss {loss} at step {step}; the map says {plane} at the weights' foot on the plane, "
            "{distance} away from them."
        )
    return text.format(step=numbers.count(said.step), **_figures(said)) + "\n" + axes


def axes_text(scene: Scene) -> str:
    """What a model's plane shows to the right, and on a second line upwards."""
    assert scene.plane is not None
    right, up = scene.plane.axes
    return f"→ {right}\n↑ {up}"


def _figures(said: Beside) -> dict[str, str]:
    return {
        "loss": "" if said.loss is None else numbers.steady(said.loss),
        "plane": "" if said.plane_loss is None else numbers.steady(said.plane_loss),
        "distance": numbers.steady(said.distance, 2),
    }


def _tr(text: str) -> str:
    return QCoreApplication.translate("Planes", text)
