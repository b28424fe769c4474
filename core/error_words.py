"""What is said of each thing that can go wrong: what happened, and what to do next."""

from collections.abc import Mapping

from core.codes import Code
from core.error_words_levels import LEVEL_SENTENCES
from core.error_words_models import MODEL_SENTENCES
from core.error_words_network import NETWORK_SENTENCES
from core.error_words_packs import PACK_SENTENCES
from core.words import N_

SENTENCES: Mapping[Code, tuple[str, str]] = {
    Code.INTERNAL: (
        N_("Inglenook made a mistake of its own ({detail})."),
        N_("Try again; if it comes back, the log in {logs} says where it happened."),
    ),
    Code.CANCELLED: (
        N_("It was stopped."),
        N_("What was done so far is kept; run the command again to go on."),
    ),
    Code.NO_MODEL: (
        N_("No model is chosen."),
        N_("Open Models and add a GGUF file, or run “inglenook model add PATH”."),
    ),
    Code.MODEL_UNKNOWN: (
        N_("No model is called “{ref}”."),
        N_("“inglenook model list” shows the names; a path to a GGUF file works too."),
    ),
    Code.MODEL_AMBIGUOUS: (
        N_("“{ref}” fits more than one model: {matches}."),
        N_("Give the whole name as “inglenook model list” shows it."),
    ),
    Code.MODEL_GONE: (
        N_("There is no model file {path}."),
        N_("Check the path, put it back or plug its drive in, or choose another model."),
    ),
    Code.NOT_GGUF: (
        N_("{file} is not a GGUF model."),
        N_("Choose a file that ends in .gguf and was made for llama.cpp."),
    ),
    Code.GGUF_TRUNCATED: (
        N_("{file} ends too early: {missing} of it are missing."),
        N_("Fetch or copy the file again; the download probably stopped halfway."),
    ),
    Code.GGUF_INVALID: (
        N_("{file} is damaged: {detail}."),
        N_("Fetch the file again from where you got it; nothing of it was loaded."),
    ),
    Code.ARCHITECTURE_UNKNOWN: (
        N_("{file} holds a “{architecture}” model, which this version does not know yet."),
        N_("Try it anyway (“--try-anyway”), choose another model or look for a newer Inglenook."),
    ),
    Code.MODEL_UNREADABLE: (
        N_("The model file {path} can't be read ({detail})."),
        N_("Change its permissions or its name, or copy it to a place of your own."),
    ),
    Code.MODEL_NOT_CHAT: (
        N_("{file} is no model that can chat: it holds “{kind}”."),
        N_("Choose the file of the language model itself."),
    ),
    Code.MODEL_TOO_LARGE: (
        N_("{file} needs about {needed} of memory, and {available} are free."),
        N_("Close other programs, or choose a smaller model or a lower quantization level."),
    ),
    Code.MODEL_LOAD_FAILED: (
        N_("llama.cpp could not load {file}."),
        N_("The file may be damaged or too new; try another model, or fetch it again."),
    ),
    Code.MODEL_PUT_ASIDE: (
        N_("{file} was put aside: the engine stopped {times} times in a row with it ({detail})."),
        N_("Try it again under Models or with “inglenook model retry {ref}”, or choose another."),
    ),
    Code.MODEL_SUSPECT: (
        N_("{file} is not loaded by itself: last time, loading it ended badly ({detail})."),
        N_("It is tried again when you ask it; or choose another model."),
    ),
    Code.ADAPTER_GONE: (
        N_("There is no adapter file {path}."),
        N_("Put it back, or take the adapter off this chat (“--no-adapters”)."),
    ),
    Code.ADAPTER_REFUSED: (
        N_("{file} is no adapter that can be used: {detail}."),
        N_("Choose a LoRA adapter that llama.cpp's “convert_lora_to_gguf.py” has made."),
    ),
    Code.ADAPTER_MISMATCH: (
        N_("{file} was made for another model than {model}: {detail}."),
        N_("Choose that model, or take the adapter off this chat (“--no-adapters”)."),
    ),
    Code.TEMPLATE_FAILED: (
        N_("The chat template inside {file} does not work ({detail})."),
        N_("Choose another build of this model; its maker can mend the template."),
    ),
    Code.GRAMMAR_INVALID: (
        N_("The grammar can't be used: {detail}."),
        N_("Correct it; it has to be GBNF, as llama.cpp reads it, with a rule named “root”."),
    ),
    Code.SCHEMA_INVALID: (
        N_("The JSON schema can't be used: {detail}."),
        N_("Change that part of it, or give a grammar instead."),
    ),
    Code.GRAMMAR_STUCK: (
        N_("The answer can't go on by its grammar: {detail}."),
        N_("Make the grammar simpler, so that at each place few texts may follow."),
    ),
    Code.PROMPT_TOO_LONG: (
        N_("The question is {tokens} tokens long, and the model reads {context} at most."),
        N_("Shorten it, or choose a model with a longer context."),
    ),
    Code.CONTEXT_FULL: (
        N_("This chat has grown longer than the model can read at once."),
        N_("Ask again: early messages can be summarised (“--when-full summarise”) or left out."),
    ),
    Code.ENGINE_DIED: (
        N_("The model stopped unexpectedly ({detail})."),
        N_("Ask again: it starts anew by itself. If it keeps stopping, choose another model."),
    ),
    Code.PLANNER_DIED: (
        N_("Looking at this machine's processors and graphics cards failed ({detail})."),
        N_("A driver may be broken: set the device to “cpu”, or bring its driver up to date."),
    ),
    Code.BENCH_DIED: (
        N_("The bare llama.cpp loop that is measured against stopped ({detail})."),
        N_("The model is loaded twice for this: close other programs, or measure a smaller one."),
    ),
    Code.BENCH_STOPPED: (
        N_("Measuring was stopped."),
        N_("Run it again for the rest; “--only NAME” measures a part."),
    ),
    Code.DEVICE_UNKNOWN: (
        N_("There is no device “{name}” to run a model on."),
        N_("“inglenook devices” lists them; the setting “auto” takes what is there."),
    ),
    Code.LIBRARY_DIED: (
        N_("Reading the folders stopped unexpectedly ({detail})."),
        N_("Try again: it starts anew by itself and goes on where it was."),
    ),
    Code.EMBEDDER_MISSING: (
        N_("The embedding model in {path} is missing or damaged."),
        N_("Put it back, or install Inglenook again (from source: “packaging/dev.py setup”)."),
    ),
    Code.READER_FAILED: (
        N_("The program that reads documents does not start ({detail})."),
        N_("Sync the folder again; if it comes back, install Inglenook again. Log: {logs}."),
    ),
    Code.FOLDER_UNKNOWN: (
        N_("No folder is called “{name}”."),
        N_("“inglenook folder list” shows the names; “inglenook folder add PATH” adds one."),
    ),
    Code.FOLDER_GONE: (
        N_("The folder {path} is not there."),
        N_("Check the path or plug its drive in; what was read from it before is kept."),
    ),
    Code.FOLDER_EMPTIED: (
        N_("Nothing is left in {path}; what was read from it is kept."),
        N_("Plug its drive in; if you emptied it yourself, remove the folder from Inglenook."),
    ),
    Code.FOLDER_EMPTY: (
        N_("{path} holds no document that can be read."),
        N_("The list of skipped files says why; add a folder with documents or notes."),
    ),
    Code.FOLDER_REFUSED: (
        N_("{path} can't be added: {detail}."),
        N_("Choose the folder that holds your documents."),
    ),
    Code.FOLDER_PAUSED: (
        N_("“{name}” is paused."),
        N_("Choose “Resume” in its menu, or run “inglenook folder resume {name}”."),
    ),
    Code.EMBEDDER_REFUSED: (
        N_("{path} can't be used as an embedding model: {detail}."),
        N_("Choose a sentence-transformers folder that holds model.safetensors and no code."),
    ),
    Code.RERANKER_REFUSED: (
        N_("{path} can't be used as a reranker: {detail}."),
        N_("Choose the folder of a cross-encoder that holds model.safetensors and no code."),
    ),
    Code.INDEX_SERVER_REFUSED: (
        N_("The Chroma server at {url} can't be used: {detail}."),
        N_("Start it (“chroma run”) or correct its address; the folders are searched without it."),
    ),
    Code.PICKED_FILE: (
        N_("{file} can't be asked: {reason}."),
        N_("“inglenook folder text FILE” shows what is read from a file; or pick another one."),
    ),
    Code.SET_REFUSED: (
        N_("{path} is no retrieval set: {file} can't be used ({detail})."),
        N_(
            "It needs corpus.jsonl, queries.jsonl (id, text) and "
            "qrels.tsv (query, document, grade)."
        ),
    ),
    Code.FILE_ENCRYPTED: (
        N_("It is protected by a password."),
        N_("Save a copy without the password into the folder."),
    ),
    Code.FILE_BROKEN: (
        N_("It is damaged or not what its name says."),
        N_("Open it in its own program and save it again."),
    ),
    Code.FILE_NO_TEXT: (
        N_("It holds pictures only, no text."),
        N_("Turn “Read scans” on in the settings, if it is off; else there is nothing to read."),
    ),
    Code.FILE_EMPTY: (N_("It is empty."), N_("Nothing to do.")),
    Code.FILE_UNSUPPORTED: (
        N_("Files of this kind can't be read."),
        N_("Save it as PDF, Word, HTML or plain text."),
    ),
    Code.FILE_TOO_LARGE: (
        N_("It is too large ({size})."),
        N_("Split it into parts of less than {limit}."),
    ),
    Code.FILE_TIMEOUT: (
        N_("Reading it took longer than {seconds} seconds."),
        N_("Split it, or save it in a simpler format."),
    ),
    Code.FILE_MEMORY: (
        N_("Reading it took too much memory."),
        N_("Split it, or save it in a simpler format."),
    ),
    Code.FILE_READER_DIED: (
        N_("The reader crashed on it."),
        N_("Open it in its own program and save it again."),
    ),
    Code.FILE_UNREADABLE: (
        N_("This account may not read it."),
        N_("Change its permissions and sync the folder again."),
    ),
    Code.FILE_LINK: (
        N_("It is a link; links are not followed."),
        N_("Add the folder it points to, if you want it read."),
    ),
    Code.FILE_SPECIAL: (N_("It is not an ordinary file."), N_("Nothing to do.")),
    Code.FILE_MISSING: (N_("There is no file {path}."), N_("Check the path.")),
    Code.FILE_UNKNOWN: (
        N_("{file} has not been read."),
        N_("Sync its folder; the list of skipped files says if it can't be read."),
    ),
    Code.FILE_CHANGED: (
        N_("It changed while it was being read."),
        N_("It is read again at the next sync."),
    ),
    Code.FILE_IN_CLOUD: (
        N_("It lies in a cloud storage and not on this computer."),
        N_("Let its program keep it on this computer; it is read as soon as it is here."),
    ),
    Code.PART_HIDDEN: (
        N_("It is a hidden folder; those are passed over."),
        N_("Choose “Read hidden folders too” in the folder's menu if you want it read."),
    ),
    Code.PART_GENERATED: (
        N_("It holds what programs put there: packages, caches, an environment."),
        N_("Run “inglenook folder include NAME PATTERN” if you want it read."),
    ),
    Code.PART_KEYS: (
        N_("It holds keys or passwords."),
        N_(
            "It is best left unread; “inglenook folder include NAME PATTERN” reads it all the same."
        ),
    ),
    Code.PART_OWN: (N_("It holds Inglenook's own data."), N_("Nothing to do.")),
    Code.PART_REMOTE: (
        N_("It lies on a network drive."),
        N_("Add it as a folder of its own, if you want it read."),
    ),
    Code.PART_TOO_DEEP: (
        N_("It lies too deep in the folder."),
        N_("Add it as a folder of its own, if you want it read."),
    ),
    Code.DISK_FULL: (
        N_("The disk that holds {path} is full."),
        N_("Free some space; what is on screen is kept and saved as soon as there is room."),
    ),
    Code.ROOT_HELD: (
        N_("Inglenook is already open with the data in {path}."),
        N_("Use that window or close it first; “--root DIR” uses other data."),
    ),
    Code.ROOT_UNWRITABLE: (
        N_("Inglenook can't write to {path} ({detail})."),
        N_("Change its permissions, or start with “--root DIR” on a folder of yours."),
    ),
    Code.DATABASE_NEWER: (
        N_("{path} was written by a newer Inglenook."),
        N_("Install that version; the file was left as it is."),
    ),
    Code.DATABASE_DAMAGED: (
        N_("{path} was damaged; it is kept beside as {aside}, and an empty one was begun."),
        N_("Chats come back from a backup of yours; folders are read again by themselves."),
    ),
    Code.SETTING_UNKNOWN: (
        N_("There is no setting “{key}”."),
        N_("“inglenook settings” lists all of them."),
    ),
    Code.SETTING_REFUSED: (
        N_("“{key}” can't be “{value}”."),
        N_("It takes {allowed}."),
    ),
    Code.CHAT_UNKNOWN: (
        N_("No chat has the id “{ref}”."),
        N_("“inglenook chat list” shows the ids; the first letters are enough."),
    ),
    Code.IMPORT_REFUSED: (
        N_("No chats can be taken from {file}: {detail}."),
        N_("Choose a JSON file that Inglenook exported; nothing was changed."),
    ),
    Code.EXPORT_REFUSED: (
        N_("{path} can't be written ({detail})."),
        N_("Choose another folder or another name; the chat is as it was."),
    ),
    **LEVEL_SENTENCES,
    **PACK_SENTENCES,
    **MODEL_SENTENCES,
    **NETWORK_SENTENCES,
}
