"""Vectors of texts where an encoder is at hand; words must do where it is not."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from dauys.commands import run
from dauys.engines import language

Ints = npt.NDArray[np.int64]
Real = npt.NDArray[np.float64]


def cosines_of(texts: Sequence[str], left: Ints, right: Ints) -> tuple[Real | None, str]:
    """Cosines of pairs of texts where an encoder is at hand, and which; else why not."""
    guessed = [one.code if one.code in ("kk", "ru", "en") else "ru" for one in language.identify_many(texts)]
    vectors, told = vectors_of(texts, guessed)
    if vectors is None:
        return None, told
    found = np.empty(len(left))
    for start in range(0, len(left), 100_000):
        part = slice(start, start + 100_000)
        found[part] = np.einsum("ij,ij->i", vectors[left[part]], vectors[right[part]])
    return found, told


def vectors_of(texts: Sequence[str], languages: Sequence[str]) -> tuple[npt.NDArray[np.float32] | None, str]:
    run.setup()
    from dauys.understand.weights import NoEncoder, encoder

    try:
        reader = encoder()
    except NoEncoder as failure:
        return None, f"none, words alone were used ({failure})"
    return reader.vectors(texts, languages), reader.id
