"""The few rules that a palette can't say: quiet buttons, one accent, refused entries, hairlines."""

from __future__ import annotations

from dataclasses import asdict
from string import Template

from lrviz.views.theme import Theme

_RULES = Template(
    """
#topbar { background: $window; border-bottom: 1px solid $line; }
#stage { border-left: 1px solid $line; }
#statusline { border-top: 1px solid $line; color: $quiet; }
#statusline QLabel, #caption { color: $quiet; }
#notice { background: $field; border-bottom: 1px solid $line; border-left: 4px solid $warning; }
QToolButton#quiet, QToolButton#accent { padding: 4px 12px; border-radius: 4px; border: 1px solid transparent; }
QToolButton#quiet:hover { background: $raised; }
QToolButton#accent { background: $accent; color: $on_accent; font-weight: bold; }
QToolButton#quiet:focus, QToolButton#accent:focus { border-color: $accent; }
QToolButton#accent:focus { border-color: $text; }
QToolButton#view, QToolButton#toggle { padding: 2px 8px; border: none; border-bottom: 2px solid transparent; }
QToolButton#view:hover, QToolButton#toggle:hover { background: $raised; }
QToolButton#view:checked { border-bottom-color: $accent; font-weight: bold; }
QToolButton#toggle { color: $quiet; padding: 2px 6px; }
QToolButton#toggle:checked { color: $accent; border-bottom-color: $accent; }
QToolButton#toggle:disabled { color: $line; }
QToolButton#view:focus, QToolButton#toggle:focus { border-bottom-color: $text; }
.ValueEntry, QLineEdit#formula { background: $field; border: 1px solid $line; border-radius: 3px; padding: 2px 6px; }
.ValueEntry:focus, QLineEdit#formula:focus { border-color: $accent; }
QPushButton#link { border: none; color: $accent; padding: 2px 0; text-align: left; }
QPushButton#link:hover, QPushButton#link:focus { text-decoration: underline; }
QPushButton#link:disabled { color: $quiet; }
QToolButton#more { border: none; color: $quiet; padding: 2px 0; }
QToolButton#more:hover, QToolButton#more:focus { color: $text; }
.ValueEntry[refused="true"] { border: 1px solid $warning; }
QToolTip { background: $field; color: $text; border: 1px solid $line; padding: 4px; }
QSplitter::handle { background: transparent; }
QProgressBar { background: $raised; border: none; border-radius: 3px; }
QProgressBar::chunk { background: $accent; border-radius: 3px; }
"""
)


def stylesheet(theme: Theme) -> str:
    """The application's style sheet in `theme`'s colours."""
    return _RULES.substitute({name: value for name, value in asdict(theme).items() if isinstance(value, str)})
