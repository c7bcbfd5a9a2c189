"""How a person has set up what they look at: a value, so that it can be saved, shared and restored."""

from __future__ import annotations

from typing import Literal

import msgspec

from lrviz.core.landscape import PlaneKind

SPEEDS = (0.1, 0.25, 0.5, 1.0, 2.0, 4.0, 8.0, 16.0)  # that a person can choose from


View = Literal["panels", "overlay", "relief", "fate", "insight", "lens", "sweep", "find", "check"]
VIEWS: tuple[View, ...] = ("panels", "overlay", "relief", "fate", "insight", "lens", "sweep", "find", "check")
OF_WHOLE_RUNS: tuple[View, ...] = ("fate", "lens", "sweep", "find", "check")  # no curves of single steps beside them,
OF_OTHER_RUNS: tuple[View, ...] = ("sweep", "find", "check")  # and no step of the race on screen
Against = Literal["steps", "epochs", "path", "time"]


class ViewState(msgspec.Struct, frozen=True):
    """Replaced whole (msgspec.structs.replace). Nothing here changes what is computed."""

    theme: Literal["light", "dark", "system"] = "system"
    view: View = "panels"
    linked: bool = True  # all maps show the same window, or each its own
    lock: bool = False  # whether runs may differ in their rates alone
    arrows: bool = False  # what the update on screen is made of
    slow_motion: bool = False  # the update on screen told stage by stage
    gauge: bool = True  # how near to its limit of stability each run is
    curves: tuple[str, str] = ("loss", "")  # the charts' quantities; "": what suits the problem
    against: Against = "steps"  # what the charts' level axis is; "path": rate × steps; "time": seconds of the race
    plane: PlaneKind | None = None  # on which plane a model is drawn; None: through the start, then along the paths
    log_steps: bool = False  # whether that axis is logarithmic
    log_loss: bool = True
    speed: float = 1.0  # 1: a whole race in about ten seconds
    loop: bool = False
    second_chart: bool = True  # shown only where the window has the room
    controls: bool = True
