"""The many-models experiment in PyTorch, batched over models: `python -m training.torch_digits THREADS [MODELS STEPS]`.

Optimisers and losses are those of the paper; the product is measured as its einsum and as a batched product.
"""

import json
import math
import sys
import time

import torch
from torch import Tensor, nn
from torch.nn import functional as F  # noqa: N812 - the name that everybody uses

from training.rows import MANY_MODELS, ManyModels

RATE = 3e-4
DIGITS = 10


class ManyLinear(nn.Module):
    """A linear layer of each of many models: (models, batch, inputs) to (models, batch, outputs)."""

    def __init__(self, models: int, inputs: int, outputs: int, product: str) -> None:
        super().__init__()
        # Each form of the product gets its weights as they lie best for it.
        shape = (models, outputs, inputs) if product == "einsum" else (models, inputs, outputs)
        self.weight = nn.Parameter(torch.randn(shape) / math.sqrt(inputs))
        self.bias = nn.Parameter(torch.zeros(models, 1, outputs))
        self.product = product

    def forward(self, inputs: Tensor) -> Tensor:
        """Multiply for all models at once."""
        if self.product == "einsum":
            return torch.einsum("moi,mbi->mbo", self.weight, inputs) + self.bias
        return torch.baddbmm(self.bias, inputs, self.weight)


def make_models(work: ManyModels, product: str) -> nn.Sequential:
    """Many perceptrons with random weights."""
    layers: list[nn.Module] = []
    for inputs, outputs in zip(work.widths, work.widths[1:], strict=False):
        layers += [ManyLinear(work.models, inputs, outputs, product), nn.ReLU()]
    return nn.Sequential(*layers[:-1])


def batches(models: int, count: int, batch: int, steps: int) -> list[Tensor]:
    """Give an order of its own to each model: (models, batch) for each step."""
    found: list[Tensor] = []
    while len(found) < steps:
        order = torch.stack([torch.randperm(count) for _ in range(models)])
        found += [order[:, start : start + batch] for start in range(0, count - batch + 1, batch)]
    return found[:steps]


def experiment(work: ManyModels, product: str, images: Tensor, labels: Tensor, noise: Tensor) -> float:
    """Train teachers and students; give the seconds that it took."""
    began = time.perf_counter()
    teacher = make_models(work, product)
    student = make_models(work, product)
    student.load_state_dict(teacher.state_dict())
    optimiser = torch.optim.Adam(teacher.parameters(), lr=RATE, fused=True)
    for chosen in batches(work.models, work.images, work.batch, work.steps):
        logits = teacher(images[chosen])[..., :DIGITS]
        loss = F.cross_entropy(logits.flatten(0, 1), labels[chosen].flatten()) * work.models
        optimiser.zero_grad()
        torch.autograd.backward(loss)
        optimiser.step()
    optimiser = torch.optim.Adam(student.parameters(), lr=RATE, fused=True)
    for chosen in batches(work.models, work.noise_images, work.batch, work.steps):
        seen = noise[chosen]
        with torch.no_grad():
            wanted = F.log_softmax(teacher(seen)[..., DIGITS:], dim=-1)
        own = F.log_softmax(student(seen)[..., DIGITS:], dim=-1)
        loss = F.kl_div(own, wanted, reduction="sum", log_target=True) / work.batch
        optimiser.zero_grad()
        torch.autograd.backward(loss)
        optimiser.step()
    with torch.no_grad():
        tested = images[: work.batch].expand(work.models, -1, -1)
        for model in (teacher, student):
            guessed = model(tested)[..., :DIGITS].argmax(dim=-1)
            float((guessed == labels[: work.batch]).float().mean())
    return time.perf_counter() - began


def main() -> None:
    """Run both forms of the product; images, labels and noise are made off the clock."""
    torch.set_num_threads(int(sys.argv[1]))
    torch.manual_seed(1)
    sizes = [int(size) for size in sys.argv[2:4]]
    work = ManyModels(models=sizes[0], steps=sizes[1]) if len(sizes) == 2 else ManyModels()
    images = torch.rand(work.images, work.widths[0]) * 2 - 1
    labels = torch.randint(0, DIGITS, (work.images,))
    noise = torch.rand(work.noise_images, work.widths[0]) * 2 - 1
    experiment(ManyModels(models=4, steps=2), "bmm", images, labels, noise)
    rates = {
        product: work.model_steps / experiment(work, product, images, labels, noise) for product in ("einsum", "bmm")
    }
    print(json.dumps({"name": MANY_MODELS, "steps_per_second": max(rates.values()), "variants": rates}))


if __name__ == "__main__":
    main()
