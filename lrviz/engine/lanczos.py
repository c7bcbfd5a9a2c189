"""The largest eigenvalue of many symmetric matrices at once, of each of which only its products with vectors are known.

Lanczos's iteration with full reorthogonalisation (Golub and Van Loan, Matrix Computations, 10.1 to 10.3): the matrix,
seen from the space of a vector and its first few images, is tridiagonal and small, and its largest eigenvalue soon is
the large one's.
"""

from __future__ import annotations

from collections.abc import Callable, Generator

import torch
from torch import Tensor

ITERATIONS = 20  # at most
LOOKS = 4  # iterations between two looks at how near it is
TOLERANCE = 0.02  # of the eigenvalue: |A v - value v|; the value's own error goes with its square
_EXHAUSTED = 1e-5  # of the eigenvalue: what is left of an image that the space held already, by rounding

Product = Callable[[Tensor], Generator[None, None, Tensor]]  # (K, P) to (K, P), with pauses on the way


def largest_eigenvalues(product: Product, start: Tensor) -> Generator[None, None, tuple[Tensor, Tensor]]:
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
            image = image - torch.einsum("kn,knp->kp", torch.einsum("knp,kp->kn", known, image), known)
            yield
        left = image.norm(dim=1)
        left = torch.where(left < _EXHAUSTED * torch.stack(diagonal).abs().amax(0), 0.0, left)
        if n % LOOKS == 0 or n == most:
            values, vectors = _of_tridiagonal(torch.stack(diagonal, 1), beside)
            if n == most or not (left * vectors[:, -1].abs() > TOLERANCE * values.abs()).any():
                break
        beside.append(left)
        space[:, n] = torch.where(left == 0, 0.0, 1 / left)[:, None] * image
    return values, torch.einsum("kn,knp->kp", vectors.to(space.dtype), known).nan_to_num(0.0)


def _of_tridiagonal(diagonal: Tensor, beside: list[Tensor]) -> tuple[Tensor, Tensor]:
    """(K,) the largest eigenvalues and (K, n) their vectors; diagonal is (K, n), beside it n - 1 times (K,)."""
    matrix = torch.diag_embed(diagonal.double())
    if beside:
        off = torch.stack(beside, 1).double()
        matrix = matrix + torch.diag_embed(off, 1) + torch.diag_embed(off, -1)
    known = matrix.isfinite().all((1, 2))
    values, vectors = torch.linalg.eigh(torch.where(known[:, None, None], matrix, 0.0))
    return torch.where(known, values[:, -1], torch.nan), vectors[:, :, -1]
