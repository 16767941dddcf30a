#!/usr/bin/env python3
"""Usage: cuda_library_test.py BUILD TORCH_LIB FOLDER...
What can be known of libfilm_cuda.so without a GPU: no kernel spills registers, every architecture is there, and every
symbol that it leaves open is in a library that Torch's CUDA libraries bring along (looked for in TORCH_LIB and FOLDERs).
Prints the table of registers and shared memory."""
import pathlib
import re
import subprocess
import sys

ENTRY = re.compile(r"Compiling entry function '(\S+)' for '(sm_\d+)'")
SPILL = re.compile(r"(\d+) bytes stack frame, (\d+) bytes spill stores, (\d+) bytes spill loads")
USED = re.compile(r"Used (\d+) registers(?:.*?(\d+) bytes smem)?")
ARCHITECTURES = {"sm_80", "sm_90"}
# By file name; the C and C++ libraries are the loader's own affair.
BROUGHT = ["libtorch_cuda.so", "libc10_cuda.so", "libtorch_cpu.so", "libc10.so", "libcudart.so.13", "libcublas.so.13",
           "libnccl.so.2"]


def demangled(names):
    text = subprocess.run(["c++filt"], input="\n".join(names), capture_output=True, text=True, check=True).stdout
    # void film::cuda::(anonymous namespace)::forward<float, 4>(...) -> forward<float, 4>
    return [re.sub(r"\(anonymous namespace\)::|film::cuda::|^void ", "", line).split("(")[0] for line in text.splitlines()]


def kernels(report):
    """(mangled name, architecture, stack, spill stores and loads, registers, shared bytes) of every kernel."""
    rows, name, spill = [], None, None
    for line in report.read_text().splitlines():
        if found := ENTRY.search(line):
            name = found.groups()
        elif found := SPILL.search(line):
            spill = tuple(map(int, found.groups()))
        elif (found := USED.search(line)) and name:
            rows.append((*name, *spill, int(found[1]), int(found[2] or 0)))
            name = None
    return rows


def symbols(library, what):
    lines = subprocess.run(["nm", "-D", what, str(library)], capture_output=True, text=True, check=True).stdout.splitlines()
    return {line.split()[-1].split("@")[0] for line in lines if " w " not in line}


def main():
    build, *folders = map(pathlib.Path, sys.argv[1:])
    rows = [(report.name.split(".")[0], *row) for report in sorted(build.glob("cuda/*.o.resources")) for row in kernels(report)]
    complaints = [] if rows else [f"{build}/cuda: no reports of ptxas"]
    print(f"{'file':<14} {'kernel':<34} {'architecture':<12} {'registers':>9} {'shared':>6} {'stack':>5} {'spills':>6}")
    for row, kernel in zip(rows, demangled([row[1] for row in rows])):
        file, _, architecture, stack, stores, loads, registers, shared = row
        print(f"{file:<14} {kernel:<34} {architecture:<12} {registers:>9} {shared:>6} {stack:>5} {stores + loads:>6}")
        if stores + loads > 0:
            complaints.append(f"{file}: {kernel} spills on {architecture}")
    if rows and {row[2] for row in rows} != ARCHITECTURES:
        complaints.append(f"architectures are {sorted({row[2] for row in rows})}, expected {sorted(ARCHITECTURES)}")

    library = build / "libfilm_cuda.so"
    if "film_cuda_library" not in symbols(library, "--defined-only"):
        complaints.append("libfilm_cuda.so does not offer film_cuda_library")
    open_symbols = symbols(library, "--undefined-only")
    for name in BROUGHT + ["libstdc++.so.6", "libc.so.6", "libm.so.6", "libgcc_s.so.1"]:
        places = [folder / name for folder in [*folders, pathlib.Path("/lib/x86_64-linux-gnu"), pathlib.Path("/usr/lib64")]]
        found = next((place for place in places if place.exists()), None)
        if found is None:
            print(f"{name} is not here: its symbols are not checked")
            if name in BROUGHT:
                open_symbols = {s for s in open_symbols if not s.startswith(("cuda", "__cuda", "cublas", "nccl"))}
            continue
        open_symbols -= symbols(found, "--defined-only")
    for symbol in sorted(open_symbols):
        complaints.append(f"nobody offers {symbol}")
    for complaint in complaints:
        print("error:", complaint, file=sys.stderr)
    return 1 if complaints else 0


if __name__ == "__main__":
    sys.exit(main())
