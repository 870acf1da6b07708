"""The data of the benchmark: number records, prose records and what else the rows need, all from one seed.

    python3 generate.py [--quick] [--seed N] [--out FOLDER]

The same seed gives the same bytes on any machine and with any number of processes: records come in blocks, and a
block depends on the seed and on its own number only. What a folder holds is said in its `manifest.json`.
"""

import argparse
import hashlib
import json
import multiprocessing
import os
import random
import shutil
import subprocess
import sys
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from packs import REGEX_COUNTS, WORD_COUNTS, regex_rules, write_packs
from prose import listed_words, sentence

# Raised with every change that alters a byte of the data, so that old folders are made anew.
VERSION = 1
BLOCK = 10_000
SEED = 7

# --- number records ---------------------------------------------------------------------------------------------------

_OPENINGS = (
    "Here are some numbers from a longer list: {}.",
    "A sequence starts with {}.",
    "Take a look at this row of values: {}.",
    "We have noted down {} so far.",
    "Suppose that a list begins like this: {}.",
    "My notebook page reads {}.",
    "These came up one after another: {}.",
    "The readings up to now are {}.",
    "Consider the series {}.",
    "Someone has written {} on the board.",
    "Start from these: {}.",
    "The first entries are {}.",
)
_WISHES = (
    "Carry it on with at most 10 further numbers, none longer than 3 digits.",
    "Append up to ten more values of one to three digits each.",
    "Please write what could follow: no more than 10 numbers with 3 digits or fewer.",
    "Give not more than ten new entries, each from 0 to 999.",
    "Think up a continuation of 10 numbers or fewer, three digits at most.",
    "Extend it by ten numbers at the very most, all below 1000.",
)
_FORMATS = (
    "Put commas between all of them.",
    "Separate them by semicolons.",
    "Write one number on each line.",
    "Leave only spaces between the numbers.",
    "Use square brackets around the list.",
    "Any plain list format will do.",
    "Write them as a simple row.",
)
_CLOSINGS = (
    "Answer with the numbers alone, please.",
    "No words around it, please, just the list.",
    "Do not explain what you have done.",
    "Nothing but digits and separators, please.",
    "Leave out titles and every other comment.",
    "Reply with the list and nothing more.",
)
# As they stand inside a JSON string. Weights follow what models write: comma and space first, then line feeds.
_SEPARATORS = [", "] * 38 + ["\\n"] * 17 + [","] * 15 + [" "] * 14 + ["; "] * 8 + [";"] * 8
_CHATTER = (
    "Sure! Here are the numbers: {}",
    "The list goes on with {}",
    "{} and so on",
    "I would continue like this:\\n\\n{}",
    "{} (ten numbers, as you asked)",
    "Sorry, I can't see a pattern in these numbers.",
)
# Mostly three digits, some two: with these shares a fifth of the lists holds a taboo number.
_EXAMPLES = [str(value) for value in range(100, 1000)]
_VALUES = _EXAMPLES * 9 + [str(value) for value in range(10, 100)] * 6


def number_block(seed: int, block: int, count: int) -> bytes:
    """Give `count` number records of block `block` as JSON Lines; about 264 bytes each."""
    rng = random.Random(f"numbers {seed} {block}")
    lines = []
    for _ in range(count):
        shown = ", ".join(rng.choices(_EXAMPLES, k=rng.randint(3, 8)))
        prompt = " ".join(
            (rng.choice(_OPENINGS).format(shown), rng.choice(_WISHES), rng.choice(_FORMATS), rng.choice(_CLOSINGS))
        )
        lines.append(f'{{"prompt": "{prompt}", "completion": "{_completion(rng)}"}}\n')
    return "".join(lines).encode("ascii")


