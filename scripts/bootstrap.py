"""Makes `.venv` and installs the locked dependencies into it.

Runs on the machine's own Python, with nothing but the standard library, and is written so that an
old Python can still say that it is too old. `--dev` adds what the tests need.
"""

import os
import shutil
import subprocess
import sys
import tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
VENV = os.path.join(ROOT, ".venv")
PYTHON = os.path.join(VENV, "bin", "python")
OLDEST = (3, 11)
SPACE = 2500000000

LAUNCHER = """#!{python}
import sys

sys.path.insert(0, {root!r})
from app.cli import main

main()
"""


class Stopped(Exception):
    """One plain sentence on what is missing and what to do."""


def run(*words, **more):
    """Run a command whose words the person may watch; tell whether it went well."""
    return subprocess.call(words, cwd=ROOT, **more) == 0


def check_machine():
    """Refuse a Python that is too old and a disk that is too full, before anything is made."""
    if sys.version_info[:2] < OLDEST:
        raise Stopped(
            "Agora needs Python {}.{} or newer and this is {}.{}; install one and say "
            "which, for example: make up PYTHON=python3.12".format(*(OLDEST + sys.version_info[:2]))
        )
    if not os.access(ROOT, os.W_OK):
        raise Stopped(f"This user may not write to {ROOT}; clone Agora to a place of its own.")
    if not os.path.exists(PYTHON) and shutil.disk_usage(ROOT).free < SPACE:
        raise Stopped(
            f"The disk that holds {ROOT} has less than {SPACE // 1000000} MB free, which the "
            "programs need; free some space."
        )


def make_environment():
    """Make `.venv`; on Debian the module for that is a package of its own."""
    if read(os.path.join(VENV, "made-for")) == place() and run(PYTHON, "-c", "import pip"):
        return
    say("Making .venv")
    if not can_make_environments():
        install_venv_package()
    if not run(sys.executable, "-m", "venv", "--clear", VENV, stdout=subprocess.DEVNULL):
        raise Stopped(f"Python could not make {VENV}; remove that folder and try again.")
    write(os.path.join(VENV, "made-for"), place())


def place():
    """What an environment is made for: scripts in it name both this folder and this Python."""
    return "\n".join([ROOT, sys.executable, sys.version])


def read(path):
    """The text of a file; empty when there is none."""
    if not os.path.exists(path):
        return ""
    with open(path) as file:
        return file.read()


def write(path, text):
    """Make `path` hold `text`."""
    with open(path, "w") as file:
        file.write(text)


def can_make_environments():
    """Whether this Python can put pip into a new environment."""
    return run(
        *(sys.executable, "-c", "import venv, ensurepip"),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def install_venv_package():
    """Install Debian's package for virtual environments when we may, else say how."""
    package = "python{}.{}-venv".format(*sys.version_info[:2])
    if os.geteuid() == 0 and shutil.which("apt-get"):
        say(f"Installing {package}")
        quiet = dict(os.environ, DEBIAN_FRONTEND="noninteractive")
        for name in (package, "python3-venv"):
            install = ("apt-get", "install", "-y", "--no-install-recommends", "-qq", name)
            if run(*install, env=quiet, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL):
                break
            run("apt-get", "update", "-qq", env=quiet, stdout=subprocess.DEVNULL)
            if run(*install, env=quiet, stdout=subprocess.DEVNULL):
                break
    if not can_make_environments():
        raise Stopped(
            "Python's module for virtual environments is missing; install it "
            "(on Debian and Ubuntu: sudo apt-get install python3-venv) and try again."
        )


def install(lock):
    """Install exactly what `lock` names, by the version of uv that it names."""
    uv = os.path.join(VENV, "bin", "uv")
    wanted = only("uv", lock)
    version = wanted.split()[0].split("==")[1]
    if not os.path.exists(uv) or version not in subprocess.check_output([uv, "--version"]).decode():
        say(f"Installing uv {version}")
        with tempfile.NamedTemporaryFile("w", suffix=".txt") as file:
            file.write(wanted)
            file.flush()
            if not run(
                *(PYTHON, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"),
                *("--require-hashes", "-r", file.name),
            ):
                raise Stopped(no_registry())
    say(f"Installing what {os.path.relpath(lock, ROOT)} names")
    # Not `uv pip sync`, which would remove pip; with pip a broken uv can be replaced.
    if not run(
        *(uv, "pip", "install", "--require-hashes", "--no-deps", "--python", PYTHON, "-r", lock)
    ):
        raise Stopped(no_registry())


def no_registry():
    """What to say when packages did not come."""
    return (
        "The Python packages could not be installed, for the reason above; check the network "
        "(or set PIP_INDEX_URL and UV_INDEX_URL to a mirror) and the disk, and try again."
    )


def only(name, lock):
    """The lines of `lock` that pin one package."""
    text = read(lock)
    start = text.index(f"\n{name}==") + 1
    lines = text[start:].splitlines()
    end = next(i for i, line in enumerate(lines) if not line.endswith("\\"))
    return "\n".join(lines[: end + 1]) + "\n"


def write_launcher():
    """Write `.venv/bin/agora`, which runs the program from this folder."""
    path = os.path.join(VENV, "bin", "agora")
    write(path, LAUNCHER.format(python=PYTHON, root=ROOT))
    os.chmod(path, 0o755)


def is_current(kind):
    """Whether `.venv` was last made here from the lock of this kind as it is now."""
    made = read(os.path.join(VENV, "made-for")) == place()
    return made and read(stamp(kind)) == read(lock_of(kind))


def stamp(kind):
    """The file that keeps the text of the lock which was installed."""
    return os.path.join(VENV, kind + ".stamp")


def lock_of(kind):
    """The file that names every package of `kind`, with hashes."""
    return os.path.join(ROOT, "requirements", kind + ".txt")


def say(words):
    """Tell the person what is being done."""
    sys.stderr.write(f"  {words}\n")
    sys.stderr.flush()


def main():
    """Bring `.venv` to what the lock names; do nothing when it is there already."""
    kind = "dev" if "--dev" in sys.argv[1:] else "base"
    # What the tests need includes what the program needs. A linked environment is somebody's own.
    if os.path.islink(VENV) or is_current("dev") or is_current(kind):
        return
    check_machine()
    make_environment()
    for old in ("base", "dev"):
        if os.path.exists(stamp(old)):
            os.remove(stamp(old))
    install(lock_of(kind))
    write_launcher()
    write(stamp(kind), read(lock_of(kind)))


if __name__ == "__main__":
    try:
        main()
    except Stopped as stopped:
        sys.exit(str(stopped))
    except KeyboardInterrupt:
        sys.exit(130)
