"""Updates and gauges made by hand, for tests of what shows them: descents of NumPy keep no optimizer's memory."""

from __future__ import annotations

import numpy as np
import pytest

from lrviz.core.gauge import Gauge
from lrviz.core.scene import Scene
from lrviz.core.update import Arrow, Stage


def stages_of(scene: Scene, run: int, step: int) -> tuple[Stage, ...]:
    """A slope, a memory that goes on from there and scales the axes, and the true step."""
    theta = scene.traces[run].theta
    if scene.steps_per_epoch is not None:
        return ()
    if step + 1 >= len(theta) or not np.isfinite(theta[step : step + 2]).all():
        return ()
    x, y = (theta[step + 1] - theta[step]).tolist()
    slope = (0.3 * x, 1.7 * y)
    return (
        Stage("Slope", "g = ∇L(θ)", "Uphill.", (("g", (1.5, -0.25)), ("η", (0.1,))), Arrow("gradient", slope)),
        Stage(
            "Remember",
            "m ← β₁ m + g",
            "It keeps what was.",
            (("m", (1.0, 2.0)),),
            Arrow("momentum", (x - slope[0], y - slope[1]), onward=True),
            scaling=(0.3, 1.5),
        ),
        Stage("Step", "θ ← θ − η m", "Theta takes the step.", (("step", (x, y)),), Arrow("step", (x, y))),
    )


def gauge_of(scene: Scene, run: int, step: int) -> Gauge | None:
    """A curvature that grows with every step."""
    trace = scene.traces[run]
    if scene.steps_per_epoch is not None or step >= len(trace) or not np.isfinite(trace.theta[step]).all():
        return None
    rate, sharpness = float(trace.rate[step]), 20.0 * step
    return Gauge(sharpness=sharpness, limit=2.0, rate=rate, ratio=rate * sharpness / 2, formula="2", scaled=False)


def tell(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have all views show these."""
    for place in ("panel_arrows", "slow_motion"):
        monkeypatch.setattr(f"lrviz.views.{place}.stages_at", stages_of)
    monkeypatch.setattr("lrviz.views.gauge_words.gauge_at", gauge_of)
