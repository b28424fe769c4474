"""What is said when a pack of llama.cpp's backends can't be used."""

from collections.abc import Mapping

from core.codes import Code
from core.words import N_

PACK_SENTENCES: Mapping[Code, tuple[str, str]] = {
    Code.PACK_REFUSED: (
        N_("{file} is no pack this Inglenook can use: {detail}."),
        N_("Take the pack that was made for this version and system; nothing was installed."),
    ),
    Code.PACK_UNPROVEN: (
        N_("{file} did not come with this Inglenook; its SHA-256 is {sha256}."),
        N_("It holds code that would run here: if you trust it, give that number as “--sha256”."),
    ),
    Code.PACK_UNKNOWN: (
        N_("No pack is called “{name}”."),
        N_("“inglenook pack list” shows those that are installed."),
    ),
    Code.DEVICE_LEFT: (
        N_("{device} is left alone from now on: the model stopped unexpectedly while it used it."),
        N_("“inglenook devices --retry” or choosing it in the settings lets it be used again."),
    ),
}
