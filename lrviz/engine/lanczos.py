"""The largest eigenvalue of many symmetric matrices at once, of each of which only its products with vectors are known.

Lanczos's iteration with full reorthogonalisation (Golub and Van Loan, Matrix Computations, 10.1 to 10.3): the matrix,
seen from the space of a vector and its first few images, is tridiagonal and small, and its largest eigenvalue soon is
the large one's.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import torch
from torch import Tensor

from lrviz.core.pauses import Paused
from lrviz.engine.portions import slices

ITERATIONS = 20  # at most
LOOKS = 4  # iterations between two looks at how near it is
TOLERANCE = 0.02  # of the eigenvalue: |A v - value v|; the value's own error goes with its square
PIECE = 2**22  # numbers of the space that are worked on between two pauses, some milliseconds
_EXHAUSTED = 1e-5  # of the eigenvalue: what is left of an image that the space held already, by rounding

Product = Callable[[Tensor], Paused[Tensor]]  # (K, P) to (K, P)


def largest_eigenvalues(product: Product, start: Tensor) -> Paused[tuple[Tensor, Tensor]]:
    """The largest eigenvalue (K,) of K matrices, float64, and its vector (K, P) of length 1.

    From the vectors `start` (K, P), none of them 0. A row whose products are not finite has nan and no vector: zeros.
    """
    most = min(ITERATIONS, start.shape[1])
    space = start.new_empty(len(start), most, start.shape[1])  # an orthonormal basis, as far as it is known
    space[:, 0] = start / start.norm(dim=1, keepdim=True)
    diagonal, beside = list[Tensor](), list[Tensor]()
    for n in range(1, most + 1):
        image, known = (yield from product(space[:, n - 1])), space[:, :n]
        diagonal.append((image * space[:, n - 1]).sum(1))
        if beside:  # where the space is exhausted its vector is 0: any value that is not above the largest will do
            diagonal[-1] = torch.where(beside[-1] == 0, diagonal[0], diagonal[-1])
        for _ in range(2):  # the second time for what rounding has brought back
            parts = yield from _along(known, image)
            image = image - (yield from _combined(known, parts))
        left = image.norm(dim=1)
        left = torch.where(left < _EXHAUSTED * torch.stack(diagonal).abs().amax(0), 0.0, left)
        if n % LOOKS == 0 or n == most:
            values, vectors = _of_tridiagonal(torch.stack(diagonal, 1), beside)
            if n == most or not (left * vectors[:, -1].abs() > TOLERANCE * values.abs()).any():
                break
        beside.append(left)
        space[:, n] = torch.where(left == 0, 0.0, 1 / left)[:, None] * image
    found = yield from _combined(known, vectors.to(space.dtype))
    return values, found.nan_to_num(0.0)


def _along(space: Tensor, vectors: Tensor) -> Paused[Tensor]:
    """(K, n) how far vectors (K, P) go along each vector of their spaces (K, n, P)."""
    parts = vectors.new_zeros(space.shape[:2])
    for rows, some in _pieces(space):
        parts[rows] += torch.einsum("knp,kp->kn", space[rows, :, some], vectors[rows, some])
        yield
    return parts


def _combined(space: Tensor, parts: Tensor) -> Paused[Tensor]:
    """(K, P) the vectors that have the `parts` (K, n) of the spaces' (K, n, P) own."""
    vectors = torch.empty_like(space[:, 0])
    for rows, some in _pieces(space):
        vectors[rows, some] = torch.einsum("kn,knp->kp", parts[rows], space[rows, :, some])
        yield
    return vectors


def _pieces(space: Tensor) -> Iterator[tuple[slice, slice]]:
    """Rows and places: several whole rows together, or one row in parts."""
    count, width, length = space.shape
    for rows in slices(count, max(1, PIECE // (width * length))):
        for some in slices(length, max(1, PIECE // width)):
            yield rows, some


def _of_tridiagonal(diagonal: Tensor, beside: list[Tensor]) -> tuple[Tensor, Tensor]:
    """(K,) the largest eigenvalues and (K, n) their vectors; diagonal is (K, n), beside it n - 1 times (K,)."""
    matrix = torch.diag_embed(diagonal.double())
    if beside:
        off = torch.stack(beside, 1).double()
        matrix = matrix + torch.diag_embed(off, 1) + torch.diag_embed(off, -1)
    known = matrix.isfinite().all((1, 2))
    values, vectors = torch.linalg.eigh(torch.where(known[:, None, None], matrix, 0.0))
    return torch.where(known, values[:, -1], torch.nan), vectors[:, :, -1]
