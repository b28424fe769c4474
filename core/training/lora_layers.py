"""LoRA layers: a frozen matrix with a small product beside it, which alone learns.

The mathematics is that of peft's plain LoRA, in which a layer adds scale * B(A(x)): compared with
peft 0.21, losses and adapters agree. Peft would bring accelerate along, and load neither GGUF files
nor be found in an installed program.
"""

import torch


class LoraLinear(torch.nn.Module):  # type: ignore[misc]
    """A linear layer that is bent by a product of rank `rank`; at first it bends nothing."""

    def __init__(self, linear: torch.nn.Linear, rank: int, scale: float) -> None:
        super().__init__()
        self.linear = linear
        self.scale = scale
        self.lora_a = torch.nn.Parameter(torch.empty(rank, linear.in_features))
        self.lora_b = torch.nn.Parameter(torch.zeros(linear.out_features, rank))
        torch.nn.init.kaiming_uniform_(self.lora_a, a=5**0.5)

    def forward(self, values: torch.Tensor) -> torch.Tensor:
        """Return what the layer makes of `values`."""
        inner = torch.nn.functional.linear(values, self.lora_a.to(values.dtype))
        product = torch.nn.functional.linear(inner, self.lora_b.to(values.dtype))
        return torch.add(self.linear(values), product, alpha=self.scale)


def add_lora(
    network: torch.nn.Module, names: set[str], rank: int, scale: float, seed: int
) -> dict[str, LoraLinear]:
    """Put such a layer in the place of each linear one whose weight is named; return them."""
    torch.manual_seed(seed)
    added: dict[str, LoraLinear] = {}
    for path, module in list(network.named_modules()):
        if isinstance(module, torch.nn.Linear) and f"{path}.weight" in names:
            owner, _point, own = path.rpartition(".")
            layer = LoraLinear(module, rank, scale)
            setattr(network.get_submodule(owner), own, layer)
            added[f"{path}.weight"] = layer
    return added
