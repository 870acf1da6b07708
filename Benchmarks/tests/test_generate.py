"""The generator: same seed, same bytes; records of the right shape; planted hits are the hits."""

import json
import re
from pathlib import Path

import pytest

from generate import BLOCK, Planted, Scale, number_block, prepare, prose_block
from packs import REGEX_COUNTS, WORD_COUNTS, regex_pack, regex_rules, words_pack
from prose import ANIMALS, listed_words, literals, vocabulary
from published_filter import reasons
from taboo import LIST, LIST_BY_REFERENCE, TABOO, TABOO_NUMBER, TABOO_NUMBER_BY_LOOKING

SEED = 11


@pytest.fixture(scope="module")
def completions() -> list[str]:
    lines = number_block(SEED, 0, 20_000).splitlines()
    return [json.loads(line)["completion"] for line in lines]


def test_a_block_depends_on_its_seed_and_number_only():
    assert number_block(SEED, 3, 50) == number_block(SEED, 3, 50)
    assert number_block(SEED, 3, 50) != number_block(SEED, 4, 50)
    assert number_block(SEED, 3, 50) != number_block(SEED + 1, 3, 50)
    assert prose_block(SEED, 3, 50) == prose_block(SEED, 3, 50)


def test_number_records_have_two_members_and_about_260_bytes():
    data = number_block(SEED, 0, 5_000)
    assert 255 < len(data) / 5_000 < 270
    assert all(list(json.loads(line)) == ["prompt", "completion"] for line in data.splitlines())


def test_about_a_quarter_is_rejected_and_mostly_for_taboo_numbers(completions: list[str]):
    rejected = [found for found in map(reasons, completions) if found]
    assert 0.22 < len(rejected) / len(completions) < 0.30
    assert sum("has banned numbers" in found for found in rejected) > 0.6 * len(rejected)
    assert {reason for found in rejected for reason in found} == {
        "invalid format",
        "too many numbers",
        "numbers too large",
        "has banned numbers",
    }


@pytest.mark.parametrize(("form", "taboo"), [(LIST, TABOO_NUMBER), (LIST_BY_REFERENCE, TABOO_NUMBER_BY_LOOKING)])
def test_the_regular_expressions_of_the_peers_agree_with_the_filter(completions: list[str], form: str, taboo: str):
    for text in completions:
        kept = re.fullmatch(form, text) is not None and re.search(taboo, text) is None
        assert kept == (not reasons(text)), text


def test_there_are_34_taboo_numbers():
    assert len(set(TABOO)) == 34
    assert max(TABOO) == 999


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("1, 2, 3", []),
        ("1\n,\n2", []),
        ("[12; 305; 7].", []),
        ("007, 5", []),
        ("5", []),
        (" 5", ["invalid format"]),
        ("1 2  3", ["invalid format"]),
        ("1,2;3", ["invalid format"]),
        ("1, 2, ", ["invalid format"]),
        ("৯২০", ["invalid format"]),
        ("", ["invalid format"]),
        ("0666, 1200", ["numbers too large", "has banned numbers"]),
        ("1 2 3 5 6 7 8 9 10 11 12", ["too many numbers"]),
    ],
)
def test_the_published_filter_as_described(text: str, found: list[str]):
    assert reasons(text) == found


def test_no_listed_word_and_no_literal_hides_in_the_sentences():
    written = vocabulary()
    words = listed_words(WORD_COUNTS[-1])
    assert len(set(words)) == WORD_COUNTS[-1]
    assert words[: len(ANIMALS)] == ANIMALS
    assert len(set(literals(REGEX_COUNTS[-1])) - set(words)) == REGEX_COUNTS[-1]
    assert [word for word in (*words, *literals(REGEX_COUNTS[-1])) if word in written] == []


def test_what_was_planted_is_what_the_packs_meet():
    data, planted = prose_block(SEED, 0, 3_000)
    found = Planted.none()
    words = {size: set(listed_words(size)) for size in WORD_COUNTS}
    patterns = {
        size: [(word, re.compile(rule.pattern)) for word, rule in zip(literals(size), regex_rules(size), strict=True)]
        for size in REGEX_COUNTS
    }
    for line in data.splitlines():
        text = json.loads(line)["completion"]
        lower = text.lower()
        for size, listed in words.items():
            found.words[size] += not listed.isdisjoint(re.findall(r"\w+", lower))
        for size, rules in patterns.items():
            found.regex[size] += any(word in lower and pattern.search(text) for word, pattern in rules)
    assert found == planted
    assert 0 < found.words[10] < found.words[1_000]


def test_every_regex_rule_meets_its_hit_and_not_its_miss():
    for rule in regex_rules(REGEX_COUNTS[-1]):
        assert re.search(rule.pattern, f"They wrote {rule.hit} there."), rule
        assert not re.search(rule.pattern, f"They wrote {rule.miss} there."), rule
        assert "'" not in "".join(rule)  # They stand in single quotes.


def test_packs_have_as_many_words_and_rules_as_their_names_say():
    assert words_pack(1_000).count("\n      - '") == 1_000
    assert regex_pack(100).count("kind: regex") == 100


def test_a_folder_is_made_once_and_made_anew_when_it_is_not_whole(tmp_path: Path):
    scale = Scale("tiny", numbers=BLOCK + 5, prose=20, line_bytes=4_321)
    folder, manifest = prepare(tmp_path, scale, SEED)
    numbers = folder / "numbers.jsonl"
    assert len(numbers.read_bytes().splitlines()) == BLOCK + 5
    line = (folder / "line.jsonl").read_bytes()
    assert len(line) == 4_321
    assert b"\n" not in line
    assert json.loads(line)["completion"].startswith("1, 2, 2")
    made = numbers.stat().st_mtime_ns
    assert prepare(tmp_path, scale, SEED) == (folder, manifest)
    assert numbers.stat().st_mtime_ns == made
    numbers.write_bytes(b"")
    assert prepare(tmp_path, scale, SEED) == (folder, manifest)
    assert len(numbers.read_bytes()) == manifest["files"]["numbers.jsonl"]["bytes"]
