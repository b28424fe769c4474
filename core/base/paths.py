"""Paths: every folder and file of Inglenook, derived from one root folder."""

import os
import sys
from collections.abc import Iterable
from pathlib import Path

from core.base.data_folder import DataFolder
from core.base.lazy_regex import lazy_pattern
from core.base.private_files import (
    PRIVATE_FOLDER,
    close_to_others,
    restrict_folder_on_windows,
    walk_files,
)

APP_NAME = "Inglenook"
ROOT_VARIABLE = "INGLENOOK_ROOT"
PORTABLE_NAME = "inglenook-data"
KEY_FILE = "encryption.json"
OUTCOME_SUFFIX = ".json"
"""Ends what is kept of a training, beside its adapter."""
_OURS = lazy_pattern(
    r"(chats|library|library-next)\.db.*|front-end\.lock|contacts\.jsonl.*|(shelf|checksums)\.cache.*|"
    r"(settings|models|shelf|quarantine|attempt|placements|tunings|measured|fetches|servers|usage|"
    r"tools|left-devices|engine-start|encryption|api-tokens|kept-keys)(\.damaged(-\d+)?)?\.json.*"
)
"""Names of our files in the root; copies of damaged ones and parts of new ones too."""


def program_folder() -> Path:
    """Return the folder of the program: the checkout from source, the bundle when frozen."""
    if getattr(sys, "frozen", False):
        return Path(sys.executable).resolve().parent
    return Path(__file__).resolve().parents[2]


def resources_folder() -> Path:
    """Return the folder of what ships with the program."""
    bundle = getattr(sys, "_MEIPASS", None)
    return (Path(bundle) if bundle else program_folder()) / "resources"


def default_root() -> Path:
    """Return the data folder: the variable, a portable folder beside the program, or the user's."""
    if configured := os.environ.get(ROOT_VARIABLE):
        return Path(configured).expanduser().absolute()
    portable = visible_program_folder() / PORTABLE_NAME
    if portable.is_dir():
        return portable
    import platformdirs  # noqa: PLC0415 - most roots are named, and the window waits for it

    return Path(platformdirs.user_data_dir(APP_NAME, appauthor=False))


def is_portable(root: Path) -> bool:
    """Return whether a root lies beside the program, and may come to another computer with it."""
    return root == visible_program_folder() / PORTABLE_NAME


def visible_program_folder() -> Path:
    """Return the folder in which a person sees the program: that of the AppImage or the .app."""
    program = program_folder()
    if getattr(sys, "frozen", False) and (image := os.environ.get("APPIMAGE")):
        return Path(image).absolute().parent
    bundles = [each for each in program.parents if each.suffix == ".app"]
    return bundles[0].parent if bundles else program


class ModelPaths(DataFolder):
    """Files of a data folder about models, and about what they run on."""

    @property
    def model_registry(self) -> Path:
        """List of known model files, JSON; owned by the front end."""
        return self.root / "shelf.json"

    @property
    def model_registry_cache(self) -> Path:
        """Headers of model files that were read, msgpack; may be deleted at any time."""
        return self.root / "shelf.cache"

    @property
    def checksums(self) -> Path:
        """SHA-256 of model files, by size and time of change, msgpack; owned by the front end."""
        return self.root / "checksums.cache"

    @property
    def model_settings(self) -> Path:
        """Settings of single models, JSON; owned by the front end."""
        return self.root / "models.json"

    @property
    def quarantine(self) -> Path:
        """Number of engine crashes of each model file, JSON; owned by the front end."""
        return self.root / "quarantine.json"

    @property
    def attempt_folder(self) -> Path:
        """Folder of `attempt` alone: the engine child may delete what is in it."""
        return self.root / "attempt"

    @property
    def attempt(self) -> Path:
        """The use of a model file that is going on, JSON; deleted when it ends."""
        return self.attempt_folder / "attempt.json"

    @property
    def placements(self) -> Path:
        """Placements that worked in the place of too large ones, JSON; owned by the front end."""
        return self.root / "placements.json"

    @property
    def tunings(self) -> Path:
        """What was measured of models on this machine, JSON; owned by the front end."""
        return self.root / "tunings.json"

    @property
    def engine_start(self) -> Path:
        """What the last engine child was started with, JSON; owned by the front end."""
        return self.root / "engine-start.json"

    @property
    def packs(self) -> Path:
        """Backends of llama.cpp that were added from a file; owned by the front end."""
        return self.root / "packs"

    @property
    def excluded_devices(self) -> Path:
        """Graphics cards that models crashed on, JSON; owned by the front end."""
        return self.root / "left-devices.json"

    @property
    def models(self) -> Path:
        """GGUF files that the application downloaded."""
        return self.root / "models"

    @property
    def adapters(self) -> Path:
        """LoRA adapters that were trained here, each with what was measured of it."""
        return self.root / "adapters"

    @property
    def training_folder(self) -> Path:
        """Folder of the training that is not finished: its trainer writes nowhere else."""
        return self.root / "training"

    @property
    def training_job(self) -> Path:
        """What is trained and of which examples, JSON; owned by the front end."""
        return self.training_folder / "job.json"

    @property
    def training_checkpoint(self) -> Path:
        """How far it is; owned by the trainer child."""
        return self.training_folder / "checkpoint.bin"

    @property
    def trained_adapter(self) -> Path:
        """The adapter before it was compared; owned by the trainer child."""
        return self.training_folder / "adapter.gguf"


