"""Error messages about files that a person named: sets, results, reports, exports."""

from collections.abc import Mapping

from core.base.error_codes import ErrorCode
from core.base.i18n import N_

NAMED_FILE_ERROR_MESSAGES: Mapping[ErrorCode, tuple[str, str]] = {
    ErrorCode.FILE_NOT_SKIPPED: (
        N_("“{file}” is none of the files of {name} that were skipped."),
        N_("“inglenook folder sync {name}” names them; write one as it stands there."),
    ),
    ErrorCode.EXPORT_EMPTY: (
        N_("There is nothing to export."),
        N_("Name a chat, or give “--all” once there are chats."),
    ),
    ErrorCode.ANSWER_SET_REFUSED: (
        N_("{path} is no set of questions: line {line} can't be used ({detail})."),
        N_("Each line has to be JSON with a “question”, and “answers”, “must_contain” or neither."),
    ),
    ErrorCode.RESULTS_UNREADABLE: (
        N_("The results in {path} can't be read ({detail})."),
        N_("Name a file that “inglenook eval answers” wrote."),
    ),
    ErrorCode.RESULTS_REFUSED: (
        N_("{path} holds no results: line {line} can't be used ({detail})."),
        N_("Name a file that “inglenook eval answers” wrote, or another one with --out."),
    ),
    ErrorCode.RESULTS_OTHER: (
        N_("{path} holds the results of another run ({detail})."),
        N_("Name another file with --out; this one was left as it is."),
    ),
    ErrorCode.REPORT_REFUSED: (
        N_("{path} can't be written ({detail})."),
        N_("Choose another folder or another name; the results are kept."),
    ),
    ErrorCode.IMPORT_REFUSED: (
        N_("No chats can be taken from {file}: {detail}."),
        N_("Choose a file that Inglenook or another chat program exported; nothing was changed."),
    ),
    ErrorCode.EXPORT_REFUSED: (
        N_("{path} can't be written ({detail})."),
        N_("Choose another folder or another name; the chat is as it was."),
    ),
    ErrorCode.OUTPUT_THERE: (
        N_("There is a file {path} already."),
        N_("Name another one, or write over it with “--force”; it was left as it is."),
    ),
    ErrorCode.DATABASE_NO_FILE: (
        N_("{path} is no file: a folder, a pipe or a link that leads nowhere is in its place."),
        N_("Connect the drive that it leads to or move it away; nothing was changed."),
    ),
    ErrorCode.STATE_LINK_DEAD: (
        N_("{file} is a link, and what it leads to is not there."),
        N_("Bring that back, on its drive say, and start Inglenook again; it goes on without."),
    ),
}
