"""Making of the sentences that marks across languages are chosen with; see README.

    python packaging/training/make_judge_choice.py --clones CLONES --out guide.jsonl

Writes the Open Source Guides (GitHub and contributors, CC BY 4.0) sentence by sentence with their
translations, in the form that `tests/benchmarks/sentences/abroad.py` reads. Nothing of them is
trained on.
"""

import argparse
import html
import json
import re
from collections.abc import Iterator
from pathlib import Path

from core.base.sentences import sentence_spans
from judge_training.clones import Clone
from judge_training.parallel_sources import Texts

REPOSITORY, COMMIT = "github/opensource.guide", "ebc9678e39b55ff5e5c8801d1960904692188e90"
LANGUAGES = {
    "de": "de",
    "es": "es",
    "fr": "fr",
    "ru": "ru",
    "zh": "zh-hans",
    "ar": "ar",
    "pt": "pt",
    "pl": "pl",
    "tr": "tr",
    "it": "it",
    "hi": "hi",
    "ja": "ja",
}
"""Folder of the articles in each language."""
_NO_PROSE = "#<{*->!|"
_SHORTEST, _SHORTEST_SENTENCE = 40, 30
_LEAST, _MOST = 0.25, 2.5
"""Length of a translation for one of the English sentence."""
_CLEANED = (
    (re.compile(r"!\[[^\]]*\]\([^)]*\)"), ""),
    (re.compile(r"\[([^\]]*)\]\([^)]*\)"), r"\1"),
    (re.compile(r"<[^>]+>"), " "),
    (re.compile(r"[*_`]"), ""),
    (re.compile(r"\s+"), " "),
)


def guide_sentences(clone: Clone) -> Iterator[tuple[str, Texts]]:
    """Yield (article, one sentence in its languages) of the articles that have the same blocks."""
    for path in clone.names("_articles/", ".md"):
        folder, name = path.rsplit("/", 1)
        if folder != "_articles":
            continue
        english = _blocks(clone.text(path))
        translated = {
            language: _blocks(clone.text(f"_articles/{there}/{name}"))
            for language, there in LANGUAGES.items()
            if f"_articles/{there}/{name}" in clone.names(f"_articles/{there}/", name)
        }
        alike = {name: blocks for name, blocks in translated.items() if _alike(english, blocks)}
        for place, block in enumerate(english):
            if block[0] not in _NO_PROSE and len(_plain(block)) >= _SHORTEST:
                texts = {"en": block} | {name: blocks[place] for name, blocks in alike.items()}
                yield from ((name, each) for each in _sentences(texts))


def _sentences(blocks: Texts) -> Iterator[Texts]:
    """Yield the sentences of a block in all languages that have as many."""
    plain = {language: _plain(text) for language, text in blocks.items()}
    parts = {
        language: [text[slice(*span)] for span in sentence_spans(text)]
        for language, text in plain.items()
    }
    for place, said in enumerate(parts["en"]):
        texts = {"en": said}
        for language, sentences in parts.items():
            if len(sentences) == len(parts["en"]):
                other = sentences[place]
                if other != said and _LEAST < len(other) / len(said) < _MOST:
                    texts[language] = other
        if len(texts) > 1 and len(said) >= _SHORTEST_SENTENCE:
            yield texts


def _blocks(article: str) -> list[str]:
    return [
        part.strip() for part in re.split(r"\n\s*\n", article.split("---", 2)[2]) if part.strip()
    ]


def _alike(one: list[str], other: list[str]) -> bool:
    heads = [[block.startswith("#") for block in blocks] for blocks in (one, other)]
    return heads[0] == heads[1]


def _plain(block: str) -> str:
    for pattern, by in _CLEANED:
        block = pattern.sub(by, block)
    return html.unescape(block).strip()


def main() -> None:
    """Fetch the guides and write their sentences."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--clones", type=Path, required=True, help="folder of the repositories")
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    clone = Clone(options.clones / f"{REPOSITORY.replace('/', '+')}.git", REPOSITORY, COMMIT)
    clone.fetch()
    lines = [
        json.dumps({"document": article, "texts": texts}, ensure_ascii=False)
        for article, texts in guide_sentences(clone)
    ]
    options.out.write_text("\n".join(lines) + "\n", encoding="utf-8")
    print(f"{len(lines)} sentences")


if __name__ == "__main__":
    main()
