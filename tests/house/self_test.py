#!/usr/bin/env python3
"""Each check must be able to fail: it passes on a small good project and complains about every planted fault."""
import json
import pathlib
import subprocess
import sys
import tempfile

import house

HERE = pathlib.Path(__file__).resolve().parent
MODULES = """film_module(base LINKS zstd)
film_module(text USES base LINKS sentencepiece)  # comment
film_module(corpus USES base text
  LINKS x)
film_module(kernels TORCH USES base)
film_module(model TORCH USES base text kernels)
film_module(cli USES base text corpus LINKS CLI11::CLI11)
"""
HEADER = "#pragma once\n// What this header is for, in a sentence.\n"
PRESETS = {"configurePresets": [{"name": "base", "hidden": True},
                                {"name": "release", "displayName": "Fast", "inherits": "base",
                                 "cacheVariables": {"FILM_ENGINE": "OFF"}}],
           "buildPresets": [{"name": "release", "configurePreset": "release"}],
           "testPresets": [{"name": "release", "configurePreset": "release"}]}
GOOD = {
    "CMakeLists.txt": 'option(FILM_ENGINE "x" ON)\n',
    "CMakePresets.json": json.dumps(PRESETS),
    ".clang-format": "BasedOnStyle: Google\nColumnLimit: 110\n",
    "README.md": "cmake --preset release; out in /path/to/out, ~/" "work/x, $HOME/root, https://example.org/" "work/a\n",
    "scripts/good.sh": "#!/usr/bin/env bash\necho 'Usage: scripts/good.sh'\necho 'Does good.'\n",
    "scripts/setup/part.sh": "# sourced by others\ncmake --version\n",
    "src/CMakeLists.txt": MODULES,
    "src/base/a.cpp": '#include "film/base/a.h"\n\n#include <string>\n',
    "src/text/b.cpp": '#include "film/text/b.h"\n\n#include "film/base/a.h"\n#include "private.h"\n',
    "src/text/private.h": HEADER,
    "src/model/c.cpp": '#include <ATen/ATen.h>\n#include <film/text/b.h>\n',
    "src/cli/d.cpp": "#include <CLI/CLI.hpp>\n",
    "include/film/base/a.h": HEADER,
    "include/film/text/b.h": HEADER + '#include "film/base/a.h"\n',
    "include/film/corpus/e.h": HEADER,
    "scripts/setup.sh": "#!/bin/sh\n# --cuda)\nprintf 'Usage: x\\nSets up.\\n'\n",
    "scripts/containers/film": "#!/bin/sh\n",
    "scripts/containers/Dockerfile": "FROM debian:12-slim\nARG PRESET=release\nENV XDG_CACHE_HOME=/c\n"
                                     "RUN cd /opt/film && scripts/setup.sh ${SETUP} && "
                                     "scripts/build.sh ${PRESET} --target film\n",
    "scripts/containers/film.def": "# SETUP=--cuda\nBootstrap: docker\nFrom: debian:12-slim\nXDG_CACHE_HOME=/c\n"
                                   "cd /opt/film && scripts/setup.sh {{ SETUP }} && "
                                   "scripts/build.sh {{ PRESET }} --target film\n/opt/film/scripts/containers/film\n",
    "src/base/n.cpp": "namespace film {}\n",
    "src/text/n.cpp": "namespace film {\nclass Json;\n}\n\nnamespace film::text {}\n",
    "src/cli/f.cpp": '#include "film/base/a.h"\n#include "film/corpus/e.h"\n#include "film/text/b.h"\n',
}


def preset(**changes):
    return json.dumps({**PRESETS, **changes})


