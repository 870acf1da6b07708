"""One run of one program: wall time, processor time, peak memory and what it printed."""

import os
import signal
import subprocess
import tempfile
import threading
import time
from dataclasses import dataclass
from pathlib import Path

TIME_LIMIT = 900.0


class RunFailed(Exception):
    """A program that did not end as it should; the text says which, how and what it wrote on standard error."""


@dataclass(frozen=True)
class Run:
    """What a finished program cost."""

    wall: float
    """Seconds from its start to its end."""
    user: float
    """Seconds of processor time in the program, all threads."""
    system: float
    """Seconds of processor time in the kernel for it, all threads."""
    peak: int
    """Most bytes of memory held at once. Never below what the driver itself holds when it starts the program."""
    status: int
    output: str


def run(
    command: list[str], folder: Path, environment: dict[str, str] | None = None, accepted: tuple[int, ...] = (0,)
) -> Run:
    """Run `command` in `folder` to its end; standard output goes through a file, so that nothing waits for the driver.

    Raises RunFailed where it can't be started, is ended by a signal, or its exit status is not among `accepted`.
    """
    with tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as errors:
        began = time.perf_counter()
        try:
            process = subprocess.Popen(
                command,
                cwd=folder,
                env=os.environ | (environment or {}),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=errors,
            )
        except OSError as error:
            raise RunFailed(f"{command[0]}: {error.strerror}") from error
        timer = threading.Timer(TIME_LIMIT, os.kill, (process.pid, signal.SIGKILL))
        timer.start()
        try:
            _, status, usage = os.wait4(process.pid, 0)
        except BaseException:
            process.kill()
            raise
        finally:
            timer.cancel()
        wall = time.perf_counter() - began
        process.returncode = os.waitstatus_to_exitcode(status)  # wait4 has reaped it; Popen must not try to.
        output.seek(0)
        errors.seek(0)
        if process.returncode not in accepted:
            how = f"signal {-process.returncode}" if process.returncode < 0 else f"status {process.returncode}"
            said = errors.read().decode("utf-8", "replace").strip()[-2_000:]
            raise RunFailed(f"{' '.join(command)}: ended by {how}\n{said}".rstrip())
        return Run(
            wall=wall,
            user=usage.ru_utime,
            system=usage.ru_stime,
            peak=usage.ru_maxrss * 1024,
            status=process.returncode,
            output=output.read().decode("utf-8", "replace"),
        )
