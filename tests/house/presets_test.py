#!/usr/bin/env python3
"""CMakePresets.json hangs together, and every preset that a script or a document names is there."""
import json
import re

import house

OPTION = re.compile(r"^\s*(?:option|set)\s*\(\s*(FILM_\w+)", re.MULTILINE)
NAMED = re.compile(r"--preset[ =]([a-z][\w-]*)")


def known_options(root):
    options = set()
    for name in house.files(root, ".cmake", "CMakeLists.txt"):
        options |= set(OPTION.findall(house.text(root, name)))
    return options


def mention_complaints(root, names):
    complaints = []
    for name in house.files(root, ".md", ".sh", ".yml", ".yaml", "run"):
        for mentioned in NAMED.findall(house.text(root, name)):
            if mentioned not in names:
                complaints.append(f"{name}: names the preset {mentioned}, which CMakePresets.json does not have")
    return complaints


def check(root):
    presets = json.loads(house.text(root, "CMakePresets.json"))
    configure = {preset["name"]: preset for preset in presets["configurePresets"]}
    visible = {name for name, preset in configure.items() if not preset.get("hidden")}
    complaints = []
    options = known_options(root)
    for name, preset in configure.items():
        for variable in preset.get("cacheVariables", {}):
            if variable.startswith("FILM_") and variable not in options:
                complaints.append(f"CMakePresets.json: {name} sets {variable}, which no CMake file declares")
        if preset.get("inherits") and preset["inherits"] not in configure:
            complaints.append(f"CMakePresets.json: {name} inherits {preset['inherits']}, which is not there")
        if name in visible and not preset.get("displayName"):
            complaints.append(f"CMakePresets.json: {name} does not say what it is for (displayName)")
    for kind in ("buildPresets", "testPresets"):
        for preset in presets.get(kind, []):
            if preset["configurePreset"] not in visible:
                complaints.append(f"CMakePresets.json: {kind} {preset['name']} builds on no configure preset")
    for name in sorted(visible - {preset["configurePreset"] for preset in presets.get("buildPresets", [])}):
        complaints.append(f"CMakePresets.json: {name} has no build preset of its name")
    return complaints + mention_complaints(root, visible)


if __name__ == "__main__":
    house.run(check)
