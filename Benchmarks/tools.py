"""What the rows need on this machine, made on demand: the peers' packages, the simdjson pass, undertone itself."""

import os
import shutil
import subprocess
import sys
import tomllib
from dataclasses import dataclass, field
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
VENV = HERE / ".venv"


@dataclass
class Tools:
    """Programs by their place, or the reason why there is none."""

    undertone: list[str]
    undertone_missing: str | None
    python: str
    packages: dict[str, str | None]
    """Version by package; None where it could not be installed."""
    simdjson: list[tuple[str, str, Path]] = field(default_factory=list)
    """Suffix of the row, flags for people, place."""
    simdjson_missing: str | None = None
    compiler: str = "none"

    def package_missing(self, package: str | None) -> str | None:
        """Say why a package is not there, if it is not."""
        if package is None or self.packages.get(package) is not None:
            return None
        return f"pip could not install {package}"

    @property
    def second_core_missing(self) -> str | None:
        """Say that two threads would share one core, if they would."""
        return None if len(os.sched_getaffinity(0)) > 1 else "this machine has one core"

    def settle(self, folder: Path) -> None:
        """Wait until what was written to the file system of `folder` has reached it."""
        subprocess.run(["sync", "-f", str(folder)], check=False)


def find_tools(undertone: Path, compiler: str | None, install: bool = True) -> Tools:
    """Look for every program; packages are installed into a virtual environment unless `install` is false."""
    missing = None if os.access(undertone, os.X_OK) else f"{_shown(undertone)} is not there; build it first"
    tools = Tools([_shown(undertone)], missing, str((VENV / "bin" / "python").relative_to(ROOT)), {})
    tools.packages = packages("peers", install)
    _build_simdjson(tools, compiler)
    return tools


def packages(group: str, install: bool) -> dict[str, str | None]:
    """Install a dependency group of `pyproject.toml` into the virtual environment; give the versions that are there."""
    settings = tomllib.loads((HERE / "pyproject.toml").read_text())
    wanted = dict(entry.split("==") for entry in settings["dependency-groups"][group])
    python = VENV / "bin" / "python"
    if install and not python.exists():
        print("making Benchmarks/.venv …", file=sys.stderr)
        made = subprocess.run([sys.executable, "-m", "venv", str(VENV)], check=False, capture_output=True, text=True)
        if made.returncode != 0:
            print(made.stdout + made.stderr, file=sys.stderr)
    if not python.exists():
        return dict.fromkeys(wanted)
    found = {name: _version(python, name) for name in wanted}
    for name, version in wanted.items():
        if install and found[name] != version:  # One by one: a package that fails costs its own row only.
            command = [str(python), "-m", "pip", "install", "-q", "--disable-pip-version-check", f"{name}=={version}"]
            if subprocess.run(command, check=False, stdout=sys.stderr).returncode == 0:
                found[name] = _version(python, name)
    return found


def _shown(path: Path) -> str:
    # Relative to the repository, so that results name no folder of anyone's machine.
    path = path.resolve()
    return str(path.relative_to(ROOT)) if path.is_relative_to(ROOT) else str(path)


def _version(python: Path, package: str) -> str | None:
    asked = f"import {package}, importlib.metadata as m; print(m.version({package!r}))"
    answer = subprocess.run([str(python), "-c", asked], check=False, capture_output=True, text=True)
    return answer.stdout.strip() if answer.returncode == 0 else None


def _build_simdjson(tools: Tools, compiler: str | None) -> None:
    compiler = compiler or next((name for name in ("g++", "clang++") if shutil.which(name)), None)
    if compiler is None:
        tools.simdjson_missing = "no C++ compiler"
        return
    tools.compiler = compiler
    folder = HERE / ".data" / "bin"
    folder.mkdir(parents=True, exist_ok=True)
    for suffix, extra in (("", []), ("-native", ["-march=native"])):
        target = folder / f"simdjson_pass{suffix}"
        flags = ["-std=c++17", "-O3", "-DNDEBUG", *extra]
        command = [compiler, *flags, str(HERE / "simdjson_pass.cpp"), "-lsimdjson", "-o", str(target)]
        built = subprocess.run(command, check=False, capture_output=True, text=True)
        if built.returncode != 0:
            print(built.stderr[-2_000:], file=sys.stderr)
            tools.simdjson_missing = "simdjson_pass.cpp does not build; is libsimdjson-dev installed?"
        shown = f"`{compiler} -O3{''.join(' ' + flag for flag in extra)}`"
        tools.simdjson.append((suffix, shown, target.relative_to(ROOT)))


if __name__ == "__main__":
    for name, found in (packages("peers", True) | packages("dev", True)).items():
        print(f"{name}: {found or 'not available'}")
