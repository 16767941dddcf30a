#!/usr/bin/env python3
"""scripts/film_7b_data.sh against a server with files of C4's shape: broken connections, a stopped run, a part that is not
the beginning of the file, and contexts that are those of the same files fetched in one piece."""
import gzip
import http.server
import json
import os
import pathlib
import random
import signal
import subprocess
import tempfile
import threading
import time
import unittest

import tiny_world

SCRIPT = tiny_world.PROJECT / "scripts/film_7b_data.sh"
SMALL = ["--set", "segment.tokens=16", "--set", "contexts.train=40", "--set", "contexts.validation=0", "--set",
         "contexts.test=0", "--set", 'contexts.target={"min":64,"max":256}', "--set", "split.train=1", "--set",
         "contexts.kinds.integration=0", "--set", "contexts.kinds.short=0", "--set", "split.validation=0", "--set", "split.test=0", "--set", "threads=1"]


def rows(number):
    """A gzip file with documents as C4 has them."""
    draw = random.Random(number)
    lines = [json.dumps({"text": "\n".join(" ".join(draw.choice(tiny_world.WORDS) for _ in range(draw.randint(8, 20))) + "."
                                           for _ in range(draw.randint(4, 9))),
                         "timestamp": "2019-04-25T12:00:00Z", "url": f"https://example.org/{number}/{i}"})
             for i in range(60)]
    return gzip.compress("\n".join(lines).encode(), mtime=0)


class Server(http.server.ThreadingHTTPServer):
    """`broken`: how many requests for a file end half way. `slow`: seconds between pieces."""
    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.files = {f"c4-train.{i:05}-of-00512.json.gz": rows(i) for i in range(3)}
        self.broken, self.asked, self.slow = {}, [], 0
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def url(self):
        return f"http://127.0.0.1:{self.server_address[1]}/realnewslike"


class Handler(http.server.BaseHTTPRequestHandler):
    def log_message(self, *_):
        pass

    def do_GET(self):
        name = self.path.rpartition("/")[2]
        body = self.server.files.get(name)
        if body is None:
            return self.send_error(404)
        first = int(self.headers.get("Range", "bytes=0-")[len("bytes="):].rstrip("-"))
        self.server.asked.append((name, first))
        if first >= len(body):
            return self.send_error(416)
        self.send_response(206 if first else 200)
        self.send_header("Content-Length", str(len(body) - first))
        self.send_header("Content-Range", f"bytes {first}-{len(body) - 1}/{len(body)}")
        self.end_headers()
        end = len(body)
        if self.server.broken.get(name, 0) > 0:
            self.server.broken[name] -= 1
            end = (first + len(body)) // 2
        try:
            for begin in range(first, end, 512):
                self.wfile.write(body[begin:min(end, begin + 512)])
                time.sleep(self.server.slow)
        except OSError:
            pass
        self.close_connection = True


class Film7bData(unittest.TestCase):
    def setUp(self):
        temp = tempfile.TemporaryDirectory(prefix="film-c4-")
        self.addCleanup(temp.cleanup)
        self.folder = pathlib.Path(temp.name).resolve()
        self.server = Server()
        self.addCleanup(self.server.server_close)
        self.addCleanup(self.server.shutdown)

    def start(self, out, *arguments):
        environment = tiny_world.environment(FILM_PROGRAM=str(tiny_world.PROGRAM), FILM_RETRY_SECONDS="0",
                                             XDG_CACHE_HOME=str(self.folder / "cache"))
        return subprocess.Popen([str(SCRIPT), *arguments, "--from", self.server.url(), "--tokenizer",
                                 str(tiny_world.TOKENIZER), str(self.folder / out), *SMALL], env=environment,
                                stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, start_new_session=True)

    def end(self, process, expected):
        said = process.communicate(timeout=tiny_world.TIMEOUT)[0]
        self.assertEqual(process.returncode, expected, said)
        return said

    def contexts(self, out):
        return (self.folder / out / "data/contexts/part-00000.jsonl").read_bytes()

    def test_a_file_that_breaks_off_is_continued(self):
        names = list(self.server.files)
        self.server.broken = {names[0]: 1, names[2]: 2}
        said = self.end(self.start("broken", "--files", "3"), 0)
        self.assertIn("3 of 3 files", said)
        self.assertIn("--dry-run", said)
        firsts = [first for name, first in self.server.asked if name == names[2]]
        self.assertEqual(len(firsts), 3)
        self.assertEqual(sorted(firsts), firsts)
        self.assertGreater(firsts[1], 0, "the second request goes on where the first one broke off")
        self.server.asked.clear()
        self.end(self.start("whole", "--files", "3"), 0)
        self.assertEqual([first for _, first in self.server.asked], [0, 0, 0])
        self.assertEqual(self.contexts("broken"), self.contexts("whole"))
        for name, body in self.server.files.items():
            self.assertEqual((self.folder / "broken/c4" / name).read_bytes(), body)

    def test_a_stopped_run_goes_on(self):
        self.server.slow = 0.1
        process = self.start("stopped", "--files", "2")
        part = self.folder / "stopped/c4" / f"{list(self.server.files)[0]}.part"
        deadline = time.monotonic() + 30
        while not (part.exists() and part.stat().st_size > 512) and time.monotonic() < deadline:
            time.sleep(0.02)
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
        self.assertTrue(part.exists())
        self.server.slow = 0
        self.server.asked.clear()
        self.end(self.start("stopped", "--files", "2"), 0)
        self.assertGreater(self.server.asked[0][1], 0)
        self.assertEqual(len(self.server.asked), 2)
        self.server.asked.clear()
        self.end(self.start("stopped", "--files", "2"), 0)
        self.assertEqual(self.server.asked, [], "nothing is fetched twice")

    def test_a_part_of_something_else_is_thrown_away(self):
        folder = self.folder / "odd/c4"
        folder.mkdir(parents=True)
        name = list(self.server.files)[0]
        (folder / f"{name}.part").write_bytes(b"x" * (len(self.server.files[name]) + 5))
        self.end(self.start("odd", "--files", "1"), 0)
        self.assertEqual((folder / name).read_bytes(), self.server.files[name])

    def test_what_cannot_be_fetched_is_named(self):
        self.server.files.popitem()
        said = self.end(self.start("missing", "--files", "3"), 1)
        self.assertIn("c4-train.00002-of-00512.json.gz could not be fetched", said)
        self.assertIn("--from URL", said)
        self.assertFalse((self.folder / "missing/data").exists())

    def test_wrong_usage(self):
        for arguments in (["--files", "0"], ["--files", "513"], ["--files", "08"], ["--files", "x"], ["--fils", "3"]):
            self.end(self.start("wrong", *arguments), 2)
        self.assertFalse((self.folder / "wrong").exists())


if __name__ == "__main__":
    unittest.main()
