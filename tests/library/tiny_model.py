"""Makes sentence-transformers folders of random weights: real ones, a few hundred kilobytes."""

import json
import shutil
from pathlib import Path

from core.base.paths import embedding_model

_COPIED = ("tokenizer.json", "tokenizer_config.json", "special_tokens_map.json", "vocab.txt")


def tiny_model(
    folder: Path, *, dimension: int = 32, window: int = 128, prompts: dict[str, str] | None = None
) -> Path:
    """Write a model that reads `window` tokens and gives vectors of `dimension` numbers."""
    import torch  # noqa: PLC0415 - seconds, and only these tests need it
    from tqdm import tqdm  # type: ignore[import-untyped] # noqa: PLC0415
    from transformers import BertConfig, BertModel  # noqa: PLC0415

    tqdm.monitor_interval = 0  # the thread of a progress bar would outlive the test
    torch.manual_seed(dimension)
    config = BertConfig(
        vocab_size=30522,
        hidden_size=dimension,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=2 * dimension,
        max_position_embeddings=512,
    )
    BertModel(config).save_pretrained(folder, safe_serialization=True)
    for name in _COPIED:
        if (embedding_model() / name).exists():
            shutil.copy(embedding_model() / name, folder / name)
    module = "sentence_transformers.models."
    modules = [
        {"idx": 0, "name": "0", "path": "", "type": f"{module}Transformer"},
        {"idx": 1, "name": "1", "path": "1_Pooling", "type": f"{module}Pooling"},
    ]
    pooling = {"word_embedding_dimension": dimension, "pooling_mode_mean_tokens": True}
    (folder / "1_Pooling").mkdir()
    write(folder / "modules.json", modules)
    write(folder / "1_Pooling" / "config.json", pooling)
    write(folder / "sentence_bert_config.json", {"max_seq_length": window})
    write(folder / "config_sentence_transformers.json", {"prompts": prompts or {}})
    return folder


def write(path: Path, content: object) -> None:
    """Write a JSON file."""
    path.write_text(json.dumps(content))
