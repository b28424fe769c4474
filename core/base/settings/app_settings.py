"""App settings: the declarations of all settings, and their values in one JSON file."""

import json
import logging
from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypeVar, cast

from core.base.data_files import write_data_file
from core.base.i18n import N_
from core.base.settings.auto_model_settings import AUTO_MODEL_SETTINGS
from core.base.settings.network_settings import NETWORK_SETTINGS
from core.base.settings.setting import Scalar, Setting, SettingEffect, SettingSection
from core.base.settings.window_settings import WINDOW_SETTINGS
from core.base.state_files import read_plain_state

Value = TypeVar("Value", bound=Scalar)
_log = logging.getLogger(__name__)

MODEL = Setting(
    "model",
    "",
    N_("Model"),
    N_("The model that answers new questions."),
    section=SettingSection.ANSWERS,
)
AUTO = "auto"
"""Value of the setting “model”, or of a question's model, that lets Auto choose."""
CONTEXT = Setting(
    "context",
    0,
    N_("Context length"),
    N_("Tokens the model keeps in view; 0 chooses what fits this machine."),
    minimum=0,
    maximum=1_048_576,
    section=SettingSection.MODEL,
    effect=SettingEffect.MODEL_RELOAD,
)
THREADS = Setting(
    "threads",
    0,
    N_("Threads"),
    N_("Processor threads the model uses; 0 takes the physical cores."),
    minimum=0,
    maximum=1024,
    section=SettingSection.MODEL,
    effect=SettingEffect.MODEL_RELOAD,
)
DEVICE = Setting(
    "device",
    "auto",
    N_("Device"),
    N_("Where models run: “auto” takes the graphics cards there are, “cpu” none, or a name."),
    section=SettingSection.MODEL,
    effect=SettingEffect.MODEL_RELOAD,
)
GPU_LAYERS = Setting(
    "gpu_layers",
    -1,
    N_("Layers on graphics cards"),
    N_("Layers of a model that lie on graphics cards at most; -1 takes as many as fit."),
    minimum=-1,
    maximum=1024,
    section=SettingSection.MODEL,
    effect=SettingEffect.MODEL_RELOAD,
)
CACHE_TYPE = Setting(
    "cache_type",
    "auto",
    N_("Type of the cache"),
    N_("How exactly the conversation is kept in memory; “auto” saves only when it must."),
    choices=("auto", "f16", "q8_0", "q4_0"),
    section=SettingSection.MODEL,
    effect=SettingEffect.MODEL_RELOAD,
)
FLASH_ATTENTION = Setting(
    "flash_attention",
    "auto",
    N_("Flash attention"),
    N_("A way of computing that saves memory; smaller types of the cache need it."),
    choices=("auto", "on", "off"),
    section=SettingSection.MODEL,
    effect=SettingEffect.MODEL_RELOAD,
)
TEMPERATURE = Setting(
    "temperature",
    0.7,
    N_("Temperature"),
    N_("For plain chats, before the preset: 0 takes the likeliest word, higher values vary more."),
    minimum=0.0,
    maximum=5.0,
    section=SettingSection.ANSWERS,
    effect=SettingEffect.NEXT_QUESTION,
)
PRESET = Setting(
    "preset",
    "balanced",
    N_("Choice of words"),
    N_("For plain chats: precise stays close to the likeliest words, creative varies more."),
    choices=("precise", "balanced", "creative"),
    section=SettingSection.ANSWERS,
    effect=SettingEffect.NEXT_QUESTION,
)
CHILD_SEAL = Setting(
    "child_seal",
    "whole",
    N_("Seal of child processes"),
    N_(
        "How much the system keeps them from; less or none where a model or a document can't be"
        " opened otherwise."
    ),
    choices=("whole", "less", "off"),
    section=SettingSection.NETWORK,
    effect=SettingEffect.NEXT_START,
)
THINKING = Setting(
    key="thinking",
    default=True,
    label=N_("Think first"),
    help=N_("Reasoning models think before they answer; off, those that can answer at once."),
    section=SettingSection.ANSWERS,
    effect=SettingEffect.NEXT_QUESTION,
)
MAX_TOKENS = Setting(
    "max_tokens",
    -1,
    N_("Longest answer"),
    N_(
        "Tokens an answer may have; -1 chooses a length that fits the model, 0 lets an answer be as"
        " long as the context allows."
    ),
    minimum=-1,
    maximum=1_048_576,
    section=SettingSection.ANSWERS,
    effect=SettingEffect.NEXT_QUESTION,
)
LOAD_AT_START = Setting(
    key="load_at_start",
    default=True,
    label=N_("Load at start"),
    help=N_(
        "Load the chosen model when the window opens or “serve” begins, unless that ended badly"
        " last time."
    ),
    section=SettingSection.MODEL,
    effect=SettingEffect.NEXT_START,
)
IDLE_UNLOAD = Setting(
    "idle_unload",
    30,
    N_("Give memory back"),
    N_("Minutes without a question after which the model leaves memory; 0 keeps it."),
    minimum=0,
    maximum=10_080,
    section=SettingSection.MODEL,
    effect=SettingEffect.NEXT_QUESTION,
)
OTHER_APPS = Setting(
    key="other_apps",
    default=True,
    label=N_("Other programs' models"),
    help=N_("Offer what LM Studio, Ollama, Jan, GPT4All and the Hugging Face cache hold here."),
    section=SettingSection.MODEL,
)
KEEP_STATES = Setting(
    "keep_states",
    default=True,
    label=N_("Keep what was read"),
    help=N_(
        "Keep what the model has read of a chat on disk, so that it goes on at once after a start."
    ),
    section=SettingSection.MODEL,
    effect=SettingEffect.NEXT_QUESTION,
)
STATES_MEGABYTES = Setting(
    "states_megabytes",
    2048,
    N_("Room for what was read"),
    N_("Megabytes on disk for all chats together; the one used least recently goes first."),
    minimum=0,
    maximum=1_048_576,
    section=SettingSection.MODEL,
    effect=SettingEffect.NEXT_MODEL_LOAD,
)
SPECULATIVE_DECODING = Setting(
    "drafting",
    default=True,
    label=N_("Guess ahead"),
    help=N_("Guess the next words and check them at once: the same answer, sooner."),
    section=SettingSection.ANSWERS,
    effect=SettingEffect.NEXT_QUESTION,
)
DRAFT_MODEL = Setting(
    "draft_model",
    "auto",
    N_("Model that guesses ahead"),
    N_("A small model of the same family: “auto” finds one, “off” takes none, or its name."),
    section=SettingSection.MODEL,
    effect=SettingEffect.NEXT_MODEL_LOAD,
)
WHEN_FULL = Setting(
    "when_full",
    "summarise",
    N_("When a chat grows too long"),
    N_("Let the model summarise early messages, ask you first, or leave them out."),
    choices=("summarise", "ask", "leave_out"),
    section=SettingSection.ANSWERS,
    effect=SettingEffect.NEXT_QUESTION,
)
ANSWER_CACHE = Setting(
    "answer_cache",
    "similar",
    N_("Earlier answers"),
    N_("Give an earlier answer again when folders, model and settings are as they were."),
    choices=("similar", "same", "off"),
    section=SettingSection.ANSWERS,
    effect=SettingEffect.NEXT_QUESTION,
)
COUNT_USAGE = Setting(
    key="count_usage",
    default=True,
    label=N_("Count tokens"),
    help=N_("Keep how many tokens each model read and wrote. Off: only for servers with a budget."),
    section=SettingSection.ANSWERS,
)
ONLY_PROVEN = Setting(
    key="only_proven",
    default=False,
    label=N_("Only what is proven"),
    help=N_(
        "Leave out sentences that your documents don't prove, after two tries to rewrite them."
    ),
    section=SettingSection.ANSWERS,
    effect=SettingEffect.NEXT_QUESTION,
)
TITLES = Setting(
    key="titles",
    default=True,
    label=N_("Titles by the model"),
    help=N_("Name new chats by their subject, while the model has nothing else to do."),
    section=SettingSection.ANSWERS,
    effect=SettingEffect.NEXT_QUESTION,
)
CHAT_JUDGE = Setting(
    key="chat_judge",
    default=True,
    label=N_("Let the model judge what was found"),
    help=N_(
        "An able model that is loaded says whether the likeliest passage answers the question, in "
        "1.5 s or a quarter of the time that the answer’s prompt takes. How able it is, is "
        "measured once, while it has nothing to do."
    ),
    section=SettingSection.ANSWERS,
    effect=SettingEffect.NEXT_QUESTION,
)
TEXT_RECOGNITION = Setting(
    key="recognize_text",
    default=True,
    label=N_("Read scans"),
    help=N_("Recognise the text of pictures and scanned pages; it takes a few seconds a page."),
    section=SettingSection.FOLDERS,
    effect=SettingEffect.NEXT_READING,
)
RERANKER = Setting(
    "reranker",
    "",
    N_("Reranker"),
    N_("Folder of a cross-encoder that puts what a search found into a better order; empty: none."),
    section=SettingSection.FOLDERS,
    effect=SettingEffect.NEXT_START,
)
INDEX_SERVER = Setting(
    "index_server",
    "",
    N_("Index server"),
    N_("Address of a Chroma, Qdrant or PostgreSQL server that holds a very large index; or none."),
    section=SettingSection.FOLDERS,
    effect=SettingEffect.NEXT_START,
)

