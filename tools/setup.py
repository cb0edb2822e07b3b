"""Sets up what `make` needs, step by step, each only when something changed. Standard library only; progress goes to standard error.

Usage: python3 tools/setup.py STEP [STEP ...]   with steps: env, rasa, browser, node, bench, faq, model, demo
"""

import hashlib
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TOOLS, ENV, RASA_ENV = ROOT / ".venv-tools", ROOT / ".venv", ROOT / ".venv-rasa"
REQUIREMENTS, MODELS, LOGS = ROOT / "requirements", ROOT / "models", ROOT / "var" / "log"
MODEL = MODELS / "guichet.tar.gz"
MODEL_INPUTS = ("config.yml", "bot/data", "bot/nlu", "build/domain", "build/nlu", "build/rules", "requirements/rasa.txt")
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


class SetupError(Exception):
    """Something is missing; the message says what, and the command that installs it."""


def say(text):
    print(text, file=sys.stderr, flush=True)


def run(step, command, env=None):
    """Runs a long command with its output in a log file, and shows that it goes on."""
    LOGS.mkdir(parents=True, exist_ok=True)
    log = LOGS / (step.split()[0].lower() + ".log")
    started = time.monotonic()
    with log.open("wb") as output:
        process = subprocess.Popen(command, cwd=ROOT, env=env, stdout=output, stderr=subprocess.STDOUT)
        while True:
            try:
                code = process.wait(timeout=5 if not sys.stderr.isatty() else 1)
                break
            except subprocess.TimeoutExpired:
                if sys.stderr.isatty():
                    print("\r  %s… %d s" % (step, time.monotonic() - started), end="", file=sys.stderr, flush=True)
                elif int(time.monotonic() - started) % 30 < 5:
                    say("  %s… %d s" % (step, time.monotonic() - started))
    if sys.stderr.isatty():
        print("\r", end="", file=sys.stderr)
    if code:
        tail = "\n".join(log.read_text("utf-8", "replace").replace("\r", "\n").splitlines()[-15:])
        raise SetupError("%s failed. The end of %s says:\n%s" % (step, log.relative_to(ROOT), tail))
    say("  %s: done in %d s" % (step, time.monotonic() - started))


def digest(*names):
    """A hash of the contents of files and folders, paths relative to the project."""
    total = hashlib.sha256()
    for name in names:
        path = ROOT / name
        files = sorted(path.rglob("*")) if path.is_dir() else [path]
        for file in files:
            if file.is_file() and "__pycache__" not in file.parts:
                total.update(str(file.relative_to(ROOT)).encode() + b"\0" + file.read_bytes() + b"\0")
    return total.hexdigest()


def is_current(stamp, value):
    return stamp.exists() and stamp.read_text("utf-8") == value


def uv():
    """The pinned uv, in an environment of its own."""
    command, wanted = TOOLS / "bin" / "uv", digest("requirements/bootstrap.txt")
    if command.exists() and is_current(TOOLS / "stamp", wanted):
        return str(command)
    try:
        run("Tools environment", [sys.executable, "-m", "venv", "--clear", str(TOOLS)])
    except SetupError:
        raise SetupError("Python's venv module is missing. On Debian or Ubuntu: sudo apt-get install python3-venv")
    requirements = str(REQUIREMENTS / "bootstrap.txt")
    run("Installing uv", [str(TOOLS / "bin" / "pip"), "install", "--quiet", "--require-hashes", "-r", requirements])
    (TOOLS / "stamp").write_text(wanted, "utf-8")
    return str(command)


def sync(target, python, requirements, editable=False):
    """An environment with exactly the pinned requirements."""
    stamp, wanted = target / "stamp", digest("requirements/" + requirements, "pyproject.toml")
    if is_current(stamp, wanted):
        return
    tool, name = uv(), target.name
    if not (target / "bin" / "python").exists():
        run("Environment %s" % name, [tool, "venv", "--quiet", "--python", str(python), str(target)])
    interpreter = str(target / "bin" / "python")
    file = str(REQUIREMENTS / requirements)
    run("Packages of %s" % name, [tool, "pip", "sync", "--quiet", "--python", interpreter, "--require-hashes", file])
    if editable:
        options = ["--quiet", "--python", interpreter, "--no-deps", "--no-build-isolation", "-e", str(ROOT)]
        run("Project in %s" % name, [tool, "pip", "install", *options])
    stamp.write_text(wanted, "utf-8")


def env():
    """The environment of guichet and its tests: the Python that runs this file."""
    sync(ENV, sys.executable, "dev.txt", editable=True)


def rasa():
    """Rasa's own environment, on Python 3.10."""
    interpreter = RASA_ENV / "bin" / "python"
    sync(RASA_ENV, "3.10" if works_as_310(interpreter) else find_python_310(), "rasa.txt")


def works_as_310(interpreter):
    code = "import sys, ssl, sqlite3; sys.exit(sys.version_info[:2] != (3, 10))"
    try:
        return subprocess.run([str(interpreter), "-c", code], capture_output=True, check=False).returncode == 0
    except OSError:
        return False


