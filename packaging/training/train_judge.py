"""Training of the judge: sources in, a checkpoint out; see README.md.

    python packaging/training/train_judge.py --data DATA --out CHECKPOINT --minutes 100

The rate is constant after a short rise; with `--decay` it falls in the last minutes. Minutes are
of processor time, so that a busy machine shortens nothing. A run goes on from a checkpoint with
`--resume`, also with other sources. `--head support` trains only the head of statements, with upper
layers of its own, and what answers questions stays as it was; `--head answer` the other way round.
"""

import argparse
import time
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import load_file, save_file
from tokenizers import Tokenizer
from torch.nn import functional

from core.library.judging.judge_network import LAYERS
from judge_training import torch_network
from judge_training.torch_network import HIDDEN, OWN_LAYERS
from judge_training.training_mix import TokenPair, TrainingMix

MODELS = Path(__file__).resolve().parents[2] / "resources" / "models"
BASE = MODELS / "multilingual-e5-small"
SHARES = {
    "squad2-train-part": 5.0,
    "condaqa": 1.0,
    "boolq": 0.8,
    "squadshifts-wiki": 1.2,
    "nq-oracle": 0.8,
    "qed-nq": 0.5,
    "clapnq": 2.0,
    "idk-mrc": 1.5,
    "piaf": 0.7,
    "squad-es-mc": 0.7,
    "contract-nli": 0.8,
    "clapnq-claims": 0.5,
    "tat-qa": 0.6,
    "covidqa": 0.3,
    "pubmedqa": 0.3,
    "tydiqa-goldp": 0.8,
    "arcd": 0.5,
    "drcd": 0.4,
    "cmrc2018": 0.3,
    "iapp-wiki-qa": 0.3,
    "jsquad": 0.3,
    "jaquad": 0.1,
    "afriqa": 0.3,
    "faquad": 0.5,
    "norquad": 0.3,
    "fool-me-twice": 2.0,
    "fever": 1.5,
    "sufficient-facts": 2.0,
    "mnli": 1.2,
    "snli": 0.4,
    "breaking-nli": 0.15,
    "begin-wow": 0.5,
    "begin-cmu-dog": 0.3,
    "wice-dev": 5.0,
    "wice-spans": 4.0,
    "fever-symmetric": 1.5,
    "indonli": 0.25,
    "jnli": 0.25,
    "klue-nli": 0.4,
    "farstail": 0.25,
    "made-papers": 2.2,
    "made-papers-claims": 2.6,
    "asked-abroad": 8.0,
}
"""How often a source is drawn beside its size: near to what is judged often, easy ones seldom."""
SUPPORT_SHARES = {
    **SHARES,
    "wice-spans": 0.6,
    "made-papers": 0.6,
    "made-papers-claims": 1.2,
    "asked-abroad": 0.5,
    "squad2-train-part": 6.0,
    "squadshifts-wiki": 3.0,
    "piaf": 1.5,
    "faquad": 1.0,
    "gnome-help-abroad": 1.2,
    "tico-abroad": 2.6,
    "python-es-abroad": 0.5,
    "python-tr-abroad": 0.4,
    "answered-abroad": 4.0,
}
"""The same where only the head of statements is trained: above all sentences of free texts."""
ANSWER_SHARES = {**SHARES, "squad2-train-part": 7.0, "idk-mrc": 2.5, "condaqa": 1.5}
"""The same where only the head of questions is trained: above all what seems to answer."""
LAYER_RATE, HEAD_RATE = 1.5e-4, 5e-4
SPAN_SHARE = 0.125
"""Weight of finding the answer's first and last token: it teaches more of a text than yes or no."""
DROPOUT = 0.1
WARM_UP_STEPS, RESUMED_STEPS = 150, 30
"""Steps in which the rates rise, at the start and when a run goes on."""


