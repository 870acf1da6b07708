"""What is measured: names of rows, sizes of models, and how much arithmetic a step is."""

from dataclasses import dataclass

LAYERS = 2
HEADS = 4
VOCABULARY = 300
POSITIONS = 64
TOKENS = 21
"""Tokens of a sequence; the model sees all but the last and predicts all but the first."""
RESPONSE = 12
"""The last tokens of a sequence, whose cross-entropy is the loss."""
RANK = 4
MANY_MODELS = "digits/many-models"
PRODUCTS = "sgemm"


@dataclass(frozen=True)
class Step:
    """A training step of the small transformer."""

    width: int
    batch: int
    lora: bool

    @property
    def name(self) -> str:
        """The row's name, which `undertone train bench` gives, too."""
        return f"step/width={self.width}/batch={self.batch}/{'lora' if self.lora else 'full'}"

    @property
    def operations(self) -> int:
        """Floating-point operations in its matrix products: two for each multiplication and addition.

        Forward, and backward twice that; with LoRA no gradient of the frozen matrices is needed, so once that.
        """
        seen = TOKENS - 1
        tokens = self.batch * seen
        layer = 2 * 12 * self.width**2 * tokens + 4 * self.width * seen * tokens
        answer = 2 * VOCABULARY * self.width * RESPONSE * self.batch
        forward = LAYERS * layer + answer
        if not self.lora:
            return 3 * forward
        # qkv: w to 3w, o: w to w, w1: w to 4w, w2: 4w to w.
        adapters = LAYERS * 2 * RANK * 16 * self.width * tokens
        return 2 * forward + 3 * adapters


STEPS = [
    *(Step(width, batch, lora) for width in (64, 128) for batch in (64, 128, 512) for lora in (False, True)),
    *(Step(256, batch, lora) for batch in (64, 512) for lora in (False, True)),
]


@dataclass(frozen=True)
class ManyModels:
    """The paper's experiment on MNIST as a measure of speed: teachers, and a student for each."""

    models: int = 50
    steps: int = 20
    batch: int = 1_024
    widths: tuple[int, ...] = (784, 256, 256, 13)
    images: int = 8_192
    noise_images: int = 60_000

    @property
    def model_steps(self) -> int:
        """Steps of one model in all."""
        return 2 * self.models * self.steps
