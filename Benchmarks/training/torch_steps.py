"""Steps of the small transformer in PyTorch, eager: `python -m training.torch_steps THREADS SECONDS ROWS…`."""

import json
import math
import sys

import torch
from torch import Tensor, nn
from torch.nn import functional as F  # noqa: N812 - the name that everybody uses

from training.rows import HEADS, LAYERS, POSITIONS, RANK, RESPONSE, STEPS, TOKENS, VOCABULARY, Step
from training.timing import steps_per_second


class Linear(nn.Linear):
    """A linear layer, with a low-rank adapter beside frozen weights where one is asked for."""

    def __init__(self, inputs: int, outputs: int, lora: bool) -> None:
        super().__init__(inputs, outputs)
        self.down = nn.Parameter(torch.randn(RANK, inputs) / math.sqrt(inputs)) if lora else None
        self.up = nn.Parameter(torch.zeros(outputs, RANK)) if lora else None

    def forward(self, inputs: Tensor) -> Tensor:
        """Multiply."""
        found = super().forward(inputs)
        if self.down is None or self.up is None:
            return found
        return found + F.linear(F.linear(inputs, self.down), self.up)


class Block(nn.Module):
    """Attention and two linear layers, each behind a norm."""

    def __init__(self, width: int, lora: bool) -> None:
        super().__init__()
        self.norms = nn.ModuleList(nn.LayerNorm(width) for _ in range(2))
        self.qkv = Linear(width, 3 * width, lora)
        self.o = Linear(width, width, lora)
        self.w1 = Linear(width, 4 * width, lora)
        self.w2 = Linear(4 * width, width, lora)

    def forward(self, x: Tensor) -> Tensor:
        """Give (batch, tokens, width)."""
        batch, tokens, width = x.shape
        parts = self.qkv(self.norms[0](x)).view(batch, tokens, 3, HEADS, width // HEADS)
        query, key, value = parts.permute(2, 0, 3, 1, 4).unbind()
        mixed = F.scaled_dot_product_attention(query, key, value, is_causal=True)
        x = x + self.o(mixed.transpose(1, 2).reshape(batch, tokens, width))
        hidden: Tensor = self.w2(F.gelu(self.w1(self.norms[1](x)), approximate="tanh"))
        return x + hidden


class Transformer(nn.Module):
    """The small language model; embeddings serve as the last layer, too."""

    def __init__(self, width: int, lora: bool) -> None:
        super().__init__()
        self.tokens = nn.Parameter(torch.randn(VOCABULARY, width) / math.sqrt(width))
        self.positions = nn.Parameter(torch.randn(POSITIONS, width) / math.sqrt(width))
        self.blocks = nn.ModuleList(Block(width, lora) for _ in range(LAYERS))
        self.norm = nn.LayerNorm(width)
        if lora:
            for name, parameter in self.named_parameters():
                parameter.requires_grad_(name.endswith((".down", ".up")))

    def forward(self, tokens: Tensor) -> Tensor:
        """Give the logits behind the tokens before the response: (batch, response, vocabulary)."""
        x = F.embedding(tokens, self.tokens) + self.positions[: tokens.shape[1]]
        for block in self.blocks:
            x = block(x)
        return F.linear(self.norm(x[:, -RESPONSE:]), self.tokens)


def measure(row: Step, seconds: float) -> float:
    """Give steps per second; every step has another batch."""
    torch.manual_seed(1)
    model = Transformer(row.width, row.lora)
    trained = [parameter for parameter in model.parameters() if parameter.requires_grad]
    optimiser = torch.optim.Adam(trained, lr=1e-3, fused=True)
    data = torch.randint(0, VOCABULARY, (16, row.batch, TOKENS))
    place = 0

    def step() -> None:
        nonlocal place
        batch = data[place % len(data)]
        place += 1
        logits = model(batch[:, :-1])
        loss = F.cross_entropy(logits.flatten(0, 1), batch[:, -RESPONSE:].flatten())
        optimiser.zero_grad()
        torch.autograd.backward(loss)
        optimiser.step()

    return steps_per_second(step, lambda: None, seconds)


def main() -> None:
    """Print a line for each row."""
    torch.set_num_threads(int(sys.argv[1]))
    for row in STEPS:
        if row.name in sys.argv[3:]:
            rate = measure(row, float(sys.argv[2]))
            print(json.dumps({"name": row.name, "steps_per_second": rate}), flush=True)


if __name__ == "__main__":
    main()
