"""Error messages for the model catalog and for making or measuring quantizations."""

from collections.abc import Mapping

from core.base.error_codes import ErrorCode
from core.base.i18n import N_

QUANTIZATION_ERROR_MESSAGES: Mapping[ErrorCode, tuple[str, str]] = {
    ErrorCode.CATALOG_INVALID: (
        N_("The list of models to fetch ({file}) can't be used: {detail}."),
        N_("Your own models work as before; install Inglenook again to get the list back."),
    ),
    ErrorCode.LEVEL_UNKNOWN: (
        N_("No quantization level is called “{level}”."),
        N_("Choose one of these: {known}."),
    ),
    ErrorCode.LEVEL_POINTLESS: (
        N_("{file} is {source} already: made into {level} it would lose quality and save nothing."),
        N_("Choose a lower level, or start from a file of a higher one."),
    ),
    ErrorCode.LEVEL_NEEDS_MATRIX: (
        N_("{level} can't be made without an importance matrix."),
        N_("Give one (“--imatrix FILE”), or choose Q2_K or a higher level."),
    ),
    ErrorCode.LEVEL_THERE: (
        N_("There is a file {path} already."),
        N_("Use it, or give the new one another name (“--name”)."),
    ),
    ErrorCode.MATRIX_REFUSED: (
        N_("The importance matrix {file} can't be used: {detail}."),
        N_("Give the file that llama-imatrix wrote for this model, or go without one."),
    ),
    ErrorCode.QUANTIZE_FAILED: (
        N_("llama.cpp could not make {level} of {file} ({detail})."),
        N_("Nothing was kept of it; try another level, or check the file."),
    ),
    ErrorCode.QUANTIZE_DIED: (
        N_("Making or measuring a level ended early ({detail})."),
        N_("Nothing half-made was kept; close other programs and try again."),
    ),
    ErrorCode.QUANTIZE_NO_ROOM: (
        N_("{level} of {file} takes {needed}, and {free} are free on the disk."),
        N_("Make room in {folder}, or choose a lower level."),
    ),
    ErrorCode.QUANTIZE_BUSY: (
        N_("Another level is being made or measured."),
        N_("Wait for its end, or stop it first."),
    ),
    ErrorCode.QUALITY_TEXT_SHORT: (
        N_("The text to measure with is too short for this model."),
        N_("Give a text of some pages, or none: one ships with Inglenook."),
    ),
    ErrorCode.QUALITY_INCOMPARABLE: (
        N_("These files do not belong to one model: their vocabularies differ."),
        N_("Measure each of them by itself."),
    ),
}
