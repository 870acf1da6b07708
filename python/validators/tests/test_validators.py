"""The golden documents are valid, and every validator can say no."""

import json
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from undertone_validators import VALIDATORS, Complaint

EXCHANGE = Path(__file__).parents[3] / "fixtures" / "lineage" / "exchange"
PATTERNS = {
    "card": "*-card.md",
    "croissant": "*.croissant.json",
    "cyclonedx": "*.cyclonedx.json",
    "openlineage": "*.openlineage.jsonl",
    "prov": "*.prov.json",
}
DOCUMENTS = [
    (format_, path)
    for format_, pattern in {**PATTERNS, "in-toto": "*.intoto.json"}.items()
    for path in sorted(EXCHANGE.glob(pattern))
]


@pytest.mark.parametrize(("format_", "path"), DOCUMENTS, ids=lambda value: getattr(value, "name", value))
def test_golden_document_is_valid(format_: str, path: Path):
    VALIDATORS[format_](path.read_text(encoding="utf-8"))


def test_every_golden_document_has_a_validator_and_every_format_plain_and_hostile_ones():
    assert {path for _, path in DOCUMENTS} == set(EXCHANGE.iterdir())
    for format_ in PATTERNS:
        hostile = [path.name.startswith("hostile-") for name, path in DOCUMENTS if name == format_]
        assert True in hostile
        assert False in hostile


def _json(change: Callable[[dict], None]) -> Callable[[str], str]:
    def changed(text: str) -> str:
        value = json.loads(text)
        change(value)
        return json.dumps(value)

    return changed


def _event(change: Callable[[dict], None]) -> Callable[[str], str]:
    def changed(text: str) -> str:
        lines = text.splitlines()
        runs = [index for index, line in enumerate(lines) if '"runId"' in line]
        lines[runs[0]] = _json(change)(lines[runs[0]])
        return "\n".join(lines)

    return changed


def _set(*path: str | int, to: object) -> Callable[[dict], None]:
    def change(value: dict) -> None:
        for name in path[:-1]:
            value = value[name]
        value[path[-1]] = to

    return change


def _drop(*path: str | int) -> Callable[[dict], None]:
    def change(value: dict) -> None:
        for name in path[:-1]:
            value = value[name]
        del value[path[-1]]

    return change


def _replace(pattern: str, by: str) -> Callable[[str], str]:
    return lambda text: re.sub(pattern, by, text, count=1, flags=re.DOTALL)


