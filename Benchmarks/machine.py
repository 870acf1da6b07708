"""The machine and the versions, as the head of the table gives them; no host name, no user, no folder."""

import os
import platform
import shutil
import subprocess
from pathlib import Path

from tools import Tools


def describe(tools: Tools, data: Path, load: float) -> dict[str, str]:
    """Give what a reader needs to judge the figures, in the order to show it; `load` is that of before."""
    facts = {
        "processor": _field("/proc/cpuinfo", "model name") or platform.machine(),
        "cores": f"{len(os.sched_getaffinity(0))} of {os.cpu_count()} usable",
        "memory": _memory(),
        "system": f"{_os_name()}, kernel {platform.release()}",
        "file system": _first_line(["stat", "-f", "-c", "%T", str(data)]) or "unknown",
        "load before": f"{load:.2f}",
        "undertone": "not available" if tools.undertone_missing else _undertone(tools),
        "Swift": _first_line(["swift", "--version"]) or "not on the path",
        "simdjson": f"{_first_line(['pkg-config', '--modversion', 'simdjson']) or 'unknown'}, {_compiler(tools)}",
        "Python": (_first_line([tools.python, "--version"]) or platform.python_version()).removeprefix("Python "),
    }
    return facts | {name: version or "not available" for name, version in tools.packages.items()}


def _undertone(tools: Tools) -> str:
    return _first_line([*tools.undertone, "--version"]) or "unknown version"


def _compiler(tools: Tools) -> str:
    return _first_line([tools.compiler, "--version"]) or "no compiler"


def _memory() -> str:
    kilobytes = (_field("/proc/meminfo", "MemTotal") or "0").split()[0]
    return f"{int(kilobytes) / (1 << 20):.1f} GiB"


def _os_name() -> str:
    return platform.freedesktop_os_release().get("PRETTY_NAME", platform.system())


def _field(path: str, name: str) -> str | None:
    for line in Path(path).read_text().splitlines():
        key, _, value = line.partition(":")
        if key.strip() == name:
            return value.strip()
    return None


def _first_line(command: list[str]) -> str | None:
    if shutil.which(command[0]) is None and not Path(command[0]).exists():
        return None
    answer = subprocess.run(command, check=False, capture_output=True, text=True)
    lines = (answer.stdout or answer.stderr).strip().splitlines()
    return lines[0].strip() if answer.returncode == 0 and lines else None