# check, planted file, its content, part of the complaint
MUTANTS = [
    ("benchmarks_listed", "configs/tasks/new.json", '// c\n{"file": "rows.jsonl"}\n', "does not name its data rows.jsonl"),
    ("containers", "scripts/containers/Dockerfile", GOOD["scripts/containers/Dockerfile"].replace("12-slim", "13"),
     "differ in the base image"),
    ("containers", "scripts/containers/Dockerfile", GOOD["scripts/containers/Dockerfile"].replace("film\n", "all\n"),
     "differ in the step"),
    ("containers", "scripts/containers/Dockerfile", "FROM debian:12-slim\nXDG_CACHE_HOME=/c\nRUN make\n",
     "does not set up and build"),
    ("containers", "scripts/containers/film.def", GOOD["scripts/containers/film.def"].replace("--cuda", "--coda"),
     "scripts/setup.sh has no --coda"),
    ("containers", "scripts/containers/film.def", GOOD["scripts/containers/film.def"] + "PRESET=fast\n",
     "CMakePresets.json has no fast"),
    ("containers", "scripts/containers/film.def", GOOD["scripts/containers/film.def"] + "/opt/film/scripts/run\n",
     "there is no scripts/run"),
    ("script_help", "scripts/x.sh", "#!/bin/bash\nexit 3\n", "scripts/x.sh: --help ends with 3"),
    ("script_help", "scripts/x.sh", "#!/bin/bash\necho building\n", "does not print a line"),
    ("script_help", "scripts/x.sh", "#!/bin/bash\nprintf 'Usage: x\\nGood.\\n'\ncmake --build .\n", "more than print: cmake"),
    ("script_help", "scripts/deep/x.sh", "#!/bin/sh\nprintf 'Usage: x\\nGood.\\n'\ntouch ~/made\n", "more than print: made"),
    ("directions", "src/base/x.cpp", '#include "film/text/b.h"\n', "base may not use text"),
    ("directions", "src/text/x.cpp", '\n#  include "film/corpus/e.h"\n', "src/text/x.cpp:2: text may not use corpus"),
    ("directions", "include/film/text/x.h", '#include "film/corpus/e.h"\n', "text may not use corpus"),
    ("directions", "src/text/x.cpp", "#include <film/corpus/e.h>\n", "text may not use corpus"),
    ("directions", "src/text/deep/x.cpp", '#include "film/corpus/e.h"\n', "text may not use corpus"),
    ("directions", "src/text/x.cpp", "#include <ATen/ATen.h>\n", "text is not a TORCH module"),
    ("directions", "include/film/corpus/x.h", "#include <torch/torch.h>\n", "corpus is not a TORCH module"),
    ("directions", "src/text/x.cpp", "#include <c10/util/Exception.h>\n", "text is not a TORCH module"),
    ("directions", "src/kernels/x.cpp", '#include "film/model/m.h"\n', "kernels may not use model"),
    ("directions", "src/kernels/plugin.cpp", '#include "film/model/m.h"\n', "kernels may not use model"),
    ("directions", "src/model/x.cpp", "#include <CLI/CLI.hpp>\n", "only cli may"),
    ("directions", "src/corpus/x.cpp", '#include "../text/private.h"\n', "not a private header of corpus"),
    ("directions", "src/corpus/x.cpp", '#include "private.h"\n', "not a private header of corpus"),
    ("directions", "src/text/x.cpp", '#include "film/nowhere/x.h"\n', "has no module nowhere"),
    ("directions", "src/attic/x.cpp", "\n", "has no module of that folder"),
    ("directions", "src/CMakeLists.txt", "film_module(base USES text)\nfilm_module(text)\n", "not an earlier module"),
    ("directions", "src/CMakeLists.txt", MODULES.replace("corpus USES base", "corpus USES base kernels"),
     "not an earlier module"),
    ("directions", "src/CMakeLists.txt", MODULES.replace("cli USES base", "cli USES base model"), "without being one"),
    ("directions", "src/CMakeLists.txt", "\n", "no film_module"),
    ("file_length", "src/base/long.cpp", "//\n" * 401, "src/base/long.cpp: 401 lines"),
    ("file_length", "scripts/long.sh", "#\n" * 500, "scripts/long.sh: 500 lines"),
    ("format", "src/base/x.cpp", "int  a;\n", "src/base/x.cpp:1: not formatted"),
    ("format", "tests/base/x.h", "void f(){}\n", "tests/base/x.h:1: not formatted"),
    ("no_machine_paths", "docs/a.md", "see /" "work/main/x\n", "docs/a.md:1: a machine's path: /" "work/main/x"),
    ("no_machine_paths", "scripts/a.sh", "cd /" "root\n", "scripts/a.sh:1: a machine's path: /" "root"),
    ("no_machine_paths", "src/base/x.cpp", '"/home/jane/film"\n', "a machine's path: /home/jane/film"),
    ("no_machine_paths", "a.json", '{"a": "/Users/jane"}\n', "a machine's path: /Users/jane"),
    ("no_machine_paths", "a.sh", "pip install --index-url x\n", "a registry or private host"),
    ("no_machine_paths", "a.txt", "https://pypi.org/simple\n", "a registry or private host"),
    ("no_machine_paths", "a.txt", "http://build7.internal/x\n", "a registry or private host"),
    ("header_comments", "include/film/base/x.h", "// no pragma\n", "begins with #pragma once"),
    ("header_comments", "include/film/base/x.h", "#pragma once\n#include <string>\n", "says what the header is for"),
    ("header_comments", "include/film/base/x.h", "", "begins with #pragma once"),
    ("namespaces", "src/text/x.cpp", "\nnamespace film {\nint a;\n}\n", "src/text/x.cpp:2: opens namespace film;"),
    ("namespaces", "src/text/x.cpp", "namespace film::corpus {\n}\n", "opens namespace film::corpus"),
    ("namespaces", "include/film/base/x.h", "namespace film::text { int b(); }\n", "opens namespace film::text"),
    ("public_headers", "include/film/text/x.h", HEADER, "include/film/text/x.h:1: no other module includes it"),
    ("public_headers", "src/cli/f.cpp", '#include "film/corpus/e.h"\n', "include/film/text/b.h:1: no other"),
    ("presets", "CMakePresets.json", preset(testPresets=[{"name": "a", "configurePreset": "gone"}]),
     "builds on no configure preset"),
    ("presets", "CMakePresets.json", preset(buildPresets=[]), "release has no build preset"),
    ("presets", "CMakeLists.txt", "\n", "sets FILM_ENGINE, which no CMake file declares"),
    ("presets", "README.md", "cmake --preset relaese\n", "names the preset relaese"),
]


