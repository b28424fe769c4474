"""Error message table: for each error code, what happened and what to do next."""

from collections.abc import Mapping

from core.base.error_codes import ErrorCode
from core.base.error_messages.data_key_error_messages import DATA_KEY_ERROR_MESSAGES
from core.base.error_messages.model_error_messages import (
    BACKEND_PACK_ERROR_MESSAGES,
    MODEL_ERROR_MESSAGES,
    QUANTIZATION_ERROR_MESSAGES,
)
from core.base.error_messages.named_file_error_messages import NAMED_FILE_ERROR_MESSAGES
from core.base.error_messages.network_error_messages import NETWORK_ERROR_MESSAGES
from core.base.i18n import N_

ERROR_MESSAGES: Mapping[ErrorCode, tuple[str, str]] = {
    ErrorCode.INTERNAL: (
        N_("Inglenook made a mistake of its own ({detail})."),
        N_("Try again; if it comes back, the log in {logs} says where it happened."),
    ),
    ErrorCode.CANCELLED: (
        N_("It was stopped."),
        N_("What was done so far is kept; run the command again to go on."),
    ),
    ErrorCode.PROMPT_LEFT: (
        N_("It was stopped before anything was done."),
        N_("Run the command again when you have what it asks for."),
    ),
    ErrorCode.NO_MODEL: (
        N_("No model is chosen."),
        N_("Open Models and add a GGUF file, or run “inglenook model add PATH”."),
    ),
    ErrorCode.MODEL_UNKNOWN: (
        N_("No model is called “{ref}”."),
        N_("“inglenook model list” shows the names; a path to a GGUF file works too."),
    ),
    ErrorCode.MODEL_AMBIGUOUS: (
        N_("“{ref}” fits {count} models: {matches}."),
        N_("Give the whole name as “inglenook model list” shows it."),
    ),
    ErrorCode.MODEL_GONE: (
        N_("There is no model file {path}."),
        N_("Check the path, put it back or plug its drive in, or choose another model."),
    ),
    ErrorCode.NOT_GGUF: (
        N_("{file} is not a GGUF model."),
        N_("Choose a file that ends in .gguf and was made for llama.cpp."),
    ),
    ErrorCode.GGUF_TRUNCATED: (
        N_("{file} ends too early: {missing} of it are missing."),
        N_("Fetch or copy the file again; the download probably stopped halfway."),
    ),
    ErrorCode.GGUF_INVALID: (
        N_("{file} is damaged: {detail}."),
        N_("Fetch the file again from where you got it; nothing of it was loaded."),
    ),
    ErrorCode.ARCHITECTURE_UNKNOWN: (
        N_("{file} holds a “{architecture}” model, which this version does not know yet."),
        N_("Try it anyway (“--try-anyway”), choose another model or look for a newer Inglenook."),
    ),
    ErrorCode.MODEL_UNREADABLE: (
        N_("The model file {path} can't be read ({detail})."),
        N_("Change its permissions or its name, or copy it to a place of your own."),
    ),
    ErrorCode.MODEL_NOT_CHAT: (
        N_("{file} is no model that can chat: it holds “{kind}”."),
        N_("Choose the file of the language model itself."),
    ),
    ErrorCode.MODEL_TOO_LARGE: (
        N_("{file} needs about {needed} of memory, and {available} are free."),
        N_("Close other programs, or choose a smaller model or a lower quantization level."),
    ),
    ErrorCode.MODEL_LOAD_FAILED: (
        N_("llama.cpp could not load {file}."),
        N_("The file may be damaged or too new; try another model, or fetch it again."),
    ),
    ErrorCode.MODEL_PUT_ASIDE: (
        N_("{file} was put aside: the engine stopped {times} times in a row with it ({detail})."),
        N_("Try it again under Models or with “inglenook model retry {ref}”, or choose another."),
    ),
    ErrorCode.MODEL_SUSPECT: (
        N_("{file} is not loaded by itself: last time, loading it ended badly ({detail})."),
        N_("It is tried again when you ask it; or choose another model."),
    ),
    ErrorCode.ADAPTER_GONE: (
        N_("There is no adapter file {path}."),
        N_("Put it back, or take the adapter off this chat (“--no-adapters”)."),
    ),
    ErrorCode.ADAPTER_REFUSED: (
        N_("{file} is no adapter that can be used: {detail}."),
        N_("Choose a LoRA adapter that llama.cpp's “convert_lora_to_gguf.py” has made."),
    ),
    ErrorCode.ADAPTER_MISMATCH: (
        N_("{file} was made for another model than {model}: {detail}."),
        N_("Choose that model, or take the adapter off this chat (“--no-adapters”)."),
    ),
    ErrorCode.TEMPLATE_FAILED: (
        N_("The chat template inside {file} does not work ({detail})."),
        N_("Choose another build of this model; its maker can mend the template."),
    ),
    ErrorCode.TOKEN_UNKNOWN: (
        N_("The model has no token {token}; it has those from 0 to below {size}."),
        N_("Send the prompt as text, or as tokens of this model."),
    ),
    ErrorCode.GAPS_UNKNOWN: (
        N_("This model can't fill gaps in a text."),
        N_("Leave out what comes after the gap (“suffix”), or take a model for code that can."),
    ),
    ErrorCode.GRAMMAR_INVALID: (
        N_("The grammar can't be used: {detail}."),
        N_("Correct it; it has to be GBNF, as llama.cpp reads it, with a rule named “root”."),
    ),
    ErrorCode.SCHEMA_INVALID: (
        N_("The JSON schema can't be used: {detail}."),
        N_("Change that part of it, or give a grammar instead."),
    ),
    ErrorCode.GRAMMAR_STUCK: (
        N_("The answer can't go on by its grammar: {detail}."),
        N_("Make the grammar simpler, so that at each place few texts may follow."),
    ),
    ErrorCode.PROMPT_TOO_LONG: (
        N_("The question is {tokens} tokens long, and the model reads {context} at most."),
        N_("Shorten it, or choose a model with a longer context."),
    ),
    ErrorCode.CONTEXT_FULL: (
        N_("This chat has grown longer than the model can read at once."),
        N_("Ask again: early messages can be summarised (“--when-full summarise”) or left out."),
    ),
    ErrorCode.ENGINE_DIED: (
        N_("The model stopped unexpectedly ({detail})."),
        N_("Ask again: it starts anew by itself. If it keeps stopping, choose another model."),
    ),
    ErrorCode.PLANNER_DIED: (
        N_("Looking at this machine's processors and graphics cards failed ({detail})."),
        N_("A driver may be broken: set the device to “cpu”, or bring its driver up to date."),
    ),
    ErrorCode.BENCH_DIED: (
        N_("The bare llama.cpp loop that is measured against stopped ({detail})."),
        N_("The model is loaded twice for this: close other programs, or measure a smaller one."),
    ),
    ErrorCode.BENCH_STOPPED: (
        N_("Measuring was stopped."),
        N_("Run it again for the rest; “--only NAME” measures a part."),
    ),
    ErrorCode.DEVICE_UNKNOWN: (
        N_("There is no device “{name}” to run a model on."),
        N_("“inglenook devices” lists them; the setting “auto” takes what is there."),
    ),
    ErrorCode.LIBRARY_DIED: (
        N_("Reading the folders stopped unexpectedly ({detail})."),
        N_("Try again: it starts anew by itself and goes on where it was."),
    ),
    ErrorCode.EMBEDDER_MISSING: (
        N_("The embedding model in {path} is missing or damaged."),
        N_("Put it back, or install Inglenook again (from source: “packaging/dev.py setup”)."),
    ),
    ErrorCode.READER_FAILED: (
        N_("The program that reads documents does not start ({detail})."),
        N_("Sync the folder again; if it comes back, install Inglenook again. Log: {logs}."),
    ),
    ErrorCode.NO_FOLDERS: (
        N_("There are no folders to search yet."),
        N_("“inglenook folder add PATH” adds one; “--folder PATH” reads one first and keeps it."),
    ),
    ErrorCode.FOLDER_UNKNOWN: (
        N_("No folder is called “{name}”."),
        N_("“inglenook folder list” shows the names; “inglenook folder add PATH” adds one."),
    ),
    ErrorCode.FOLDER_GONE: (
        N_("The folder {path} is not there."),
        N_("Check the path or plug its drive in; if it was read before, that is kept."),
    ),
    ErrorCode.FOLDER_EMPTIED: (
        N_("Nothing is left in {path}; what was read from it is kept."),
        N_("Plug its drive in; if you emptied it yourself, remove the folder from Inglenook."),
    ),
    ErrorCode.FOLDER_EMPTY: (
        N_("{path} holds no document that can be read."),
        N_("The list of skipped files says why; add a folder with documents or notes."),
    ),
    ErrorCode.FOLDER_REFUSED: (
        N_("{path} can't be added: {detail}."),
        N_("Choose the folder that holds your documents."),
    ),
    ErrorCode.FOLDER_PAUSED: (
        N_("“{name}” is paused."),
        N_("Choose “Resume” in its menu, or run “inglenook folder resume {name}”."),
    ),
    ErrorCode.EMBEDDER_REFUSED: (
        N_("{path} can't be used as an embedding model: {detail}."),
        N_("Choose a sentence-transformers folder that holds model.safetensors and no code."),
    ),
    ErrorCode.RERANKER_REFUSED: (
        N_("{path} can't be used as a reranker: {detail}."),
        N_("Choose the folder of a cross-encoder that holds model.safetensors and no code."),
    ),
    ErrorCode.INDEX_SERVER_REFUSED: (
        N_("The Chroma server at {url} can't be used: {detail}."),
        N_("Start it (“chroma run”) or correct its address; the folders are searched without it."),
    ),
    ErrorCode.PICKED_FILE: (
        N_("{file} can't be asked: {reason}."),
        N_("“inglenook folder text FILE” shows what is read from a file; or pick another one."),
    ),
    ErrorCode.SET_REFUSED: (
        N_("{path} is no retrieval set: {file} can't be used ({detail})."),
        N_(
            "It needs corpus.jsonl, queries.jsonl (id, text) and "
            "qrels.tsv (query, document, grade)."
        ),
    ),
    ErrorCode.FILE_ENCRYPTED: (
        N_("It is protected by a password."),
        N_("Save a copy without the password into the folder."),
    ),
    ErrorCode.FILE_BROKEN: (
        N_("It is damaged or not what its name says."),
        N_("Open it in its own program and save it again."),
    ),
    ErrorCode.FILE_NO_TEXT: (
        N_("It holds pictures only, no text."),
        N_("Turn “Read scans” on in the settings, if it is off; else there is nothing to read."),
    ),
    ErrorCode.FILE_EMPTY: (N_("It is empty."), N_("Nothing to do.")),
    ErrorCode.FILE_UNSUPPORTED: (
        N_("Files of this kind can't be read."),
        N_("Save it as PDF, Word, HTML or plain text."),
    ),
    ErrorCode.FILE_TOO_LARGE: (
        N_("It is too large ({size})."),
        N_("Split it into parts of less than {limit}."),
    ),
    ErrorCode.FILE_UNPACKS_TOO_LARGE: (
        N_("It is too large: {size} when unpacked."),
        N_("Split it into parts that unpack to less than {limit}."),
    ),
    ErrorCode.FILE_OVERPACKED: (
        N_("It unpacks to {times} times its size, as files do that are made to fill memory."),
        N_("Up to {limit} times are read; if you trust it, save it again in its own program."),
    ),
    ErrorCode.FILE_TOO_MANY_PARTS: (
        N_("It is packed from {count} parts."),
        N_("Up to {limit} are read; split it, or save it as PDF."),
    ),
    ErrorCode.FILE_TOO_DEEP: (
        N_("It is nested deeper than {limit} levels, as nothing is that people read."),
        N_("Save it in a simpler format if it holds something to be found."),
    ),
    ErrorCode.FILE_WORDLESS: (N_("It holds signs only, no words."), N_("Nothing to do.")),
    ErrorCode.FILE_TIMEOUT: (
        N_("Reading it took longer than {seconds} seconds."),
        N_("Split it, or save it in a simpler format."),
    ),
    ErrorCode.FILE_MEMORY: (
        N_("Reading it took too much memory."),
        N_("Split it, or save it in a simpler format."),
    ),
    ErrorCode.FILE_READER_DIED: (
        N_("The reader crashed on it."),
        N_("Open it in its own program and save it again."),
    ),
    ErrorCode.FILE_UNREADABLE: (
        N_("This account may not read it."),
        N_("Change its permissions and sync the folder again."),
    ),
    ErrorCode.FILE_LINK: (
        N_("It is a link; links are not followed."),
        N_("Add the folder it points to, if you want it read."),
    ),
    ErrorCode.FILE_SPECIAL: (N_("It is not an ordinary file."), N_("Nothing to do.")),
    ErrorCode.FILE_MISSING: (N_("There is no file {path}."), N_("Check the path.")),
    ErrorCode.FILE_UNKNOWN: (
        N_("{file} has not been read."),
        N_("Sync its folder; the list of skipped files says if it can't be read."),
    ),
    ErrorCode.FILE_TEXT_DAMAGED: (
        N_("What the library keeps of a file is damaged."),
        N_("The library is checked now and reads that file again; ask once more in a moment."),
    ),
    ErrorCode.FILE_CHANGED: (
        N_("It changed while it was being read."),
        N_("It is read again at the next sync."),
    ),
    ErrorCode.FILE_IN_CLOUD: (
        N_("It lies in a cloud storage and not on this computer."),
        N_("Let its program keep it on this computer; it is read as soon as it is here."),
    ),
    ErrorCode.PART_HIDDEN: (
        N_("It is a hidden folder; those are passed over."),
        N_("Choose “Read hidden folders too” in the folder's menu if you want it read."),
    ),
    ErrorCode.PART_GENERATED: (
        N_("It holds what programs put there: packages, caches, an environment."),
        N_("Run “inglenook folder include NAME PATTERN” if you want it read."),
    ),
    ErrorCode.PART_KEYS: (
        N_("It holds keys or passwords."),
        N_(
            "It is best left unread; “inglenook folder include NAME PATTERN” reads it all the same."
        ),
    ),
    ErrorCode.PART_OWN: (N_("It holds Inglenook's own data."), N_("Nothing to do.")),
    ErrorCode.PART_REMOTE: (
        N_("It lies on a network drive."),
        N_("Add it as a folder of its own, if you want it read."),
    ),
    ErrorCode.PART_TOO_DEEP: (
        N_("It lies too deep in the folder."),
        N_("Add it as a folder of its own, if you want it read."),
    ),
    ErrorCode.DISK_FULL: (
        N_("The disk that holds {path} is full."),
        N_("Free some space; what is on screen is kept and saved as soon as there is room."),
    ),
    ErrorCode.ROOT_NO_FOLDER: (
        N_("{path} is no folder, so that no data can be kept in it."),
        N_("Name a folder with “--root DIR”; it is made if there is none."),
    ),
    ErrorCode.ROOT_HELD: (
        N_("Inglenook is already open with the data in {path} (process {pid})."),
        N_("Use that window or close it first; “--root DIR” uses other data."),
    ),
    ErrorCode.HOLDER_GONE: (
        N_("The Inglenook that ran this command was closed before the command had ended."),
        N_("Run it again; it opens the data by itself then."),
    ),
    ErrorCode.ROOT_UNWRITABLE: (
        N_("Inglenook can't write to {path} ({detail})."),
        N_("Change its permissions, or start with “--root DIR” on a folder of yours."),
    ),
    ErrorCode.DATABASE_HELD: (
        N_("Another program is using {path}."),
        N_("Close that program and try again."),
    ),
    ErrorCode.DATABASE_NEWER: (
        N_("{path} was written by a newer Inglenook."),
        N_("Install that version; the file was left as it is."),
    ),
    ErrorCode.DATABASE_DAMAGED: (
        N_("{path} was damaged; it is kept beside as {aside}, and an empty one was begun."),
        N_("Chats come back from a backup of yours; folders are read again by themselves."),
    ),
    ErrorCode.CHAT_DAMAGED: (
        N_("This chat lies on a damaged page of the file of your chats."),
        N_("Start Inglenook again: what can be read of it is read out then."),
    ),
    ErrorCode.CHATS_SALVAGED: (
        N_("The file of your chats was damaged; chats read out of it: {chats}."),
        N_("Messages of its damaged pages are missing; the file is kept as {aside}."),
    ),
    ErrorCode.CHATS_FROM_BACKUP: (
        N_("The file of your chats was damaged; chats back: {chats}, {old} from {day}'s copy."),
        N_("What was written since may be missing; the damaged file is kept as {aside}."),
    ),
    ErrorCode.STATE_DAMAGED: (
        N_("{file} was damaged; it is kept beside as {aside}."),
        N_("What it held starts anew; a good copy of yours can be put back while it is closed."),
    ),
    ErrorCode.ROOT_WAS_OPEN: (
        N_("Other users of this computer could look into {path}; now only you can."),
        N_("Nothing is to be done; think of who may have read it, if others use this computer."),
    ),
    ErrorCode.SETTING_UNKNOWN: (
        N_("There is no setting “{key}”."),
        N_("“inglenook settings” lists all of them."),
    ),
    ErrorCode.SETTING_REFUSED: (
        N_("“{key}” can't be “{value}”."),
        N_("It takes {allowed}."),
    ),
    ErrorCode.QUESTION_REFUSED: (
        N_("This can't be asked: {detail}."),
        N_("Type the question and pipe the text beside it: cat FILE | inglenook ask QUESTION."),
    ),
    ErrorCode.INPUT_REFUSED: (
        N_("What was piped in can't be read: {detail}."),
        N_("Pipe text, best as UTF-8; “--file PATH” reads documents, and text of any encoding."),
    ),
    ErrorCode.USAGE_WRONG: (
        N_("This can't be run: {detail}."),
        N_("“{command} --help” shows how it is used."),
    ),
    ErrorCode.CHAT_AMBIGUOUS: (
        N_("{count} chats begin with “{ref}”."),
        N_("Type more of its letters; “inglenook chat list” shows as many as are needed."),
    ),
    ErrorCode.CHAT_UNKNOWN: (
        N_("No chat has the id “{ref}”."),
        N_("“inglenook chat list” shows the ids; the first letters are enough."),
    ),
    **NAMED_FILE_ERROR_MESSAGES,
    **QUANTIZATION_ERROR_MESSAGES,
    **BACKEND_PACK_ERROR_MESSAGES,
    **MODEL_ERROR_MESSAGES,
    **NETWORK_ERROR_MESSAGES,
    **DATA_KEY_ERROR_MESSAGES,
}
