"""The made-up models: whole files, the right shapes, kin alike and strangers not."""

import json
import struct
from pathlib import Path

import pytest

from measure import Run
from same_base import SHAPES, Numbers, header, row, shards, tensors, write_model

TINY = SHAPES["tiny"]


def content(folder: Path) -> dict[str, bytes]:
    index = json.loads((folder / "model.safetensors.index.json").read_text())["weight_map"]
    found: dict[str, bytes] = {}
    for name in sorted(set(index.values())):
        data = (folder / name).read_bytes()
        length = int.from_bytes(data[:8], "little")
        described = json.loads(data[8 : 8 + length])
        ends = []
        for tensor, facts in described.items():
            if tensor == "__metadata__":
                continue
            start, end = facts["data_offsets"]
            ends.append(end)
            found[tensor] = data[8 + length + start : 8 + length + end]
            assert index[tensor] == name
        assert 8 + length + max(ends) == len(data)
    return found


@pytest.mark.parametrize(("name", "billions"), [("0.5b", 0.63), ("7b", 7.62)])
def test_shapes_have_about_the_weights_of_their_name(name: str, billions: float):
    count = sum(tensor.bytes for tensor in tensors(SHAPES[name])) / 2e9
    assert count == pytest.approx(billions, rel=0.01)


def test_a_header_is_padded_and_counts_up():
    found = tensors(TINY)
    data = header(found)
    assert len(data) % 8 == 0
    described = json.loads(data[8:])
    assert described[found[-1].name]["data_offsets"][1] == sum(tensor.bytes for tensor in found)


def test_shards_hold_every_tensor_once_and_in_order():
    found = tensors(TINY)
    files = shards(found, 40_000)
    assert len(files) > 2
    assert [tensor for file in files for tensor in file] == found


def test_kin_are_alike_and_strangers_are_not(tmp_path: Path):
    size = write_model(tmp_path / "base", TINY, 7, limit=100_000)
    write_model(tmp_path / "kin", TINY, 7, noisy=True)
    write_model(tmp_path / "stranger", TINY, 8)
    base, kin, stranger = (content(tmp_path / name) for name in ("base", "kin", "stranger"))
    assert sum(map(len, base.values())) == size
    name = "model.layers.1.mlp.up_proj.weight"
    assert base[name] != kin[name] != stranger[name]
    assert all(
        a ^ b == (1 if index % 2 == 0 else 0) for index, (a, b) in enumerate(zip(base[name], kin[name], strict=True))
    )
    assert sum(a == b for a, b in zip(base[name], stranger[name], strict=True)) < 0.4 * len(base[name])
    assert len(set(base.values())) == len(base)


def test_numbers_are_finite_and_of_ordinary_size():
    block = Numbers(7).block[:20_000]
    for low, high in zip(block[0::2], block[1::2], strict=True):
        (value,) = struct.unpack("<f", bytes((0, 0, low, high)))
        assert 1 / 256 < abs(value) < 1 / 4


def test_a_row_gives_seconds_per_gigabyte():
    result = Run(wall=3.0, user=2.0, system=0.5, peak=200_000_000, status=0, output="")
    assert row("kin", result, 500_000_000, 2_000_000_000) == "| kin | 3.0 | 2.5 | 1.50 | 0.50 of 2.00 | 200 |"
