#!/usr/bin/env python3
"""A module includes only the modules that src/CMakeLists.txt names for it, and only those marked TORCH include Torch.
The table is read from that very file: there is no second one."""
import re

import house

MODULE = re.compile(r"^film_module\(([^)]*)\)", re.MULTILINE)
INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]', re.MULTILINE)
TORCH = re.compile(r"(torch|ATen|c10|caffe2)(/|$)")
ONLY_IN = {"CLI": "cli"}  # a library's include folder and the one module that may use it
GENERATED = {"film_build_info.h"}


class Module:
    def __init__(self, words):
        self.name = words[0]
        self.torch = "TORCH" in words
        start = words.index("USES") + 1 if "USES" in words else len(words)
        stop = words.index("LINKS") if "LINKS" in words else len(words)
        self.uses = [word for word in words[start:stop] if word != "TORCH"]


def table(root):
    listing = re.sub(r"#.*", "", house.text(root, "src/CMakeLists.txt"))
    return {module.name: module for module in (Module(match.split()) for match in MODULE.findall(listing))}


def table_complaints(modules):
    complaints, earlier = [], []
    for module in modules.values():
        for used in module.uses:
            if used not in earlier:
                complaints.append(f"src/CMakeLists.txt: {module.name} uses {used}, which is not an earlier module")
            elif modules[used].torch and not module.torch:
                complaints.append(f"src/CMakeLists.txt: {module.name} uses {used}, a TORCH module, without being one")
        earlier.append(module.name)
    return complaints


def module_of(name):
    """src/text/wire.cpp -> text, include/film/text/tokenizer.h -> text."""
    depth = 2 if name.parts[0] == "include" else 1
    return name.parts[depth] if len(name.parts) > depth + 1 else None


def complaint_about(root, name, module, modules, quoted, target):
    parts = target.split("/")
    if TORCH.match(target) and not module.torch:
        return f"{module.name} is not a TORCH module, but includes {target}"
    if parts[0] in ONLY_IN and module.name != ONLY_IN[parts[0]]:
        return f"{module.name} includes {target}: only {ONLY_IN[parts[0]]} may"
    if parts[0] == "film" and len(parts) > 2:
        if parts[1] not in modules:
            return f"includes {target}: src/CMakeLists.txt has no module {parts[1]}"
        if parts[1] not in module.uses + [module.name, "base"]:
            return f"{module.name} may not use {parts[1]} (src/CMakeLists.txt), but includes {target}"
        return None
    if quoted and target not in GENERATED:
        beside = (root / name).parent / target
        inside = module.name in beside.resolve().relative_to(root.resolve()).parts
        if not beside.is_file() or not inside:
            return f"includes {target}, which is not a private header of {module.name}"
    return None


def check(root):
    modules = table(root)
    complaints = table_complaints(modules) if modules else ["src/CMakeLists.txt: no film_module(...) found"]
    for name in house.files(root, ".cpp", ".h", ".cu", ".cuh"):
        if name.parts[0] not in ("src", "include"):
            continue
        module = modules.get(module_of(name))
        if module is None:
            complaints.append(f"{name}: src/CMakeLists.txt has no module of that folder")
            continue
        content = house.text(root, name)
        for found in INCLUDE.finditer(content):
            what = complaint_about(root, name, module, modules, found[1] == '"', found[2])
            if what:
                line = content.count("\n", 0, found.start(1)) + 1
                complaints.append(f"{name}:{line}: {what}")
    return complaints


if __name__ == "__main__":
    house.run(check)
