#!/usr/bin/env python3
"""include/film/<module> holds what other modules include, and nothing else: a header that only its own module (or its
tests) includes belongs into src/<module>, so that the eye can tell the contract from the inside."""
import re

import house

INCLUDE = re.compile(r'^\s*#\s*include\s*"film/(\w+)/([^"]+)"', re.MULTILINE)


def reachable(direct):
    """Headers that others get through the headers they include: those are public too."""
    public, waiting = set(), [header for header, users in direct.items() if users["outside"]]
    while waiting:
        header = waiting.pop()
        if header in public:
            continue
        public.add(header)
        waiting += [other for other, users in direct.items() if header in users["inside"]]
    return public


def check(root):
    headers = {str(name): {"outside": False, "inside": set()}
               for name in house.files(root, ".h") if name.parts[:2] == ("include", "film")}
    for name in house.files(root, ".h", ".cpp", ".cu", ".cuh"):
        if name.parts[0] not in ("src", "include"):
            continue
        own = name.parts[2] if name.parts[0] == "include" else name.parts[1]
        for module, path in INCLUDE.findall(house.text(root, name)):
            users = headers.get(f"include/film/{module}/{path}")
            if users is None:
                continue
            if module != own:
                users["outside"] = True
            elif name.parts[0] == "include":
                users["inside"].add(str(name))
    public = reachable(headers)
    return [f"{header}:1: no other module includes it; move it to src/" + header.split("/", 2)[2]
            for header in headers if header not in public]


if __name__ == "__main__":
    house.run(check)
