"""What the checks of this folder share. A check is a function of the project's folder that returns complaints, one
line each; `run` makes a program of it. Standard library only."""
import pathlib
import subprocess
import sys

SKIPPED = 77  # ctest's SKIP_RETURN_CODE of these checks


def files(root, *suffixes):
    """Files of the project (not what git ignores), as paths relative to `root`; `suffixes` may be whole names."""
    listed = subprocess.run(["git", "-C", str(root), "ls-files", "-co", "--exclude-standard", "-z"],
                            capture_output=True, text=True, check=False)
    if listed.returncode == 0:
        names = [pathlib.Path(name) for name in listed.stdout.split("\0") if name]
    else:  # an unpacked archive
        names = [path.relative_to(root) for path in root.rglob("*")]
    chosen = []
    for name in sorted(set(names)):
        inside_build = name.parts[0] in ("build", ".git")
        wanted = not suffixes or name.suffix in suffixes or name.name in suffixes
        if wanted and not inside_build and (root / name).is_file():
            chosen.append(name)
    return chosen


def text(root, name):
    return (root / name).read_text(encoding="utf-8", errors="replace")


def skip(reason):
    print("skipped: " + reason)
    sys.exit(SKIPPED)


def run(check):
    root = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else pathlib.Path(__file__).resolve().parents[2]
    complaints = check(root)
    for complaint in complaints:
        print(complaint)
    sys.exit(1 if complaints else 0)
