"""Adapter trainer: reads examples in batches, and lets the added layers learn their answers."""

import math
import random
import time
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import torch
from torch.nn.functional import cross_entropy

from core.base.clock import Clock
from core.messages import ExampleTokens, LossPoint, TrainingSettings
from core.training.lora_layers import LoraLinear
from core.training.trainable_models import READ_TOGETHER

_WARM_UP = 0.05
"""Part of the steps in which the rate rises; it falls to nothing over the others."""
_LONGEST_GRADIENT = 1.0


class AdapterTrainer:
    """Layers that learn, and how far they are. The order of examples depends on the seed alone.

    A training that goes on from its state takes the same steps as one that never stopped.
    """

    def __init__(
        self,
        network: torch.nn.Module,
        layers: Mapping[str, LoraLinear],
        examples: Sequence[ExampleTokens],
        held_out: Sequence[ExampleTokens],
        settings: TrainingSettings,
    ) -> None:
        self._network: Any = network
        self._layers = layers
        self._examples = examples
        self._held_out = held_out
        self._settings = settings
        self._optimizer = torch.optim.AdamW(self._parameters(), lr=settings.rate, weight_decay=0.0)
        self._batches = math.ceil(len(examples) / settings.batch)
        self.steps = self._batches * settings.passes
        self.step = 0
        self.curve: list[LossPoint] = []

    def take_step(self) -> LossPoint:
        """Learn from the next batch; after each pass the held-out examples are read, too."""
        batch = self._batch(self.step)
        count = sum(len(each.tokens) - each.start for each in batch)
        for group in self._optimizer.param_groups:
            group["lr"] = self._settings.rate * self._rate_share()
        total = 0.0
        for group in _groups(batch):
            loss = torch.cat(self._token_losses(group)).sum() / count
            loss.backward()
            total += float(loss.detach())
        torch.nn.utils.clip_grad_norm_(self._parameters(), _LONGEST_GRADIENT)
        self._optimizer.step()
        self._optimizer.zero_grad(set_to_none=True)
        self.step += 1
        is_measured = self.step % self._batches == 0 and bool(self._held_out)
        point = LossPoint(self.step, total, self.held_out_loss() if is_measured else None)
        self.curve.append(point)
        return point

    def held_out_loss(self) -> float:
        """Return the mean loss of the answers that nothing is learnt from."""
        losses = self.losses(self._held_out)
        return sum(losses) / len(losses)

    def losses(self, examples: Sequence[ExampleTokens]) -> list[float]:
        """Return the mean loss of the tokens of each answer."""
        with torch.no_grad():
            return [
                float(losses.mean())
                for group in _groups(examples)
                for losses in self._token_losses(group)
            ]

    def timed_step(self, clock: Clock = time.perf_counter) -> float:
        """Return the seconds that the next step takes, with what is measured in it left out."""
        started = clock()
        held_out, self._held_out = self._held_out, ()
        self.take_step()
        self._held_out = held_out
        return clock() - started

    def state_tensors(self) -> dict[str, torch.Tensor]:
        """Return the layers and the optimizer's means of them, by name."""
        tensors = {}
        for name, parameter in self._named_parameters().items():
            tensors[name] = parameter.detach()
            state = self._optimizer.state.get(parameter, {})
            for key in ("exp_avg", "exp_avg_sq", "step"):
                if key in state:
                    tensors[f"{name} {key}"] = state[key]
        return tensors

    def restore(
        self, tensors: Mapping[str, torch.Tensor], step: int, curve: Sequence[LossPoint]
    ) -> None:
        """Go on from the state of an earlier training with the same examples and settings."""
        with torch.no_grad():
            for name, parameter in self._named_parameters().items():
                parameter.copy_(tensors[name])
                keys = [k for k in ("exp_avg", "exp_avg_sq", "step") if f"{name} {k}" in tensors]
                if keys:
                    self._optimizer.state[parameter] = {
                        key: tensors[f"{name} {key}"].clone() for key in keys
                    }
        self.step, self.curve = step, list(curve)

    def _token_losses(self, examples: Sequence[ExampleTokens]) -> list[torch.Tensor]:
        """Return the losses of each answer's tokens; outputs are computed for these alone.

        Shorter examples are filled up at their ends, which nothing before them looks at.
        """
        longest = max(len(each.tokens) for each in examples)
        rows = [[*each.tokens, *[0] * (longest - len(each.tokens))] for each in examples]
        hidden = self._network.model(input_ids=torch.tensor(rows), use_cache=False)
        losses = []
        for example, states in zip(examples, hidden.last_hidden_state, strict=True):
            outputs = self._network.lm_head(states[example.start - 1 : len(example.tokens) - 1])
            wanted = torch.tensor(example.tokens[example.start :])
            losses.append(cross_entropy(outputs.float(), wanted, reduction="none"))
        return losses

    def _batch(self, step: int) -> list[ExampleTokens]:
        done, place = divmod(step, self._batches)
        order = list(range(len(self._examples)))
        random.Random(f"{self._settings.seed} {done}").shuffle(order)  # noqa: S311 - no secret
        size = self._settings.batch
        return [self._examples[number] for number in order[place * size : (place + 1) * size]]

    def _rate_share(self) -> float:
        rising = max(1, round(self.steps * _WARM_UP))
        if self.step < rising:
            return (self.step + 1) / rising
        return (self.steps - self.step) / max(self.steps - rising, 1)

    def _named_parameters(self) -> dict[str, torch.nn.Parameter]:
        halves = {}
        for name, layer in self._layers.items():
            halves[f"{name}.lora_a"], halves[f"{name}.lora_b"] = layer.lora_a, layer.lora_b
        return halves

    def _parameters(self) -> list[torch.nn.Parameter]:
        return list(self._named_parameters().values())


def _groups(examples: Sequence[ExampleTokens]) -> Iterator[list[ExampleTokens]]:
    """Yield the examples in order, in groups that are read together."""
    group: list[ExampleTokens] = []
    for example in examples:
        longest = max(len(each.tokens) for each in (*group, example))
        if group and longest * (len(group) + 1) > READ_TOGETHER:
            yield group
            group = []
        group.append(example)
    if group:
        yield group
