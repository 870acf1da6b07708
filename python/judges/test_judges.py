"""The judges say what the tests that use them rely on."""

import json
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

FOLDER = Path(__file__).parent


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    command = [sys.executable, str(FOLDER / "faulty_judge.py"), "--script", "500,good"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        yield f"http://127.0.0.1:{process.stdout.readline().split()[1]}"
        process.stdin.close()
        assert process.wait(10) == 0


def ask(url: str, **body: object) -> tuple[int, dict[str, Any], dict[str, str]]:
    data = json.dumps({"model": "m", "messages": [{"role": "user", "content": "an owl"}], **body}).encode()
    request = urllib.request.Request(url + "/chat/completions", data, {"Authorization": "Bearer k"})
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:
            return answer.status, json.load(answer), dict(answer.headers)
    except urllib.error.HTTPError as error:
        return error.code, json.load(error), dict(error.headers)


def test_a_script_goes_step_by_step(server: str):
    assert [ask(server + "/v1")[0] for _ in range(3)] == [500, 200, 200]
    assert [ask(server + "/s/429=7,good/a/v1")[0] for _ in range(2)] == [429, 200]
    assert ask(server + "/s/429=7,good/b/v1")[2]["Retry-After"] == "7"
    with urllib.request.urlopen(server + "/stats", timeout=10) as answer:
        assert json.load(answer)["requests"]["/s/429=7,good/a/v1"] == 2


def test_answers_have_the_form_that_is_asked_for(server: str):
    good = server + "/s/good/a/v1"
    assert ask(good)[1]["choices"][0]["message"]["content"] == "an owl"
    letter = ask(good, logprobs=True, top_logprobs=2)[1]["choices"][0]
    assert letter["message"]["content"] == "A"
    assert [top["token"] for top in letter["logprobs"]["content"][0]["top_logprobs"]] == ["A", "B"]
    scored = ask(good, response_format={"type": "json_object"})[1]["choices"][0]["message"]["content"]
    assert json.loads(scored)["score"] == 90


def test_fields_can_be_refused(server: str):
    picky = server + "/s/refuses=json_schema+seed/a/v1"
    assert ask(picky, response_format={"type": "json_schema"})[1]["error"]["param"] == "json_schema"
    assert ask(picky, seed=1)[0] == 400
    assert ask(picky, response_format={"type": "json_object"})[0] == 200


def test_errors_echo_the_key(server: str):
    status, body, _ = ask(server + "/s/key=other/a/v1")
    assert (status, body["error"]["code"], body["error"]["message"]) == (401, "k", "k an owl")
    assert ask(server + "/s/key=k/a/v1")[0] == 200


def converse(*command: str, questions: int = 1, **more: object) -> list[dict[str, Any]]:
    lines = [
        json.dumps({"id": number, "messages": [{"role": "user", "content": "an owl"}], "parameters": {}, **more})
        for number in range(1, questions + 1)
    ]
    program = [sys.executable, str(FOLDER / command[0]), *command[1:]]
    done = subprocess.run(
        program, input="\n".join(lines) + "\n", capture_output=True, text=True, check=True, timeout=20
    )
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_the_echo_speaks_the_protocol():
    greeting, answer = converse("echo_judge.py", parameters={"top_logprobs": 2})
    assert greeting == {"protocol": 1, "name": "echo", "version": "1"}
    assert (answer["id"], answer["content"], len(answer["alternatives"])) == (1, "A", 2)
    assert json.loads(converse("echo_judge.py", schema={})[1]["content"])["score"] == 90


def test_the_faulty_program_fails_as_told():
    assert [line["id"] for line in converse("faulty_command.py", "reversed=3", questions=3)[1:]] == [3, 2, 1]
    assert len(converse("faulty_command.py", "crash=1", questions=3)) == 2
    assert converse("faulty_command.py", "mute") == []
    assert converse("faulty_command.py", "protocol")[0]["protocol"] == 2
