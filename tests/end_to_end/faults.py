"""Faults put into a running film with strace: the k-th call of a system call kills it, fails, or brings a signal."""
import collections
import re
import subprocess
import tempfile

import tiny_world

# Calls that change what is on disk.
CALLS = ("write", "fsync", "fdatasync", "rename", "renameat", "unlink", "unlinkat", "ftruncate", "mkdir")
LINE = re.compile(r"^(\d+)\s+(\w+)\((.*)$")
FOLDER = re.compile(r'"[^"]*/\.part-[^"/]*", "')
Point = collections.namedtuple("Point", "call k kind")  # kind: file, folder or lock


def reason_not_to():
    """Why strace cannot be used here, or an empty string."""
    try:
        done = subprocess.run(["strace", "-f", "-e", "trace=write", "-o", "/dev/null", "true"],
                              capture_output=True, text=True, timeout=20, check=False)
    except FileNotFoundError:
        return "strace is not installed (Debian: strace)"
    return "" if done.returncode == 0 else "strace may not trace here: " + done.stderr.strip()[:200]


def strace(log, inject=""):
    # Not --seccomp-bpf, which is faster: signals cannot be put in at its stops and are lost without a word.
    options = ["strace", "-f", "-y", "-qq", "-s", "0", "-o", str(log), "-e", "trace=" + ",".join(CALLS)]
    return options + (["-e", "inject=" + inject] if inject else [])


def points(verb, folder):
    """Every point of an uninterrupted run that touches the output folder, in order of time. strace counts calls
    per thread; film writes results from its main thread, whose points these are."""
    out = str((folder / tiny_world.VERBS[verb][1]).resolve())
    with tempfile.NamedTemporaryFile("r", prefix="film-strace-") as log:
        code, said = tiny_world.run_verb(verb, folder, strace(log.name))
        if code != 0:
            raise RuntimeError(f"film {verb} under strace failed with exit code {code}:\n{said}")
        lines = log.read().splitlines()
    counts, found, main = {}, [], None
    for line in lines:
        match = LINE.match(line)
        if not match:
            continue
        main = main or match[1]
        if match[1] != main:
            continue
        call = match[2]
        counts[call] = counts.get(call, 0) + 1
        relative = '"' + tiny_world.VERBS[verb][1]  # film is given a relative folder, strace shows what it is given
        if out in match[3] or relative in match[3]:
            # A whole folder is made under a name that begins with .part and then renamed.
            kind = "folder" if FOLDER.match(match[3]) else "lock" if "/.lock>" in match[3] else "file"
            found.append(Point(call, counts[call], kind))
    return found


def spread(items, most):
    """At most `most` of the items, evenly spread, first and last among them; all of them in a full run."""
    if tiny_world.FULL or len(items) <= most:
        return items
    if most == 1:
        return [items[len(items) // 3]]
    return [items[round(i * (len(items) - 1) / (most - 1))] for i in range(most)]


def run_with(verb, folder, inject):
    """Exit code, text, and whether the fault was really injected."""
    with tempfile.NamedTemporaryFile("r", prefix="film-strace-") as log:
        code, said = tiny_world.run_verb(verb, folder, strace(log.name, inject))
        return code, said, "(INJECTED)" in log.read()
