"""Fit `resources/judging/document_need.json`: whether a message wants documents, by its vector.

    PYTHONPATH=. python packaging/training/fit_document_need.py --questions FILE …

Positive are the messages of `tests/chat/intent` that are questions, tasks over whole documents or
questions on the library, and the questions of FILE, one JSON object with "question" a line;
negative those that are talk, or a task that rests on nothing said before. Logistic regression with
a ridge penalty, by Newton's method: nothing is drawn, so that a second run gives the same weights.

The weights that ship were fitted with the questions of XQuAD in six languages (186; CC BY-SA 4.0).
From which probability on a message wants no documents was chosen on 57 messages to documents that
are no plain questions ("deposit amount", "remind me what the dentist said"). The messages in
`tests/benchmarks/answers` were only reported on.
"""

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec
import numpy as np
import numpy.typing as npt

from core.base.paths import embedding_model, multilingual_embedding_model
from core.chat.intent.message_intent import Intent
from core.library.embedding.sentence_transformer_embedder import SentenceTransformerEmbedder
from core.library.search.document_need import NeedWeights, NeedWeightsFile, weights_file

ROOT = Path(__file__).resolve().parent.parent.parent
MESSAGES = ("intent_messages.tsv", "document_questions.tsv", "everyday_messages.tsv")
PENALTY = 0.3
"""Ridge penalty on the weights, in squared logits of a unit vector's length."""
_STEPS = 60
_FREE = {Intent.TALK, Intent.TASK}
_DIGITS = 4

Array = npt.NDArray[np.float64]


def main() -> int:
    """Fit the weights of both embedding models that ship, and write them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--questions", nargs="*", default=[], type=Path)
    messages = [*read_messages(), *read_questions(parser.parse_args().questions)]
    texts = [text for text, _wants in messages]
    wants = np.array([wants for _text, wants in messages], np.float64)
    fitted = {
        folder.name: fit_weights(embed(folder, texts), wants)
        for folder in (embedding_model(), multilingual_embedding_model())
    }
    encoded = msgspec.json.format(msgspec.json.encode(NeedWeightsFile(embedders=fitted)), indent=0)
    weights_file().write_bytes(encoded + b"\n")
    print(f"{weights_file()}: {len(texts)} messages, {int(wants.sum())} of them want documents")
    return 0


def read_messages() -> Iterator[tuple[str, bool]]:
    """Yield the messages that the rules are tested on, and whether they want documents."""
    for name in MESSAGES:
        for line in (ROOT / "tests/chat/intent" / name).read_text(encoding="utf-8").splitlines():
            _language, intent, history, text = line.split("\t")
            if not (history == "1" and intent == Intent.TASK):
                yield text, intent not in _FREE


def read_questions(files: Sequence[Path]) -> Iterator[tuple[str, bool]]:
    """Yield questions, all of which want documents."""
    for file in files:
        for line in file.read_text(encoding="utf-8").splitlines():
            yield json.loads(line)["question"], True


def embed(folder: Path, texts: Sequence[str]) -> Array:
    """Return the vectors of texts as questions, one a row."""
    embedder = SentenceTransformerEmbedder(folder)
    embedder.load_model()
    rows = [embedder.query_embedder.embed([text])[0] for text in texts]
    return np.asarray(rows, np.float64)


def fit_weights(vectors: Array, wants: Array) -> NeedWeights:
    """Return the logistic regression of `wants` (0 or 1) on unit vectors, one a row."""
    mean = vectors.mean(axis=0)
    rows = np.column_stack([vectors - mean, np.ones(len(vectors))])
    weights = np.zeros(rows.shape[1])
    for _step in range(_STEPS):
        chance = 1 / (1 + np.exp(-rows @ weights))
        slope = rows.T @ (chance - wants) + PENALTY * weights
        spread = (rows * (chance * (1 - chance))[:, None]).T @ rows
        weights -= np.linalg.solve(spread + PENALTY * np.eye(len(weights)), slope)
    bias = float(weights[-1] - mean @ weights[:-1])
    return NeedWeights(
        bias=round(bias, _DIGITS), weights=tuple(round(float(w), _DIGITS) for w in weights[:-1])
    )


if __name__ == "__main__":
    sys.exit(main())
