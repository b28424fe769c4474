"""Model and adapter entries: the public description of one file in the model registry."""

from enum import StrEnum

from msgspec import Struct


class ModelOrigin(StrEnum):
    """Origin of a file. Only OWN files are deleted; files of OTHER_APPS are only read."""

    SHIPPED = "shipped"
    OWN = "own"
    """In the app's own folder: downloaded, quantized or copied by it."""
    ADDED = "added"
    FOLDER = "folder"
    """Found in a folder that the person added."""
    LM_STUDIO = "lm_studio"
    OLLAMA = "ollama"
    JAN = "jan"
    GPT4ALL = "gpt4all"
    HUB = "hugging_face"


OTHER_APPS = frozenset(
    {
        ModelOrigin.LM_STUDIO,
        ModelOrigin.OLLAMA,
        ModelOrigin.JAN,
        ModelOrigin.GPT4ALL,
        ModelOrigin.HUB,
    }
)


class ModelFile(Struct, frozen=True, kw_only=True):
    """One file of a model. `sha256` is "" until it is known."""

    path: str
    bytes: int
    sha256: str = ""


class ModelEntry(Struct, frozen=True, kw_only=True):
    """One model. `bytes_on_disk` counts all its files, `context` is the trained length in tokens.

    `tokenizer` names how text is split into its `vocabulary` tokens, such as "gpt2/smollm".
    `ref` is the short name people type. `fits` is "yes", "tight" or "no": whether weights, cache
    and buffers fit into the free memory of this machine. `problem_code` is set for a file that
    can't be used (gone, damaged, unknown architecture), with `problem_facts` for its sentences.
    """

    ref: str
    path: str
    family: str
    architecture: str
    parameters: int
    quantization: str
    bytes_on_disk: int
    context: int
    fits: str
    memory_needed: int
    has_template: bool
    tokenizer: str = ""
    vocabulary: int = 0
    problem_code: str = ""
    problem_facts: dict[str, str] = {}
    origin: str = ModelOrigin.ADDED
    bits_per_weight: float = 0.0
    licence: str = ""
    own_template: bool = False
    """Whether a template that the person set is used instead of the file's."""
    files: tuple[ModelFile, ...] = ()
    """More than one for a model that is split into parts."""
    duplicates: tuple[str, ...] = ()
    """The names of models with the same content."""
    wasted: int = 0
    """Bytes of this file if another one has the same content; 0 for the first of them."""

    @property
    def sha256(self) -> str:
        """The SHA-256 of its file, "" if it has several or none is known."""
        return self.files[0].sha256 if len(self.files) == 1 else ""

    @property
    def is_from_other_app(self) -> bool:
        """Whether it belongs to another program."""
        return self.origin in OTHER_APPS

    @property
    def is_ours(self) -> bool:
        """Whether it is in the app's own folder, so that its file may be removed."""
        return self.origin == ModelOrigin.OWN


class AdapterEntry(Struct, frozen=True, kw_only=True):
    """One LoRA adapter; `architecture` is that of the models it was made for."""

    ref: str
    path: str
    name: str
    architecture: str
    bytes_on_disk: int
    origin: str
    base: str
    """The base model that its file names, "" if it names none."""
    problem_code: str
    problem_facts: dict[str, str]

    @property
    def is_ours(self) -> bool:
        """Whether it is in the app's own folder, so that its file may be removed."""
        return self.origin == ModelOrigin.OWN
