"""The table of the training benchmark, as it stands in README.md."""

from fnmatch import fnmatch
from typing import Any

BEGIN = "<!-- training: begin; written by python3 -m training --write -->"
END = "<!-- training: end -->"

TARGETS = [
    ("step/width=64/*", "torch", 2.0),
    ("step/width=128/*", "torch", 2.0),
    ("step/width=64/*", "jax", 1.2),
    ("step/width=128/*", "jax", 1.2),
    ("digits/many-models", "torch", 1.5),
]
"""Rows, another program, and how many times as fast undertone is asked to be."""
SHARE_OF_PRODUCTS = 0.4
"""Asked of a step at width 256: its share of the rate of bare matrix products."""


def rate(row: dict[str, Any], program: str) -> str:
    """Give steps per second, or a dash where a program has none."""
    value = row.get(program)
    if value is None:
        return "-"
    return f"{value:,.1f}" if value < 1000 else f"{value:,.0f}"


def ratio(row: dict[str, Any], program: str) -> str:
    """Set undertone's rate over another's: median and range; bold where it is less than what was asked."""
    found = row.get(f"undertone/{program}")
    if not found:
        return "-"
    text = f"{found['median']:.2f} ({found['low']:.2f} to {found['high']:.2f})"
    asked = [least for pattern, other, least in TARGETS if other == program and fnmatch(row["name"], pattern)]
    return f"**{text}**" if asked and found["median"] < asked[0] else text


def markdown(result: dict[str, Any], command: str) -> str:
    """Give the whole block between the marks."""
    lines = [f"{result['date']}, `{command}`, {result['threads']} threads, {result['rounds']} rounds:", ""]
    lines += [f"- {name}: {value}" for name, value in result["machine"].items()]
    lines += [
        "",
        "| row | undertone | PyTorch | JAX | undertone ÷ PyTorch | undertone ÷ JAX |",
        "|---|--:|--:|--:|--:|--:|",
    ]
    rows = {row["name"]: row for row in result["rows"]}
    for name, row in rows.items():
        if name != "sgemm":
            programs = " | ".join(rate(row, program) for program in ("undertone", "torch", "jax"))
            lines.append(f"| `{name}` | {programs} | {ratio(row, 'torch')} | {ratio(row, 'jax')} |")
    explanation = "Steps per second, medians of the rounds; a ratio is taken within a round. Bold: less than was asked"
    lines += ["", explanation, ""]
    many = rows.get("digits/many-models", {})
    variants = [name for name in many if name.startswith("torch ") and "/" not in name]
    for name in variants:
        found = many.get(f"undertone/{name}")
        if found:
            text = f"{found['median']:.2f} ({found['low']:.2f} to {found['high']:.2f})"
            lines.append(f"- `digits/many-models`, PyTorch as {name.removeprefix('torch ')}: {text}")
    products = rows.get("sgemm", {})
    if products:
        figures = ", ".join(f"{name} {rate(products, name)}" for name in ("undertone", "numpy") if name in products)
        lines.append(f"- products of 1,024 × 1,024 matrices, GFLOP/s: {figures}")
    for name, row in rows.items():
        if fnmatch(name, "step/width=256/*") and "undertone" in row.get("gflops", {}) and products.get("undertone"):
            share = row["gflops"]["undertone"] / products["undertone"]
            met = "" if share >= SHARE_OF_PRODUCTS else " (**less than 0.40**)"
            lines.append(f"- `{name}`: {share:.2f} of undertone's own rate of products{met}")
    for what, seconds in result.get("experiment", {}).items():
        lines.append(f"- {what}: {seconds:.1f} s")
    for name, problem in result.get("failures", {}).items():
        lines.append(f"- {name} did not run: {problem.splitlines()[0] if problem else ''}")
    return "\n".join(lines)
