#!/usr/bin/env python3
"""Every name with external linkage is defined in one source. The linker sees only those that meet in one program and
whose symbols are equal to the letter; two functions that differ in nothing but the tag GCC adds for a returned
std::string ([abi:cxx11]) link today and clash with another standard library. So this check reads the symbols of all
compiled objects, without such tags.

Usage: one_definition_test.py SOURCE_FOLDER BUILD_FOLDER"""
import collections
import json
import pathlib
import re
import subprocess
import sys

import house

STRONG = set("TDBRGSA")
ABI_TAG = re.compile(r"B\d+cxx11|B5cxx11")
OUTPUT = re.compile(r" -o (\S+)")
# One program each: the same helper may stand in several of them, but never under a name of the library.
PROGRAM = re.compile(r"film_(test|bench)_\w+\.dir")


def objects(build):
    """The objects of the present sources; a build folder keeps those of removed sources too."""
    commands = json.loads((build / "compile_commands.json").read_text(encoding="utf-8"))
    paths = {pathlib.Path(command["directory"]) / OUTPUT.search(command["command"])[1] for command in commands}
    return sorted(path for path in paths if path.suffix == ".o" and path.exists())


def strong_symbols(paths):
    """(object, symbol) of every strong definition of namespace film."""
    listed = subprocess.run(["nm", "--defined-only", "--extern-only", "-A", "-P", *map(str, paths)],
                            capture_output=True, text=True, check=True)
    for line in listed.stdout.splitlines():
        place, _, rest = line.partition(": ")
        words = rest.split()
        if len(words) > 1 and words[1] in STRONG and "4film" in words[0]:
            yield place, ABI_TAG.sub("", words[0])


def owner(place):
    """The program whose own object this is; empty for objects of the library."""
    program = PROGRAM.search(place)
    return program.group(0) if program else ""


def clash(places):
    inside = [place for place in places if not owner(place)]
    if len(inside) > 1 or (inside and len(places) > 1):
        return True
    programs = [owner(place) for place in places]
    return len(programs) != len(set(programs))


def check_build(build):
    paths = objects(build)
    if not paths:
        house.skip(f"no object files in {build}")
    found = collections.defaultdict(set)
    for place, symbol in strong_symbols(paths):
        found[symbol].add(place)
    complaints = []
    for symbol, places in sorted(found.items()):
        if clash(places):
            name = subprocess.run(["c++filt", symbol], capture_output=True, text=True, check=False).stdout.strip()
            where = ", ".join(sorted(pathlib.Path(place).name for place in places))
            complaints.append(f"{name or symbol}: defined in {where}")
    return complaints


if __name__ == "__main__":
    house.run(lambda root: check_build(pathlib.Path(sys.argv[2]) if len(sys.argv) > 2 else root / "build/release"))
