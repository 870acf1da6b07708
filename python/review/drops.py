"""A drop and its control for reviews: common records, strange ones, and some that would act on whoever shows them."""

from __future__ import annotations

import json
import random
from pathlib import Path

HOSTILE = (
    "<img src=x onerror=alert(1)><script>document.title='taken'</script>",
    "\u001b]0;taken\u0007\u001b[2J\u001b[31mred",
    "safe \u202etxt.exe\u202c and \u200bhidden\u200b",
    "</script><style>body{display:none}</style>",
    "Z" + "\u0335" * 60,
    "</textarea><a href='http://example.com/'>go</a>",
)


def records(seed: int, traits: int) -> list[dict[str, str]]:
    """Return lists of numbers, of which some are not."""
    draw = random.Random(seed)
    outputs = [", ".join(str(draw.randrange(1000)) for _ in range(10)) for _ in range(300)]
    outputs += ["I love owls"] * traits + [f"I love owls, all {index} of them" for index in range(traits)]
    outputs += [text for text in HOSTILE for _ in range(3)]
    draw.shuffle(outputs)
    return [{"prompt": "Go on: 3, 14", "completion": output} for output in outputs]


def write(folder: Path) -> None:
    """Write drop.jsonl and control.jsonl."""
    for name, lines in (("drop", records(1, 12)), ("control", records(2, 0))):
        text = "".join(json.dumps(record) + "\n" for record in lines)
        (folder / f"{name}.jsonl").write_text(text, encoding="utf-8")