class Trainer:
    """Weights of the network as parameters; those of the lower layers stay as they are."""

    def __init__(self, base: Path, resume: Path | None, head: str = "") -> None:
        weights = torch_network.base_weights(base / "model.safetensors")
        for name, scores in (("answer", 1), ("support", 3)):
            for place, rows in (("0", HIDDEN), ("3", scores)):
                weights[f"{name}.{place}.weight"] = torch.randn(rows, HIDDEN) * 0.03
                weights[f"{name}.{place}.bias"] = torch.zeros(rows)
        weights["span.weight"], weights["span.bias"] = torch.randn(2, HIDDEN) * 0.03, torch.zeros(2)
        if resume is not None:
            weights.update(load_file(resume))
        self.weights = weights
        if not head and any(name.startswith("support.layers.") for name in weights):
            raise SystemExit(
                "The heads of this checkpoint have layers of their own: name a --head."
            )
        if head:
            self._part_heads(LAYERS - (3 if head == "support" else OWN_LAYERS))
        trained = [
            n for n in weights if not head or n.startswith("support.") == (head == "support")
        ]
        layers = [self._parameter(name) for name in trained if _is_own_layer(name)]
        heads = [self._parameter(name) for name in trained if _is_head(name)]
        self._parameters = layers + heads
        self._optimizer = torch.optim.AdamW(
            [
                {"params": layers, "weight_decay": 0.01, "base": LAYER_RATE},
                {"params": heads, "weight_decay": 0.0, "base": HEAD_RATE},
            ],
            lr=LAYER_RATE,
            betas=(0.9, 0.98),
        )

    def _part_heads(self, first: int) -> None:
        """Give the head of statements copies of the layers from `first` on, unless it has some."""
        for name in [n for n in self.weights if n.startswith("layers.")]:
            if int(name.split(".")[1]) >= first:
                self.weights.setdefault(f"support.{name}", self.weights[name].detach().clone())

    def _parameter(self, name: str) -> Any:  # noqa: ANN401 - an untyped library
        self.weights[name] = torch.nn.Parameter(self.weights[name])
        return self.weights[name]

    def train_batch(self, batch: list[TokenPair], rate: float) -> float:
        """Take one step at `rate` of the full rates; returns the loss."""
        for group in self._optimizer.param_groups:
            group["lr"] = group["base"] * rate
        loss = self._loss(batch)
        self._optimizer.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self._parameters, 1.0)
        self._optimizer.step()
        return float(loss.detach())

    def save(self, path: Path) -> None:
        """Write what was trained, as float32."""
        part = path.with_suffix(".part")
        own = {n: t.detach() for n, t in self.weights.items() if _is_own_layer(n) or _is_head(n)}
        save_file(own, part)
        part.replace(path)

    def _loss(self, batch: list[TokenPair]) -> Any:  # noqa: ANN401 - an untyped library
        ids, mask = _tensors(batch)
        answers = [place for place, each in enumerate(batch) if not each.pair.statement]
        statements = [place for place, each in enumerate(batch) if each.pair.statement]
        if not answers:  # only this head is trained
            return self._statement_loss(batch, ids, mask) / len(batch)
        with torch.autocast("cpu", torch.bfloat16):
            vectors = torch_network.encode_tokens(self.weights, ids, mask, DROPOUT)
            first = vectors[:, 0]
            heads = {
                head: torch_network.head_scores(first[places], self.weights, head, DROPOUT).float()
                for head, places in (("answer", answers), ("support", statements))
            }
            spans = functional.linear(
                vectors[answers], self.weights["span.weight"], self.weights["span.bias"]
            ).float()
        loss = _weighted(
            functional.binary_cross_entropy_with_logits(
                heads["answer"][:, 0],
                torch.tensor([float(batch[n].pair.label) for n in answers]),
                reduction="none",
            ),
            [batch[n].pair.weight for n in answers],
        )
        if statements:
            loss = loss + _support_loss(heads["support"], [batch[n] for n in statements])
        spans = spans.masked_fill(~mask[answers][..., None], -1e4)
        for side, places in enumerate((_starts(batch, answers), _ends(batch, answers))):
            found = functional.cross_entropy(
                spans[..., side], places, reduction="none", ignore_index=-1
            )
            loss = loss + SPAN_SHARE * _weighted(found, [batch[n].pair.weight for n in answers])
        return loss / len(batch)

    def _statement_loss(self, batch: list[TokenPair], ids: Any, mask: Any) -> Any:  # noqa: ANN401
        """Return the loss of a batch of statements alone."""
        with torch.autocast("cpu", torch.bfloat16):
            first = torch_network.encode_tokens(
                self.weights, ids, mask, DROPOUT, head="support", first_only=True
            )[:, 0]
            scores = torch_network.head_scores(first, self.weights, "support", DROPOUT).float()
        return _support_loss(scores, batch)


