"""Prints what each turn of a long chat reads, and how long its first letter takes.

Usage: python tests/benchmarks/generation/long_chat.py [--turns N] [--context N] [--pause SECONDS]
       [--when-full summarise|leave_out] [--kept]

An application over real children asks the shipped model one short question after the other in one
chat; answers have at most `--answer` tokens. `--pause` is how long the person does nothing between
an answer's end and the next question. `--kept` saves the chat, as the window does. Printed for each
turn: tokens of its prompt, how many of them were read between the question and its first letter
(those of a summary written before it included), and the seconds until that.
"""

import argparse
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[3]))
from core.app.chats.ask_options import AskOptions
from core.app.events.app_events import AnswerFinished, AnswerStarted, AnswerSummarised
from core.base.paths import shipped_models
from core.base.settings import app_settings
from core.messages import Sampling
from tests.benchmarks.generation.answering_app import AnsweringApp

SUBJECTS = ("rivers", "ships", "bridges", "clocks", "gardens", "lamps", "letters", "harbours")


def main() -> None:
    """Hold the chat and print its turns."""
    options = _options()
    with tempfile.TemporaryDirectory() as folder:
        asking = AnsweringApp(Path(folder), context=options.context, threads=options.threads)
        asking.app.warm_up()
        asking.app.settings.override_value(app_settings.WHEN_FULL, options.when_full)
        summaries: list[AnswerSummarised] = []
        asking.app.subscribe(
            lambda event: summaries.append(event) if isinstance(event, AnswerSummarised) else None
        )
        chat_id: str | None = None
        firsts = []
        for number in range(options.turns):
            before = len(summaries)
            started = _ask(asking, options, number, chat_id)
            chat_id = started.chat_id
            done = asking.wait_for(AnswerFinished, 900.0)
            cost = done.statistics
            firsts.append(cost.seconds_to_first_token)
            summed = "  after a summary" if len(summaries) > before else ""
            sys.stdout.write(
                f"{number + 1:3}  prompt {cost.prompt_tokens:5}"
                f"  read {cost.prompt_tokens - cost.cached_tokens:5}"
                f"  first letter {cost.seconds_to_first_token:6.2f} s{summed}  {done.note}\n"
            )
            sys.stdout.flush()
            _rest(asking, options.pause)
        firsts.sort()
        sys.stdout.write(f"median {firsts[len(firsts) // 2]:.2f} s, longest {firsts[-1]:.2f} s\n")
        asking.app.close()


def _ask(
    asking: AnsweringApp, options: argparse.Namespace, number: int, chat_id: str | None
) -> AnswerStarted:
    subject = SUBJECTS[number % len(SUBJECTS)]
    question = f"Tell me one more thing about {subject}, number {number + 1} of our list, please."
    return asking.app.questions.ask_question(
        question,
        AskOptions(
            temporary=not options.kept,
            sampling=Sampling(temperature=0.0, repeat_penalty=1.0, dry_multiplier=0.8),
            max_tokens=options.answer,
            model=str(shipped_models()[0]),
            fresh=True,
        ),
        chat_id=chat_id,
    )


def _rest(asking: AnsweringApp, seconds: float) -> None:
    """Do what a window does while nobody asks."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        asking.app.process_events()
        time.sleep(0.02)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--turns", type=int, default=30)
    parser.add_argument("--context", type=int, default=2048)
    parser.add_argument("--answer", type=int, default=80)
    parser.add_argument("--pause", type=float, default=0.0)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--when-full", choices=["summarise", "leave_out"], default="summarise")
    parser.add_argument("--kept", action="store_true")
    return parser.parse_args()


if __name__ == "__main__":
    main()
