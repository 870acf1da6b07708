"""A server of chat completions that answers well or fails as told, on this machine only; for tests.

It prints `port 40123` and answers until its standard input ends. What it does with a request is a *script*: steps with
commas between them, one for each request, the last one for all that follow. `--script` is the one for /v1; any other is
had by its address, /s/SCRIPT/LABEL/v1, and counts its requests by itself. GET /stats tells how many requests each had.

    good         an answer in the form that is asked for (`answers.py`) after --latency
    slow=S       the same after S seconds
    drip=S       the same, a byte every S seconds
    400 to 599   that status; 429=2 with `Retry-After: 2`, 429=date:2 with a date so many seconds ahead,
                 429=ms:250 with `retry-after-ms: 250`. Bodies echo the key and the prompt wherever they can.
    quota        429 that no waiting helps
    broken       200 with half a JSON object        deep      100,000 arrays within each other
    half         fewer bytes than announced         huge      64 MiB or until nobody reads
    headers      a mebibyte of headers              noise     bytes that are no HTTP
    close        no answer at all                   nothing   JSON without choices
    redirect     307 to a good answer               cut, filter, refusal: answers that ended like this
    refuses=F+G  400 as long as a field F or G is in the request, or `json_schema`, `json_object` its format; else good
    key=K        401 without that key, else good
"""

import argparse
import asyncio
import contextlib
import json
import ssl
import subprocess
import sys
import time
import urllib.parse
from collections import Counter
from email.utils import formatdate
from pathlib import Path

import answers

REASONS = {200: "OK", 307: "Temporary Redirect", 400: "Bad Request", 429: "Too Many Requests"}
Headers = dict[str, str]


class Request:
    """What was asked, and what is needed to answer it."""

    def __init__(self, path: str, headers: Headers, body: answers.Body, number: int) -> None:
        self.path, self.headers, self.body, self.number = path, headers, body, number

    @property
    def key(self) -> str:
        """The key that came with it."""
        return self.headers.get("authorization", "").removeprefix("Bearer ")


def message(status: int, body: bytes, headers: Headers | None = None, length: int | None = None) -> bytes:
    """Return an answer of HTTP."""
    lines = [f"HTTP/1.1 {status} {REASONS.get(status, 'Status')}", "Content-Type: application/json"]
    lines += [f"{name}: {value}" for name, value in (headers or {}).items()]
    lines.append(f"Content-Length: {len(body) if length is None else length}")
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


