"""The atlas behind the API: built once per state of the data folder, shared by all requests."""

from __future__ import annotations

from threading import Lock

from data import reader
from data.faults import DataFaultsError
from layers.atlas import Atlas
from layers.catalogue import open_atlas


class Store:
    """A cache of the current atlas, or of the faults that prevent building it.

    The key is the digest of the data folder.
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self._digest: str | None = None
        self._cached: Atlas | DataFaultsError | None = None

    def atlas(self) -> Atlas:
        """Return the atlas of the current data folder.

        Raises
        ------
        DataFaultsError
            The data has faults.
        """
        with self._lock:
            digest = reader.digest(reader.data_folder())
            if digest != self._digest or self._cached is None:
                self._digest, self._cached = digest, self._open()
            cached = self._cached
        if isinstance(cached, DataFaultsError):
            raise cached
        return cached

    def _open(self) -> Atlas | DataFaultsError:
        try:
            return open_atlas()
        except DataFaultsError as error:
            return error
