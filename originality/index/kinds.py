"""Which FAISS index for how many vectors, and what FAISS does not tell in one way for all of them.

Up to 200,000 vectors all are compared, in half precision. Above, a vector is first turned into its 128 most telling
directions (PCA) and kept there in eight bits each, in inverted lists of which 16 are read: a fourth of the memory, and
a hundredth of the comparisons. What comes out is compared again by whole vectors (`neighbours`), so cosines are exact
and only the choice is approximate. Indexes of before (lists of whole vectors) are read as they are.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from originality.index.store import Store

FLAT_LIMIT = 200_000  # exact search up to here: 10 to 40 ms for one query
READ_BATCH = 50_000  # rows read from the store at a time
PROBES = 16  # inverted lists read per query
SAMPLE = 50_000  # vectors from all over the store that lists and directions are learned from
DIRECTIONS = 128
REVISED = 3  # so many times as many as are wanted are compared again


def new_vectors(faiss: Any, store: Store, dim: int) -> Any:
    """Return an empty index of the kind that suits the vectors of a store."""
    if store.vectors <= FLAT_LIMIT:
        flat = faiss.IndexScalarQuantizer(dim, faiss.ScalarQuantizer.QT_fp16, faiss.METRIC_INNER_PRODUCT)
        return faiss.IndexIDMap2(flat)
    numbers = store.vector_numbers()
    lists = 1 << round(np.log2(2 * np.sqrt(len(numbers))))
    # Of unit vectors the nearest by distance is the one of the highest cosine; directions keep distances, not products.
    index = faiss.index_factory(dim, f"PCA{min(dim, DIRECTIONS)},IVF{lists},SQ8", faiss.METRIC_L2)
    inverted(faiss, index).cp.min_points_per_centroid = 1  # else FAISS prints a warning of its own
    # From all over the store: the first vectors are those of the first account, which speak of its trade only.
    chosen = np.random.default_rng(1).choice(numbers, min(SAMPLE, len(numbers)), replace=False)
    index.train(store.vectors_at(chosen.tolist())[1])
    return ready(faiss, index)


def ready(faiss: Any, index: Any) -> Any:
    """Return an index set to be searched."""
    lists = inverted(faiss, index)
    if lists is not None:
        lists.nprobe = PROBES
    return index


def inverted(faiss: Any, index: Any) -> Any:
    """Return the inverted lists of an index, or None where it has none."""
    return faiss.try_extract_index_ivf(index)


def has_outgrown(faiss: Any, index: Any) -> bool:
    """Say whether an index compares all vectors where there are too many for that by now."""
    return index is not None and index.ntotal > FLAT_LIMIT and inverted(faiss, index) is None


def is_rough(faiss: Any, index: Any) -> bool:
    """Say whether an index's own figures are no cosines."""
    return bool(index.metric_type == faiss.METRIC_L2)


def highest(faiss: Any, index: Any) -> int:
    """Return the largest id in an index, 0 where it is empty."""
    return int(_ids(faiss, index).max(initial=0)) if index.ntotal else 0


def remove_gone(faiss: Any, index: Any, present: NDArray[np.int64]) -> None:
    """Remove from an index whatever is not present."""
    gone = np.setdiff1d(_ids(faiss, index), present)
    if len(gone):
        index.remove_ids(gone)


def _ids(faiss: Any, index: Any) -> NDArray[np.int64]:
    lists = None if isinstance(index, faiss.IndexBinary) else inverted(faiss, index)
    if lists is None:
        ids: NDArray[np.int64] = faiss.vector_to_array(index.id_map)
        return ids
    held = lists.invlists
    parts = [
        faiss.rev_swig_ptr(held.get_ids(i), held.list_size(i)).copy() for i in range(lists.nlist) if held.list_size(i)
    ]
    return np.concatenate(parts) if parts else np.empty(0, np.int64)