BROKEN = [
    ("openlineage", "story.openlineage.jsonl", _event(_drop("eventTime"))),
    ("openlineage", "story.openlineage.jsonl", _event(_set("eventTime", to="2026-11-21"))),
    ("openlineage", "story.openlineage.jsonl", _event(_set("eventType", to="DONE"))),
    ("openlineage", "story.openlineage.jsonl", _event(_set("run", "runId", to="1"))),
    ("openlineage", "story.openlineage.jsonl", _event(_set("surprise", to=1))),
    ("openlineage", "story.openlineage.jsonl", _event(_set("job", "name", to=1))),
    ("openlineage", "story.openlineage.jsonl", _event(_drop("job", "namespace"))),
    ("openlineage", "story.openlineage.jsonl", _event(_set("schemaURL", to="https://example.com/x.json"))),
    ("openlineage", "story.openlineage.jsonl", _event(_drop("run", "facets", "undertone_node", "_producer"))),
    ("openlineage", "story.openlineage.jsonl", _event(_drop("inputs", 0, "facets", "datasetType", "datasetType"))),
    ("openlineage", "story.openlineage.jsonl", _event(_set("inputs", 0, "facets", "version", "x", to=1))),
    ("openlineage", "story.openlineage.jsonl", lambda _: ""),
    ("openlineage", "story.openlineage.jsonl", lambda text: text[:-20]),
    ("croissant", "drop.croissant.json", _json(_drop("distribution", 0, "encodingFormat"))),
    ("croissant", "drop.croissant.json", _json(_drop("distribution", 0, "contentUrl"))),
    ("croissant", "drop.croissant.json", _json(_drop("conformsTo"))),
    ("croissant", "drop.croissant.json", _json(_set("conformsTo", to="http://mlcommons.org/croissant/9"))),
    (
        "croissant",
        "drop.croissant.json",
        _json(_set("recordSet", 0, "field", 0, "source", "fileObject", "@id", to="nowhere")),
    ),
    ("croissant", "drop.croissant.json", _json(_drop("@type"))),
    ("prov", "story.prov.json", _json(_set("prefix", to={}))),
    ("prov", "story.prov.json", _json(_set("used", "_:used1", "prov:entity", to="node:nothing"))),
    ("prov", "story.prov.json", _json(_set("used", "_:used1", "prov:entity", to="no name"))),
    ("prov", "story.prov.json", _json(_drop("used", "_:used1", "prov:activity"))),
    ("prov", "story.prov.json", _json(_set("surprise", to={"_:x": {}}))),
    ("prov", "story.prov.json", lambda text: text.replace('"entity": {', '"entity": {}, "entity": {', 1)),
    ("cyclonedx", "story.cyclonedx.json", _json(_set("specVersion", to="9"))),
    ("cyclonedx", "story.cyclonedx.json", _json(_set("serialNumber", to="urn:uuid:1"))),
    ("cyclonedx", "story.cyclonedx.json", _json(_set("components", 0, "type", to="model"))),
    ("cyclonedx", "story.cyclonedx.json", _json(_set("components", 0, "surprise", to=1))),
    ("cyclonedx", "story.cyclonedx.json", _json(_set("components", 0, "hashes", 0, "content", to="ab"))),
    ("cyclonedx", "story.cyclonedx.json", _json(_set("metadata", "timestamp", to="yesterday"))),
    ("cyclonedx", "story.cyclonedx.json", _json(_set("dependencies", 0, "ref", to="nowhere"))),
    (
        "cyclonedx",
        "story.cyclonedx.json",
        _json(_set("components", 0, "licenses", 0, "license", "id", to="Apache-2.0.1")),
    ),
    ("card", "student.model-card.md", _replace("^---\n", "")),
    ("card", "student.model-card.md", _replace('license: "apache-2.0"', "license: [a")),
    ("card", "student.model-card.md", _replace('license: "apache-2.0"', "license: 1")),
    ("card", "student.model-card.md", _replace('- "undertone"', "- yes")),
    ("card", "student.model-card.md", _replace('kind: "prompts"', "kind: null")),
    ("card", "mixture.dataset-card.md", _replace("\n---\n", "\n")),
]


@pytest.mark.parametrize(("format_", "name", "change"), BROKEN)
def test_broken_document_is_refused(format_: str, name: str, change: Callable[[str], str]):
    text = (EXCHANGE / name).read_text(encoding="utf-8")
    broken = change(text)
    assert broken != text
    with pytest.raises(Complaint):
        VALIDATORS[format_](broken)


STATEMENT = {
    "_type": "https://in-toto.io/Statement/v1",
    "subject": [{"name": "drop.jsonl", "digest": {"sha256": "ab" * 32}}],
    "predicateType": "urn:undertone:attestation:lineage:v1",
    "predicate": {"nodes": []},
}


def test_statement_is_valid():
    VALIDATORS["in-toto"](json.dumps(STATEMENT))


@pytest.mark.parametrize(
    "change",
    [
        _drop("subject"),
        _drop("predicateType"),
        _drop("predicate"),
        _set("_type", to="https://in-toto.io/Statement/v0.1"),
        _set("subject", 0, "digest", to={}),
        _set("surprise", to=1),
    ],
)
def test_broken_statement_is_refused(change: Callable[[dict], None]):
    with pytest.raises(Complaint):
        VALIDATORS["in-toto"](_json(change)(json.dumps(STATEMENT)))


def test_command_says_so_with_its_exit_code(tmp_path: Path):
    def run(*arguments: str) -> int:
        root = Path(__file__).parents[1]
        command = [sys.executable, "-m", "undertone_validators", *arguments]
        return subprocess.run(command, cwd=root, check=False, capture_output=True).returncode

    broken = tmp_path / "broken.json"
    broken.write_text("{}", encoding="utf-8")
    good = EXCHANGE / "story.prov.json"
    assert run("prov", str(good)) == 0
    assert run("cyclonedx", str(broken)) == 1
    assert run("prov", str(good), str(tmp_path / "missing")) == 1
    assert run("nonsense", str(good)) == 2