def plant(root, tree):
    for name, content in tree.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")


def outcome(check, tree):
    with tempfile.TemporaryDirectory(prefix="film-house-") as folder:
        plant(pathlib.Path(folder), tree)
        done = subprocess.run([sys.executable, str(HERE / f"{check}_test.py"), folder], capture_output=True, text=True,
                              check=False)
        return done.returncode, done.stdout + done.stderr


# Two sources whose functions differ in their returned type alone.
TWICE = ["#include <string>\nnamespace film { std::string twice(int) { return {}; } }\n",
         "namespace film { int twice(int) { return 1; } }\n"]


def built(folder, sources):
    """What one_definition says of these sources, compiled as two objects of one library."""
    commands = []
    for number, source in enumerate(sources):
        (folder / f"{number}.cpp").write_text(source, encoding="utf-8")
        subprocess.run(["c++", "-c", f"{number}.cpp", "-o", f"{number}.o"], cwd=folder, check=True)
        commands.append({"directory": str(folder), "command": f"c++ -c {number}.cpp -o {number}.o"})
    (folder / "compile_commands.json").write_text(json.dumps(commands), encoding="utf-8")
    done = subprocess.run([sys.executable, str(HERE / "one_definition_test.py"), str(folder), str(folder)],
                          capture_output=True, text=True, check=False)
    return done.returncode, done.stdout + done.stderr


def one_definition_failures():
    failures = []
    with tempfile.TemporaryDirectory(prefix="film-house-") as folder:
        code, said = built(pathlib.Path(folder), TWICE)
        if code != 1 or "film::twice(int): defined in 0.o, 1.o" not in said:
            failures.append(f"one_definition: two definitions not found (exit {code}):\n{said}")
        code, said = built(pathlib.Path(folder), [TWICE[0], TWICE[1].replace("twice", "once")])
        if code != 0:
            failures.append(f"one_definition: complains about good objects:\n{said}")
    return failures


def main():
    failures, skipped = one_definition_failures(), set()
    for check in sorted({mutant[0] for mutant in MUTANTS}):
        code, said = outcome(check, GOOD)
        if code == house.SKIPPED:
            skipped.add(check)
            print(f"{check}: {said.strip()}")
        elif code != 0:
            failures.append(f"{check}: complains about the good project:\n{said}")
    for check, name, content, expected in MUTANTS:
        if check in skipped:
            continue
        code, said = outcome(check, {**GOOD, name: content})
        if code != 1 or expected not in said:
            failures.append(f"{check}: planted fault in {name} not found (exit {code}, wanted {expected!r}):\n{said}")
    print(f"{len(MUTANTS) + 1} planted faults, {len(failures)} failures")
    for failure in failures:
        print(failure)
    sys.exit(1 if failures else 0)


if __name__ == "__main__":
    main()
