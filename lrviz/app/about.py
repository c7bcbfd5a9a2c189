"""About: what lrviz is, and the versions of the parts that it stands on."""

from __future__ import annotations

import importlib.metadata
import platform

from PySide6.QtCore import QCoreApplication, Qt, qVersion
from PySide6.QtWidgets import QMessageBox, QWidget

from lrviz import __version__

_PARTS = ("torch", "PySide6-Essentials", "numpy", "msgspec", "contourpy")


def versions() -> str:
    """One line a part: what a report of a fault needs to say."""
    parts = [f"lrviz {__version__}", f"Python {platform.python_version()}", f"Qt {qVersion()}"]
    parts += [f"{name} {importlib.metadata.version(name)}" for name in _PARTS]
    return "\n".join([*parts, platform.platform()])


def show_about(window: QWidget) -> None:
    box = QMessageBox(window)
    box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    box.setWindowTitle(QCoreApplication.translate("About", "About lrviz"))
    box.setText(f"<b>lrviz {__version__}</b>")
    text = QCoreApplication.translate(
        "About", "Shows what a learning rate does: the same descent, side by side, at every rate."
    )
    box.setInformativeText(f"{text}\n\n{versions()}")
    box.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    box.open()
