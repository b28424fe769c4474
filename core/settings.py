"""Every setting, declared once with type, default, label and help; kept in one JSON file."""

import contextlib
import json
import logging
from pathlib import Path
from typing import Any

from core.appearance import WINDOW
from core.choosing import CHOOSING
from core.reaching import REACHING
from core.setting import Effect, Scalar, Section, Setting
from core.storage import damaged_name, write_aside
from core.words import N_

_log = logging.getLogger(__name__)

MODEL = Setting(
    "model",
    "",
    N_("Model"),
    N_("The model that answers new questions."),
    section=Section.ANSWERS,
)
CONTEXT = Setting(
    "context",
    0,
    N_("Context length"),
    N_("Tokens the model keeps in view; 0 chooses what fits this machine."),
    minimum=0,
    maximum=1_048_576,
    section=Section.MODEL,
    effect=Effect.LOADED,
)
THREADS = Setting(
    "threads",
    0,
    N_("Threads"),
    N_("Processor threads the model uses; 0 takes the physical cores."),
    minimum=0,
    maximum=1024,
    section=Section.MODEL,
    effect=Effect.LOADED,
)
DEVICE = Setting(
    "device",
    "auto",
    N_("Device"),
    N_("Where models run: “auto” takes the graphics cards there are, “cpu” none, or a name."),
    section=Section.MODEL,
    effect=Effect.LOADED,
)
GPU_LAYERS = Setting(
    "gpu_layers",
    -1,
    N_("Layers on graphics cards"),
    N_("Layers of a model that lie on graphics cards at most; -1 takes as many as fit."),
    minimum=-1,
    maximum=1024,
    section=Section.MODEL,
    effect=Effect.LOADED,
)
CACHE_TYPE = Setting(
    "cache_type",
    "auto",
    N_("Type of the cache"),
    N_("How exactly the conversation is kept in memory; “auto” saves only when it must."),
    choices=("auto", "f16", "q8_0", "q4_0"),
    section=Section.MODEL,
    effect=Effect.LOADED,
)
FLASH_ATTENTION = Setting(
    "flash_attention",
    "auto",
    N_("Flash attention"),
    N_("A way of computing that saves memory; smaller types of the cache need it."),
    choices=("auto", "on", "off"),
    section=Section.MODEL,
    effect=Effect.LOADED,
)
TEMPERATURE = Setting(
    "temperature",
    0.7,
    N_("Temperature"),
    N_("For plain chats, before the preset: 0 takes the likeliest word, higher values vary more."),
    minimum=0.0,
    maximum=5.0,
    section=Section.ANSWERS,
    effect=Effect.ASKED,
)
PRESET = Setting(
    "preset",
    "balanced",
    N_("Choice of words"),
    N_("For plain chats: precise stays close to the likeliest words, creative varies more."),
    choices=("precise", "balanced", "creative"),
    section=Section.ANSWERS,
    effect=Effect.ASKED,
)
THINKING = Setting(
    key="thinking",
    default=True,
    label=N_("Think first"),
    help=N_("Reasoning models think before they answer; off, those that can answer at once."),
    section=Section.ANSWERS,
    effect=Effect.ASKED,
)
MAX_TOKENS = Setting(
    "max_tokens",
    0,
    N_("Longest answer"),
    N_("Tokens an answer may have; 0 lets the context decide."),
    minimum=0,
    maximum=1_048_576,
    section=Section.ANSWERS,
    effect=Effect.ASKED,
)
LOAD_AT_START = Setting(
    key="load_at_start",
    default=True,
    label=N_("Load at start"),
    help=N_("Load the chosen model when the window opens, unless that ended badly last time."),
    section=Section.MODEL,
    effect=Effect.STARTED,
)
IDLE_UNLOAD = Setting(
    "idle_unload",
    30,
    N_("Give memory back"),
    N_("Minutes without a question after which the model leaves memory; 0 keeps it."),
    minimum=0,
    maximum=10_080,
    section=Section.MODEL,
    effect=Effect.ASKED,
)
OTHER_APPS = Setting(
    key="other_apps",
    default=True,
    label=N_("Other programs' models"),
    help=N_("Offer what LM Studio, Ollama, Jan, GPT4All and the Hugging Face cache hold here."),
    section=Section.MODEL,
)
KEEP_STATES = Setting(
    "keep_states",
    default=True,
    label=N_("Keep what was read"),
    help=N_(
        "Keep what the model has read of a chat on disk, so that it goes on at once after a start."
    ),
    section=Section.MODEL,
    effect=Effect.ASKED,
)
STATES_MEGABYTES = Setting(
    "states_megabytes",
    2048,
    N_("Room for what was read"),
    N_("Megabytes on disk for all chats together; the one used least recently goes first."),
    minimum=0,
    maximum=1_048_576,
    section=Section.MODEL,
    effect=Effect.LOADED_NEXT,
)
DRAFTING = Setting(
    "drafting",
    default=True,
    label=N_("Guess ahead"),
    help=N_("Guess the next words and check them at once: the same answer, sooner."),
    section=Section.ANSWERS,
    effect=Effect.ASKED,
)
DRAFT_MODEL = Setting(
    "draft_model",
    "auto",
    N_("Model that guesses ahead"),
    N_("A small model of the same family: “auto” finds one, “off” takes none, or its name."),
    section=Section.MODEL,
    effect=Effect.LOADED_NEXT,
)
WHEN_FULL = Setting(
    "when_full",
    "summarise",
    N_("When a chat grows too long"),
    N_("Let the model summarise early messages, ask you first, or leave them out."),
    choices=("summarise", "ask", "leave_out"),
    section=Section.ANSWERS,
    effect=Effect.ASKED,
)
TITLES = Setting(
    key="titles",
    default=True,
    label=N_("Titles by the model"),
    help=N_("Name new chats by their subject, while the model has nothing else to do."),
    section=Section.ANSWERS,
    effect=Effect.ASKED,
)
RECOGNITION = Setting(
    key="recognize_text",
    default=True,
    label=N_("Read scans"),
    help=N_("Recognise the text of pictures and scanned pages; it takes a few seconds a page."),
    section=Section.FOLDERS,
    effect=Effect.READ,
)
RERANKER = Setting(
    "reranker",
    "",
    N_("Reranker"),
    N_("Folder of a cross-encoder that puts what a search found into a better order; empty: none."),
    section=Section.FOLDERS,
    effect=Effect.STARTED,
)
INDEX_SERVER = Setting(
    "index_server",
    "",
    N_("Chroma server"),
    N_("Address of a Chroma server that holds the index of a very large library; empty: none."),
    section=Section.FOLDERS,
    effect=Effect.STARTED,
)

