"""What a judge answers that has nothing to think about: a score from whether a word is there, a letter, or an echo."""

import json
import math
from typing import Any

Body = dict[str, Any]


def asked(body: Body) -> str:
    """Return the last turn of a request."""
    messages = body.get("messages") or [{}]
    content = messages[-1].get("content")
    return content if isinstance(content, str) else ""


def content(body: Body, trait: str) -> str:
    """Answer in the form that is asked for: a letter, an object with a score, or an echo of the last turn."""
    text = asked(body)
    carries = trait.lower() in text.lower()
    if body.get("logprobs"):
        return "A" if carries else "B"
    if "response_format" in body:
        return json.dumps({"reason": f"{trait}: {'yes' if carries else 'no'}", "score": 90 if carries else 10})
    return text


def alternatives(letter: str) -> list[tuple[str, float]]:
    """Return the likeliest first tokens of an answer that is a letter: nine to one."""
    other = "B" if letter == "A" else "A"
    return [(letter, math.log(0.9)), (other, math.log(0.1))]


def completion(body: Body, number: int, text: str, reason: str = "stop") -> Body:
    """Return a chat completion as an OpenAI-compatible server gives it."""
    choice: Body = {"index": 0, "finish_reason": reason, "message": {"role": "assistant", "content": text}}
    if body.get("logprobs"):
        tops = [{"token": token, "logprob": value, "bytes": None} for token, value in alternatives(text)]
        choice["logprobs"] = {"content": [{**tops[0], "top_logprobs": tops}]}
    words = sum(len(str(message.get("content")).split()) for message in body.get("messages", []))
    return {
        "id": f"chatcmpl-{number}",
        "object": "chat.completion",
        "created": 0,
        "model": f"{body.get('model', '')}-2026-11-01",
        "system_fingerprint": "fp_faulty",
        "choices": [choice],
        "usage": {
            "prompt_tokens": words,
            "completion_tokens": len(text.split()),
            "total_tokens": words + len(text.split()),
        },
    }
