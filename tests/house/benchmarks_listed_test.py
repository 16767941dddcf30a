#!/usr/bin/env python3
"""scripts/get_benchmarks.sh names the data of every task file that comes without its data."""
import json
import re
import subprocess

import house

SCRIPT = "scripts/get_benchmarks.sh"


def files_of(root, name):
    """Names of the data that a task file wants. A line that begins with // is a comment."""
    lines = [line for line in house.text(root, name).splitlines() if not re.match(r"\s*//", line)]
    spec = json.loads("\n".join(lines))
    return [file for file in (spec.get("file"), spec.get("shots", {}).get("file")) if file and not file.startswith("../")]


def check(root):
    tasks = [name for name in house.files(root, ".json") if name.parts[:2] == ("configs", "tasks")]
    wanted = [(name, file) for name in tasks for file in files_of(root, name)]
    if not wanted:
        return []
    said = subprocess.run(["bash", str(root / SCRIPT)], capture_output=True, text=True, check=False).stdout
    listed = {line.split()[0] for line in said.splitlines() if line.strip()}
    return [f"{name}: {SCRIPT} does not name its data {file}" for name, file in wanted if file not in listed]


if __name__ == "__main__":
    house.run(check)
