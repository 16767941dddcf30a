#!/usr/bin/env python3
"""No source file is longer than 400 lines; past 300 it should be split. Prints the median of the sources."""
import statistics

import house

LONGEST, SPLIT = 400, 300
SOURCES = (".cpp", ".h", ".cu", ".cuh", ".py", ".sh", ".cmake", "CMakeLists.txt")


def check(root):
    lengths = {name: len(house.text(root, name).splitlines()) for name in house.files(root, *SOURCES)}
    of_modules = [length for name, length in lengths.items() if name.parts[0] in ("src", "include")]
    if of_modules:
        print(f"{len(of_modules)} files in src and include: median {statistics.median(of_modules):.0f} lines, "
              f"longest {max(of_modules)}")
    for name, length in sorted(lengths.items(), key=lambda item: -item[1]):
        if SPLIT < length <= LONGEST:
            print(f"{name}: {length} lines: worth splitting")
    return [f"{name}: {length} lines, more than {LONGEST}: split it"
            for name, length in lengths.items() if length > LONGEST]


if __name__ == "__main__":
    house.run(check)