class Judge:
    """The server."""

    def __init__(self, script: str, latency: float, trait: str) -> None:
        self.script, self.latency, self.trait = script, latency, trait
        self.requests: Counter[str] = Counter()
        self.connections = self.in_flight = self.most_in_flight = 0

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer the requests of one connection."""
        self.connections += 1
        broken = (ConnectionError, asyncio.IncompleteReadError, asyncio.LimitOverrunError, ssl.SSLError)
        with contextlib.suppress(*broken):
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
                headers = {
                    name.lower(): value.strip() for name, _, value in (line.partition(":") for line in head[1:-2])
                }
                body = await reader.readexactly(int(headers.get("content-length", "0")))
                path = head[0].split(" ")[1]
                if path == "/stats":
                    writer.write(message(200, json.dumps(self.stats).encode()))
                elif not await self.answer(path, headers, json.loads(body or b"{}"), writer):
                    break
                await writer.drain()
        with contextlib.suppress(*broken):
            writer.close()
            await writer.wait_closed()

    @property
    def stats(self) -> dict[str, object]:
        """What happened until now."""
        return {
            "requests": dict(self.requests),
            "connections": self.connections,
            "most_in_flight": self.most_in_flight,
        }

    async def answer(self, path: str, headers: Headers, body: answers.Body, writer: asyncio.StreamWriter) -> bool:
        """Take the next step of the script; whether the connection stays open."""
        parts = path.split("/")
        script = urllib.parse.unquote(parts[2]) if parts[1] == "s" else self.script
        base = path.removesuffix("/chat/completions")
        number = self.requests[base]
        self.requests[base] += 1
        steps = script.split(",")
        step, _, argument = steps[min(number, len(steps) - 1)].partition("=")
        self.in_flight += 1
        self.most_in_flight = max(self.most_in_flight, self.in_flight)
        try:
            return await self.take(step, argument, Request(path, headers, body, number), writer)
        finally:
            self.in_flight -= 1

    async def take(self, step: str, argument: str, request: Request, writer: asyncio.StreamWriter) -> bool:
        """Take one step."""
        if step.isdigit() or step == "quota":
            writer.write(failure(step, argument, request))
            return True
        match step:
            case "slow":
                await asyncio.sleep(float(argument))
                writer.write(self.good(request))
            case "drip":
                for byte in self.good(request):
                    writer.write(bytes([byte]))
                    await writer.drain()
                    await asyncio.sleep(float(argument))
            case "broken":
                writer.write(message(200, b'{"choices": [{"message": '))
            case "nothing":
                writer.write(message(200, b'{"choices": []}'))
            case "deep":
                writer.write(message(200, b"[" * 100_000))
            case "half":
                body = json.dumps(answers.completion(request.body, 0, "half")).encode()
                writer.write(message(200, body[: len(body) // 2], length=len(body)))
                await writer.drain()
                return False
            case "huge":
                writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n")
                for _ in range(1024):
                    writer.write(b"x" * 65536)
                    await writer.drain()
                return False
            case "headers":
                writer.write(message(200, b"{}", {f"X-{number}": "x" * 1000 for number in range(1000)}))
            case "noise":
                writer.write(b"\x16\x03\x01 hello \xff\n" * 100)
                await writer.drain()
                return False
            case "close":
                return False
            case "redirect":
                writer.write(message(307, b"", {"Location": "/s/good/redirected/v1/chat/completions"}))
            case "cut" | "filter" | "refusal":
                writer.write(self.ended(step, request))
            case "refuses" if field := refused(argument.split("+"), request.body):
                writer.write(message(400, json.dumps({"error": field}).encode()))
            case "key" if request.key != argument:
                writer.write(failure("401", "", request))
            case _:
                await asyncio.sleep(self.latency)
                writer.write(self.good(request))
        return True

    def good(self, request: Request) -> bytes:
        """Return an answer in the form that is asked for."""
        text = answers.content(request.body, self.trait)
        body = answers.completion(request.body, request.number, text)
        return message(200, json.dumps(body).encode(), {"X-Request-ID": f"req-{request.number}"})

    def ended(self, step: str, request: Request) -> bytes:
        """Return an answer that did not come to its end."""
        reason = {"cut": "length", "filter": "content_filter"}.get(step, "stop")
        body = answers.completion(request.body, request.number, '{"reason": "it', reason)
        if step == "refusal":
            body["choices"][0]["message"] |= {"content": None, "refusal": "I can't help with that."}
        return message(200, json.dumps(body).encode())


def refused(fields: list[str], body: answers.Body) -> answers.Body | None:
    """Return an error as OpenAI has it for the first of the fields that is in the request."""
    form = body.get("response_format", {}).get("type")
    for field in fields:
        if field in body or field == form:
            return {"type": "invalid_request_error", "param": field, "message": f"Unsupported parameter: '{field}'"}
    return None


def failure(step: str, argument: str, request: Request) -> bytes:
    """Return an answer with a status that is an error, whose body gives away all it can."""
    headers = {}
    if argument.startswith("ms:"):
        headers["Retry-After-Ms"] = argument[3:]
    elif argument.startswith("date:"):
        headers["Retry-After"] = formatdate(time.time() + float(argument[5:]), usegmt=True)
    elif argument:
        headers["Retry-After"] = argument
    error = {"message": f"{request.key} {answers.asked(request.body)}", "type": request.key, "code": request.key}
    if step == "quota":
        step, error["code"] = "429", "insufficient_quota"
    return message(int(step), json.dumps({"error": error}).encode(), headers)


def self_signed(folder: Path, name: str) -> ssl.SSLContext:
    """Make a certificate that nobody vouches for, `certificate.pem` in the folder."""
    certificate, key = folder / "certificate.pem", folder / "key.pem"
    alternative = f"IP:{name}" if name[0].isdigit() else f"DNS:{name}"
    command = [
        "openssl",
        "req",
        "-x509",
        "-newkey",
        "ec",
        "-pkeyopt",
        "ec_paramgen_curve:P-256",
        "-nodes",
        "-days",
        "2",
    ]
    command += ["-subj", f"/CN={name}", "-addext", f"subjectAltName={alternative}", "-keyout", str(key)]
    subprocess.run([*command, "-out", str(certificate)], check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    return context


async def run(arguments: argparse.Namespace) -> None:
    """Answer until standard input ends."""
    judge = Judge(arguments.script, arguments.latency, arguments.trait)
    tls = self_signed(Path(arguments.tls), arguments.tls_name) if arguments.tls else None
    server = await asyncio.start_server(judge.serve, "127.0.0.1", arguments.port, ssl=tls, backlog=256)
    print("port", server.sockets[0].getsockname()[1], flush=True)
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.buffer.read)


def main() -> None:
    """Read the arguments and answer."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--port", type=int, default=0, help="0: any that is free")
    parser.add_argument("--script", default="good", help="steps for requests to /v1")
    parser.add_argument("--latency", type=float, default=0, help="seconds before a good answer")
    parser.add_argument("--trait", default="owl", help="the word that a good judge finds")
    parser.add_argument("--tls", metavar="FOLDER", help="speak HTTPS with a certificate made in this folder")
    parser.add_argument("--tls-name", default="127.0.0.1", help="whom the certificate is for")
    asyncio.run(run(parser.parse_args()))


if __name__ == "__main__":
    main()
