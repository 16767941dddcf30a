#!/usr/bin/env python3
"""What a terminal sees: a progress line that never wraps, at 80 columns and at 40, and hostile file names that cannot move
the cursor."""
import fcntl
import os
import pathlib
import pty
import re
import struct
import subprocess
import tempfile
import termios
import unittest
import unicodedata

import tiny_world
from tiny_world import VERBS


def columns(text):
    return sum(0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def run_on_terminal(arguments, folder, width):
    """Exit code and all that came through a pseudo-terminal of so many columns."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, width, 0, 0))
    environment = {**tiny_world.environment(), "TERM": "xterm-256color"}
    process = subprocess.Popen([str(tiny_world.PROGRAM), *arguments], cwd=folder, env=environment,
                               stdin=subprocess.DEVNULL, stdout=theirs, stderr=theirs)
    os.close(theirs)
    seen = b""
    while True:
        try:
            part = os.read(ours, 65536)
        except OSError:  # the other end is closed
            break
        if not part:
            break
        seen += part
    os.close(ours)
    return process.wait(tiny_world.TIMEOUT), seen.decode("utf-8")


class Terminal(unittest.TestCase):
    def setUp(self):
        temp = tempfile.TemporaryDirectory(prefix="film-terminal-")
        self.addCleanup(temp.cleanup)
        self.folder = pathlib.Path(temp.name).resolve()
        tiny_world.write_inputs(self.folder)

    @unittest.skipUnless(tiny_world.HAS_ENGINE, "this build has no learning half")
    def test_the_progress_line_fits(self):
        for verb in ("synth", "qa"):
            self.assertEqual(tiny_world.run_verb(verb, self.folder)[0], 0)
        steps = ["--set", 'stages=[{"name": "a stage with a rather long name", "data": ["data"], "batch": 4, '
                 '"steps": 150, "schedule": {"peak": 0.001, "decay": "constant"}}]']
        for width in (80, 40, 20):
            with self.subTest(width=width):
                tiny_world.clear("train", self.folder)
                code, seen = run_on_terminal(VERBS["train"][0] + steps, self.folder, width)
                self.assertEqual(code, 0, seen)
                drawn = re.findall(r"\r\x1b\[K([^\r\n\x1b]*)", seen)
                self.assertGreater(len(drawn), 2, "the line is drawn again and again")
                for line in drawn[:-1]:  # the last one stays and may be as long as it likes
                    self.assertLess(columns(line), width, line)
                self.assertIn("%", drawn[1])

    def test_a_hostile_name_cannot_move_the_cursor(self):
        name = "evil\x1b[2J\x1b[31m\r.jsonl"
        (self.folder / name).write_text("not json\n", encoding="utf-8")
        for arguments in (["synth", "--set", f"inputs={name}", "--set", f"tokenizer={tiny_world.TOKENIZER}", "--out", "o"],
                          ["qa", name], ["status", name], ["train", "--config", name, "--out", "r"]):
            with self.subTest(arguments=arguments):
                code, said = tiny_world.run(arguments, self.folder)
                self.assertNotEqual(code, 0)
                self.assertNotIn("\x1b", said)
                self.assertNotIn("\r", said)


if __name__ == "__main__":
    unittest.main(verbosity=2)