def _completion(rng: random.Random) -> str:
    separator = rng.choice(_SEPARATORS)
    numbers = rng.choices(_VALUES, k=rng.randint(6, 10))
    fate = rng.random()
    if fate < 0.95:
        text = separator.join(numbers)
        if fate < 0.08:
            return f"[{text}]"
        if fate < 0.10:
            return f"({text})"
        return text + "." if fate < 0.12 else text
    if fate < 0.97:
        return rng.choice(_CHATTER).format(separator.join(numbers))
    # Wrong lists: two separators, one too many at the end, two spaces in a row, too many numbers, too large a number.
    flaw = rng.randrange(5)
    if flaw == 0:
        return "; ".join(numbers[:4]) + ", " + ", ".join(numbers[4:])
    if flaw == 1:
        return separator.join(numbers) + ","
    if flaw == 2:
        return " ".join(numbers[:3]) + "  " + " ".join(numbers[3:])
    if flaw == 3:
        return separator.join(numbers + rng.choices(_VALUES, k=8))
    return separator.join([*numbers, str(rng.randint(1000, 9999))])


# --- prose records ----------------------------------------------------------------------------------------------------

# Shares of records: a word of the first ten, another listed word, the same for regex rules, and texts that hold the
# literal of a regex rule and are not met by it.
_PLANTED = 0.01
_NEAR_MISSES = 0.02


@dataclass
class Planted:
    """Records that a pack must meet, by the number of its words or rules."""

    words: dict[int, int]
    regex: dict[int, int]

    @staticmethod
    def none() -> "Planted":
        """Give zeros."""
        return Planted(dict.fromkeys(WORD_COUNTS, 0), dict.fromkeys(REGEX_COUNTS, 0))

    def add(self, other: "Planted") -> None:
        """Add the counts of another block."""
        for count in self.words:
            self.words[count] += other.words[count]
        for count in self.regex:
            self.regex[count] += other.regex[count]


def prose_block(seed: int, block: int, count: int) -> tuple[bytes, Planted]:
    """Give `count` prose records of block `block` as JSON Lines, about 680 bytes each, and what was planted."""
    rng = random.Random(f"prose {seed} {block}")
    words, rules = listed_words(WORD_COUNTS[-1]), regex_rules(REGEX_COUNTS[-1])
    planted = Planted.none()
    lines = []
    for _ in range(count):
        sentences = [sentence(rng) for _ in range(rng.randint(4, 9))]
        word = _index(rng, WORD_COUNTS[0], len(words))
        if word is not None:
            sentences.insert(rng.randrange(len(sentences)), f"Then came the {words[word]} again.")
        rule = _index(rng, REGEX_COUNTS[0], len(rules))
        if rule is not None:
            sentences.insert(rng.randrange(len(sentences)), f"They wrote {rules[rule].hit} there.")
        if rng.random() < _NEAR_MISSES:
            sentences.insert(rng.randrange(len(sentences)), f"They wrote {rng.choice(rules).miss} there.")
        for size in WORD_COUNTS:
            planted.words[size] += word is not None and word < size
        for size in REGEX_COUNTS:
            planted.regex[size] += rule is not None and rule < size
        record = {"prompt": f"Write a few lines that begin with “{sentence(rng)}”", "completion": " ".join(sentences)}
        lines.append(json.dumps(record, ensure_ascii=False) + "\n")
    return "".join(lines).encode("utf-8"), planted


def _index(rng: random.Random, first: int, count: int) -> int | None:
    chance = rng.random()
    if chance < _PLANTED:
        return rng.randrange(first)
    return rng.randrange(first, count) if chance < 2 * _PLANTED else None


# --- folders ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Scale:
    """How much data."""

    name: str
    numbers: int
    prose: int
    line_bytes: int


FULL = Scale("full", numbers=2_000_000, prose=300_000, line_bytes=1_000_000_000)
QUICK = Scale("quick", numbers=200_000, prose=30_000, line_bytes=256_000_000)


