#!/usr/bin/env python3
"""Every shell script answers --help with how to use it, and does nothing else: no build, no download, no file."""
import os
import pathlib
import subprocess
import tempfile

import house

# What a script would call if it went to work. Each is replaced by a program that leaves a trace.
TOOLS = ("apt-get", "cmake", "ctest", "curl", "dpkg", "flock", "git", "ninja", "pip", "python3", "sudo", "tar", "wget")


def programs(root):
    """Scripts that are run, not those that others source: these have no first line that names a shell."""
    return [name for name in house.files(root, ".sh") if name.parts[0] == "scripts" and
            house.text(root, name).startswith("#!")]


def help_of(script, scratch):
    tools = scratch / "tools"
    tools.mkdir()
    for tool in TOOLS:
        (tools / tool).write_text(f"#!/bin/sh\necho {tool} >>{scratch}/called\n")
        (tools / tool).chmod(0o755)
    home = scratch / "home"
    home.mkdir()
    environment = {"PATH": f"{tools}:{os.environ.get('PATH', '/usr/bin:/bin')}", "HOME": str(home),
                   "XDG_CACHE_HOME": str(home / "cache"), "LC_ALL": "C"}
    run = subprocess.run(["bash", str(script), "--help"], cwd=home, env=environment, capture_output=True, text=True,
                         stdin=subprocess.DEVNULL, timeout=20, check=False)
    traces = [str(path.relative_to(home)) for path in home.rglob("*")]
    called = scratch / "called"
    return run, traces + (called.read_text().split() if called.exists() else [])


def check(root):
    complaints = []
    for name in programs(root):
        with tempfile.TemporaryDirectory() as scratch:
            run, traces = help_of(root / name, pathlib.Path(scratch))
        if run.returncode != 0:
            complaints.append(f"{name}: --help ends with {run.returncode}: {run.stderr.strip()[:200]}")
        elif not run.stdout.startswith("Usage: ") or len(run.stdout.splitlines()) < 2:
            complaints.append(f"{name}: --help does not print a line \"Usage: …\" and what the script does")
        if traces:
            complaints.append(f"{name}: --help does more than print: {', '.join(traces)}")
    return complaints


if __name__ == "__main__":
    house.run(check)
