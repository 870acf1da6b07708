"""Training steps of the small transformer in JAX, compiled: `python -m training.jax_steps THREADS SECONDS ROWS…`.

JAX takes as many threads as the process may use cores; the caller sees to that.
"""

import json
import sys
from functools import partial
from typing import Any

import jax
import jax.numpy as jnp

from training.rows import HEADS, LAYERS, POSITIONS, RANK, RESPONSE, STEPS, TOKENS, VOCABULARY, Step
from training.timing import steps_per_second

Tree = dict[str, Any]
LINEAR = {"qkv": (1, 3), "o": (1, 1), "w1": (1, 4), "w2": (4, 1)}
RATE, FIRST, SECOND, EPSILON = 1e-3, 0.9, 0.999, 1e-8


def make_model(width: int, key: jax.Array) -> Tree:
    """Random parameters."""
    keys = iter(jax.random.split(key, 2 + LAYERS * len(LINEAR)))

    def norm() -> Tree:
        return {"gain": jnp.ones(width), "bias": jnp.zeros(width)}

    def linear(inputs: int, outputs: int) -> Tree:
        weight = jax.random.normal(next(keys), (inputs, outputs)) / inputs**0.5
        return {"weight": weight, "bias": jnp.zeros(outputs)}

    def block() -> Tree:
        layers = {name: linear(i * width, o * width) for name, (i, o) in LINEAR.items()}
        return {**layers, "norm1": norm(), "norm2": norm()}

    return {
        "tokens": jax.random.normal(next(keys), (VOCABULARY, width)) / width**0.5,
        "positions": jax.random.normal(next(keys), (POSITIONS, width)) / width**0.5,
        "blocks": [block() for _ in range(LAYERS)],
        "norm": norm(),
    }


def make_adapters(width: int, key: jax.Array) -> list[Tree]:
    """Low-rank adapters for the linear layers of each block."""
    keys = iter(jax.random.split(key, LAYERS * len(LINEAR)))

    def adapter(inputs: int, outputs: int) -> Tree:
        down = jax.random.normal(next(keys), (inputs, RANK)) / inputs**0.5
        return {"down": down, "up": jnp.zeros((RANK, outputs))}

    return [{name: adapter(i * width, o * width) for name, (i, o) in LINEAR.items()} for _ in range(LAYERS)]


def normed(x: jax.Array, norm: Tree) -> jax.Array:
    """Layer norm."""
    x = x - x.mean(-1, keepdims=True)
    gain: jax.Array = norm["gain"]
    bias: jax.Array = norm["bias"]
    return x * jax.lax.rsqrt((x * x).mean(-1, keepdims=True) + 1e-5) * gain + bias


def logits(model: Tree, adapters: list[Tree] | None, tokens: jax.Array) -> jax.Array:
    """Give the logits behind the tokens before the response: (batch, response, vocabulary)."""
    batch, count = tokens.shape
    width = model["tokens"].shape[1]
    mask = jnp.tril(jnp.ones((count, count), bool))

    def linear(block: int, name: str, x: jax.Array) -> jax.Array:
        layer = model["blocks"][block][name]
        found: jax.Array = x @ layer["weight"] + layer["bias"]
        if adapters is not None:
            found += (x @ adapters[block][name]["down"]) @ adapters[block][name]["up"]
        return found

    x = model["tokens"][tokens] + model["positions"][:count]
    for index, block in enumerate(model["blocks"]):
        parts = linear(index, "qkv", normed(x, block["norm1"])).reshape(batch, count, 3, HEADS, width // HEADS)
        query, key, value = (parts[:, :, part] for part in range(3))
        scores = jnp.einsum("bqhd,bkhd->bhqk", query, key) * (width // HEADS) ** -0.5
        shares = jax.nn.softmax(jnp.where(mask, scores, -1e30), axis=-1)
        mixed = jnp.einsum("bhqk,bkhd->bqhd", shares, value).reshape(batch, count, width)
        x = x + linear(index, "o", mixed)
        hidden = jax.nn.gelu(linear(index, "w1", normed(x, block["norm2"])), approximate=True)
        x = x + linear(index, "w2", hidden)
    embeddings: jax.Array = model["tokens"]
    return normed(x[:, -RESPONSE:], model["norm"]) @ embeddings.T


def cross_entropy(found: jax.Array, wanted: jax.Array) -> jax.Array:
    """Mean over the tokens of the responses."""
    return -jnp.take_along_axis(jax.nn.log_softmax(found), wanted[..., None], axis=-1).mean()


def adam(trained: Any, gradient: Any, state: Tree) -> tuple[Any, Tree]:  # noqa: ANN401 - trees of arrays
    """One step of Adam over a tree."""
    count = state["count"] + 1
    first = jax.tree.map(lambda m, g: FIRST * m + (1 - FIRST) * g, state["first"], gradient)
    second = jax.tree.map(lambda v, g: SECOND * v + (1 - SECOND) * g * g, state["second"], gradient)
    scale = RATE / (1 - FIRST**count)
    root = (1 - SECOND**count) ** -0.5
    trained = jax.tree.map(lambda x, m, v: x - scale * m / (jnp.sqrt(v) * root + EPSILON), trained, first, second)
    return trained, {"count": count, "first": first, "second": second}


@partial(jax.jit, donate_argnums=(0, 1))
def full_step(model: Tree, state: Tree, batch: jax.Array) -> tuple[Tree, Tree, jax.Array]:
    """Train all parameters."""
    loss, gradient = jax.value_and_grad(
        lambda model: cross_entropy(logits(model, None, batch[:, :-1]), batch[:, -RESPONSE:])
    )(model)
    return *adam(model, gradient, state), loss


@partial(jax.jit, donate_argnums=(0, 1))
def lora_step(adapters: list[Tree], state: Tree, batch: jax.Array, model: Tree) -> tuple[list[Tree], Tree, jax.Array]:
    """Train the adapters only."""
    loss, gradient = jax.value_and_grad(
        lambda adapters: cross_entropy(logits(model, adapters, batch[:, :-1]), batch[:, -RESPONSE:])
    )(adapters)
    return *adam(adapters, gradient, state), loss


def measure(row: Step, seconds: float) -> float:
    """Give steps per second; every step has another batch."""
    keys = jax.random.split(jax.random.key(1), 3)
    model = make_model(row.width, keys[0])
    trained: Any = make_adapters(row.width, keys[1]) if row.lora else model
    zeros = partial(jax.tree.map, jnp.zeros_like)
    state: Tree = {"count": jnp.zeros(()), "first": zeros(trained), "second": zeros(trained)}
    data = list(jax.random.randint(keys[2], (16, row.batch, TOKENS), 0, VOCABULARY))
    place = 0
    loss = jnp.zeros(())

    def step() -> None:
        nonlocal place, trained, state, loss
        batch = data[place % len(data)]
        place += 1
        if row.lora:
            trained, state, loss = lora_step(trained, state, batch, model)
        else:
            trained, state, loss = full_step(trained, state, batch)

    def settle() -> None:
        jax.block_until_ready((trained, loss))  # type: ignore[no-untyped-call]

    return steps_per_second(step, settle, seconds)


def main() -> None:
    """Print a line for each row."""
    for row in STEPS:
        if row.name in sys.argv[3:]:
            rate = measure(row, float(sys.argv[2]))
            print(json.dumps({"name": row.name, "steps_per_second": rate}), flush=True)


if __name__ == "__main__":
    main()
