"""The rate of matrix products in NumPy, in GFLOP/s: `python -m training.with_numpy SECONDS`."""

import json
import sys

import numpy as np

from training.rows import PRODUCTS
from training.timing import steps_per_second

SIZE = 2_048


def main() -> None:
    """Multiply square matrices of single precision."""
    generator = np.random.default_rng(1)
    first, second = (generator.standard_normal((SIZE, SIZE), dtype=np.float32) for _ in range(2))
    product = np.empty((SIZE, SIZE), dtype=np.float32)

    def multiply() -> None:
        np.matmul(first, second, out=product)

    rate = steps_per_second(multiply, lambda: None, float(sys.argv[1]))
    print(json.dumps({"name": PRODUCTS, "gflops": rate * 2 * SIZE**3 / 1e9}))


if __name__ == "__main__":
    main()