class ChatPaths(ModelPaths):
    """Files of a data folder about chats."""

    @property
    def chats(self) -> Path:
        """Database of chats; owned by the front end."""
        return self.root / "chats.db"

    @property
    def states(self) -> Path:
        """Folder with a folder for each saved chat: KV states of the engine."""
        return self.root / "states"

    @property
    def attachments(self) -> Path:
        """Folder with a folder for each text or picture that was pasted as a file."""
        return self.root / "attachments"

    @property
    def backups(self) -> Path:
        """Copies of databases made before a migration."""
        return self.root / "backups"

    @property
    def key_file(self) -> Path:
        """Locked key of an encrypted data folder, JSON; owned by the front end."""
        return self.root / KEY_FILE

    @property
    def second_key_file(self) -> Path:
        """Another one in the place of a lost one."""
        return self.backups / KEY_FILE


class ChildPaths(ChatPaths):
    """Files of a data folder that children own: each has a folder, and writes nowhere else."""

    @property
    def library_folder(self) -> Path:
        """Folder of the library's database, its copies and its scratch files: all of its child."""
        return self.root / "library-data"

    @property
    def library(self) -> Path:
        """Database of folders and texts; owned by the library child."""
        return self.library_folder / "library.db"

    @property
    def next_library(self) -> Path:
        """Database that is made with another embedding model, to replace the library's."""
        return self.library_folder / "library-next.db"

    @property
    def index(self) -> Path:
        """Folder with a vector store for each generation; owned by the library child."""
        return self.root / "index"

    @property
    def contacts(self) -> Path:
        """Every host that was contacted, one JSON object a line; written by the courier child."""
        return self.contacts_folder / "contacts.jsonl"

    @property
    def contacts_folder(self) -> Path:
        """Folder of `contacts` alone: what reaches the network writes there."""
        return self.root / "contact-log"

    @property
    def api_folder(self) -> Path:
        """Folder of the API's child."""
        return self.root / "api-data"

    @property
    def api_log(self) -> Path:
        """Requests of other programs, counted, JSON lines; owned by the API's child."""
        return self.api_folder / "api-requests.jsonl"


