"""Runs first in the bundle: pyqtgraph imports Qt's OpenGL bindings, and uses them only where it is told to.

Nobody tells it to here, so modules with no more than what it names while it is imported stand in their place: that
leaves 10 MB out. Who asked them for more would get an AttributeError; the self-test first, which paints every plot.
"""

import sys
from types import ModuleType

OPENGL, WIDGETS = "PySide6.QtOpenGL", "PySide6.QtOpenGLWidgets"

sys.modules[OPENGL] = ModuleType(OPENGL)
sys.modules[WIDGETS] = ModuleType(WIDGETS)
# The base of two widgets of pyqtgraph that are never made, and what it asks each widget whether it is one.
sys.modules[WIDGETS].QOpenGLWidget = type("QOpenGLWidget", (), {"__module__": WIDGETS})
