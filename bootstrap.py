"""Set Catkin up on a bare machine and start it: standard library only.

python3 bootstrap.py run      install what is needed into .venv, then serve
python3 bootstrap.py test     every check, in order, until one fails
python3 bootstrap.py screenshots   pictures of every page, into screenshots/
python3 bootstrap.py bench    every figure of the README, measured again
python3 bootstrap.py faults   what goes wrong in schools, done on purpose (--quick, --only R1 R7)
python3 bootstrap.py attack   scanners against a Catkin of its own
python3 bootstrap.py locks    write the hashed requirements anew (needs uv)
python3 bootstrap.py <command of the app>, such as: content check
"""

# It must still be readable for an older Python, to say in one sentence what it needs.
import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
from contextlib import contextmanager

ROOT = os.path.dirname(os.path.realpath(__file__))
VENV = os.path.join(ROOT, ".venv")
STAMP = os.path.join(VENV, "installed.txt")
WINDOWS = os.name == "nt"
LINUX = sys.platform == "linux"
PYTHON = os.path.join(VENV, *(("Scripts", "python.exe") if WINDOWS else ("bin", "python")))
RUN, DEV, BENCH = "requirements.txt", "requirements-dev.txt", "requirements-bench.txt"
# Tools whose needs clash with Catkin's: each in an environment of its own, .venv-<name>.
SEMGREP, ATTACK = "semgrep", "attack"
DEBIAN_PACKAGES = ("chromium-headless-shell", "fonts-dejavu-core", "libatomic1")
CHROMIUMS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
FOLDERS = ("unit", "rooms", "doors", "contracts", "attack", "ground")
# Whoever is done first takes over from the other.
TWO_AT_A_TIME = ("pytest", "-n", "2", "--dist", "worksteal")

STEPS = (
    ("the code is laid out", ("ruff", "format", "--check", ".")),
    ("the code is tidy", ("ruff", "check", ".")),
    ("the types fit", ("mypy",)),
    ("imports point down", ("lint-imports",)),
    ("lessons and quizzes are right", ("app", "content", "check")),
    ("each part works", (*TWO_AT_A_TIME, *(f"tests/{folder}" for folder in FOLDERS))),
)
OWN_RULES = "our own rules hold"
BROWSER_STEP = ("a browser gets through", (*TWO_AT_A_TIME, "tests/browser"))


class Stop(Exception):
    """Nothing more can be done; the sentence says why and what would help."""


