"""Fit the models that say whether found passages answer a question, and print how good they are.

    PYTHONPATH=. python packaging/fit_evidence.py --fit squad=squad2-train-part.jsonl
        --fit drcd=drcd.json --fit notes=packaging/evidence_notes.jsonl
        --report squad2-dev=items.jsonl ... [--embedder DIR] [--rows FILE] [--write]

A source is NAME=PATH: a .jsonl with question, passage, passage_id, title and answerable a line, or
with passage, file, and lists of questions that are answered and unanswerable, or in the form of the
judge's training data, of which the documents that it didn't see are taken; a .json in the form of
SQuAD; or a folder of corpus.jsonl, queries.jsonl and qrels.tsv. Several of one family are named
FAMILY-SOMETHING. Sources of `--fit` teach; strength, calibration and thresholds are chosen on
scores of models that never saw the question. (ARCD is no source for it: its questions are often
answered by other paragraphs too.) Sources of `--report` are only reported. With
`--write` the weights replace those of the embedder in resources/judging/evidence_weights.json. The
judge of resources/judging/judge is used if it is there.
"""

import argparse
import random
from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec

from core.base.paths import embedding_model, judge_model, resources_folder
from core.library.embedding.sentence_transformer_embedder import SentenceTransformerEmbedder
from core.library.search.evidence_weights import ANY_EMBEDDER
from core.library.serving.library_backends import LibraryBackends
from core.library.serving.library_components import open_installed_judge
from evidence_fitting import FittedPair, fit_pair, report_table
from evidence_rows import EvidenceRow, collect_rows, judged_row, with_features
from evidence_sources import Source, read_source

WEIGHTS = resources_folder() / "judging" / "evidence_weights.json"
SEED = 14
COSINES = {"cosine", "cosine_gap"}
JUDGED = {"judge", "judge_second"}
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
JUDGE_FEATURES = ["judge", "judge_second", "judge*nonlatin"]


def main() -> None:
    """Read, ask, fit, report."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--fit", action="append", required=True, metavar="NAME=PATH")
    parser.add_argument("--report", action="append", default=[], metavar="NAME=PATH")
    parser.add_argument("--embedder", type=Path, default=embedding_model())
    parser.add_argument(
        "--questions", type=int, default=150, help="of one kind and source, at most"
    )
    parser.add_argument("--rows", type=Path, help="keep what was measured here, and use it again")
    parser.add_argument("--kept", type=float, default=0.9, help="of the answerable ones (.90)")
    parser.add_argument("--write", action="store_true")
    arguments = parser.parse_args()
    fitting = [read_source(each, arguments.questions, SEED) for each in arguments.fit]
    reported = [read_source(each, arguments.questions, SEED) for each in arguments.report]
    rows = _judged(_rows(arguments, fitting, reported), arguments.rows)
    names = {source.name for source in fitting}
    learned = [row for row in rows if row.source in names]
    held = [row for row in rows if row.source not in names]
    fitted: dict[str, object] = {}
    for embedder in (arguments.embedder.name, ANY_EMBEDDER):
        pair = dict(_fitted_pairs(embedder, learned, arguments.kept))
        for kind, each in pair.items():
            print(f"\n== {embedder}, {kind}: {each.summary}")
            print(report_table(each, held))
        fitted[embedder] = {kind: each.as_weights() for kind, each in pair.items()}
    if arguments.write:
        _write(fitted)


def _rows(
    arguments: argparse.Namespace, fitting: Sequence[Source], reported: Sequence[Source]
) -> list[EvidenceRow]:
    """Measure all questions of the sources, each group asked of the other's strangers alone."""
    kept: Path | None = arguments.rows
    if kept is not None and kept.exists():
        return msgspec.json.decode(kept.read_bytes(), type=list[EvidenceRow])
    embedder = SentenceTransformerEmbedder(arguments.embedder)
    embedder.load_model()
    rows = []
    for group in (fitting, reported):
        for source in group:
            print(
                f"{source.name}: {len(source.documents)} documents, {len(source.questions)} asked"
            )
            strangers = _strangers(source, group)
            rows += collect_rows(source, strangers, embedder)
    if kept is not None:
        kept.write_bytes(msgspec.json.encode(rows))
    return rows


def _judged(rows: list[EvidenceRow], kept: Path | None) -> list[EvidenceRow]:
    """Return the rows with what the installed judge says, read once where rows are kept."""
    judge = open_installed_judge(LibraryBackends().open_judge) if judge_model().is_dir() else None
    if judge is not None:
        known = kept.with_suffix(f".{judge.name.partition(':')[2]}.json") if kept else None
        if known is not None and known.exists():
            rows = msgspec.json.decode(known.read_bytes(), type=list[EvidenceRow])
        else:
            rows = [judged_row(row, judge) for row in rows]
            if known is not None:
                known.write_bytes(msgspec.json.encode(rows))
    return [with_features(row) for row in rows]


def _strangers(source: Source, group: Sequence[Source]) -> list[str]:
    """Return questions of the other families of a group."""
    others = [
        question.text
        for other in group
        if other.family != source.family
        for question in other.questions
    ]
    random.Random(SEED).shuffle(others)  # noqa: S311 - a sample, not a secret
    return others[:60]


def _fitted_pairs(
    embedder: str, rows: Sequence[EvidenceRow], kept: float
) -> Iterator[tuple[str, FittedPair]]:
    left_out = COSINES if embedder == ANY_EMBEDDER else set()
    plain = [name for name in FEATURES if not left_out & set(name.split("*"))]
    yield "plain", fit_pair(rows, plain, kept)
    if all(row.features.keys() >= JUDGED for row in rows):
        yield "judged", fit_pair(rows, [*plain, *JUDGE_FEATURES], kept)


def _write(fitted: dict[str, object]) -> None:
    """Replace the weights of these embedders; those of others stay."""
    known = msgspec.json.decode(WEIGHTS.read_bytes()) if WEIGHTS.exists() else {"embedders": {}}
    known["embedders"].update(fitted)
    WEIGHTS.parent.mkdir(exist_ok=True)
    WEIGHTS.write_bytes(msgspec.json.format(msgspec.json.encode(known), indent=1) + b"\n")


if __name__ == "__main__":
    main()
