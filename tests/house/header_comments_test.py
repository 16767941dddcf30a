#!/usr/bin/env python3
"""Every public header begins with `#pragma once` and a comment that says what it is for."""
import house


def check(root):
    complaints = []
    for name in house.files(root, ".h", ".cuh"):
        if name.parts[0] != "include":
            continue
        lines = house.text(root, name).splitlines() + ["", ""]
        if lines[0] != "#pragma once":
            complaints.append(f"{name}:1: a header begins with #pragma once")
        elif not lines[1].startswith("// ") or len(lines[1]) < 20:
            complaints.append(f"{name}:2: a comment after #pragma once says what the header is for")
    return complaints


if __name__ == "__main__":
    house.run(check)
