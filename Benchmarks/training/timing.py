"""How fast a step is: as many as fill a time, several times, the median."""

import time
from collections.abc import Callable
from statistics import median


def steps_per_second(step: Callable[[], None], settle: Callable[[], None], seconds: float, repeats: int = 3) -> float:
    """Give the median rate of `repeats` stretches of about `seconds` each; `settle` waits for what is under way."""
    for _ in range(3):  # Compiles, fills caches.
        step()
    settle()
    count = 1
    while (took := _time(step, settle, count)) < seconds / 4:
        count *= 2
    count = max(1, round(count * seconds / took))
    return median(count / _time(step, settle, count) for _ in range(repeats))


def _time(step: Callable[[], None], settle: Callable[[], None], count: int) -> float:
    began = time.perf_counter()
    for _ in range(count):
        step()
    settle()
    return time.perf_counter() - began
