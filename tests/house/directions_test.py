#!/usr/bin/env python3
"""A room includes only the rooms that src/CMakeLists.txt names for it, and only the rooms marked TORCH include Torch.
The table is read from that very file: there is no second one."""
import re

import house

ROOM = re.compile(r"^film_room\(([^)]*)\)", re.MULTILINE)
INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]', re.MULTILINE)
TORCH = re.compile(r"(torch|ATen|c10|caffe2)(/|$)")
ONLY_IN = {"CLI": "cli"}  # a library's include folder and the one room that may use it
GENERATED = {"film_build_info.h"}


class Room:
    def __init__(self, words):
        self.name = words[0]
        self.torch = "TORCH" in words
        start = words.index("USES") + 1 if "USES" in words else len(words)
        stop = words.index("LINKS") if "LINKS" in words else len(words)
        self.uses = [word for word in words[start:stop] if word != "TORCH"]


def table(root):
    listing = re.sub(r"#.*", "", house.text(root, "src/CMakeLists.txt"))
    return {room.name: room for room in (Room(match.split()) for match in ROOM.findall(listing))}


def table_complaints(rooms):
    complaints, earlier = [], []
    for room in rooms.values():
        for used in room.uses:
            if used not in earlier:
                complaints.append(f"src/CMakeLists.txt: {room.name} uses {used}, which is no earlier room")
            elif rooms[used].torch and not room.torch:
                complaints.append(f"src/CMakeLists.txt: {room.name} uses {used}, a TORCH room, without being one")
        earlier.append(room.name)
    return complaints


def room_of(name):
    """src/text/wire.cpp -> text, include/film/text/tokenizer.h -> text."""
    depth = 2 if name.parts[0] == "include" else 1
    return name.parts[depth] if len(name.parts) > depth + 1 else None


def complaint_about(root, name, room, rooms, quoted, target):
    parts = target.split("/")
    if TORCH.match(target) and not room.torch:
        return f"{room.name} is no TORCH room, but includes {target}"
    if parts[0] in ONLY_IN and room.name != ONLY_IN[parts[0]]:
        return f"{room.name} includes {target}: only {ONLY_IN[parts[0]]} may"
    if parts[0] == "film" and len(parts) > 2:
        if parts[1] not in rooms:
            return f"includes {target}: src/CMakeLists.txt has no room {parts[1]}"
        if parts[1] not in room.uses + [room.name, "base"]:
            return f"{room.name} may not use {parts[1]} (src/CMakeLists.txt), but includes {target}"
        return None
    if quoted and target not in GENERATED:
        beside = (root / name).parent / target
        inside = room.name in beside.resolve().relative_to(root.resolve()).parts
        if not beside.is_file() or not inside:
            return f"includes {target}, which is no private header of {room.name}"
    return None


def check(root):
    rooms = table(root)
    complaints = table_complaints(rooms) if rooms else ["src/CMakeLists.txt: no film_room(...) found"]
    for name in house.files(root, ".cpp", ".h", ".cu", ".cuh"):
        if name.parts[0] not in ("src", "include"):
            continue
        room = rooms.get(room_of(name))
        if room is None:
            complaints.append(f"{name}: src/CMakeLists.txt has no room of that folder")
            continue
        content = house.text(root, name)
        for found in INCLUDE.finditer(content):
            what = complaint_about(root, name, room, rooms, found[1] == '"', found[2])
            if what:
                line = content.count("\n", 0, found.start(1)) + 1
                complaints.append(f"{name}:{line}: {what}")
    return complaints


if __name__ == "__main__":
    house.run(check)
