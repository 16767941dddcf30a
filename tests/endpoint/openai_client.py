#!/usr/bin/env python3
"""The openai package against mock_server.py, so that client and server do not share one misunderstanding.

Usage: openai_client.py BASE_URL. Exits 0 when the package understands every reply as film does.
"""
import json
import sys

import openai

client = openai.OpenAI(base_url=sys.argv[1], api_key="sk-test", max_retries=2, timeout=10)
patient = client.with_options(max_retries=5)


def ask(name, *steps, using=client):
    content = json.dumps({"id": "openai " + name, "script": list(steps)}) if steps else name
    return using.chat.completions.create(model="test-model", messages=[{"role": "user", "content": content}],
                                         max_tokens=16, temperature=0)


def expect(error, name, *steps):
    try:
        reply = ask(name, *steps, using=client.with_options(max_retries=0))
    except error:
        return
    raise SystemExit(f"{name}: expected {error.__name__}, got {reply}")


plain = ask("hello")
assert plain.choices[0].message.content == "answer to hello", plain
assert plain.choices[0].finish_reason == "stop" and plain.usage.total_tokens > 0 and plain.object == "chat.completion"
assert [m.id for m in client.models.list()] == ["test-model"]

# Faults that both clients repeat.
for name, step in {"429": {"status": 429, "headers": {"retry-after-ms": "5"}}, "500": {"status": 500},
                   "503": {"status": 503}, "408": {"status": 408}, "409": {"status": 409}, "reset": {"do": "reset"},
                   "close": {"do": "close"}}.items():
    assert ask("retry " + name, step, {"text": "four"}).choices[0].message.content == "four", name
for form in ({"gzip": True}, {"chunked": True}, {"close_after": True}):
    assert ask(f"form {form}", {"text": "four", **form}).choices[0].message.content == "four"

# Replies that both clients name alike.
expect(openai.AuthenticationError, "401", {"status": 401, "json": {"error": {"message": "wrong key"}}})
expect(openai.PermissionDeniedError, "403", {"status": 403})
expect(openai.NotFoundError, "404", {"status": 404})
expect(openai.BadRequestError, "400", {"status": 400, "json": {"error": {"code": "content_filter"}}})
expect(openai.UnprocessableEntityError, "422", {"status": 422})
expect(openai.RateLimitError, "quota", {"status": 429, "json": {"error": {"code": "insufficient_quota"}}})
expect(openai.InternalServerError, "500 for ever", {"status": 500})
expect(openai.APIConnectionError, "reset for ever", {"do": "reset"})
expect(openai.APIConnectionError, "half", {"do": "half"})

assert ask("refused", {"text": None, "message": {"refusal": "no"}}).choices[0].message.refusal == "no"
assert ask("cut", {"text": "fo", "finish_reason": "length"}).choices[0].finish_reason == "length"
assert ask("no usage", {"text": "x", "usage": None}).usage is None
print("openai", openai.__version__, "agrees")
