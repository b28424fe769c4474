"""Measurement of intents: how many messages are understood by language, and the time of one.

The messages are those of `tests/chat/intent/intent_messages.tsv`; half of them had no rule made.
Those of `unseen_messages.tsv`, questions on documents and tasks over whole ones, were written by
somebody who knew no rule; those of `unseen_intents.tsv`, of all intents, before the rules of that
day, half of them of kinds that were known to fail. No rule may be made from them.
"""

import argparse
import collections
import time
from pathlib import Path

from core.chat.intent.message_intent import compile_phrases, message_intent
from core.evaluation.bootstrap import estimate_mean
from tests.chat.intent.test_message_intent import messages

_HALVES = {"half that rules were made for": False, "held half": True}
UNSEEN = ("unseen_messages.tsv", "unseen_intents.tsv")


def main() -> None:
    """Print a row per half and language, then milliseconds of processor time."""
    argparse.ArgumentParser(description=__doc__).parse_args()
    compile_phrases()
    seconds = []
    halves = {name: list(messages(held=held)) for name, held in _HALVES.items()}
    for name in UNSEEN:
        file = Path(__file__).with_name(name)
        halves[name] = [each for held in (False, True) for each in messages(held=held, file=file)]
    for name, some in halves.items():
        right: dict[str, list[bool]] = collections.defaultdict(list)
        for language, intent, history, text in some:
            began = time.process_time()
            found = message_intent(text, has_history=history)
            seconds.append(time.process_time() - began)
            right[language].append(found is intent)
            right["all"].append(found is intent)
        print(name)
        for language, results in right.items():
            share = estimate_mean([float(each) for each in results])
            bounds = f"[{share.low:.3f}, {share.high:.3f}]"
            print(f"  {language:4} {share.mean:.3f} {bounds} of {len(results)}")
    mean, longest = 1000 * sum(seconds) / len(seconds), 1000 * max(seconds)
    print(f"a message: {mean:.2f} ms of processor time, the longest {longest:.2f}")


if __name__ == "__main__":
    main()
