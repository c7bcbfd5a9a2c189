"""The largest eigenvalues of many matrices at once, against all of their eigenvalues."""

from __future__ import annotations

from collections.abc import Generator

import pytest
import torch
from torch import Tensor

from lrviz.engine import lanczos
from lrviz.engine.lanczos import Product, largest_eigenvalues

ROWS, SIZE = 5, 40


def symmetric(size: int = SIZE, seed: int = 0) -> Tensor:
    """(ROWS, size, size)."""
    generator = torch.Generator().manual_seed(seed)
    matrices = torch.randn(ROWS, size, size, generator=generator)
    return matrices + matrices.transpose(1, 2)


def product_with(matrices: Tensor, asked: list[Tensor] | None = None) -> Product:
    def product(vectors: Tensor) -> Generator[None, None, Tensor]:
        if asked is not None:
            asked.append(vectors)
        yield
        return torch.einsum("kij,kj->ki", matrices, vectors)

    return product


def start(size: int = SIZE) -> Tensor:
    return torch.randn(size, generator=torch.Generator().manual_seed(1)).repeat(ROWS, 1)


def found(product: Product, begin: Tensor) -> tuple[Tensor, Tensor]:
    search = largest_eigenvalues(product, begin)
    while True:
        try:
            next(search)
        except StopIteration as end:
            values, vectors = end.value
            return values, vectors


@pytest.mark.parametrize("size", [1, 2, 7, 40])
def test_the_largest_eigenvalue_is_found_with_its_vector(size: int) -> None:
    matrices = symmetric(size)
    values, vectors = found(product_with(matrices), start(size))
    torch.testing.assert_close(values, torch.linalg.eigvalsh(matrices.double())[:, -1], rtol=2e-3, atol=0)
    torch.testing.assert_close(vectors.norm(dim=1), torch.ones(ROWS))
    images = torch.einsum("kij,kj->ki", matrices, vectors)
    off = (images - values.float()[:, None] * vectors).norm(dim=1)
    assert (off <= 0.05 * values.abs()).all()


@pytest.mark.parametrize("piece", [3, 50, 400])  # part of a row, some rows or parts, and all of several rows
def test_a_space_that_is_worked_on_in_pieces_has_the_same_eigenvalues(
    piece: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    matrices = symmetric()
    whole, along = found(product_with(matrices), start())
    pauses = sum(1 for _ in largest_eigenvalues(product_with(matrices), start()))
    monkeypatch.setattr(lanczos, "PIECE", piece)
    values, vectors = found(product_with(matrices), start())
    torch.testing.assert_close(values, whole, rtol=1e-5, atol=0)
    torch.testing.assert_close((vectors * along).sum(1).abs(), torch.ones(ROWS), rtol=1e-3, atol=0)
    assert sum(1 for _ in largest_eigenvalues(product_with(matrices), start())) > 2 * pauses


def test_of_two_ends_the_largest_is_meant_and_not_the_longest() -> None:
    matrices = torch.diag_embed(torch.linspace(-9.0, 1.0, SIZE)).repeat(ROWS, 1, 1)
    values, _ = found(product_with(matrices), start())
    torch.testing.assert_close(values, torch.ones(ROWS, dtype=torch.float64), rtol=0.01, atol=0)


@pytest.mark.parametrize("rank", [0, 1, 3])
@pytest.mark.parametrize("sign", [1.0, -1.0])
def test_a_space_that_is_soon_exhausted_is_no_harm(rank: int, sign: float) -> None:
    diagonal = torch.zeros(SIZE)
    diagonal[:rank] = sign * torch.arange(1.0, rank + 1)
    values, _ = found(product_with(torch.diag(diagonal).repeat(ROWS, 1, 1)), start())
    torch.testing.assert_close(values, diagonal.max().double().expand(ROWS), rtol=1e-4, atol=1e-5)


def test_a_matrix_below_zero_has_its_largest_eigenvalue_below_zero() -> None:
    values, _ = found(product_with(-3 * torch.eye(SIZE).repeat(ROWS, 1, 1)), start())
    torch.testing.assert_close(values, torch.full((ROWS,), -3.0, dtype=torch.float64), rtol=1e-5, atol=0)


def test_a_matrix_that_is_not_finite_has_nan_and_disturbs_no_other() -> None:
    matrices = symmetric()
    expected, _ = found(product_with(matrices), start())
    matrices[1, 3, 3], matrices[2, 0, 0] = torch.inf, torch.nan
    values, vectors = found(product_with(matrices), start())
    assert values.isnan().tolist() == [False, True, True, False, False]
    assert vectors.isfinite().all()
    torch.testing.assert_close(values[[0, 3, 4]], expected[[0, 3, 4]])


def test_from_near_the_vector_a_few_products_do() -> None:
    matrices, asked = symmetric(), list[Tensor]()
    _, vectors = found(product_with(matrices, asked), start())
    assert lanczos.LOOKS < len(asked) <= lanczos.ITERATIONS
    asked.clear()
    nearly = matrices + 0.01 * symmetric(seed=2)
    values, _ = found(product_with(nearly, asked), vectors + 0.02 * start() / start().norm())
    assert len(asked) == lanczos.LOOKS
    torch.testing.assert_close(values, torch.linalg.eigvalsh(nearly.double())[:, -1], rtol=2e-3, atol=0)