ALL_SETTINGS = (
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
    SPECULATIVE_DECODING,
    DRAFT_MODEL,
    LOAD_AT_START,
    IDLE_UNLOAD,
    OTHER_APPS,
    KEEP_STATES,
    STATES_MEGABYTES,
    WHEN_FULL,
    ANSWER_CACHE,
    ONLY_PROVEN,
    COUNT_USAGE,
    TITLES,
    CHAT_JUDGE,
    TEXT_RECOGNITION,
    RERANKER,
    INDEX_SERVER,
    CHILD_SEAL,
    *AUTO_MODEL_SETTINGS,
    *NETWORK_SETTINGS,
    *WINDOW_SETTINGS,
)
_BY_KEY = {setting.key: setting for setting in ALL_SETTINGS}


class Settings:
    """The values of one root; those that differ from their defaults are on disk."""

    def __init__(self, path: Path, values: Mapping[str, Scalar] | None = None) -> None:
        """`values` are taken in the place of those in the file, which can't be read yet."""
        self._path = path
        self._values = self._accepted(values) if values is not None else self._read()
        self._overrides: dict[str, Scalar] = {}

    def get_value(self, setting: Setting[Value]) -> Value:
        """Return the value of `setting`."""
        kept = self._values.get(setting.key, setting.default)
        value = self._overrides.get(setting.key, kept)
        return cast("Value", value)  # what has another type than the default isn't accepted

    def set_value(self, setting: Setting[Scalar], value: Scalar) -> None:
        """Keep `value` on disk. Raises ValueError for what `setting` doesn't accept."""
        if not setting.accepts(value):
            raise ValueError(f"{setting.key}: {value!r}")
        if value == setting.default:
            self._values.pop(setting.key, None)
        else:
            self._values[setting.key] = value
        write_data_file(self._path, json.dumps(self._values, indent=2).encode())

    def override_value(self, setting: Setting[Scalar], value: Scalar) -> None:
        """Use `value` until the program ends; unsaved. Raises ValueError like `set_value`."""
        if not setting.accepts(value):
            raise ValueError(f"{setting.key}: {value!r}")
        self._overrides[setting.key] = value

    def _read(self) -> dict[str, Scalar]:
        return self._accepted(read_plain_state(self._path) or {})

    def _accepted(self, raw: Mapping[str, Any]) -> dict[str, Scalar]:
        return {
            key: value
            for key, value in raw.items()
            if key in _BY_KEY and _BY_KEY[key].accepts(value)
        }
