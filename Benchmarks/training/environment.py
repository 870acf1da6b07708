"""The virtual environment with PyTorch, JAX and NumPy, made on demand in `Benchmarks/.data/training`."""

import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
VENV = HERE.parent / ".data" / "training"
# The wheels that PyPI has of PyTorch bring gigabytes for graphics cards along.
TORCH_INDEX = "https://download.pytorch.org/whl/cpu"


def requirements() -> dict[str, str]:
    """Give what `requirements.txt` pins: versions by package."""
    lines = (HERE / "requirements.txt").read_text().splitlines()
    return dict(line.split("==") for line in lines if "==" in line)


def prepare(install: bool) -> tuple[Path, dict[str, str | None]]:
    """Install what is missing; give the Python and the versions that are there, None for what could not be had."""
    python = VENV / "bin" / "python"
    if install and not python.exists():
        print("making Benchmarks/.data/training …", file=sys.stderr)
        subprocess.run([sys.executable, "-m", "venv", str(VENV)], check=False, stdout=sys.stderr)
    if not python.exists():
        return python, dict.fromkeys(requirements())
    found = {name: _version(python, name) for name in requirements()}
    for name, version in requirements().items():
        if install and (found[name] or "").partition("+")[0] != version:
            sources = [["--index-url", TORCH_INDEX], []] if name == "torch" else [[]]
            any(_install(python, f"{name}=={version}", source) for source in sources)
            found[name] = _version(python, name)
    return python, found


def _install(python: Path, package: str, source: list[str]) -> bool:
    command = [
        str(python),
        "-m",
        "pip",
        "install",
        "-q",
        "--disable-pip-version-check",
        "--retries",
        "1",
        *source,
        package,
    ]
    return subprocess.run(command, check=False, stdout=sys.stderr).returncode == 0


def _version(python: Path, package: str) -> str | None:
    asked = f"import importlib.metadata as m; print(m.version({package!r}))"
    answer = subprocess.run([str(python), "-c", asked], check=False, capture_output=True, text=True)
    return answer.stdout.strip() if answer.returncode == 0 else None
