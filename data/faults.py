"""Faults of the data: collected, then told all at once, each with its file, record and remedy."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self


class Phrase(str):
    """A text in English that knows what it was made of, so that it can be told in other words.

    `values` fill the template; several names are given as a tuple. A value may be a phrase itself.

    >>> told = Phrase("unknown {kind} {name!r}", kind=Phrase("county"), name="丰论区")
    >>> told, told.template
    ("unknown county '丰论区'", 'unknown {kind} {name!r}')
    """

    template: str
    values: Mapping[str, Any]

    def __new__(cls, template: str, /, **values: Any) -> Self:
        """Fill the template in."""
        listed = {k: ", ".join(v) if isinstance(v, tuple) else v for k, v in values.items()}
        return cls.quoted(template.format(**listed), template, **values)

    @classmethod
    def quoted(cls, text: str, template: str, /, **values: Any) -> Self:
        """Return what another program says, known to it or by us as `template`."""
        made = super().__new__(cls, text)
        made.template, made.values = template, values
        return made


@dataclass(frozen=True, order=True)
class Fault:
    """One thing that is wrong in the data folder, and what to do about it.

    `record` is the record's own name, or a phrase that says where it stands.
    """

    file: str
    record: str
    message: Phrase
    remedy: Phrase

    def __str__(self) -> str:
        where = f"{self.file}: {self.record}" if self.record else self.file
        return f"{where}: {self.message} → {self.remedy}"


class DataFaultsError(Exception):
    """The data folder cannot be used; `faults` says everything that is wrong with it."""

    def __init__(self, faults: list[Fault]) -> None:
        self.faults = tuple(sorted(set(faults)))
        super().__init__("\n".join(map(str, self.faults)))
