"""Vectors that come with texts of the program's own, so that no installation reckons them again.

A file has them at half precision by the first eight bytes of the text's SHA-256, with the name of
the model that made them. `python -m scripts.wordings` writes every such file.
"""

import hashlib
from collections.abc import Iterable, Mapping
from pathlib import Path

import numpy as np

from app.search.embeddings import Vectors


def read(file: Path, model: str) -> Mapping[bytes, Vectors]:
    """Vectors of length 1, shape (dimensions,), by `fingerprint`; none if of another model."""
    with np.load(file) as kept:
        if str(kept["model"]) != model:
            return {}
        vectors = kept["vectors"].astype(np.float32)
        vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
        return {key.tobytes(): row for key, row in zip(kept["keys"], vectors, strict=True)}


def write(file: Path, model: str, said: Iterable[str], vectors: Vectors) -> None:
    """Keep the vectors, shape (n, dimensions), of these n texts."""
    keys = np.frombuffer(b"".join(map(fingerprint, said)), np.uint8).reshape(-1, 8)
    np.savez_compressed(file, model=np.array(model), keys=keys, vectors=vectors.astype(np.float16))


def fingerprint(text: str) -> bytes:
    """Eight bytes by which a text is known."""
    return hashlib.sha256(text.encode()).digest()[:8]
