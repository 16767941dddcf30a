#!/usr/bin/env python3
"""No file names one machine's folders or private hosts: what is in the project must work on every machine."""
import re

import house

# A path that begins a word. Placeholders such as /path/to or $HOME are fine.
PATH = re.compile(r"(?<![\w.$}~/-])/(?:work|root|workspace|home/[a-z]|Users/[A-Za-z])(?![\w.-])[\w./-]*|"
                  r"(?<![\w.$}~/-])/(?:home|Users)/\w+[\w./-]*")
# Package registries and mirrors are the business of the machine's own configuration (pip.conf, sources.list).
HOST = re.compile(r"\b(?:pypi\.org|files\.pythonhosted\.org|deb\.debian\.org|registry\.\w+\.\w+|[\w-]+\.jfrog\.io|"
                  r"(?:artifactory|nexus)\.[\w.-]+|[\w-]+\.(?:internal|corp|lan))\b|--(?:extra-)?index-url")
OWN = "tests/house/"  # the patterns themselves and their mutants


def check(root):
    complaints = []
    for name in house.files(root):
        if name.as_posix().startswith(OWN) or b"\0" in (root / name).read_bytes()[:4096]:
            continue
        for number, line in enumerate(house.text(root, name).splitlines(), 1):
            for pattern, what in ((PATH, "a machine's path"), (HOST, "a registry or private host")):
                found = pattern.search(line)
                if found:
                    complaints.append(f"{name}:{number}: {what}: {found[0]}")
    return complaints


if __name__ == "__main__":
    house.run(check)
