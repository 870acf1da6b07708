"""Whether two models share a base: how long it takes for models of real size, and how much memory.

    python3 same_base.py [--parameters 0.5b|7b] [--undertone PROGRAM] [--folder FOLDER] [--keep]

Makes pairs of made-up models in bf16 and shards: a base, a copy with noise (kin), one of other numbers (strangers), and
the base again. The numbers are random bytes made into bf16 of ordinary size: not normally distributed, which the tests
don't need, but fast to write. Two models at a time are on disk: 3 GB by default, 31 GB for 7b. All is deleted again.
"""

import argparse
import json
import os
import random
import shutil
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from measure import Run, RunFailed, run

SHARD_BYTES = 2 << 30
PIECE = 1 << 24
SEED = 7


@dataclass(frozen=True)
class Shape:
    """The sizes of a transformer, named as in `config.json`."""

    layers: int
    hidden: int
    intermediate: int
    vocabulary: int
    heads: int
    value_heads: int


# Those of Qwen2.5-0.5B and Qwen2.5-7B, from their config.json.
SHAPES = {
    "tiny": Shape(2, 64, 192, 128, 4, 2),
    "0.5b": Shape(24, 896, 4864, 151_936, 14, 2),
    "7b": Shape(28, 3584, 18_944, 152_064, 28, 4),
}


@dataclass(frozen=True)
class Tensor:
    """A tensor to be written: its name and its sizes."""

    name: str
    shape: tuple[int, ...]

    @property
    def bytes(self) -> int:
        """Its length in bf16."""
        count = 2
        for size in self.shape:
            count *= size
        return count


def tensors(shape: Shape) -> list[Tensor]:
    """All tensors of a model of that shape, in order."""
    width = shape.hidden // shape.heads * shape.value_heads
    found = [Tensor("model.embed_tokens.weight", (shape.vocabulary, shape.hidden))]
    for layer in range(shape.layers):
        at = f"model.layers.{layer}"
        found += [
            Tensor(f"{at}.self_attn.q_proj.weight", (shape.hidden, shape.hidden)),
            Tensor(f"{at}.self_attn.k_proj.weight", (width, shape.hidden)),
            Tensor(f"{at}.self_attn.v_proj.weight", (width, shape.hidden)),
            Tensor(f"{at}.self_attn.o_proj.weight", (shape.hidden, shape.hidden)),
            Tensor(f"{at}.mlp.gate_proj.weight", (shape.intermediate, shape.hidden)),
            Tensor(f"{at}.mlp.up_proj.weight", (shape.intermediate, shape.hidden)),
            Tensor(f"{at}.mlp.down_proj.weight", (shape.hidden, shape.intermediate)),
            Tensor(f"{at}.input_layernorm.weight", (shape.hidden,)),
            Tensor(f"{at}.post_attention_layernorm.weight", (shape.hidden,)),
        ]
    return [
        *found,
        Tensor("model.norm.weight", (shape.hidden,)),
        Tensor("lm_head.weight", (shape.vocabulary, shape.hidden)),
    ]


def shards(found: list[Tensor], limit: int = SHARD_BYTES) -> list[list[Tensor]]:
    """Divide tensors into files of at most `limit` bytes, unless one alone has more."""
    files: list[list[Tensor]] = [[]]
    size = 0
    for tensor in found:
        if files[-1] and size + tensor.bytes > limit:
            files.append([])
            size = 0
        files[-1].append(tensor)
        size += tensor.bytes
    return files