ALL = (
    MODEL,
    CONTEXT,
    THREADS,
    DEVICE,
    GPU_LAYERS,
    CACHE_TYPE,
    FLASH_ATTENTION,
    PRESET,
    TEMPERATURE,
    THINKING,
    MAX_TOKENS,
    DRAFTING,
    DRAFT_MODEL,
    LOAD_AT_START,
    IDLE_UNLOAD,
    OTHER_APPS,
    KEEP_STATES,
    STATES_MEGABYTES,
    WHEN_FULL,
    TITLES,
    RECOGNITION,
    RERANKER,
    INDEX_SERVER,
    *CHOOSING,
    *REACHING,
    *WINDOW,
)
_BY_KEY = {setting.key: setting for setting in ALL}


class Settings:
    """The values of one root; those that differ from their defaults are on disk."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._values = self._read()
        self._overrides: dict[str, Scalar] = {}

    def get(self, setting: Setting) -> Any:  # noqa: ANN401 - of the default's type, see accepts
        """Return the value of `setting`, which has the type of its default."""
        kept = self._values.get(setting.key, setting.default)
        return self._overrides.get(setting.key, kept)

    def set(self, setting: Setting, value: Scalar) -> None:
        """Keep `value` on disk. Raises ValueError for what `setting` doesn't accept."""
        if not setting.accepts(value):
            raise ValueError(f"{setting.key}: {value!r}")
        if value == setting.default:
            self._values.pop(setting.key, None)
        else:
            self._values[setting.key] = value
        write_aside(self._path, json.dumps(self._values, indent=2).encode())

    def override(self, setting: Setting, value: Scalar) -> None:
        """Use `value` until the program ends, whatever is kept. Raises ValueError as `set`."""
        if not setting.accepts(value):
            raise ValueError(f"{setting.key}: {value!r}")
        self._overrides[setting.key] = value

    def _read(self) -> dict[str, Scalar]:
        try:
            raw = json.loads(self._path.read_bytes())
            if not isinstance(raw, dict):
                raise TypeError("not an object")
        except (FileNotFoundError, NotADirectoryError):
            return {}
        except (OSError, ValueError, TypeError, RecursionError):
            aside = damaged_name(self._path)
            _log.exception("settings are unreadable; kept as %s", aside.name)
            with contextlib.suppress(OSError):  # the app opens with its defaults all the same
                self._path.replace(aside)
            return {}
        return {
            key: value
            for key, value in raw.items()
            if key in _BY_KEY and _BY_KEY[key].accepts(value)
        }
