"""Error messages about models, their quantizations and packs of backends."""

from collections.abc import Mapping

from core.base.error_codes import ErrorCode
from core.base.i18n import N_

MODEL_ERROR_MESSAGES: Mapping[ErrorCode, tuple[str, str]] = {
    ErrorCode.MODEL_SPLIT: (
        N_("{file} is one of {count} parts of a model, and not the first."),
        N_("Choose {first}; the other parts are found beside it."),
    ),
    ErrorCode.NOT_TRAINABLE: (
        N_("{file} can't be trained: it is a model of the kind “{kind}”."),
        N_("Choose a model in one file of one of these kinds: {kinds}."),
    ),
    ErrorCode.TRAINING_EXAMPLES: (
        N_("Too few examples to learn from: {count}, and at least {least} are needed."),
        N_("Rate or edit more answers, or name a file with more examples."),
    ),
    ErrorCode.TRAINING_QUESTIONS: (
        N_("All examples answer the same question, so none can be held out to compare."),
        N_("Add answers to other questions: rate or edit some, or name a file with them."),
    ),
    ErrorCode.TRAINING_FILE: (
        N_("The examples in {file} can't be read: {detail}."),
        N_(
            "Write one JSON object a line, or a list of them, with “prompt” and “response”, with "
            "“messages”, or in the form of Alpaca or ShareGPT."
        ),
    ),
    ErrorCode.TRAINING_BUSY: (
        N_("An adapter is being trained already."),
        N_("Wait until it is done, or stop it."),
    ),
    ErrorCode.TRAINING_UNFINISHED: (
        N_("A training is not finished yet."),
        N_("Go on with it or discard it (“inglenook model train --resume” or “--discard”)."),
    ),
    ErrorCode.TRAINING_NONE: (
        N_("There is no training that was stopped."),
        N_("Begin one with “inglenook model train REF”."),
    ),
    ErrorCode.TRAINING_MEMORY: (
        N_("Training {file} takes about {needed} of memory, and {free} are free."),
        N_("Close other programs, or choose a smaller model."),
    ),
    ErrorCode.TRAINING_DIFFERS: (
        N_("The trainer reads {file} otherwise than the engine does (losses {detail})."),
        N_("Nothing was trained; choose another model, or another level of this one."),
    ),
    ErrorCode.TRAINER_DIED: (
        N_("The training ended unexpectedly ({detail})."),
        N_("Go on with it; it begins at its last checkpoint."),
    ),
    ErrorCode.MODEL_PART_MISSING: (
        N_("Part {number} of {count} of this model is missing: {file} is not there."),
        N_("Put all parts into one folder, under the names they were made with."),
    ),
    ErrorCode.MODEL_PART_NAME: (
        N_("{file} is the first of {count} parts, and its name doesn't say so."),
        N_("Give the parts their own names again, the first like “{expected}”."),
    ),
    ErrorCode.MODEL_AWAY: (
        N_("{file} lies in {folder}, which is empty or not there now."),
        N_("Plug its drive in again; the model stays on the list until then."),
    ),
    ErrorCode.MODEL_CHANGING: (
        N_("{file} changed while it was read."),
        N_("It is probably still being copied or fetched; check it again when that is done."),
    ),
    ErrorCode.MODEL_CHECKSUM_WRONG: (
        N_("{file} is not what it should be: its SHA-256 is {found}, expected was {expected}."),
        N_("Fetch or copy it again; the disk or the download has damaged it."),
    ),
    ErrorCode.MODEL_NOT_OURS: (
        N_("{file} comes with Inglenook and can't be removed."),
        N_("Take it off the list instead (“inglenook model forget {ref}”)."),
    ),
    ErrorCode.MODEL_IN_USE: (
        N_("{file} is answering right now."),
        N_("Stop the answer or wait for its end, then try again."),
    ),
    ErrorCode.MODEL_COPY_EXISTS: (
        N_("There is a file called {file} in the app's own folder already."),
        N_("Use that one, or rename one of them."),
    ),
    ErrorCode.MODEL_NOT_TRASHED: (
        N_("{file} could not be moved to the trash ({detail})."),
        N_("Nothing was deleted; remove {path} yourself."),
    ),
    ErrorCode.MODEL_SETTING_UNKNOWN: (
        N_("A model has no setting called “{key}”."),
        N_("These can be set: {known}."),
    ),
    ErrorCode.MODELS_FOLDER_GONE: (
        N_("There is no folder {path}."),
        N_("Check the path, or plug its drive in."),
    ),
    ErrorCode.MODELS_FOLDER_UNKNOWN: (
        N_("{path} is not looked through for models."),
        N_("“inglenook model folders” shows the folders that are."),
    ),
    ErrorCode.DRAFT_REFUSED: (
        N_("{draft} can't guess ahead for {model}: it speaks other tokens."),
        N_("Choose a small model of the same family, “auto” or “off”."),
    ),
    ErrorCode.TEMPLATE_REFUSED: (
        N_("The chat template can't be used ({detail})."),
        N_("Correct it; the file's own template is used until then."),
    ),
    ErrorCode.ADAPTER_SCALE: (
        N_("“{text}” gives no strength that an adapter can have."),
        N_("Write the path, “=” and a number between -10 and 10."),
    ),
}


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
