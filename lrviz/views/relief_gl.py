"""Which 3D view a machine shows: OpenGL's where the extra `gl` and a graphics card are to be had, else QPainter's."""

from __future__ import annotations

from importlib.util import find_spec

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QColor, QGuiApplication, QOffscreenSurface, QOpenGLContext
from PySide6.QtOpenGL import QOpenGLFramebufferObject
from PySide6.QtWidgets import QWidget

from lrviz.views.relief_view import ReliefView

SCREENLESS = ("offscreen", "minimal", "minimalegl", "linuxfb", "vnc")  # platforms whose windows stay blank under OpenGL
IN_SOFTWARE = ("llvmpipe", "softpipe", "swiftshader", "software", "gdi generic", "basic render")
LEAST = (2, 1)  # the version of OpenGL that pyqtgraph asks for
_COLOR_BUFFER = 0x4000  # GL_COLOR_BUFFER_BIT
_RENDERER = 0x1F01  # GL_RENDERER
_PROBE = QColor(51, 102, 153)


def open_gl_available() -> bool:
    """Whether a picture drawn by OpenGL really appears: a colour is drawn and read back. Needs a QGuiApplication."""
    return open_gl_renderer() is not None


def open_gl_renderer() -> str | None:
    """What draws by OpenGL here, a graphics card or a program in its stead; None where nothing does.

    Contexts have to be shared (Qt.AA_ShareOpenGLContexts, set before the application is made): pyqtgraph keeps its
    shaders for all of them.
    """
    if find_spec("pyqtgraph") is None or find_spec("OpenGL") is None or QGuiApplication.platformName() in SCREENLESS:
        return None
    context, surface = QOpenGLContext(), QOffscreenSurface()
    shared = QCoreApplication.testAttribute(Qt.ApplicationAttribute.AA_ShareOpenGLContexts)
    if not shared or not context.create() or context.isOpenGLES() or context.format().version() < LEAST:
        return None
    surface.setFormat(context.format())
    surface.create()
    if not surface.isValid() or not context.makeCurrent(surface):
        return None
    try:
        return str(context.functions().glGetString(_RENDERER)) if _reads_back(context) else None
    finally:
        context.doneCurrent()


def relief_widget(parent: QWidget | None = None) -> ReliefView:
    """The 3D view for this machine: both kinds have the same members, show the same, and make the same pictures.

    Where a program stands in for a graphics card, QPainter's way is the faster one.
    """
    renderer = open_gl_renderer()
    if renderer is not None and not any(name in renderer.lower() for name in IN_SOFTWARE):
        from lrviz.views.relief_gl_view import GlRelief  # pyqtgraph takes a third of a second to import

        return GlRelief(parent)
    return ReliefView(parent)


def _reads_back(context: QOpenGLContext) -> bool:
    buffer = QOpenGLFramebufferObject(4, 4)
    if not buffer.isValid() or not buffer.bind():
        return False
    functions = context.functions()
    functions.glClearColor(_PROBE.redF(), _PROBE.greenF(), _PROBE.blueF(), 1.0)
    functions.glClear(_COLOR_BUFFER)
    read = buffer.toImage().pixelColor(2, 2)
    buffer.release()
    return all(abs(a - b) <= 2 for a, b in zip(_rgb(read), _rgb(_PROBE), strict=True))


def _rgb(color: QColor) -> tuple[int, int, int]:
    return color.red(), color.green(), color.blue()
