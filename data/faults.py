"""Faults of the data folder, each with its file, record, message and remedy.

The modules that read and check the data collect faults and report them all at once. Messages are in
English and keep their template, so that the page can translate them. The translations are not here:
see ``app/page/chinese.toml``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self


class Phrase(str):
    """An English text that keeps the template and the values it was made from.

    Parameters
    ----------
    template
        A format string with named fields.
    **values
        The values of the fields. A tuple of texts is joined by commas, and a value may be a phrase
        itself.

    Examples
    --------
    >>> phrase = Phrase("unknown {kind} {name!r}", kind=Phrase("county"), name="丰论区")
    >>> phrase, phrase.template
    ("unknown county '丰论区'", 'unknown {kind} {name!r}')
    """

    template: str
    values: Mapping[str, Any]

    def __new__(cls, template: str, /, **values: Any) -> Self:
        """Fill in the template."""
        listed = {k: ", ".join(v) if isinstance(v, tuple) else v for k, v in values.items()}
        return cls.quoted(template.format(**listed), template, **values)

    @classmethod
    def quoted(cls, text: str, template: str, /, **values: Any) -> Self:
        """Return a message of another program as a phrase.

        Parameters
        ----------
        text
            The message as the program wrote it.
        template
            The key of its translation, such as the program's own code for the message.
        **values
            The values that the translation may use.

        Returns
        -------
        Phrase
            A phrase that reads as `text`.
        """
        made = super().__new__(cls, text)
        made.template, made.values = template, values
        return made


@dataclass(frozen=True, order=True)
class Fault:
    """One error in the data folder and its remedy.

    Attributes
    ----------
    file
        Path of the file within the data folder.
    record
        Id of the record, a phrase for its position, or an empty string for the whole file.
    message
        What is wrong.
    remedy
        What the author should do.
    """

    file: str
    record: str
    message: Phrase
    remedy: Phrase

    def __str__(self) -> str:
        where = f"{self.file}: {self.record}" if self.record else self.file
        return f"{where}: {self.message} → {self.remedy}"


class DataFaultsError(Exception):
    """The data folder cannot be used.

    Parameters
    ----------
    faults
        Every fault that was found. The attribute `faults` holds them sorted and without repeats.
    """

    def __init__(self, faults: list[Fault]) -> None:
        self.faults = tuple(sorted(set(faults)))
        super().__init__("\n".join(map(str, self.faults)))
