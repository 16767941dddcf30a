#!/usr/bin/env python3
"""Every C++ file is as clang-format leaves it."""
import re
import shutil
import subprocess

import house

VERSION = "14"  # versions differ in what they do with the same .clang-format
BATCH = 40      # files a call


def program():
    for name in (f"clang-format-{VERSION}", "clang-format"):
        if shutil.which(name):
            said = subprocess.run([name, "--version"], capture_output=True, text=True, check=True).stdout
            if re.search(rf"version {VERSION}\.", said):
                return name
    house.skip(f"clang-format {VERSION} is not installed (Debian: clang-format-{VERSION})")


def check(root):
    names = [str(name) for name in house.files(root, ".cpp", ".h", ".cu", ".cuh")
             if name.parts[0] in ("src", "include", "tests")]
    command = [program(), "--dry-run", "-Werror"]
    badly = {}
    for first in range(0, len(names), BATCH):
        said = subprocess.run(command + names[first:first + BATCH], cwd=root, capture_output=True, text=True,
                              check=False)
        for file, line in re.findall(r"^(.+?):(\d+):\d+: error", said.stderr, re.MULTILINE):
            badly.setdefault(file, line)
    return [f"{file}:{line}: not formatted (clang-format -i {file})" for file, line in badly.items()]


if __name__ == "__main__":
    house.run(check)
