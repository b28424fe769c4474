"""Light keyring: the package for key stores, without what it imports and seldom uses.

Packages behind it import `urllib.request`, `tarfile`, `more_itertools` and others for functions
that nobody calls when a key is read; with `http` and `ssl` that is most of what opening an
encrypted data folder costs. They are loaded when they are used.
"""

import importlib.util
import sys
from types import ModuleType
from typing import Any


class _DeferredModule(ModuleType):
    """A module whose code runs when a name in it is asked for that it hasn't yet.

    The loader of the standard library for this runs the code at the first `import` already.
    """

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - of any type, as names of modules are
        spec = self.__spec__
        if name.startswith("__") or spec is None or spec.loader is None:
            raise AttributeError(name)
        object.__setattr__(self, "__class__", ModuleType)
        spec.loader.exec_module(self)
        return getattr(self, name)


def defer_import(name: str) -> None:
    """Have a module of a package loaded when something in it is first asked for."""
    try:
        spec = importlib.util.find_spec(name) if name not in sys.modules else None
    except ImportError:  # newer versions of Python need some of them no more
        return
    if spec is None:
        return
    module = importlib.util.module_from_spec(spec)
    module.__class__ = _DeferredModule
    sys.modules[name] = module
    package, _dot, last = name.rpartition(".")
    if package:
        setattr(sys.modules[package], last, module)


for _name in (
    *("urllib.request", "backports.tarfile", "configparser"),
    *("more_itertools", "importlib_metadata"),
):
    defer_import(_name)
if sys.platform != "darwin":  # elsewhere it runs a compiler to look for libraries of macOS
    sys.modules["keyring.backends.macOS.api"] = None  # type: ignore[assignment]

import keyring  # noqa: E402 - after what it is to leave alone
from keyring.errors import KeyringError, NoKeyringError, PasswordDeleteError  # noqa: E402

__all__ = ["KeyringError", "NoKeyringError", "PasswordDeleteError", "keyring"]
