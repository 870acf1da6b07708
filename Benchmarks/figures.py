"""Benchmarks that are a table of figures: their arguments, their folder, and their place in README.md."""

import argparse
import datetime
import shutil
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

from measure import RunFailed
from report import replace_block
from tools import HERE, ROOT


class Figure(NamedTuple):
    """One line of the table."""

    text: str
    value: str
    target: str = ""
    is_met: bool | None = None


class Benchmark(NamedTuple):
    """A script that measures and prints a table."""

    name: str
    """The name of the script, of its folder for data and of its place in README.md."""
    about: str | None
    """What `--help` says."""
    quick: str
    """What `--quick` means."""
    steps: Callable[[Path, Path, bool], Sequence[Figure]]
    """Measures with this program, in this folder, quickly or not."""

    def main(self, given: Sequence[str]) -> int:
        """Run all steps; give the exit status."""
        parser = argparse.ArgumentParser(description=self.about, formatter_class=argparse.RawDescriptionHelpFormatter)
        parser.add_argument("--quick", action="store_true", help=self.quick)
        parser.add_argument("--write", action="store_true", help="put the table into README.md")
        parser.add_argument("--undertone", default=str(ROOT / ".build/release/undertone"), help="the program")
        arguments = parser.parse_args(given)
        program = Path(arguments.undertone).resolve()
        if not program.exists():
            print(f"{program} is not there: make build", file=sys.stderr)
            return 2
        folder = HERE / ".data" / self.name
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        try:
            figures = self.steps(program, folder, arguments.quick)
        except RunFailed as error:
            print(error, file=sys.stderr)
            return 1
        finally:
            shutil.rmtree(folder, ignore_errors=True)
        command = " ".join([f"python3 Benchmarks/{self.name}.py", *given])
        table = markdown(f"{datetime.datetime.now(datetime.UTC):%Y-%m-%d}, `{command}`", figures)
        print(table)
        if arguments.write:
            page = HERE / "README.md"
            begin = f"<!-- {self.name}: begin; written by {self.name}.py --write -->"
            page.write_text(replace_block(page.read_text(), table, begin, f"<!-- {self.name}: end -->"))
        return 0


def markdown(head: str, figures: Sequence[Figure]) -> str:
    """Give the table."""
    lines = [f"{head}:", "", "| what | found | asked | met? |", "|---|--:|--:|---|"]
    for figure in figures:
        met = "" if figure.is_met is None else "yes" if figure.is_met else "**no**"
        lines.append(f"| {figure.text} | {figure.value} | {figure.target} | {met} |")
    return "\n".join(lines)
