"""Before work that takes long: what it needs is loaded, or says at once that it cannot be."""

from __future__ import annotations


def load(*, drawing: bool) -> None:
    """Load what is heavy, before the training, so that a machine that cannot draw says so at once.

    torch comes before Qt, as Windows needs it (pytorch#166628).
    """
    from lrviz.engine.process import settle

    settle()
    if drawing:
        from lrviz.export.picture import offscreen_application

        offscreen_application()
