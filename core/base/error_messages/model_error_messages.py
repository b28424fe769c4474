"""Error messages for registered model files and their settings."""

from collections.abc import Mapping

from core.base.error_codes import ErrorCode
from core.base.i18n import N_

MODEL_ERROR_MESSAGES: Mapping[ErrorCode, tuple[str, str]] = {
    ErrorCode.MODEL_SPLIT: (
        N_("{file} is one of {count} parts of a model, and not the first."),
        N_("Choose {first}; the other parts are found beside it."),
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
    ErrorCode.SHELF_BUSY: (
        N_("This is being done already."),
        N_("Wait for its end, or stop it first."),
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