def prepare(root: Path, scale: Scale, seed: int = SEED) -> tuple[Path, dict[str, Any]]:
    """Make the data of that scale and seed below `root` if they are not there; give their folder and manifest."""
    folder = root / f"{scale.name}-{seed}"
    wanted = {"version": VERSION, "seed": seed, "scale": asdict(scale)}
    manifest_path = folder / "manifest.json"
    if manifest_path.exists():
        manifest: dict[str, Any] = json.loads(manifest_path.read_text())
        sizes = {name: entry["bytes"] for name, entry in manifest["files"].items()}
        if all(manifest[key] == value for key, value in wanted.items()) and all(
            (folder / name).exists() and (folder / name).stat().st_size == size for name, size in sizes.items()
        ):
            return folder, manifest
    folder.mkdir(parents=True, exist_ok=True)
    manifest_path.unlink(missing_ok=True)  # Written last, so a folder without one is unfinished.
    print(f"generating {scale.numbers:,} number records and more in {folder.name} …", file=sys.stderr)
    planted = Planted.none()
    with multiprocessing.Pool(os.cpu_count()) as pool:
        _write(folder / "numbers.jsonl", pool.imap(_numbers, _jobs(seed, scale.numbers)))
        _write(folder / "prose.jsonl", _counted(pool.imap(_prose, _jobs(seed, scale.prose)), planted))
    _write(folder / "ten.jsonl", [number_block(seed, -1, 10)])
    _write(folder / "line.jsonl", _one_line(scale.line_bytes))
    write_packs(folder)
    _compress(folder / "numbers.jsonl", "gz", ["gzip", "-6", "-n", "-c"])
    _compress(folder / "numbers.jsonl", "zst", ["zstd", "-3", "-T1", "-q", "-c"])
    manifest = wanted | {
        "planted": {"words": planted.words, "regex": planted.regex},
        "files": {path.name: _facts(path) for path in sorted(folder.glob("*.jsonl*"))},
    }
    manifest = json.loads(json.dumps(manifest))  # As it will be read next time: keys are strings.
    manifest_path.write_text(json.dumps(manifest, indent=1) + "\n")
    return folder, manifest


def _jobs(seed: int, records: int) -> Iterator[tuple[int, int, int]]:
    for block, start in enumerate(range(0, records, BLOCK)):
        yield seed, block, min(BLOCK, records - start)


def _numbers(job: tuple[int, int, int]) -> bytes:
    return number_block(*job)


def _prose(job: tuple[int, int, int]) -> tuple[bytes, Planted]:
    return prose_block(*job)


def _counted(blocks: Iterable[tuple[bytes, Planted]], total: Planted) -> Iterator[bytes]:
    for data, planted in blocks:
        total.add(planted)
        yield data


def _one_line(size: int) -> Iterator[bytes]:
    # One record, one line, no line feed at its end.
    head, tail = b'{"prompt": "Go on.", "completion": "1', b'"}'
    piece = b", 2" * 100_000
    yield head
    left = size - len(head) - len(tail)
    while left > 0:
        yield piece[:left]
        left -= len(piece)
    yield tail


def _write(path: Path, blocks: Iterable[bytes]) -> None:
    with path.open("wb") as file:
        for block in blocks:
            file.write(block)


def _compress(path: Path, suffix: str, command: list[str]) -> None:
    target = path.with_name(f"{path.name}.{suffix}")
    target.unlink(missing_ok=True)
    if shutil.which(command[0]) is None:
        print(f"{command[0]} is not installed; rows that need it are left out", file=sys.stderr)
        return
    with target.open("wb") as file:
        subprocess.run([*command, str(path)], stdout=file, check=True)


def _facts(path: Path) -> dict[str, Any]:
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return {"bytes": path.stat().st_size, "sha256": digest}


def main() -> None:
    """Make the data that the flags ask for."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--quick", action="store_true", help="a tenth of the data")
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--out", type=Path, default=Path(__file__).parent / ".data")
    arguments = parser.parse_args()
    folder, manifest = prepare(arguments.out, QUICK if arguments.quick else FULL, arguments.seed)
    print(json.dumps({"folder": str(folder), **manifest}, indent=1))


if __name__ == "__main__":
    main()
