"""Making of the judge's sources from the repositories that publish them; see README.

    python packaging/training/make_judge_sources.py --data DATA --clones CLONES [--only NAME ...]

Each repository of judge_training/published_sources.json is fetched into CLONES at the commit that
stands there (some are hundreds of megabytes), and its rows are written to DATA/NAME.jsonl.
"""

import argparse
import json
from pathlib import Path

import msgspec

from judge_training.clones import Clone
from judge_training.parallel_sources import PARALLEL_SOURCES
from judge_training.question_sources import QUESTION_SOURCES
from judge_training.source_rows import Row
from judge_training.statement_sources import STATEMENT_SOURCES

PUBLISHED = Path(__file__).parent / "judge_training" / "published_sources.json"
READERS = QUESTION_SOURCES | STATEMENT_SOURCES | PARALLEL_SOURCES


class PublishedSource(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One source: its file of rows, what it is, its licence, and where it is published."""

    name: str
    work: str
    licence: str
    repository: str
    commit: str


def published_sources() -> list[PublishedSource]:
    """Return all that are read here; what the README names besides is made, or not read."""
    return msgspec.json.decode(PUBLISHED.read_bytes(), type=list[PublishedSource])


def write_source(source: PublishedSource, clones: Path, data: Path) -> int:
    """Fetch and write one source; return its rows. A row that comes again is written once."""
    owner, _slash, repository = source.repository.partition("/")
    clone = Clone(clones / f"{owner}+{repository}.git", source.repository, source.commit)
    clone.fetch()
    rows: dict[str, Row] = {}
    for row in READERS[source.name](clone):
        line = json.dumps({**row, "source": source.name}, ensure_ascii=False)
        rows.setdefault(line, row)
    (data / f"{source.name}.jsonl").write_text("\n".join(rows) + "\n", encoding="utf-8")
    return len(rows)


def main() -> None:
    """Write all sources, or those that are named."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, required=True, help="folder of the sources")
    parser.add_argument("--clones", type=Path, required=True, help="folder of the repositories")
    parser.add_argument("--only", nargs="*", default=[], metavar="NAME")
    options = parser.parse_args()
    options.data.mkdir(exist_ok=True)
    for source in published_sources():
        if not options.only or source.name in options.only:
            print(f"{source.name}: {write_source(source, options.clones, options.data)} rows")


if __name__ == "__main__":
    main()
