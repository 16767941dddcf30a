#!/usr/bin/env python3
"""The container files do what scripts/setup.sh and scripts/build.sh do, from the same Debian, with options and presets that
exist. Containers cannot be built where the tests run, so this is all that is known of them."""
import json
import re

import house

FOLDER = "scripts/containers"
FILES = (f"{FOLDER}/Dockerfile", f"{FOLDER}/film.def")
STEP = re.compile(r"cd (\S+) && scripts/setup\.sh (?:\$\{SETUP\}|\{\{ SETUP \}\}) && "
                  r"scripts/build\.sh (?:\$\{PRESET\}|\{\{ PRESET \}\}) --target (.+)")
BASE = re.compile(r"^from:?\s+(\S+)", re.IGNORECASE | re.MULTILINE)
CACHE = re.compile(r"XDG_CACHE_HOME=(\S+)")
ENTRY = re.compile(r'/opt/film/(scripts/[^\s"]+)')


def complaints_of(root, name, presets, setup):
    text = house.text(root, name)
    found = []
    if not STEP.search(text):
        found.append(f"{name}: does not set up and build by scripts/setup.sh and scripts/build.sh")
    for option in re.findall(r"SETUP=(--\S+)", text):
        if f"{option})" not in setup:
            found.append(f"{name}: scripts/setup.sh has no {option}")
    for preset in re.findall(r"PRESET=([\w-]+)", text):
        if preset not in presets:
            found.append(f"{name}: CMakePresets.json has no {preset}")
    for entry in ENTRY.findall(text):
        if not (root / entry).is_file():
            found.append(f"{name}: there is no {entry}")
    return found


def check(root):
    there = [name for name in FILES if (root / name).is_file()]
    if not there:
        return []
    if len(there) < len(FILES):
        return [f"{name}: is missing, the other container file is there" for name in FILES if name not in there]
    presets = [preset["name"] for preset in json.loads(house.text(root, "CMakePresets.json"))["configurePresets"]]
    setup = house.text(root, "scripts/setup.sh") if (root / "scripts/setup.sh").is_file() else ""
    complaints = [complaint for name in FILES for complaint in complaints_of(root, name, presets, setup)]
    for what, pattern in (("base image", BASE), ("step", STEP), ("cache folder", CACHE)):
        values = {tuple(sorted(set(pattern.findall(house.text(root, name))))) for name in FILES}
        if len(values) > 1:
            complaints.append(f"{FOLDER}: the two files differ in the {what}: {values}")
    return complaints


if __name__ == "__main__":
    house.run(check)
