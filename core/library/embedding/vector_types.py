"""Array types of vectors and of their ids, without anything but NumPy behind them."""

import numpy as np
import numpy.typing as npt

Vectors = npt.NDArray[np.float32]
"""Vectors of unit length, one a row, shape (count, width); or a single one, shape (width,)."""
Ids = npt.NDArray[np.int64]
"""Ids of vectors as `library.db` gives them, shape (count,): above 0, and never used twice."""
Cosines = npt.NDArray[np.float32]
"""Cosines of pairs of vectors, -1 to 1, shape (count,)."""
