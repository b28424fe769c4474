"""Limits of a GGUF header, each above anything seen and far below what does harm."""

from core.base.i18n import _
from core.gguf.gguf_header import GgufHeader, OmittedValue
from core.gguf.llama_tables import CHAT_ARCHITECTURES

KEYS = 4096
TENSORS = 100_000
DIMENSIONS = 4  # GGML_MAX_DIMS
KEY_BYTES = 65_535  # the format's own limit
STRING_BYTES = 16 << 20
ARRAY_VALUES = 1 << 20
LIST_TEXT_BYTES = 64 << 10
"""A token's text has less than a hundred bytes; native code once kept such lengths in 32 bits."""
LIST_TEXTS = 2 << 20
"""In all lists together: 262,144 tokens and their merges are half of it, and take half a second."""
HEADER_BYTES = 64 << 20
"""A vocabulary of 262,144 tokens with merges and scores takes about 15 MiB."""
MAX_ALIGNMENT = 64 << 10
TENSOR_NAME_BYTES = 63  # GGML_MAX_NAME with its final zero
TENSOR_BYTES = 1 << 44
BLOCKS = 512  # LLAMA_MAX_LAYERS; a larger count made llama.cpp write out of bounds

IMATRIX = "imatrix"
"""`general.type` of an importance matrix, which has no figures."""
KEPT_NUMBERS = 1024
KEPT_STRINGS = 256
KEPT_TEXT = 1 << 20

_FIGURES = {
    "block_count": (1, BLOCKS),
    "context_length": (1, 1 << 31),
    "embedding_length": (1, 1 << 20),
    "vocab_size": (1, ARRAY_VALUES),
    "feed_forward_length": (0, 1 << 24),
    "expert_count": (0, 4096),
    "expert_used_count": (0, 4096),
    "attention.head_count": (0, 1 << 16),
    "attention.head_count_kv": (0, 1 << 16),
    "attention.key_length": (0, 1 << 20),
    "attention.value_length": (0, 1 << 20),
    "attention.sliding_window": (0, 1 << 31),
    "rope.dimension_count": (0, 1 << 20),
    "ssm.conv_kernel": (0, 1 << 16),
    "ssm.inner_size": (0, 1 << 24),
    "ssm.state_size": (0, 1 << 20),
    "ssm.group_count": (0, 1 << 16),
}
"""Least and most of the figures that sizes are computed from; the first three must be there."""

_REQUIRED = ("block_count", "context_length", "embedding_length")
_PER_TOKEN = ("tokenizer.ggml.token_type", "tokenizer.ggml.scores")


class InvalidHeader(Exception):  # noqa: N818 - becomes a ModelError before anyone sees it
    """The file breaks a rule; the text says which, in a clause after "it is damaged:"."""


def check_header_numbers(header: GgufHeader) -> None:
    """Raise Invalid for a figure that is missing, of the wrong type or out of its limits."""
    if header.is_later_part or header.text("general.type") == IMATRIX:
        return
    if not 1 <= len(header.architecture) <= 64:
        raise InvalidHeader(_("it does not name its architecture"))
    # Of an unknown architecture, that it is unknown is the thing to say.
    whole = header.text("general.type") != "adapter"
    if whole and header.architecture in CHAT_ARCHITECTURES and header.tensors:
        for key in _REQUIRED:
            if f"{header.architecture}.{key}" not in header.metadata:
                raise InvalidHeader(_("it lacks the figure {}").format(key))
    for key, limits in _FIGURES.items():
        _check_figure(header, f"{header.architecture}.{key}", *limits)
    _check_vocabulary(header)


def _check_figure(header: GgufHeader, key: str, least: int, most: int) -> None:
    value = header.metadata.get(key, least)
    values = value if isinstance(value, tuple) else (value,)
    for number in values:
        if isinstance(number, bool) or not isinstance(number, int):
            raise InvalidHeader(_("its {} is not a whole number").format(key))
        if not least <= number <= most:
            raise InvalidHeader(_("its {key} is {value}").format(key=key, value=number))


def _check_vocabulary(header: GgufHeader) -> None:
    """Lists that run along the vocabulary must be as long, or native code reads past their end."""
    for key in _PER_TOKEN:
        value = header.metadata.get(key)
        if value is None:
            continue
        if not isinstance(value, tuple | OmittedValue):
            raise InvalidHeader(_("its {} is not a list").format(key))
        length = len(value) if isinstance(value, tuple) else value.length
        if length < header.vocabulary_size:
            raise InvalidHeader(_("its {} is shorter than its vocabulary").format(key))
