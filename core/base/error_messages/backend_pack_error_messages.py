"""Error messages for llama.cpp backend packs and excluded devices."""

from collections.abc import Mapping

from core.base.error_codes import ErrorCode
from core.base.i18n import N_

BACKEND_PACK_ERROR_MESSAGES: Mapping[ErrorCode, tuple[str, str]] = {
    ErrorCode.PACK_REFUSED: (
        N_("{file} is no pack this Inglenook can use: {detail}."),
        N_("Take the pack that was made for this version and system; nothing was installed."),
    ),
    ErrorCode.PACK_UNPROVEN: (
        N_("{file} did not come with this Inglenook; its SHA-256 is {sha256}."),
        N_("It holds code that would run here: if you trust it, give that number as “--sha256”."),
    ),
    ErrorCode.PACK_UNKNOWN: (
        N_("No pack is called “{name}”."),
        N_("“inglenook pack list” shows those that are installed."),
    ),
    ErrorCode.DEVICE_LEFT: (
        N_("{device} is left alone from now on: the model stopped unexpectedly while it used it."),
        N_("“inglenook devices --retry” or choosing it in the settings lets it be used again."),
    ),
}
