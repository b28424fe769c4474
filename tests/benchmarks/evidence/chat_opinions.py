"""Asks a chat model whether the likeliest passages of measured questions answer, and keeps it.

    PYTHONPATH=.:packaging/training python tests/benchmarks/evidence/chat_opinions.py MODEL.gguf
        --rows ROWS --kept FILE.json [--form plain] [--threads 1] [--minutes 10] SOURCE...

SOURCES are names of what packaging/training/fit_evidence.py kept in ROWS, NAME@N for the first N
questions of each kind; "cases" stands for the bundled judging cases. Questions that the documents
don't treat are left out, as in the application. The engine's own child is asked, by the request
that the application sends; prompts that begin with one passage go together, since what
they begin with is read once. What is known already is not asked again: a run that ends
after its minutes is gone on with by the next.
"""

import argparse
import hashlib
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import msgspec

from core.base.paths import Paths
from core.chat.judging.judging_cases import bundled_cases
from core.chat.judging.judging_prompts import answer_prompt, relevant_excerpt
from core.engine.client.engine_client import EngineClient
from core.ipc.client import new_request_id
from core.ipc.reply import Reply
from core.library.search.foreign_questions import passage_text
from core.library.search.relevance_judge import FoundPassage
from core.messages import JudgePrompts, LoadModel, Placement, PromptsJudged, PromptTurn
from evidence_rows import EvidenceRow
from tests.benchmarks.evidence.measured_rows import read_rows, say
from tests.benchmarks.evidence.searched_rows import asked_passage, is_treated

CASES = "cases"
MOST_TOKENS = 400
"""Of a passage that is read."""
_AT_ONCE = 16
"""Prompts of one request: what was said of them is kept when it ends."""

Prompt = tuple[PromptTurn, ...]
Form = Callable[[str, FoundPassage], Prompt]


def plain(question: str, passage: FoundPassage) -> Prompt:
    """Return the prompt of the words of a passage alone."""
    return answer_prompt(question, relevant_excerpt(passage.text, question, MOST_TOKENS))


def titled(question: str, passage: FoundPassage) -> Prompt:
    """Return the prompt of a passage below its file and heading, as the small judge reads it."""
    excerpt = relevant_excerpt(passage.text, question, MOST_TOKENS)
    return answer_prompt(question, passage_text(passage._replace(text=excerpt)))


FORMS: dict[str, Form] = {"plain": plain, "titled": titled}


class KeptOpinions:
    """Differences of log-likelihood by prompt, in a file of JSON."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._known: dict[str, float] = (
            msgspec.json.decode(path.read_bytes(), type=dict[str, float]) if path.exists() else {}
        )

    def get(self, prompt: Prompt) -> float | None:
        """Return what was said, None if it was not asked."""
        return self._known.get(_key(prompt))

    def save(self, prompts: Sequence[Prompt], said: Sequence[float | None]) -> None:
        """Keep these too; what can't be read says nothing."""
        self._known |= {
            _key(prompt): each or 0.0 for prompt, each in zip(prompts, said, strict=True)
        }
        self._path.write_bytes(msgspec.json.encode(self._known))


class AskedModel:
    """The engine's child with the model, waited for."""

    def __init__(self, path: Path, threads: int, root: Path) -> None:
        paths = Paths(root)
        paths.create_folders()
        self._client = EngineClient(paths, lambda: None)
        placement = Placement(context=4096, threads=threads, sequences=8)
        load = LoadModel(request_id=new_request_id(), path=str(path), placement=placement)
        self._wait(self._client.load_model(load))

    def judge(self, prompts: Sequence[Prompt]) -> PromptsJudged:
        """Ask. Raises SystemExit where the model can't be asked."""
        request = JudgePrompts(request_id=new_request_id(), prompts=tuple(prompts))
        event = self._wait(self._client.send(request))
        if not isinstance(event, PromptsJudged):
            raise SystemExit(f"The model judged nothing: {event}.")
        return event

    def close(self) -> None:
        """End the child."""
        self._client.stop()

    def _wait(self, reply: Reply[Any, Any]) -> object:
        ended: list[object] = []
        reply.on_done(ended.append).on_error(ended.append)
        while not ended:
            self._client.poll()
            time.sleep(0.01)
        return ended[0]


def main() -> None:
    """Ask what is not known, until the time is over."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("model", type=Path)
    parser.add_argument("sources", nargs="+", metavar="SOURCE")
    parser.add_argument("--rows", type=Path, required=True)
    parser.add_argument("--kept", type=Path, required=True)
    parser.add_argument("--form", choices=FORMS, default="plain")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--embedder", default="all-MiniLM-L6-v2")
    options = parser.parse_args()
    kept = KeptOpinions(options.kept)
    waiting = [
        batch
        for source in options.sources
        for batch in batches([each for each in _prompts(source, options) if kept.get(each) is None])
    ]
    say(f"{sum(map(len, waiting))} prompts are waiting")
    ends_at = time.monotonic() + 60 * options.minutes
    read = 0
    seconds = 0.0
    with tempfile.TemporaryDirectory() as root:
        model = AskedModel(options.model, options.threads, Path(root))
        while waiting and time.monotonic() < ends_at:
            batch = waiting.pop(0)
            judged = model.judge(batch)
            kept.save(batch, judged.differences)
            read += judged.read_tokens
            seconds += judged.elapsed
            say(f"  {judged.read_tokens} of {judged.prompt_tokens} in {judged.elapsed:.1f} s")
        model.close()
    say(f"{read} tokens read in {seconds:.0f} s; {sum(map(len, waiting))} prompts still wait")


def _prompts(source: str, options: argparse.Namespace) -> Iterator[Prompt]:
    if source == CASES:
        yield from bundled_cases().prompts
        return
    form = FORMS[options.form]
    for row in asked_rows(options.rows, source, options.embedder):
        yield form(row.question, asked_passage(row, options.embedder))


def asked_rows(folder: Path, source: str, embedder: str) -> list[EvidenceRow]:
    """Return the rows of NAME or NAME@N of which a chat model is asked."""
    name, _at, most = source.partition("@")
    kinds: Counter[str] = Counter()
    rows = []
    for row in read_rows(folder, [name], embedder):
        kinds[row.kind] += 1
        if (not most or kinds[row.kind] <= int(most)) and is_treated(row, embedder):
            rows.append(row)
    return rows


def batches(prompts: Sequence[Prompt]) -> Iterator[list[Prompt]]:
    """Yield different prompts, those that begin alike after each other."""
    ordered = [each for _text, each in sorted({each[-1].text: each for each in prompts}.items())]
    for start in range(0, len(ordered), _AT_ONCE):
        yield ordered[start : start + _AT_ONCE]


def _key(prompt: Prompt) -> str:
    return hashlib.sha256(prompt[-1].text.encode()).hexdigest()[:24]


if __name__ == "__main__":
    main()
