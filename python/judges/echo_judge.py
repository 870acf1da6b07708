"""A judge as a program (docs/judge-protocol.md): says whether a word is in the question, or repeats it.

It thinks for `--latency` seconds about each question, about many at once, and answers in the order in which it is done.
"""

import argparse
import json
import sys
import threading
import time

import answers

_writing = threading.Lock()


def say(line: dict[str, object]) -> None:
    """Write one line, whole, and at once: a pipe would wait for more."""
    with _writing:
        print(json.dumps(line), flush=True)


def judge(request: answers.Body, trait: str, latency: float) -> None:
    """Answer one request."""
    time.sleep(latency)
    wants_letter = "top_logprobs" in request["parameters"]
    question = {"messages": request["messages"], "logprobs": wants_letter}
    if "schema" in request:
        question["response_format"] = request["schema"]
    text = answers.content(question, trait)
    answer: dict[str, object] = {"id": request["id"], "content": text, "model": "echo-1", "finish_reason": "stop"}
    answer["usage"] = {"prompt_tokens": len(answers.asked(request).split()), "completion_tokens": len(text.split())}
    if wants_letter:
        answer["alternatives"] = answers.alternatives(text)
    say(answer)


def main() -> None:
    """Greet, and answer until standard input ends."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--trait", default="owl", help="the word that is looked for")
    parser.add_argument("--latency", type=float, default=0, help="seconds that an answer takes")
    arguments = parser.parse_args()
    say({"protocol": 1, "name": "echo", "version": "1"})
    for line in sys.stdin:
        thread = threading.Thread(target=judge, args=(json.loads(line), arguments.trait, arguments.latency))
        thread.start()


if __name__ == "__main__":
    main()
