"""Import stubs: empty modules in place of large ones that a library imports and never calls.

sentence_transformers imports scikit-learn to judge models with, transformers imports SciPy's
optimiser for losses of training, SciPy's picture functions import its special functions to rotate.
Together they are a second of the start, 70 MB of memory and a tenth of the program on disk.
"""

import sys
from functools import partial
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any

EMBEDDING_STUBS = ("sklearn", "sklearn.metrics", "scipy.optimize")
IMAGE_STUBS = ("scipy.special",)


def install_stubs(names: tuple[str, ...]) -> None:
    """Let each of these be imported as an empty module, unless the real one has been imported.

    Whatever is imported from one can be named; calling it raises NotImplementedError.
    """
    for name in names:
        sys.modules.setdefault(name, _StandIn(name))


class _StandIn(ModuleType):
    def __init__(self, name: str) -> None:
        super().__init__(name)
        # Asked for by importlib.util.find_spec, with which transformers looks what there is.
        self.__spec__ = ModuleSpec(name, None, is_package=True)
        self.__path__: list[str] = []

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever is asked for
        if name.startswith("__"):
            raise AttributeError(name)
        return partial(_refuse, f"{self.__name__}.{name}")


def _refuse(name: str, *_arguments: object, **_options: object) -> None:
    raise NotImplementedError(name)
