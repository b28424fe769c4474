"""Measurement of answer agreement: which pairs of longer answers are said to say the same.

The pairs of `answer_pairs.tsv` were written by hand, in topics; every other topic is held out.
"""

import argparse
from pathlib import Path

from core.base.paths import embedding_model
from core.chat.answer_cache.question_match import cosine
from core.chat.consensus.answer_agreement import embedded_sentences, mean_vector, say_the_same
from core.library.embedding.sentence_transformer_embedder import SentenceTransformerEmbedder

PAIRS = Path(__file__).with_name("answer_pairs.tsv")


def main() -> None:
    """Print right and wrong judgements, and the cosine of each pair that is judged by it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("embedder", nargs="?", type=Path, default=embedding_model())
    embedder = SentenceTransformerEmbedder(parser.parse_args().embedder).query_embedder

    def vector(text: str) -> bytes:
        sentences = embedded_sentences(text)
        return mean_vector([embedder.embed([each])[0].tobytes() for each in sentences])

    rows = [line.split("\t") for line in PAIRS.read_text(encoding="utf-8").splitlines()]
    topics = list(dict.fromkeys(topic for topic, *_rest in rows))
    for name, chosen in (("chosen on", topics[::2]), ("held out", topics[1::2])):
        right = 0
        taken = [row for row in rows if row[0] in chosen]
        for _topic, kind, one, other in taken:
            nearness = cosine(vector(one), vector(other))
            judged = say_the_same(one, other, nearness)
            by_rule = judged is False and not say_the_same(one, other, 1.0)
            right += judged is (kind == "same")
            print(f"  {kind:5} {nearness:.3f} {'rule ' if by_rule else ''}{judged}: {one[:60]}")
        print(f"{name}: {right} of {len(taken)} right")


if __name__ == "__main__":
    main()
