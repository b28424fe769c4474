"""Model facts: data of a GGUF header, kept so that the file is not read again."""

import hashlib
from math import prod
from pathlib import Path

import msgspec
from msgspec import Struct, structs

from core.base.errors import ErrorCode, InglenookError, ModelError
from core.base.i18n import _
from core.gguf import GgufHeader, check_architecture, is_adapter, read_header
from core.models.info.model_naming import family_of

MODEL, ADAPTER = "model", "adapter"
MAX_FACT_LENGTH = 200
"""Longest metadata text that is kept, in characters; templates and licences are longer."""

_PAGES, _PAGE = 32, 4096
"""Number of samples of the weights, and the bytes of each."""

_ADVICE = {
    "temperature": "general.sampling.temp",
    "top_k": "general.sampling.top_k",
    "top_p": "general.sampling.top_p",
    "min_p": "general.sampling.min_p",
    "repeat_penalty": "general.sampling.penalty_repeat",
}
"""Sampling parameters that a file may recommend (llama-arch.cpp)."""


class FileStamp(Struct, frozen=True, array_like=True):
    """Size, time and inode of a file, to notice a change.

    `place` (device, inode) is the same for two names of one file; it may change when a drive is
    mounted again.
    """

    size: int
    modified_ns: int
    place: tuple[int, int]

    @property
    def version(self) -> tuple[int, int]:
        """Size and time of change, which change with the content."""
        return self.size, self.modified_ns


class ModelFacts(Struct, frozen=True, kw_only=True):
    """Facts of one model. `stamps` are those of all its files, the first part first.

    `slim` is the packed header without long texts, from which a memory plan is computed; empty if
    the header can't be read. `sample_digest` is that of the header and of samples of the
    weights: equal for equal content, but only equal checksums prove that the content is equal.
    """

    stamps: tuple[FileStamp, ...]
    kind: str = MODEL
    later_parts: tuple[str, ...] = ()
    family: str = ""
    architecture: str = ""
    parameters: int = 0
    quantization: str = ""
    bits_per_weight: float = 0.0
    context: int = 0
    licence: str = ""
    has_template: bool = False
    tokenizer: str = ""
    vocabulary: int = 0
    base: str = ""
    advice: dict[str, float] = {}
    sample_digest: str = msgspec.field(default="", name="print")  # as caches on disk have it
    problem_code: str = ""
    problem_facts: dict[str, str] = {}
    slim: bytes = b""

    @property
    def total_bytes(self) -> int:
        """The bytes of all files."""
        return sum(stamp.size for stamp in self.stamps)

    @property
    def error(self) -> ModelError | None:
        """Why the file can't be used."""
        if not self.problem_code:
            return None
        return ModelError(ErrorCode(self.problem_code), **self.problem_facts)

    def header(self) -> GgufHeader:
        """Return the header without its long texts."""
        return msgspec.msgpack.decode(self.slim, type=GgufHeader)


def read_stamp(path: Path) -> FileStamp:
    """Return the stamp of a file as it is now. Raises OSError."""
    status = path.stat()
    return FileStamp(status.st_size, status.st_mtime_ns, (status.st_dev, status.st_ino))


def read_facts(path: Path) -> ModelFacts:
    """Read the facts of a file; an unusable one has that as its problem. Raises OSError."""
    first = read_stamp(path)
    try:
        header = read_model_header(path)
    except ModelError as error:
        return ModelFacts(stamps=(first,), problem_code=error.code, problem_facts=error.facts)
    stamps = (first, *(read_stamp(Path(part)) for part in header.later_parts))
    refusal = _refusal(header)
    return ModelFacts(
        stamps=stamps,
        kind=ADAPTER if is_adapter(header) else MODEL,
        later_parts=header.later_parts,
        family=family_of(header),
        architecture=header.architecture,
        parameters=header.parameters,
        quantization=header.quantization,
        bits_per_weight=bits_per_weight(header),
        context=header.context_length,
        licence=_licence(header),
        has_template=bool(header.chat_template),
        tokenizer=_tokenizer(header),
        vocabulary=header.vocabulary_size,
        base=_base(header),
        advice=_advice(header),
        sample_digest=_sample_digest(path, header),
        problem_code=refusal.code if refusal else "",
        problem_facts=refusal.facts if refusal else {},
        slim=msgspec.msgpack.encode(_slim(header)),
    )


