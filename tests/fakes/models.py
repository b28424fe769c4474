"""Model files of a few hundred bytes that the registry takes for real ones."""

import hashlib
from dataclasses import replace
from pathlib import Path

from core.base.paths import Paths, shipped_models
from core.gguf import read_header
from core.models.info.model_facts import read_stamp
from core.models.registry.model_cache import ModelCache
from core.models.registry.registry_file import RegistryFile
from tests.gguf.synthetic import dense
from tests.gguf.test_adapters import WEIGHT, adapter, half, pair
from tests.gguf.writing import STRING, U32, Gguf, facts

TEMPLATE = "{% for message in messages %}{{ message.content }}{% endfor %}"
SMALL_MODEL = "smollm2-135m-q4_1"
"""The model of every prepared root, by the name the registry gives it."""
FILE_TYPES = {
    "F16": 1, "Q4_0": 2, "Q4_1": 3, "Q8_0": 7, "Q2_K": 10, "Q4_K_M": 15, "Q5_K_M": 17, "Q6_K": 18,
}  # fmt: skip


def tiny_gguf(
    name: str = "SmolLM2", *, size: str = "135M", quantization: str = "Q4_1", **figures: int
) -> Gguf:
    """Return a model's file; `figures` replace some of its architecture's."""
    tensors = adapter(half("token_embd.weight", 32, 4), half(WEIGHT, 32, 32)).tensors
    return (
        Gguf(facts=facts("llama", {"context_length": 8192, **figures}), tensors=tensors)
        .with_fact("general.basename", STRING, name)
        .with_fact("general.size_label", STRING, size)
        .with_fact("general.file_type", U32, FILE_TYPES[quantization])
        .with_fact("tokenizer.chat_template", STRING, TEMPLATE)
    )


def qwen_gguf(quantization: str = "Q8_0") -> Gguf:
    """Return the file of a model that the catalog knows as qwen3-4b, of a few hundred kilobytes."""
    small = dense(layers=2, width=64, inner=128, heads=2, cached=2, head=32, vocabulary=64)
    outline = replace(small, architecture="qwen3").gguf()
    return (
        outline.with_fact("general.name", STRING, "Qwen3 4B")
        .with_fact("general.file_type", U32, FILE_TYPES[quantization])
        .with_fact("tokenizer.chat_template", STRING, TEMPLATE)
    )


def write_huge_model(path: Path, name: str = "Llama 3.3", size: str = "70B") -> Path:
    """Write a model that fits no machine, with a hole where its weights would be."""
    outline = dense(layers=80, width=8192, inner=28_672).gguf()
    weights = sum(tensor.size + -tensor.size % 32 for tensor in outline.tensors)
    gguf = replace(
        tiny_gguf(name, size=size, quantization="Q5_K_M"),
        tensors=tuple(replace(tensor, size=0) for tensor in outline.tensors),
    )
    figures = {key: raw for key, raw in outline.facts.items() if key.startswith("llama.")}
    gguf = replace(gguf, facts=gguf.facts | figures)
    with path.open("wb") as file:
        file.write(gguf.encode())
        file.truncate(file.tell() + weights)
    return path


def adapter_gguf(base: Path, name: str = "", made_for: str = "") -> Gguf:
    """Return the file of a LoRA adapter that fits the model in the file `base`.

    `made_for` is the name of a model it was made for, as it says itself.
    """
    shapes = {tensor.name: tensor.shape for tensor in read_header(base).tensors}
    made = adapter(*pair(WEIGHT, *shapes[WEIGHT]))
    named = {"general.name": name, "general.base_model.0.name": made_for}
    for key, text in named.items():
        made = made.with_fact(key, STRING, text) if text else made
    return made


def prepare_models(paths: Paths, *files: Path) -> None:
    """Let a root know these models and none of those that ship, with checksums of all.

    Checksums that are missing would be computed in the background, and be told at any moment.
    """
    paths.create_folders()
    registry = RegistryFile(paths, lambda path, _taken: path.stem)
    registry.added.update({str(file): file.stem for file in files})
    registry.forgotten.update(str(path) for path in shipped_models())
    registry.save_registry()
    cache = ModelCache(paths.model_registry_cache, paths.checksums)
    for file in files:
        digest = hashlib.sha256(file.read_bytes()).hexdigest()
        cache.store_sha256(str(file), read_stamp(file), digest)