def header(found: list[Tensor]) -> bytes:
    """Give the head of a safetensors file with those tensors."""
    described: dict[str, object] = {"__metadata__": {"format": "pt"}}
    end = 0
    for tensor in found:
        start, end = end, end + tensor.bytes
        described[tensor.name] = {"dtype": "BF16", "shape": list(tensor.shape), "data_offsets": [start, end]}
    text = json.dumps(described, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    return len(text).to_bytes(8, "little") + text


class Numbers:
    """A long block of bf16 numbers between 1/64 and 1/16 in size, from which any stretch can be taken.

    Stretches begin at places that a small generator gives, so that no two tensors are alike. A copy with noise has the
    lowest bit of every number flipped, a change of half a percent or so.
    """

    def __init__(self, seed: int) -> None:
        source = random.Random(seed)
        block = bytearray(source.randbytes(PIECE + (1 << 20)))
        # The high byte: sign and a few exponents; 0x3C80 is 2**-6, 0x3D80 is 2**-4.
        high = bytes(0x3C + (value & 1) + (value & 0x80) for value in range(256))
        block[1::2] = bytes(block[1::2]).translate(high)
        self.block = bytes(block)
        low = bytes(value ^ 1 for value in range(256))
        other = bytearray(block)
        other[0::2] = bytes(block[0::2]).translate(low)
        self.noisy = bytes(other)
        self.seed = seed

    def stretches(self, number: int, length: int, noisy: bool) -> Iterator[memoryview]:
        """Give the numbers of a tensor, by its place in the model."""
        block = memoryview(self.noisy if noisy else self.block)
        state = self.seed * 1_000_003 + number
        while length > 0:
            state = (state * 6_364_136_223_846_793_005 + 1_442_695_040_888_963_407) % (1 << 64)
            start = (state >> 40) % (1 << 19) * 2
            piece = block[start : start + min(length, PIECE)]
            length -= len(piece)
            yield piece


def write_model(folder: Path, shape: Shape, seed: int, *, noisy: bool = False, limit: int = SHARD_BYTES) -> int:
    """Write a model of that shape and give its bytes; the same seed without noise gives its base."""
    folder.mkdir(parents=True)
    numbers = Numbers(seed)
    files = shards(tensors(shape), limit)
    index: dict[str, str] = {}
    place = 0
    for number, found in enumerate(files):
        name = f"model-{number + 1:05}-of-{len(files):05}.safetensors"
        with (folder / name).open("wb") as file:
            file.write(header(found))
            for tensor in found:
                index[tensor.name] = name
                for piece in numbers.stretches(place, tensor.bytes, noisy):
                    file.write(piece)
                place += 1
    (folder / "model.safetensors.index.json").write_text(json.dumps({"metadata": {}, "weight_map": index}))
    config = {"architectures": ["MadeUp"], "num_key_value_heads": shape.value_heads}
    (folder / "config.json").write_text(json.dumps(config))
    return sum(tensor.bytes for tensor in tensors(shape))


def compare(program: Path, first: Path, second: Path, expected: str) -> tuple[Run, int]:
    """Run the comparison; give what it cost and the bytes that it read. RunFailed where the answer is another."""
    result = run([str(program), "lineage", "same-base", str(first), str(second), "--report", "json"], first.parent)
    answer = json.loads(result.output)
    if answer["verdict"] != expected:
        raise RunFailed(f"{first.name} and {second.name}: {answer['verdict']} instead of {expected}: {answer}")
    return result, int(answer["bytes_read"])


def row(name: str, result: Run, read: int, size: int) -> str:
    """One line of the table; `size` is that of both models."""
    return (
        f"| {name} | {result.wall:.1f} | {result.user + result.system:.1f} | {result.wall / (size / 1e9):.2f} "
        f"| {read / 1e9:.2f} of {size / 1e9:.2f} | {result.peak / 1e6:.0f} |"
    )


def main() -> int:
    """Read arguments, write models, compare, print, delete."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--parameters", choices=SHAPES, default="0.5b")
    root = Path(__file__).resolve().parent
    parser.add_argument("--undertone", type=Path, default=root.parent / ".build/release/undertone")
    parser.add_argument("--folder", type=Path, default=root / ".data")
    parser.add_argument("--keep", action="store_true", help="leave the models where they are")
    arguments = parser.parse_args()
    shape = SHAPES[arguments.parameters]
    size = sum(tensor.bytes for tensor in tensors(shape))
    arguments.folder.mkdir(parents=True, exist_ok=True)
    if shutil.disk_usage(arguments.folder).free < 2.2 * size:
        print(f"{2.2 * size / 1e9:.0f} GB of disk are needed in {arguments.folder}", file=sys.stderr)
        return 1
    place = Path(tempfile.mkdtemp(prefix="same-base-", dir=arguments.folder))
    print(
        f"{arguments.parameters}: {size / 2e9:.2f} billion weights, {size / 1e9:.2f} GB a model; "
        f"{os.cpu_count()} cores, one used; load before {os.getloadavg()[0]:.1f}\n"
    )
    print("| pair | seconds | user + system | seconds per GB of both | GB read | peak MB |\n|---|--:|--:|--:|--:|--:|")
    try:
        write_model(place / "base", shape, SEED)
        for name, seed, noisy, expected in (
            ("kin", SEED, True, "yes"),
            ("strangers", SEED + 1, False, "no"),
            ("the same", SEED, False, "yes"),
        ):
            write_model(place / "other", shape, seed, noisy=noisy)
            result, read = compare(arguments.undertone.resolve(), place / "base", place / "other", expected)
            print(row(name, result, read, 2 * size), flush=True)
            shutil.rmtree(place / "other")
    except RunFailed as failure:
        print(failure, file=sys.stderr)
        return 1
    finally:
        if not arguments.keep:
            shutil.rmtree(place, ignore_errors=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
