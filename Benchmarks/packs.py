"""Rule packs of the word and regex rows, written as YAML, and texts that their rules meet and just miss."""

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from prose import listed_words, literals

WORD_COUNTS = (10, 1_000)
REGEX_COUNTS = (10, 100)


class RegexRule(NamedTuple):
    """A pattern with a literal in it, a text that it meets and one that has the literal and is not met."""

    pattern: str
    hit: str
    miss: str


# One shape per kind of thing that people write such rules for: references, markers, addresses, inflections.
_SHAPES: tuple[Callable[[str], RegexRule], ...] = (
    lambda w: RegexRule(rf"\b{w}-[0-9]{{4}}\b", f"{w}-4071", f"{w}-40"),
    lambda w: RegexRule(rf"(?i){w}\s+(?:is|was)\s+[a-z]+", f"{w.upper()} was gone", f"{w} had gone"),
    lambda w: RegexRule(rf"{w}\[[0-9]+\]", f"{w}[12]", f"{w}[x]"),
    lambda w: RegexRule(rf"\b(?:the|a) {w}s?\b, [a-z]{{3,}}", f"the {w}s, again", f"some {w}, again"),
    lambda w: RegexRule(rf"[A-Z]{{2}}{w}[0-9a-f]{{6}}", f"QX{w}0a1b2c", f"x{w}0a1b2c"),
    lambda w: RegexRule(rf"{w}@[a-z]+\.(?:org|net)\b", f"{w}@example.org", f"{w}@home"),
    lambda w: RegexRule(rf"(?i)\b{w}(?:ed|ing)\b", f"{w}ing", f"{w}er"),
    lambda w: RegexRule(rf"{w}=\S{{8,}}", f"{w}=correcthorse", f"{w}=short"),
    lambda w: RegexRule(rf"#{w}/[0-9]{{2,3}}/[0-9]{{2,3}}", f"#{w}/20/177", f"#{w}/2"),
    lambda w: RegexRule(rf"{w}(?= of| for)\s\w+ [a-z]+", f"{w} of all things", f"{w} to all"),
)


def regex_rules(count: int) -> list[RegexRule]:
    """Give the first `count` regex rules; every rule has a literal of its own."""
    return [_SHAPES[i % len(_SHAPES)](word) for i, word in enumerate(literals(count))]


def words_pack(count: int) -> str:
    """Give a pack with one rule that lists `count` words."""
    words = listed_words(count)
    lines = [
        *_head(f"bench-words-{count}", f"{count} words in one rule"),
        "  - id: listed",
        "    kind: words",
        "    description: The text holds a listed word.",
        "    words:",
        *(f"      - '{word}'" for word in words),
        "    accept: ['Nobody there kept the ticket.']",
        f"    reject: ['Then came the {words[0]} again.']",
    ]
    return "\n".join(lines) + "\n"


def regex_pack(count: int) -> str:
    """Give a pack with `count` regex rules, one pattern each."""
    lines = _head(f"bench-regex-{count}", f"{count} regex rules with a literal each")
    for number, rule in enumerate(regex_rules(count)):
        lines += [
            f"  - id: pattern-{number}",
            "    kind: regex",
            "    description: The text matches a pattern.",
            f"    deny: ['{rule.pattern}']",
            f"    accept: ['They wrote {rule.miss} there.']",
            f"    reject: ['They wrote {rule.hit} there.']",
        ]
    return "\n".join(lines) + "\n"


def write_packs(folder: Path) -> None:
    """Write every pack of the benchmark into `folder`."""
    for count in WORD_COUNTS:
        (folder / f"words-{count}.yaml").write_text(words_pack(count), encoding="utf-8")
    for count in REGEX_COUNTS:
        (folder / f"regex-{count}.yaml").write_text(regex_pack(count), encoding="utf-8")


def _head(name: str, description: str) -> list[str]:
    return [
        f"pack: {name}",
        "version: 1.0.0",
        f"description: {description}, for the benchmark.",
        "source: Benchmarks/packs.py",
        "rules:",
    ]
