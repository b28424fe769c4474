"""Fit the models that say whether found passages answer a question, and print how good they are.

    PYTHONPATH=. python packaging/training/fit_evidence.py --rows ROWS
        --fit squad=squad2-train-part.jsonl@150 --fit drcd=drcd.jsonl@40
        --choose notes-hand=packaging/training/evidence_notes.jsonl
        --report squad2-dev=items.jsonl ... [--embedder DIR] [--write]

A source is NAME=PATH, or NAME=PATH@N for at most N questions of a kind: a .jsonl with question,
passage, passage_id, title and answerable a line, or with passage, file, and lists of questions that
are answered and unanswerable, or in the form of the judge's training data, of which the documents
that it didn't see are taken; a .json in the form of SQuAD; or a folder of corpus.jsonl,
queries.jsonl and qrels.tsv. Several of one family are named FAMILY-SOMETHING. Sources of `--fit`
teach; thresholds are chosen on those of `--choose` too. (ARCD is no source for it: its questions
are often answered by other paragraphs too.) Sources of `--report` are only reported, with 95 %
intervals. What is measured of each source is kept in the folder ROWS, and used again: a question
costs a fifth of a second, most of it the judge's. With `--write` the weights replace those of the
embedder in resources/judging/evidence_weights.json. The judge of resources/judging/judge is used if
it is there. The sources of the weights that ship: README.md.
"""

import argparse
import random
from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec

from core.base.paths import embedding_model, judge_model, resources_folder
from core.library.embedding.sentence_transformer_embedder import SentenceTransformerEmbedder
from core.library.search.evidence_weights import ANY_EMBEDDER, SENTENCE_COSINE, SENTENCE_JUDGE
from core.library.serving.library_backends import LibraryBackends
from core.library.serving.library_components import open_installed_judge
from evidence_fitting import READ_SENTENCES, FittedPair, fit_pair
from evidence_report import report_table
from evidence_rows import EvidenceRow, collect_rows, judged_row, with_features
from evidence_sources import Source, read_source

WEIGHTS = resources_folder() / "judging" / "evidence_weights.json"
SEED, MOST_STRANGERS = 14, 20
USES = ("fit", "choose", "report")
COSINES = {"cosine", "cosine_gap"}
JUDGED = {"judge", "judge_second", SENTENCE_COSINE, SENTENCE_JUDGE}
FEATURES = (
    "cosine",
    "cosine_gap",
    "share_exact",
    "share",
    "share_union",
    "mass",
    "length",
    "rarest_nowhere",
    "near_pairs",
    "numbers_missing",
    "nonlatin",
    "other_script",
    "cosine*nonlatin",
    "share_union*nonlatin",
    "share*length",
)
JUDGE_FEATURES = ["judge", "judge_second", "judge*nonlatin", SENTENCE_COSINE, READ_SENTENCES]


def main() -> None:
    """Read, ask, fit, report."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    for use in USES:
        parser.add_argument(f"--{use}", action="append", default=[], metavar="NAME=PATH[@N]")
    parser.add_argument("--embedder", type=Path, default=embedding_model())
    parser.add_argument("--rows", type=Path, required=True, help="folder of what was measured")
    parser.add_argument("--kept", type=float, default=0.95, help="of the answerable ones (.95)")
    parser.add_argument("--only", choices=("plain", "judged"), help="without and with a judge")
    parser.add_argument("--write", action="store_true")
    arguments = parser.parse_args()
    arguments.rows.mkdir(exist_ok=True)
    measured = _Measurement(arguments.embedder, arguments.rows)
    used = {use: measured.rows(getattr(arguments, use)) for use in USES}
    fitted: dict[str, dict[str, object]] = {}
    names = [arguments.embedder.name]
    if arguments.embedder == embedding_model():
        names.append(ANY_EMBEDDER)
    for embedder in names:
        pairs = _fitted_pairs(embedder, used["fit"], used["choose"], arguments.kept)
        pair = {kind: each for kind, each in pairs if arguments.only in {None, kind}}
        for kind, each in pair.items():
            print(f"\n== {embedder}, {kind}: {each.summary}")
            print(report_table(each, [row for use in USES for row in used[use]]))
        fitted[embedder] = {kind: each.as_weights() for kind, each in pair.items()}
    if arguments.write:
        _write(fitted)


class _Measurement:
    """Rows of sources with one embedder and the installed judge; what was measured is kept."""

    def __init__(self, embedder: Path, folder: Path) -> None:
        self._embedder = SentenceTransformerEmbedder(embedder)
        self._is_loaded = False
        self._folder = folder
        backends = LibraryBackends()
        has_judge = judge_model().is_dir()
        self._judge = open_installed_judge(backends.open_judge) if has_judge else None

    def rows(self, specifications: Sequence[str]) -> list[EvidenceRow]:
        """Return the rows of these sources; each is asked the strangers of the others."""
        sources = [read_source(each, SEED) for each in specifications]
        return [
            with_features(row)
            for source in sources
            for row in self._source_rows(source, _strangers(source, sources))
        ]

    def _source_rows(self, source: Source, strangers: Sequence[str]) -> list[EvidenceRow]:
        judge = self._judge.name.rpartition(":")[2] if self._judge else "no-judge"
        kept = self._folder / f"{source.name}.{self._embedder.model_folder.name}.{judge}.json"
        if kept.exists():
            return msgspec.json.decode(kept.read_bytes(), type=list[EvidenceRow])
        print(f"{source.name}: {len(source.documents)} documents, {len(source.questions)} asked")
        if not self._is_loaded:
            self._embedder.load_model()
            self._is_loaded = True
        rows = collect_rows(source, strangers, self._embedder, self._judge)
        if self._judge is not None:
            rows = [judged_row(row, self._judge) for row in rows]
        kept.write_bytes(msgspec.json.encode(rows))
        return rows


def _strangers(source: Source, group: Sequence[Source]) -> list[str]:
    """Return questions of the other families of a group."""
    others = [
        question.text
        for other in group
        if other.family != source.family
        for question in other.questions
    ]
    random.Random(SEED).shuffle(others)  # noqa: S311 - a sample, not a secret
    return others[:MOST_STRANGERS]


def _fitted_pairs(
    embedder: str, taught: Sequence[EvidenceRow], choosing: Sequence[EvidenceRow], kept: float
) -> Iterator[tuple[str, FittedPair]]:
    left_out = COSINES if embedder == ANY_EMBEDDER else set()
    plain = [name for name in FEATURES if not left_out & set(name.split("*"))]
    yield "plain", fit_pair(taught, choosing, plain, kept)
    if all(row.features.keys() >= JUDGED for row in (*taught, *choosing)):
        yield "judged", fit_pair(taught, choosing, [*plain, *JUDGE_FEATURES], kept)


def _write(fitted: dict[str, dict[str, object]]) -> None:
    """Replace the weights that were fitted; others stay."""
    known = msgspec.json.decode(WEIGHTS.read_bytes()) if WEIGHTS.exists() else {"embedders": {}}
    for embedder, pair in fitted.items():
        known["embedders"].setdefault(embedder, {}).update(pair)
    WEIGHTS.parent.mkdir(exist_ok=True)
    WEIGHTS.write_bytes(msgspec.json.format(msgspec.json.encode(known), indent=1) + b"\n")


if __name__ == "__main__":
    main()
