"""A test that must not be root's goes on as an ordinary user where root starts it."""
import os
import pathlib
import pwd
import shutil
import sys
import tempfile

UNPRIVILEGED = "nobody"


def readable_by_others(path):
    path = pathlib.Path(path).resolve()
    return all(folder.stat().st_mode & 0o001 for folder in path.parents) and bool(path.stat().st_mode & 0o004)


def become_one():
    """Starts this program again without root's rights, but for reading, where film, Torch or Python lie in root's home."""
    if os.geteuid() != 0 or not shutil.which("setpriv"):
        return
    needed = [sys.executable, os.environ.get("FILM_PROGRAM"), os.environ.get("FILM_TORCH_DIR"), __file__]
    kept = "-all" if all(readable_by_others(path) for path in needed if path) else "-all,+dac_read_search"
    home = tempfile.mkdtemp(prefix="film-home-")
    shutil.chown(home, UNPRIVILEGED)
    os.environ.update(HOME=home, USER=UNPRIVILEGED, LOGNAME=UNPRIVILEGED)
    os.execvp("setpriv", ["setpriv", f"--reuid={UNPRIVILEGED}", f"--regid={pwd.getpwnam(UNPRIVILEGED).pw_gid}", "--clear-groups",
                          f"--inh-caps={kept}", f"--ambient-caps={kept}", f"--bounding-set={kept}",
                          sys.executable, *sys.argv])
