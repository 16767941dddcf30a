#!/usr/bin/env python3
"""A chat-completions server that misbehaves by script. Loopback, standard library only.

Prints "PORT <n>" once it listens; ends when its standard input closes. What a request gets is written in its last
user message, so a table test reads alone:

    {"id": "r7", "script": [{"status": 429, "headers": {"retry-after": "1"}}, {"text": "four"}]}

Step n serves the n-th attempt of that id; the last step repeats. A message without script gets an answer (--qa: a
question and an answer drawn from the evidence in the prompt; --step: that step). Fields of a step:

    status, headers, body (text) or json (any value)   a literal reply
    text, finish_reason, usage, message, choice, extra a completion, or parts of one (usage null: none)
    delay        seconds before the reply
    do           reset | close | hang | half | half_reset | drip | big | bomb | garbage | bytes (hex in "hex")
    gzip, chunked, close_after                          how the reply travels

POST /v1/completions takes a raw prompt the same way. GET /_seen tells what was asked; GET /v1/models lists the model; any method on /v1/echo/... returns the request.
"""
import argparse
import asyncio
import gzip
import hashlib
import json
import os
import random
import re
import socket
import ssl
import struct
import sys
import time

import mock_echo
from mock_questions import question_from_evidence

REASONS = {200: "OK", 400: "Bad Request", 401: "Unauthorized", 404: "Not Found", 429: "Too Many Requests"}


class Seen:
    """Counts of what arrived, per id."""

    def __init__(self):
        self.asked, self.answered, self.keys, self.paths = {}, {}, {}, {}
        self.prompts, self.last = [], {}
        self.connections = self.total = self.open = self.most_open = 0
        self.times = []

    def as_json(self):
        return {"total": self.total, "asked": self.asked, "answered": self.answered, "keys": self.keys,
                "paths": self.paths, "connections": self.connections, "most_open": self.most_open,
                "times": self.times[-100000:], "prompts": self.prompts[-1000:], "last": self.last}


class RateLimit:
    """Requests per minute over one-second windows, as real servers judge them."""

    def __init__(self, per_minute):
        self.rate, self.level, self.at = per_minute / 60, max(1.0, per_minute / 60), time.monotonic()

    def refuse(self):
        """None, or seconds until the next request is welcome."""
        now = time.monotonic()
        self.level = min(max(1.0, self.rate), self.level + (now - self.at) * self.rate)
        self.at = now
        if self.level >= 1:
            self.level -= 1
            return None
        return (1 - self.level) / self.rate