def main(arguments):
    """Do what was asked; the exit code."""
    if sys.version_info < (3, 11):
        print(f"Catkin needs Python 3.11 or newer; this is {sys.version.split()[0]}.")
        return 1
    if not arguments:
        print(__doc__)
        return 2
    try:
        alone = {"run": run, "test": test, "locks": locks, "screenshots": screenshots}
        if arguments[0] in alone and not arguments[1:]:
            return alone[arguments[0]]()
        with_more = {"bench": bench, "faults": faults, "attack": attack}
        if arguments[0] in with_more:
            return with_more[arguments[0]](arguments[1:])
        return run(*arguments)
    except Stop as reason:
        print(reason, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


def run(*command):
    """Become Catkin: the same process, so that whoever started this can also stop it."""
    install(RUN)
    for folder in ("DATA_DIR", "KEYS_DIR"):
        if os.environ.get(folder):  # Meant from where the caller stands.
            os.environ[folder] = os.path.abspath(os.path.expanduser(os.environ[folder]))
    os.chdir(ROOT)
    call = [PYTHON, "-m", "app", *command]
    return subprocess.call(call) if WINDOWS else os.execv(PYTHON, call)


def test():
    """Every step until one fails; names what this machine cannot check."""
    install(RUN, DEV)
    os.chdir(ROOT)
    steps = list(STEPS)
    if LINUX:
        programs = apart(SEMGREP)
        command = ("tests.attack.with_semgrep", os.path.join(programs, SEMGREP))
        steps.insert(-1, (OWN_RULES, command))
    missing = no_browser()
    if not missing:
        steps.append(BROWSER_STEP)
    for number, (claim, command) in enumerate(steps, 1):
        print(f"== {number}/{len(steps)} {claim}: {' '.join(command)}", flush=True)
        code = subprocess.call(in_venv(command))
        if code:
            print(f"== Failed: {claim}", file=sys.stderr)
            return code if code > 0 else 1
    if not LINUX:
        print(f"== Skipped: {OWN_RULES} (its reader, semgrep, is installed on Linux alone)")
    if missing:
        print(f"== Skipped: tests/browser ({missing})")
    return 0


def screenshots():
    """Pictures of every page; names what is missing where there is no browser."""
    install(RUN, DEV)
    os.chdir(ROOT)
    missing = no_browser()
    if missing:
        raise Stop(f"No pictures: {missing}.")
    return subprocess.call([PYTHON, "-m", "tests.look.screenshots"])


def bench(parts):
    """The table of figures: all of it, or the parts that are named."""
    install(RUN, DEV, BENCH)
    os.chdir(ROOT)
    return subprocess.call(
        [PYTHON, "-m", "tests.load.bench", *(["--only", *parts] if parts else [])]
    )


def faults(asked):
    """The table of what goes wrong, and whether Catkin holds."""
    install(RUN, DEV)
    os.chdir(ROOT)
    return subprocess.call([PYTHON, "-m", "tests.faults", *asked])


def attack(asked):
    """Scanners against a Catkin of its own; they are told where their programs lie."""
    install(RUN, DEV)
    programs = apart(ATTACK)
    os.chdir(ROOT)
    return subprocess.call([PYTHON, "-m", "tests.attack.scan", programs, *asked])


def in_venv(command):
    """A step's command, called through the environment's own Python wherever that lies."""
    name, *rest = command
    if name == "lint-imports":
        call = "import sys; from importlinter.cli import lint_imports_command as check; check()"
        return [PYTHON, "-c", call, *rest]
    return [PYTHON, "-m", name, *rest]


def locks():
    """Write the hashed requirements files, without the address they were found at."""
    if not shutil.which("uv"):
        raise Stop("Writing the locks needs uv: see its own pages for how to install it.")
    for target in (RUN, DEV, BENCH, requirements_of(SEMGREP), requirements_of(ATTACK)):
        source = target.replace(".txt", ".in")
        call = ["uv", "pip", "compile", "--universal", "--python-version", "3.11", "--upgrade"]
        call += ["--quiet", "--generate-hashes", "--no-header", source, "-o", target]
        if subprocess.call(call, cwd=ROOT):
            raise Stop(f"uv could not write {target}: see above.")
    return 0


def install(*wanted):
    """Bring .venv up to date with these requirements; at once when it already is."""
    if fitting() >= stamps(wanted):
        return
    try:
        with one_at_a_time():
            if not fitting() >= stamps([RUN]):
                make_venv()
            lacking = [name for name in wanted if not fitting() >= stamps([name])]
            if lacking:
                fetch(lacking)
                write_stamp(fitting() | stamps(lacking))
    except OSError as problem:
        raise Stop(
            f"The folder {ROOT} cannot be written ({problem.strerror or problem}): let this user"
            " write there, or delete its .venv if another user made it."
        ) from problem


def apart(name):
    """Bring .venv-<name> up to date, beside .venv; the folder in which its programs lie."""
    folder, needs = os.path.join(ROOT, f".venv-{name}"), requirements_of(name)
    programs = os.path.join(folder, "Scripts" if WINDOWS else "bin")
    stamp, says = os.path.join(folder, "installed.txt"), stamps([needs], folder)
    try:
        with one_at_a_time():
            if stamped(stamp) != says:
                make_venv(folder)
                fetch([needs], folder)
                write_stamp(says, stamp)
    except Stop as problem:
        raise Stop(
            f"The tools that {needs} names could not be installed into .venv-{name}:"
            " see above, check the network, and try again."
        ) from problem
    return programs


def requirements_of(name):
    """The hashed requirements of an environment of its own."""
    return f"requirements-{name}.txt"


def stamps(names, place=None):
    """What an environment with these requirements says of itself: Python, place, and hashes."""
    found = {f"python {sys.version.split()[0]} {sys.platform}", f"place {place or VENV}"}
    for name in names:
        with open(os.path.join(ROOT, name), "rb") as file:
            text = file.read().replace(b"\r\n", b"\n")
        found.add(f"{name} {hashlib.sha256(text).hexdigest()}")
    return found


def fitting():
    """What .venv says of itself; nothing when it is missing, half made or out of date."""
    says = stamped(STAMP)
    named = {line.split(" ")[0] for line in says} & {RUN, DEV, BENCH}
    stale = [line for line in says - stamps(named) if line]
    return says if not stale and os.path.exists(PYTHON) else set()


def stamped(stamp):
    """The lines of a stamp; none where there is none."""
    try:
        with open(stamp, encoding="utf-8") as file:
            return set(file.read().splitlines())
    except OSError:
        return set()


def write_stamp(lines, stamp=None):
    """Last of all and in one piece, so that an installation cut short is never taken for done."""
    stamp = stamp or STAMP
    draft = stamp + ".new"
    with open(draft, "w", encoding="utf-8") as file:
        file.write("\n".join(sorted(lines)) + "\n")
    os.replace(draft, stamp)


def make_venv(folder=None):
    """An empty environment. Bare Debian has no ensurepip, so the outer pip will fill it."""
    import venv

    folder = folder or VENV
    stamp = os.path.join(folder, "installed.txt")
    if os.path.exists(stamp):
        os.remove(stamp)
    venv.create(folder, clear=True, with_pip=False, symlinks=not WINDOWS)


def fetch(names, folder=None):
    """Install hashed requirements into .venv, or into an environment of its own."""
    folder = folder or VENV
    python = os.path.join(folder, *(("Scripts", "python.exe") if WINDOWS else ("bin", "python")))
    pip, what = outer_pip(), "what Catkin needs" if folder == VENV else " and ".join(names)
    print(f"Installing {what} into {os.path.basename(folder)}; this happens once.", flush=True)
    call = [*pip, "--python", python, "--disable-pip-version-check", "--no-input", "--quiet"]
    call += ["install", "--require-hashes", "--no-warn-script-location"]
    for name in names:
        call += ["-r", os.path.join(ROOT, name)]
    # Settings for elsewhere would put the packages elsewhere.
    unset = ("PIP_USER", "PIP_TARGET", "PIP_PREFIX", "PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV")
    environment = {key: value for key, value in os.environ.items() if key not in unset}
    environment["PIP_ROOT_USER_ACTION"] = "ignore"
    if subprocess.call(call, env=environment):
        raise Stop("Installing failed: see above, check the network, and try again.")


def outer_pip():
    """How to call a pip that stands outside .venv, which itself has none."""
    if importlib.util.find_spec("pip"):
        return [sys.executable, "-m", "pip"]
    base = getattr(sys, "_base_executable", sys.executable)
    if base != sys.executable and not subprocess.call(
        [base, "-c", "import pip"], stderr=subprocess.DEVNULL
    ):
        return [base, "-m", "pip"]
    raise Stop("Catkin needs pip: on Debian or Ubuntu, `apt install python3-pip` brings it.")


@contextmanager
def one_at_a_time():
    """Let a second `make` wait until the first has finished installing."""
    with open(os.path.join(ROOT, ".venv.lock"), "a+b") as lock:
        if WINDOWS:
            import msvcrt

            lock.seek(0)
            msvcrt.locking(lock.fileno(), msvcrt.LK_LOCK, 1)
        else:
            import fcntl

            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def no_browser():
    """Why the browser tests cannot run here; empty when they can."""
    lacking = [name for name in DEBIAN_PACKAGES if not has_package(name)]
    if lacking and may_use_apt():
        print(f"Installing {', '.join(lacking)} with apt-get.", flush=True)
        environment = dict(os.environ, DEBIAN_FRONTEND="noninteractive")
        subprocess.call(["apt-get", "-qq", "update"], env=environment)
        install_them = ["apt-get", "-qq", "-y", "install", "--no-install-recommends", *lacking]
        subprocess.call(install_them, env=environment, stdout=subprocess.DEVNULL)
    if any(map(shutil.which, CHROMIUMS)):
        return ""
    return "no Chromium here; on Debian, as root: apt-get install " + " ".join(DEBIAN_PACKAGES)


def may_use_apt():
    """Whether this is root on a machine with apt."""
    return not WINDOWS and os.geteuid() == 0 and shutil.which("apt-get") is not None


def has_package(name):
    """Whether Debian's package is installed."""
    if not shutil.which("dpkg-query"):
        return False
    query = ["dpkg-query", "-W", "-f", "${Status}", name]
    answer = subprocess.run(query, capture_output=True, text=True)
    return answer.stdout == "install ok installed"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
