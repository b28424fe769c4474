"""Early msgspec: loads it without `typing_extensions`, which takes as long as all the rest of it.

It asks that for three names that `typing` has, too, and takes those where there is no such module.
What starts first imports this before anything that imports msgspec.
"""

import sys

_OTHER_NAMES = "typing_extensions"

_is_new = _OTHER_NAMES not in sys.modules
if _is_new:
    sys.modules[_OTHER_NAMES] = None  # type: ignore[assignment]  # an import of it then fails
import msgspec  # noqa: E402, F401 - see above

if _is_new:
    del sys.modules[_OTHER_NAMES]
