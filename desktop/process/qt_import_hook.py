"""Removal of Qt's import hook, which reads the source of each imported module.

We use none of them (PySide's snake_case and true_property), and a window imports some 150 modules:
their sources are read for it, a tenth of the start (bugreports.qt.io/browse/PYSIDE-2029).
"""

import builtins

import PySide6.QtCore  # noqa: F401 - puts the hook in


def remove_import_hook() -> None:
    """Restore Python's own import."""
    original = getattr(builtins, "__orig_import__", None)
    if original is not None:
        builtins.__import__ = original