class Server:
    def __init__(self, options):
        self.options, self.seen = options, Seen()
        self.limit = RateLimit(options.rpm) if options.rpm else None
        self.random = random.Random(options.seed)
        self.echoed = ""
        self.answers = open(options.answers, "a", buffering=1) if options.answers else None

    async def serve(self, reader, writer):
        self.seen.connections += 1
        writer.get_extra_info("socket").setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        try:
            while await self.request(reader, writer):
                pass
        except (ConnectionError, asyncio.IncompleteReadError, ssl.SSLError, TimeoutError):
            pass
        finally:
            writer.close()

    async def request(self, reader, writer):
        head = await reader.readuntil(b"\r\n\r\n")
        lines = head.decode("latin-1").split("\r\n")
        method, target, _ = lines[0].split(" ", 2)
        headers = {k.strip().lower(): v.strip() for k, _, v in (line.partition(":") for line in lines[1:] if line)}
        if method == "CONNECT":
            return await self.tunnel(target, headers, reader, writer)
        body = await reader.readexactly(int(headers.get("content-length", 0)))
        path = re.sub(r"^http://[^/]*", "", target)
        self.seen.paths[path] = self.seen.paths.get(path, 0) + 1
        if path == "/_seen":
            return await self.reply(writer, 200, {}, json.dumps(self.seen.as_json()).encode())
        if path == "/v1/models":
            model = {"id": "test-model", "object": "model", "created": 0, "owned_by": "x"}
            if self.options.max_model_len:
                model["max_model_len"] = self.options.max_model_len
            listing = {"object": "list", "data": [model]}
            return await self.reply(writer, 200, {}, json.dumps(listing).encode())
        if path == "/openapi.json" and self.seen.paths[path] <= self.options.openapi_silent:
            return False  # no reply at all
        if path == "/openapi.json" and self.seen.paths[path] <= self.options.openapi_status[1]:
            return await self.reply(writer, self.options.openapi_status[0], {}, b"{}")
        if path == "/openapi.json" and self.options.openapi:
            return await self.reply(writer, 200, {}, self.options.openapi.encode())
        if path.startswith("/v1/echo/"):
            echo = {"method": method, "path": path, "headers": headers, "body": body.decode("utf-8", "replace")}
            return await self.reply(writer, 200, {}, json.dumps(echo).encode(), {"head": method == "HEAD"})
        if method != "POST" or not path.split("?")[0].endswith("/completions"):
            return await self.reply(writer, 404, {}, b'{"detail":"Not Found"}')
        return await self.chat(writer, headers, json.loads(body))

    async def tunnel(self, target, headers, reader, writer):
        """A proxy: the bytes pass through unseen."""
        self.seen.paths["CONNECT " + target] = self.seen.paths.get("CONNECT " + target, 0) + 1
        for name in ("authorization", "api-key"):
            if name in headers:
                self.seen.keys[headers[name]] = self.seen.keys.get(headers[name], 0) + 1
        if self.options.proxy_status != 200:
            writer.write(f"HTTP/1.1 {self.options.proxy_status} No\r\ncontent-length: 0\r\n\r\n".encode())
            await writer.drain()
            return False
        host, port = target.rsplit(":", 1)
        host = "127.0.0.1"  # every name leads to this machine
        far_reader, far_writer = await asyncio.open_connection(host, int(port))
        writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")

        async def pump(source, sink):
            while data := await source.read(65536):
                sink.write(data)
                await sink.drain()
            sink.close()

        await asyncio.gather(pump(reader, far_writer), pump(far_reader, writer))
        return False

    async def chat(self, writer, headers, body):
        key = headers.get("authorization", headers.get("api-key", ""))
        self.seen.keys[key] = self.seen.keys.get(key, 0) + 1
        self.seen.total += 1
        self.seen.times.append(time.monotonic())
        self.seen.open += 1
        self.seen.most_open = max(self.seen.most_open, self.seen.open)
        try:
            return await self.play(writer, body)
        finally:
            self.seen.open -= 1

    async def play(self, writer, body):
        content = body["prompt"] if "prompt" in body else next(
            (m["content"] for m in reversed(body["messages"]) if m["role"] == "user"), "")
        if not isinstance(content, str):
            content = "".join(part.get("text", "") for part in content)
        wish = json.loads(content) if content.startswith('{"id"') else {}
        name = wish.get("id") or hashlib.sha256(content.encode()).hexdigest()[:16]
        turn = self.seen.asked.get(name, 0)
        self.seen.asked[name] = turn + 1
        self.seen.prompts.append(content[:200])
        self.seen.last = {key: value for key, value in body.items() if key not in ("prompt", "messages")}
        script = wish.get("script")
        step = script[min(turn, len(script) - 1)] if script else self.default_step(content)
        if body.get("echo") and self.options.echo:
            step = mock_echo.echo_step(self.options.echo, content, self.echoed)
            self.echoed = content
        if self.options.latency:
            await asyncio.sleep(self.options.latency * self.random.uniform(0.5, 1.5))
        if "delay" in step:
            await asyncio.sleep(step["delay"])
        return await self.act(writer, step, body, name, content)

    def default_step(self, content):
        if self.options.step:
            return self.options.step
        if self.options.good_for and len(self.seen.answered) >= self.options.good_for:
            return {"status": 429, "json": {"error": {"message": "no quota", "code": "insufficient_quota"}}}
        if self.limit and (wait := self.limit.refuse()) is not None:
            return {"status": 429, "headers": {"retry-after-ms": str(int(wait * 1000) + 1)},
                    "json": {"error": {"message": "Rate limit reached", "code": "rate_limit_exceeded"}}}
        if self.random.random() < self.options.chaos:
            return self.random.choice([
                {"status": 429, "headers": {"retry-after-ms": "20"}, "json": {"error": {"code": "rate_limit_exceeded"}}},
                {"status": 500, "body": "oops"}, {"status": 503, "body": ""}, {"do": "reset"}, {"do": "close"},
                {"do": "half"}, {"body": "<html>"}])
        return {"text": question_from_evidence(content) if self.options.qa else "answer to " + content[:40]}

    async def act(self, writer, step, body, name, content):
        do = step.get("do")
        if do in ("reset", "close"):
            return self.cut(writer, do == "reset")
        if do == "hang":
            await asyncio.sleep(3600)
        if do == "garbage":
            writer.write(b"\x16\x03\x01 this is not HTTP\r\n\r\n")
            await writer.drain()
            return False
        status = step.get("status", 200)
        payload = self.payload(step, body, content)
        if do in ("half", "half_reset"):
            writer.write(f"HTTP/1.1 {status} OK\r\ncontent-type: application/json\r\ncontent-length: {len(payload)}\r\n\r\n".encode())
            writer.write(payload[:len(payload) // 2])
            await writer.drain()
            return self.cut(writer, do == "half_reset")
        if do == "drip":
            return await self.drip(writer, payload, step.get("every", 10))
        if do == "big":
            return await self.big(writer, step.get("bytes", 1 << 30))
        if do == "bomb":
            step = {**step, "gzip": True}
            payload = b" " * step.get("bytes", 1 << 26) + payload
        if status == 200 and '"choices"' in payload[:4096].decode("latin-1"):
            self.seen.answered[name] = self.seen.answered.get(name, 0) + 1
            if self.answers:
                self.answers.write(name + "\n")
        return await self.reply(writer, status, step.get("headers", {}), payload, step)

    def payload(self, step, body, content):
        if "hex" in step:
            return bytes.fromhex(step["hex"])
        if "json" in step:
            return json.dumps(step["json"]).encode()
        if "body" in step or step.get("status", 200) != 200:
            return step.get("body", "").encode()
        text = step.get("text", "answer")
        message = {"role": "assistant", "content": text, **step.get("message", {})}
        spoken = {"text": text} if "prompt" in body else {"message": message}
        choice = {"index": 0, **spoken, "logprobs": None, "finish_reason": step.get("finish_reason", "stop"),
                  **step.get("choice", {})}
        prompt_tokens = len(body.get("prompt") or json.dumps(body["messages"])) // 4 + self.options.around
        if self.options.window:
            prompt_tokens = min(prompt_tokens, self.options.window)
        usage = {"prompt_tokens": prompt_tokens, "completion_tokens": len(str(text)) // 4 + 1,
                 "total_tokens": prompt_tokens + len(str(text)) // 4 + 1}
        reply = {"id": "chatcmpl-1", "object": "chat.completion", "created": int(time.time()), "model": body["model"],
                 "choices": [choice], "usage": step.get("usage", usage), **step.get("extra", {})}
        return json.dumps(reply).encode()

    async def reply(self, writer, status, headers, payload, step={}):
        fields = {"content-type": "application/json", "date": time.strftime("%a, %d %b %Y %H:%M:%S GMT", time.gmtime())}
        fields.update(headers)
        if step.get("gzip"):
            payload = gzip.compress(payload)
            fields["content-encoding"] = "gzip"
        if step.get("chunked"):
            fields["transfer-encoding"] = "chunked"
        elif not step.get("close_after"):
            fields["content-length"] = str(len(payload))
        head = f"HTTP/1.1 {status} {REASONS.get(status, 'Status')}\r\n"
        head += "".join(f"{k}: {v}\r\n" for k, v in fields.items()) + "\r\n"
        if step.get("chunked"):
            parts = [payload[i:i + 7] for i in range(0, len(payload), 7)]
            payload = b"".join(b"%x\r\n%s\r\n" % (len(p), p) for p in parts) + b"0\r\n\r\n"
        writer.write(head.encode() + (b"" if step.get("head") else payload))
        await writer.drain()
        return not step.get("close_after")

    async def drip(self, writer, payload, every):
        writer.write(f"HTTP/1.1 200 OK\r\ncontent-length: {len(payload)}\r\n\r\n".encode())
        for byte in payload:
            writer.write(bytes([byte]))
            await writer.drain()
            await asyncio.sleep(every)
        return True

    async def big(self, writer, size):
        writer.write(f"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n".encode())
        block = b"x" * 65536
        for _ in range(size // len(block)):
            writer.write(b"%x\r\n%s\r\n" % (len(block), block))
            await writer.drain()
        writer.write(b"0\r\n\r\n")
        return True

    def cut(self, writer, reset):
        """Ends the connection, with RST if asked: SO_LINGER of zero."""
        sock = writer.get_extra_info("socket")
        if reset:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            writer.transport.abort()
        return False


async def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--tls", nargs=2, metavar=("CERT", "KEY"))
    parser.add_argument("--qa", action="store_true", help="answer prompts of film qa from their evidence")
    parser.add_argument("--step", type=json.loads, help="what every request without script gets")
    parser.add_argument("--good-for", type=int, default=0, help="answers until the quota is used up")
    parser.add_argument("--chaos", type=float, default=0, help="share of requests without script that go wrong")
    parser.add_argument("--latency", type=float, default=0, help="mean seconds before every reply")
    parser.add_argument("--rpm", type=float, default=0, help="requests per minute; more get 429")
    parser.add_argument("--openapi", help="what /openapi.json says")
    parser.add_argument("--openapi-silent", type=int, default=0, help="the first so many requests for it get no reply")
    parser.add_argument("--openapi-status", type=int, nargs=2, default=(0, 0), metavar=("STATUS", "TIMES"),
                        help="the first so many get this status")
    parser.add_argument("--max-model-len", type=int, default=0, help="what /v1/models says")
    parser.add_argument("--window", type=int, default=0, help="tokens of a prompt that are read; the rest is cut in silence")
    parser.add_argument("--echo", default="", help="how prompts are echoed with log-probabilities: mock_echo.py")
    parser.add_argument("--around", type=int, default=0, help="tokens that the server puts around every prompt")
    parser.add_argument("--proxy-status", type=int, default=200, help="what CONNECT gets")
    parser.add_argument("--answers", help="append the id of every request that got an answer")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    context = None
    if options.tls:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*options.tls)
    loop = asyncio.get_running_loop()
    loop.set_exception_handler(lambda *_: None)  # broken connections are this program's trade
    listening = await asyncio.start_server(Server(options).serve, "127.0.0.1", options.port, ssl=context,
                                           limit=1 << 24, backlog=4096)
    print("PORT", listening.sockets[0].getsockname()[1], flush=True)
    # Whoever started this program holds the other end; its death closes it.
    await loop.run_in_executor(None, sys.stdin.read)
    os._exit(0)


if __name__ == "__main__":
    asyncio.run(main())
