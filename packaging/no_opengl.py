"""A stub for Qt's OpenGL bindings, run first in the bundle: pyqtgraph imports them, but uses them only if asked to.

The program does not ask for it, so modules with only the names that pyqtgraph needs at import replace them, which
saves 10 MB. Any other use raises AttributeError; the self-test, which paints every plot, would find it.
"""

import sys
from types import ModuleType

OPENGL, WIDGETS = "PySide6.QtOpenGL", "PySide6.QtOpenGLWidgets"

sys.modules[OPENGL] = ModuleType(OPENGL)
sys.modules[WIDGETS] = ModuleType(WIDGETS)
# pyqtgraph derives two unused widget classes from it and uses it in isinstance tests.
sys.modules[WIDGETS].QOpenGLWidget = type("QOpenGLWidget", (), {"__module__": WIDGETS})
