"""Import stubs: empty modules in place of large ones that a library imports and never calls.

sentence_transformers imports scikit-learn to evaluate models, transformers imports SciPy's
optimizer for training losses, SciPy's image functions import its special functions to rotate.
Together they cost a second at the start, 70 MB of memory and a tenth of the program on disk.
"""

import sys
from functools import partial
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any

EMBEDDING_STUBS = ("sklearn", "sklearn.metrics", "scipy.optimize")
IMAGE_STUBS = ("scipy.special",)


def install_stubs(names: tuple[str, ...]) -> None:
    """Make each of these an empty module for later imports, unless the real one is imported.

    Any name can be imported from one; calling it raises NotImplementedError.
    """
    for name in names:
        sys.modules.setdefault(name, _StubModule(name))


class _StubModule(ModuleType):
    def __init__(self, name: str) -> None:
        super().__init__(name)
        # transformers asks importlib.util.find_spec which modules there are.
        self.__spec__ = ModuleSpec(name, None, is_package=True)
        self.__path__: list[str] = []

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever is asked for
        if name.startswith("__"):
            raise AttributeError(name)
        return partial(_refuse, f"{self.__name__}.{name}")


def _refuse(name: str, *_arguments: object, **_options: object) -> None:
    raise NotImplementedError(name)