def find_python_310():
    """RASA_PYTHON, then the PATH, then pyenv's versions, then what uv can fetch."""
    pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv")) / "versions"
    found = [os.environ.get("RASA_PYTHON"), shutil.which("python3.10"), *sorted(pyenv.glob("3.10.*/bin/python"))]
    for candidate in found:
        if candidate and works_as_310(candidate):
            return candidate
    fetched = dict(os.environ, UV_PYTHON_INSTALL_DIR=str(ROOT / ".python"))
    try:
        run("Fetching Python 3.10", [uv(), "python", "install", "--quiet", "3.10"], fetched)
    except SetupError as error:
        raise SetupError(
            "Rasa needs Python 3.10, which was not found and could not be fetched.\n"
            "Install it, for example with: pyenv install 3.10   or give its path: make run RASA_PYTHON=/path/to/python3.10\n%s" % error
        )
    for candidate in sorted((ROOT / ".python").glob("*/bin/python3.10")):
        if works_as_310(candidate):
            return candidate
    raise SetupError("uv fetched a Python 3.10 that does not run here. Install one: pyenv install 3.10")


def browser():
    """Chromium for the end-to-end tests: the system's, or Playwright's own."""
    if any(shutil.which(name) for name in BROWSERS):
        return
    if shutil.which("apt-get") and os.geteuid() == 0:
        run("Package lists", ["apt-get", "update", "-q"])
        run(
            "Chromium from the system's packages",
            ["apt-get", "install", "-y", "-q", "--no-install-recommends", "chromium", "fonts-dejavu-core"],
        )
        return
    try:
        run("Chromium from Playwright", [str(ENV / "bin" / "playwright"), "install", "chromium"])
    except SetupError:
        raise SetupError("The end-to-end tests need Chromium. On Debian or Ubuntu: sudo apt-get install chromium")


def node():
    """TypeScript, for the type check of the widget; Node comes with the environment."""
    npm("TypeScript for the widget", ROOT)


def bench():
    """nlp.js, with which `make bench-nlu` compares."""
    npm("nlp.js for the comparison", ROOT / "tools" / "bench")


def npm(step, folder):
    """The Node packages that the lock file of a folder pins."""
    stamp, wanted = folder / "node_modules" / "stamp", digest(folder / "package-lock.json")
    if is_current(stamp, wanted):
        return
    path = str(ENV / "bin") + os.pathsep + os.environ.get("PATH", "")
    command = [str(ENV / "bin" / "npm"), "ci", "--prefix", str(folder), "--no-audit", "--no-fund", "--ignore-scripts"]
    run(step, command, dict(os.environ, PATH=path))
    stamp.write_text(wanted, "utf-8")


def faq():
    """The FAQ as Rasa trains on it, under build/."""
    result = subprocess.run([str(ENV / "bin" / "guichet"), "faq", "compile"], cwd=ROOT, stdout=sys.stderr, check=False)
    if result.returncode:
        raise SetupError("The FAQ has mistakes (see above). Mend them, then check with: make faq-check")


def model():
    """The trained model, when the inputs of training changed."""
    faq()
    stamp, wanted = MODELS / "guichet.sha256", digest(*MODEL_INPUTS)
    if MODEL.exists() and is_current(stamp, wanted):
        return
    data = ["bot/data", "build/nlu", "build/rules"]
    new = "guichet-new"
    command = [
        *(
            str(RASA_ENV / "bin" / "python"),
            "-m",
            "rasa",
            "train",
            "--config",
            "config.yml",
            "--domain",
            "build/domain",
        ),
        *("--data", *data, "--out", str(MODELS), "--fixed-model-name", new),
    ]
    settings = {"PYTHONPATH": str(ROOT), "RASA_TELEMETRY_ENABLED": "false", "TF_CPP_MIN_LOG_LEVEL": "2"}
    run("Training the model, some minutes", command, dict(os.environ, **settings))
    (MODELS / (new + ".tar.gz")).replace(MODEL)
    stamp.write_text(wanted, "utf-8")


def demo():
    """The database at its newest version, with the demo shop if it is empty."""
    subprocess.run([str(ENV / "bin" / "guichet"), "demo", "load"], cwd=ROOT, stdout=sys.stderr, check=True)


STEPS = {"env": env, "rasa": rasa, "browser": browser, "node": node, "bench": bench, "faq": faq, "model": model, "demo": demo}


def main(names):
    if sys.version_info < (3, 11):
        say("Guichet needs Python 3.11 or newer; %s is %s. Try: make PYTHON=python3.12" % (sys.executable, sys.version.split()[0]))
        return 1
    unknown = [name for name in names if name not in STEPS]
    if unknown or not names:
        say("Unknown step %s; expected: %s" % (" ".join(unknown) or "(none given)", ", ".join(STEPS)))
        return 2
    try:
        for name in names:
            STEPS[name]()
    except SetupError as error:
        say("\n%s" % error)
        return 1
    except subprocess.CalledProcessError as error:
        say("\n%s failed." % " ".join(map(str, error.cmd)))
        return 1
    except KeyboardInterrupt:
        say("\nInterrupted; the next run goes on from here.")
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
