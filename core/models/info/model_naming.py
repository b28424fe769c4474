"""Model names: family, size label and short unique name."""

import re
import unicodedata
from collections.abc import Container
from pathlib import Path

from core.base.formatting import format_count
from core.base.lazy_regex import lazy_pattern
from core.gguf import GgufHeader, stem_without_part

_CASES = {
    "smollm": "SmolLM",
    "tinyllama": "TinyLlama",
    "llama": "Llama",
    "codellama": "CodeLlama",
    "mistral": "Mistral",
    "mixtral": "Mixtral",
    "ministral": "Ministral",
    "qwen": "Qwen",
    "gemma": "Gemma",
    "phi": "Phi",
    "deepseek": "DeepSeek",
    "olmo": "OLMo",
    "granite": "Granite",
    "falcon": "Falcon",
    "starcoder": "StarCoder",
    "command": "Command",
    "internlm": "InternLM",
    "minicpm": "MiniCPM",
    "gpt": "GPT",
    "exaone": "EXAONE",
    "nemotron": "Nemotron",
    "lfm": "LFM",
    "glm": "GLM",
    "chatglm": "ChatGLM",
    "ernie": "ERNIE",
    "hunyuan": "Hunyuan",
    "stablelm": "StableLM",
    "oss": "OSS",
}
"""Official spellings of names that are often in lower case in metadata."""

_SIZE_LABEL = lazy_pattern(r"^(\d+x)?\d+(\.\d+)?[KMBT](-[A-Z]?\d+(\.\d+)?[KMBT])?$", re.IGNORECASE)
_WORD = lazy_pattern(r"^([a-z]+)([\d.]*)$")


def family_of(header: GgufHeader) -> str:
    """Return e.g. "SmolLM2 135M": base name and size from the metadata, else the name or kind."""
    base = header.text("general.basename")
    if not base:
        base = header.name or header.architecture
    text = [_spelled(word) for word in re.split(r"[-_\s]+", base) if word]
    size = size_label(header)
    named = " ".join(text)
    if size and not re.search(rf"\b{re.escape(size)}\b", named, re.IGNORECASE):
        named = f"{named} {size}"
    return named[:80]


def size_label(header: GgufHeader) -> str:
    """Return the number of parameters as in names: the label of the metadata, else counted."""
    label = header.text("general.size_label")
    if _SIZE_LABEL.match(label):
        return label
    return format_count(header.parameters) if header.parameters else ""


def slug_of_file(path: Path) -> str:
    """Return the file's name as one word to type: "A B.Q4_1.gguf" gives "a-b-q4_1".

    For a model in parts, it is their common name.
    """
    return slug(stem_without_part(path))


def slug(name: str) -> str:
    """Return a name as one word to type."""
    plain = unicodedata.normalize("NFKC", name).casefold()
    # A dot stays between digits only: "qwen2.5-7b-instruct-q4_k_m".
    word = re.sub(r"(?<!\d)\.|\.(?!\d)|[^\w.]+", "-", plain)
    return re.sub(r"-{2,}", "-", word).strip("-_") or "model"


def unique_name(name: str, taken: Container[str]) -> str:
    """Return `name`, with a number behind it if another file has that name."""
    ref, number = name, 2
    while ref in taken:
        ref, number = f"{name}-{number}", number + 1
    return ref


def _spelled(word: str) -> str:
    match = _WORD.match(word)
    if match and match[1] in _CASES:
        return _CASES[match[1]] + match[2]
    return word[:1].upper() + word[1:] if word.islower() else word