class Paths(ChildPaths):
    """Files of one data folder (the root). Nothing outside of it is ever written."""

    @property
    def api_tokens(self) -> Path:
        """Tokens of other programs where there is no key store, JSON; no child may read it."""
        return self.root / "api-tokens.json"

    @property
    def earlier_api_tokens(self) -> Path:
        """Where an earlier version kept them; they are moved when they are next read."""
        return self.api_folder / "api-tokens.json"

    @property
    def kept_keys(self) -> Path:
        """Names of the keys that the system's key store has for this data folder, JSON."""
        return self.root / "kept-keys.json"

    @property
    def lock(self) -> Path:
        """Lock of the one front end that owns the root."""
        return self.root / "front-end.lock"

    @property
    def spool(self) -> Path:
        """Folder in which a second start leaves its arguments for the owner."""
        return self.root / "spool"

    @property
    def channel(self) -> Path:
        """Folder of the socket at which the owner takes commands of other terminals."""
        return self.root / "channel"

    @property
    def channel_address(self) -> Path:
        """Where the owner takes commands, JSON; removed when it closes."""
        return self.channel / "address.json"

    @property
    def settings(self) -> Path:
        """Settings that differ from their defaults, JSON."""
        return self.root / "settings.json"

    @property
    def measurements(self) -> Path:
        """Speeds of this machine, speed and quality of models, JSON; owned by the front end."""
        return self.root / "measured.json"

    @property
    def downloads(self) -> Path:
        """Downloads that run or were interrupted, JSON; owned by the front end."""
        return self.root / "fetches.json"

    @property
    def servers(self) -> Path:
        """Servers of the person's own, and which chats use them, JSON; owned by the front end."""
        return self.root / "servers.json"

    @property
    def usage(self) -> Path:
        """Tokens counted by day, model and origin, JSON; owned by the front end."""
        return self.root / "usage.json"

    @property
    def tools(self) -> Path:
        """Tools of models: what a person allowed, JSON; owned by the front end."""
        return self.root / "tools.json"

    @property
    def logs(self) -> Path:
        """One log per process role; never chat or document text."""
        return self.root / "logs"

    def create_folders(self) -> None:
        """Create the root and its folders, readable by this user only. Raises OSError."""
        is_new = not self.root.exists()
        self.root.mkdir(mode=PRIVATE_FOLDER, parents=True, exist_ok=True)
        if is_new and os.name == "nt":
            restrict_folder_on_windows(self.root)
        for folder in self._folders():
            folder.mkdir(mode=PRIVATE_FOLDER, exist_ok=True)

    def _folders(self) -> tuple[Path, ...]:
        return (
            self.spool,
            self.index,
            self.models,
            self.states,
            self.attachments,  # a running child can't be granted what is made later
            self.logs,
            self.backups,
            self.attempt_folder,
            self.adapters,
            self.training_folder,
            self.library_folder,
            self.contacts_folder,
            self.api_folder,
        )

    def close_to_others(self) -> bool:
        """Take the rights of other users from the root and all of ours in it.

        Returns whether the root itself had been open. Files of other programs, if the root is a
        folder that holds some, keep their rights, as do models in a folder that is a link.
        """
        opened = close_to_others([self.root], [])
        own = [folder for folder in self._folders() if not folder.is_symlink()]
        inside = [each for folder in own for each in walk_files(folder)]
        ours = [each for each in self.root.iterdir() if _OURS.fullmatch(each.name)]
        folders = [path for path, is_folder in inside if is_folder]
        files = [path for path, is_folder in inside if not is_folder]
        close_to_others([*own, *folders], [*ours, *files])
        return bool(opened)


def move_earlier_files(paths: Paths) -> None:
    """Take files of an earlier version into the folders of the children that own them.

    Only who owns the root may do so: another one may have them open. Raises OSError.

    A database comes last: until then, its log is not taken for that of a new one.
    """
    copies = [*paths.root.glob("library.db.*"), *paths.backups.glob("library-before-*")]
    names = ("library-next.db", "library.db-wal", "library.db-shm", "library.db")
    if not paths.library.exists():
        _move_into(paths.library_folder, (*copies, *(paths.root / name for name in names)))
    _move_into(paths.contacts_folder, [paths.root / paths.contacts.name])
    _move_into(paths.api_folder, [paths.root / paths.api_log.name])


def _move_into(folder: Path, files: Iterable[Path]) -> None:
    for file in files:
        if file.exists() and not (folder / file.name).exists():
            file.replace(folder / file.name)


def shipped_models() -> list[Path]:
    """Return the GGUF files that ship with the program, the starter model among them."""
    return sorted((resources_folder() / "models").glob("*.gguf"))


def embedding_model() -> Path:
    """Return the folder of the embedding model that ships with the program."""
    return resources_folder() / "models" / "all-MiniLM-L6-v2"


def judge_model() -> Path:
    """Return the folder of the judge of passages and statements; a pack may lack it."""
    return resources_folder() / "judging" / "judge"


def multilingual_embedding_model() -> Path:
    """Return the folder of the embedding model for all languages that ships beside it."""
    return resources_folder() / "models" / "multilingual-e5-small"


def text_recognition_model() -> Path:
    """Return the folder of the models that read scans."""
    return resources_folder() / "models" / "text-recognition"
