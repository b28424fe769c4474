"""What is said of things that can go wrong with the files on the shelf and what is set for them."""

from collections.abc import Mapping

from core.codes import Code
from core.words import N_

MODEL_SENTENCES: Mapping[Code, tuple[str, str]] = {
    Code.MODEL_SPLIT: (
        N_("{file} is one of {count} parts of a model, and not the first."),
        N_("Choose {first}; the other parts are found beside it."),
    ),
    Code.MODEL_PART_MISSING: (
        N_("Part {number} of {count} of this model is missing: {file} is not there."),
        N_("Put all parts into one folder, under the names they were made with."),
    ),
    Code.MODEL_PART_NAME: (
        N_("{file} is the first of {count} parts, and its name doesn't say so."),
        N_("Give the parts their own names again, the first like “{expected}”."),
    ),
    Code.MODEL_AWAY: (
        N_("{file} lies in {folder}, which is empty or not there now."),
        N_("Plug its drive in again; the model stays on the list until then."),
    ),
    Code.MODEL_CHANGING: (
        N_("{file} changed while it was read."),
        N_("It is probably still being copied or fetched; check it again when that is done."),
    ),
    Code.MODEL_CHECKSUM_WRONG: (
        N_("{file} is not what it should be: its SHA-256 is {found}, expected was {expected}."),
        N_("Fetch or copy it again; the disk or the download has damaged it."),
    ),
    Code.MODEL_NOT_OURS: (
        N_("{file} comes with Inglenook and can't be removed."),
        N_("Take it off the list instead (“inglenook model forget {ref}”)."),
    ),
    Code.MODEL_IN_USE: (
        N_("{file} is answering right now."),
        N_("Stop the answer or wait for its end, then try again."),
    ),
    Code.MODEL_COPY_EXISTS: (
        N_("There is a file called {file} in the app's own folder already."),
        N_("Use that one, or rename one of them."),
    ),
    Code.MODEL_NOT_TRASHED: (
        N_("{file} could not be moved to the trash ({detail})."),
        N_("Nothing was deleted; remove {path} yourself."),
    ),
    Code.MODEL_SETTING_UNKNOWN: (
        N_("A model has no setting called “{key}”."),
        N_("These can be set: {known}."),
    ),
    Code.MODELS_FOLDER_GONE: (
        N_("There is no folder {path}."),
        N_("Check the path, or plug its drive in."),
    ),
    Code.MODELS_FOLDER_UNKNOWN: (
        N_("{path} is not looked through for models."),
        N_("“inglenook model folders” shows the folders that are."),
    ),
    Code.SHELF_BUSY: (
        N_("This is being done already."),
        N_("Wait for its end, or stop it first."),
    ),
    Code.DRAFT_REFUSED: (
        N_("{draft} can't guess ahead for {model}: it speaks other tokens."),
        N_("Choose a small model of the same family, “auto” or “off”."),
    ),
    Code.TEMPLATE_REFUSED: (
        N_("The chat template can't be used ({detail})."),
        N_("Correct it; the file's own template is used until then."),
    ),
    Code.ADAPTER_SCALE: (
        N_("“{text}” gives no strength that an adapter can have."),
        N_("Write the path, “=” and a number between -10 and 10."),
    ),
}
