"""Light bindings: `import llama_cpp` gives the C functions alone, in half of the time.

The package also loads a server's chat formats, a template engine and tokenizers, which nothing
here calls.
"""

import importlib
import sys
import types

_PACKAGE = "llama_cpp"
_UNUSED = f"{_PACKAGE}.llama"


def load_bindings() -> None:
    """Load the package without its `llama` module; as a whole, if it is there already."""
    if _UNUSED in sys.modules:
        return
    sys.modules[_UNUSED] = types.ModuleType(_UNUSED)  # the package takes all names of it: none
    try:
        importlib.import_module(_PACKAGE)
    finally:
        del sys.modules[_UNUSED]
