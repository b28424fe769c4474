"""What programs of the system need of the environment when an installed Inglenook starts them."""

import os
import sys


def restore_environment() -> None:
    """Take PyInstaller's library folder out of what browsers and file managers will inherit.

    Its loader prepends that folder for this process, where it has done its work by now; each of our
    own programs gets it again from its own loader. With it, `xdg-open` loads our libraries.
    """
    if sys.platform != "linux":
        return
    before = os.environ.pop("LD_LIBRARY_PATH_ORIG", None)
    if before:
        os.environ["LD_LIBRARY_PATH"] = before
    else:
        os.environ.pop("LD_LIBRARY_PATH", None)
