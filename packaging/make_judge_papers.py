"""Making of papers for the judge's training; see judge_training/README.md.

    python packaging/make_judge_papers.py --data DATA --papers 9000 --seed 14

Writes DATA/made-papers.jsonl (questions) and DATA/made-papers-claims.jsonl (statements).
"""

import argparse
import json
from pathlib import Path
from random import Random

from judge_training.made_papers import PaperMaker
from judge_training.made_tables import TableMaker
from judge_training.made_texts import read_kinds


def main() -> None:
    """Make papers of all kinds in turn, and write their rows."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, required=True, help="folder of the sources")
    parser.add_argument("--papers", type=int, default=9000)
    parser.add_argument("--seed", type=int, default=14)
    options = parser.parse_args()
    rng = Random(options.seed)  # noqa: S311 - no secret is made of it
    papers, tables, kinds = PaperMaker(rng), TableMaker(rng), read_kinds()
    lines: dict[str, list[str]] = {"qa": [], "nli": []}
    for number in range(options.papers):
        kind = kinds[number % len(kinds)]
        maker = tables if kind.columns else papers
        for row in maker.rows(kind, number):
            lines[row["kind"]].append(json.dumps(row, ensure_ascii=False))
    for kind_of_row, name in (("qa", "made-papers"), ("nli", "made-papers-claims")):
        text = "\n".join(lines[kind_of_row]) + "\n"
        (options.data / f"{name}.jsonl").write_text(text, encoding="utf-8")
        print(f"{name}: {len(lines[kind_of_row])} rows")


if __name__ == "__main__":
    main()