def read_model_header(file: Path) -> GgufHeader:
    """Read a header. Raises ModelError, also for a file name that is not valid Unicode."""
    shown = display_path(file)
    if not is_unicode_path(str(file)):
        detail = _("its name holds bytes that are no letters")
        raise ModelError(ErrorCode.MODEL_UNREADABLE, path=shown, detail=detail)
    return read_header(file)


def is_unicode_path(path: str) -> bool:
    """Whether a path is valid Unicode; on Linux a name may contain any bytes."""
    return path.encode(errors="replace").decode() == path


def display_path(path: Path) -> str:
    """Return the path as text, with a question mark for each invalid byte."""
    return str(path).encode(errors="replace").decode()


def bits_per_weight(header: GgufHeader) -> float:
    """Return the average number of bits of one weight."""
    count = sum(prod(tensor.shape) for tensor in header.tensors)
    return round(8 * sum(tensor.size for tensor in header.tensors) / count, 2) if count else 0.0


def _refusal(header: GgufHeader) -> ModelError | None:
    if is_adapter(header):
        return None
    try:
        check_architecture(header)
    except ModelError as error:
        return error
    return None


def _licence(header: GgufHeader) -> str:
    """Return the licence in one line: its short name, else its link name."""
    for key in ("general.license", "general.license.name"):
        if licence := header.text(key):
            return " ".join(licence.split())[:MAX_FACT_LENGTH]
    return ""


def _base(header: GgufHeader) -> str:
    for key in ("general.base_model.0.name", "general.basename"):
        if name := header.text(key):
            return name[:MAX_FACT_LENGTH]
    return ""


def _tokenizer(header: GgufHeader) -> str:
    """Return the names of tokenizer and pre-tokenizer, which both determine the tokens."""
    kind, cutting = header.text("tokenizer.ggml.model"), header.text("tokenizer.ggml.pre")
    return f"{kind}/{cutting}" if kind else ""


def _advice(header: GgufHeader) -> dict[str, float]:
    found: dict[str, float] = {}
    for key, fact in _ADVICE.items():
        value = header.metadata.get(fact)
        if isinstance(value, int | float) and not isinstance(value, bool):
            found[key] = round(value, 6) if isinstance(value, float) else value
    return found


def _sample_digest(path: Path, header: GgufHeader) -> str:
    """Return a digest of the header without long texts, and of samples of tensors of all files."""
    without_path = structs.replace(_slim(header), path="", later_parts=())
    digest = hashlib.blake2b(msgspec.msgpack.encode(without_path), digest_size=20)
    digest.update(header.chat_template.encode(errors="replace"))
    sampled = header.tensors[:: max(len(header.tensors) // _PAGES, 1)]
    for number, part in enumerate((path, *map(Path, header.later_parts))):
        with part.open("rb", buffering=0) as file:
            for tensor in sampled:
                if tensor.part == number:
                    file.seek(tensor.offset + tensor.size // 2)
                    digest.update(file.read(_PAGE))
    return digest.hexdigest()


def _slim(header: GgufHeader) -> GgufHeader:
    content = {
        key: value
        for key, value in header.metadata.items()
        if not isinstance(value, str) or len(value) <= MAX_FACT_LENGTH
    }
    return structs.replace(header, metadata=content)


def read_facts_or_problem(path: Path) -> ModelFacts:
    """Read the facts of a file; one that can't be read has that as its problem."""
    try:
        return read_facts(path)
    except OSError:
        return ModelFacts(
            stamps=(), problem_code=ErrorCode.MODEL_GONE, problem_facts={"path": display_path(path)}
        )
    except InglenookError as error:
        return ModelFacts(stamps=(), problem_code=error.code, problem_facts=error.facts)
