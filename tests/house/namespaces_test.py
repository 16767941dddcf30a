#!/usr/bin/env python3
"""Every module has a namespace of its own, film::<module>, so that two of them may use the same short name. base and
records, whose names all others use, are in film itself. Whatever has external linkage is defined in one source only:
see one_definition_test.py, which reads the compiled objects."""
import re

import house

OPENED = re.compile(r"^\s*(?:inline\s+)?namespace\s+(film(?:::\w+)*)\s*\{(.*)$", re.MULTILINE)
FORWARD = re.compile(r"^\s*(?:class|struct|enum(?: class)?)\s+\w+;")
VOCABULARY = {"base", "records"}


def module_of(name):
    depth = 2 if name.parts[0] == "include" else 1
    return name.parts[depth] if len(name.parts) > depth + 1 else None


def own_namespace(module):
    return "film" if module in VOCABULARY else f"film::{module}"


def inside(opened, module, modules):
    """film::text::detail is inside film::text; film::text is not inside film, since text is a module."""
    own = own_namespace(module)
    return opened == own or (opened.startswith(own + "::") and opened.split("::")[1] not in modules - {module})


def only_forward_declarations(content, start):
    """True for `namespace film { class OutputFolder; }`: another module's type, announced."""
    body = [line for line in content[start:].split("}", 1)[0].splitlines() if line.strip()]
    return bool(body) and all(FORWARD.match(line) for line in body)


def check(root):
    names = [name for name in house.files(root, ".h", ".cpp") if name.parts[0] in ("src", "include")]
    modules = {module_of(name) for name in names}
    complaints = []
    for name in names:
        content = house.text(root, name)
        for found in OPENED.finditer(content):
            if (inside(found[1], module_of(name), modules) or "cuda" in name.parts
                    or only_forward_declarations(content, found.start(2))):
                continue
            line = content.count("\n", 0, found.start(1)) + 1
            complaints.append(f"{name}:{line}: opens namespace {found[1]}; names of this module belong into "
                              f"{own_namespace(module_of(name))}")
    return complaints


if __name__ == "__main__":
    house.run(check)