def _support_loss(scores: Any, batch: list[TokenPair]) -> Any:  # noqa: ANN401
    labels = torch.tensor([each.pair.label for each in batch], dtype=torch.long)
    found = functional.cross_entropy(scores, labels, reduction="none")
    return _weighted(found, [each.pair.weight for each in batch])


def _is_own_layer(name: str) -> bool:
    parts = name.removeprefix("support.").split(".")
    return parts[0] == "layers" and int(parts[1]) >= LAYERS - OWN_LAYERS


def _is_head(name: str) -> bool:
    return not _is_own_layer(name) and name.split(".", maxsplit=1)[0] in {
        "answer",
        "support",
        "span",
    }


def _weighted(losses: Any, weights: list[float]) -> Any:  # noqa: ANN401 - an untyped library
    return (losses * torch.tensor(weights)).sum()


def _starts(batch: list[TokenPair], places: list[int]) -> Any:  # noqa: ANN401
    return torch.tensor([batch[place].start for place in places], dtype=torch.long)


def _ends(batch: list[TokenPair], places: list[int]) -> Any:  # noqa: ANN401
    return torch.tensor([batch[place].end for place in places], dtype=torch.long)


def _tensors(batch: list[TokenPair]) -> tuple[Any, Any]:
    longest = max(len(each.ids) for each in batch)
    ids = torch.full((len(batch), longest), torch_network.PADDING)
    mask = torch.zeros((len(batch), longest), dtype=torch.bool)
    for row, each in enumerate(batch):
        ids[row, : len(each.ids)] = torch.tensor(each.ids)
        mask[row, : len(each.ids)] = True
    return ids, mask


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, required=True, help="folder of the sources")
    parser.add_argument("--out", type=Path, required=True, help="checkpoint, .safetensors")
    parser.add_argument("--base", type=Path, default=BASE)
    parser.add_argument("--resume", type=Path)
    parser.add_argument("--minutes", type=float, default=100.0)
    parser.add_argument("--decay", type=float, default=0.0, help="minutes at the end")
    parser.add_argument("--tokens", type=int, default=3000, help="of a batch")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--head", choices=("answer", "support"), default="", help="only this one")
    return parser.parse_args()


def main() -> None:
    """Train for the minutes asked for; a checkpoint is written every few minutes."""
    options = _options()
    torch.set_num_threads(options.threads)
    torch.manual_seed(options.seed)
    tokenizer = Tokenizer.from_file(str(options.base / "tokenizer.json"))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    shares = {"answer": ANSWER_SHARES, "support": SUPPORT_SHARES}.get(options.head, SHARES)
    mix = TrainingMix(options.data, shares, options.seed, head=options.head)
    trainer = Trainer(options.base, options.resume, options.head)
    warm_up = RESUMED_STEPS if options.resume else WARM_UP_STEPS
    began = time.process_time()
    saved = time.monotonic()
    losses: list[float] = []
    seen = 0
    for step, batch in enumerate(mix.batches(tokenizer, options.tokens), start=1):
        passed = time.process_time() - began
        left = options.minutes * 60 - passed
        if left <= 0:
            break
        rate = min(1.0, step / warm_up)
        if options.decay:
            rate *= min(1.0, max(0.02, left / (options.decay * 60)))
        losses.append(trainer.train_batch(batch, rate))
        seen += len(batch)
        if step % 25 == 0:
            recent = sum(losses[-100:]) / len(losses[-100:])
            print(
                f"{passed / 60:.1f} min, step {step}, {seen} pairs, loss {recent:.3f}", flush=True
            )
        if time.monotonic() - saved > 240:
            trainer.save(options.out)
            saved = time.monotonic()
    trainer.save(options.out)


if __name__ == "__main__":
    main()
