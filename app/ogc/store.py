"""The atlas behind the API: built once per state of the data folder, shared by all requests."""

from __future__ import annotations

from threading import Lock

from data import reader
from data.faults import DataFaultsError
from layers.catalogue import Atlas, open_atlas


class Store:
    """Keeps the latest atlas, or the faults that stand in its way, by the digest of the data."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._digest: str | None = None
        self._found: Atlas | DataFaultsError | None = None

    def atlas(self) -> Atlas:
        """Return the atlas of the data folder as it is now.

        Raises
        ------
        DataFaultsError
            The data has faults.
        """
        with self._lock:
            digest = reader.digest(reader.data_folder())
            if digest != self._digest or self._found is None:
                self._digest, self._found = digest, self._open()
            found = self._found
        if isinstance(found, DataFaultsError):
            raise found
        return found

    def _open(self) -> Atlas | DataFaultsError:
        try:
            return open_atlas()
        except DataFaultsError as error:
            return error
