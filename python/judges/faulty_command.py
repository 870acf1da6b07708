"""A judge as a program that fails as told; for tests.

It greets, unless told otherwise, and then does one thing:

    reversed=N     answer N requests at a time, the last one first
    crash=N        answer N requests, then end without an answer
    silent         read and say nothing        mute      say nothing, not even a greeting
    deaf           never read                  protocol  greet with another protocol
    garbage        answer amid lines that are no JSON or answer nothing
    noise          write such lines without end
    giant          write a line without end    error, retry   answer with an error that echoes key and prompt
    env            answer with the names of all environment variables
    complain       write 10,000 lines with the variable named by `--secret` to standard error, then answer
    twice          answer twice                hollow    answer without content
    child          leave a program behind that holds standard output, and end
"""

import argparse
import itertools
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from typing import Any

import answers

Request = dict[str, Any]


def say(line: object) -> None:
    """Write one line."""
    print(json.dumps(line), flush=True)


def echo(request: Request, content: str | None = None) -> None:
    """Answer a request as it should be."""
    text = answers.asked(request) if content is None else content
    say({"id": request["id"], "content": text, "finish_reason": "stop"})


def requests() -> Iterator[Request]:
    """Read requests."""
    for line in sys.stdin:
        yield json.loads(line)


def serve(step: str, argument: str, secret: str) -> None:
    """Do it."""
    if step == "deaf":
        time.sleep(600)
    while step == "noise":
        print("noise", flush=True)
    while step == "giant":
        sys.stdout.write("x" * 65536)
    if step == "child":
        subprocess.Popen(["sleep", "600"])
        return
    if step == "reversed":
        while batch := list(itertools.islice(requests(), int(argument))):
            for request in reversed(batch):
                echo(request)
    for number, request in enumerate(requests()):
        match step:
            case "crash" if number == int(argument):
                return
            case "silent" | "mute":
                continue
            case "garbage":
                print('loading…\n{"id":\n[1]\n{"id": 999999, "content": "nobody asked"}\nnull', flush=True)
                echo(request)
            case "error" | "retry":
                message = os.environ.get(secret, "") + answers.asked(request)
                say({"id": request["id"], "error": {"retryable": step == "retry", "message": message}})
            case "env":
                echo(request, " ".join(sorted(os.environ)))
            case "complain":
                for line in range(10_000):
                    print("line", line, os.environ.get(secret), file=sys.stderr)
                echo(request)
            case "twice":
                echo(request)
                echo(request, "again")
            case "hollow":
                say({"id": request["id"]})
            case _:
                echo(request)


def main() -> None:
    """Read the arguments, greet, fail."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("script")
    parser.add_argument("--secret", default="", help="an environment variable to give away")
    arguments = parser.parse_args()
    step, _, argument = arguments.script.partition("=")
    if step != "mute":
        say({"protocol": 2 if step == "protocol" else 1, "name": "faulty", "version": "1"})
    serve(step, argument, arguments.secret)


if __name__ == "__main__":
    main()
