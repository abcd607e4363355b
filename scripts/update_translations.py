"""Bring the translations under app/page/locale/ up to date with the code.

    python scripts/update_translations.py

Needs ``.[test]`` (Babel). Run it after adding or changing a text, and again after translating. For
each domain it extracts the texts (babel.cfg) into the template (.pot), carries what has been
translated over into the catalogue (.po), word for word and never by likeness, and compiles that
(.mo). It prints what is left to translate, and what it dropped because the code no longer says it.
The files hold no dates and no line numbers, so they change only when a text does, or its place; a
test makes them anew and compares.
"""

from __future__ import annotations

import ast
import io
import tomllib
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
MAPPING = ROOT / "babel.cfg"
LOCALE = ROOT / "app" / "page" / "locale"
QUOTING = "Phrase"  # the call whose domain holds what other programs say
HEADER = "# {domain}, {source} to {target}: fill in msgstr, run scripts/update_translations.py"

Found = tuple[int, str | None, str, list[str]]  # line, call, text and comments, as Babel wants them


@dataclass(frozen=True)
class Domain:
    """Texts that are translated together: from one language into one other."""

    name: str
    call: str
    source: str
    target: str

    @property
    def template(self) -> Path:
        """Where its template lies."""
        return LOCALE / f"{self.name}.pot"

    @property
    def catalogue(self) -> Path:
        """Where its translations lie; compiled, they lie beside it."""
        return LOCALE / self.target / "LC_MESSAGES" / f"{self.name}.po"


DOMAINS = (Domain("jitu", "say", "zh", "en"), Domain("faults", QUOTING, "en", "zh"))


class Stable(Catalog):
    """A catalogue whose header says nothing that changes by itself: no dates, no versions."""

    @property
    def mime_headers(self) -> list[tuple[str, str]]:
        """The header's fields."""
        language = [("Language", str(self.locale_identifier))] if self.locale_identifier else []
        return [
            ("Project-Id-Version", "jitu"),
            *language,
            ("MIME-Version", "1.0"),
            ("Content-Type", "text/plain; charset=UTF-8"),
            ("Content-Transfer-Encoding", "8bit\n"),  # the end of the header
        ]


def main() -> None:
    """Write what has changed, and say what is missing and what went."""
    for domain in DOMAINS:
        catalogue = updated(domain)
        for path, content in files(domain, catalogue).items():
            if not path.exists() or path.read_bytes() != content:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(content)
                print("written:", path.relative_to(ROOT).as_posix())
        for message in catalogue:
            if message.id and (message.fuzzy or not message.string):
                print(f"{domain.catalogue.name}: to translate: {message.id}")
        for message in catalogue.obsolete.values():
            print(f"{domain.catalogue.name}: dropped: {message.id} → {message.string}")


# -- what the code says ------------------------------------------------------------------------


def calls(
    fileobj: IO[bytes],
    keywords: Collection[str],
    comment_tags: Collection[str],  # noqa: ARG001
    options: Mapping[str, Any],  # noqa: ARG001
) -> Iterator[Found]:
    """Yield the texts that a Python file gives to the calls, as an extractor of Babel's.

    Parameters
    ----------
    fileobj
        The file, opened for its bytes.
    keywords
        The names of the calls; their first argument is the text.
    comment_tags, options
        Babel gives them; there are none.

    Yields
    ------
    tuple
        Line, call, text and comments.
    """
    found = [
        (node.lineno, node.func.id, node.args[0].value, [])
        for node in ast.walk(ast.parse(fileobj.read()))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id in keywords
        and node.args
        and isinstance(node.args[0], ast.Constant)
    ]
    yield from sorted(found)


def quotes(
    fileobj: IO[bytes],
    keywords: Collection[str],
    comment_tags: Collection[str],  # noqa: ARG001
    options: Mapping[str, Any],  # noqa: ARG001
) -> Iterator[Found]:
    """Yield what other programs say of the data, as an extractor of Babel's.

    Parameters
    ----------
    fileobj
        The list, opened for its bytes: program → texts.
    keywords
        The names of the calls; the texts belong to the domain of one of them.
    comment_tags, options
        Babel gives them; there are none.

    Yields
    ------
    tuple
        Number in the list, no call, text, and the program as a comment.
    """
    if QUOTING in keywords:
        lists = tomllib.load(fileobj).items()
        pairs = ((program, text) for program, texts in lists for text in texts)
        for number, (program, text) in enumerate(pairs, 1):
            yield number, None, text, [program]


def extracted(domain: Domain) -> Catalog:
    """Return the template of a domain: every text of the code, with its places.

    Parameters
    ----------
    domain
        The domain.

    Returns
    -------
    Catalog
        The texts in the order of files and lines, untranslated.
    """
    with MAPPING.open(encoding="utf-8") as file:
        methods, options = parse_mapping_cfg(file)
    template = Stable(header_comment=_header(domain), fuzzy=False)
    for name, line, text, comments, _ in extract_from_dir(
        ROOT, methods, options, keywords={domain.call: None}
    ):
        template.add(text, locations=[(name, line)], auto_comments=comments)
    return template


# -- what is translated ------------------------------------------------------------------------


def updated(domain: Domain) -> Catalog:
    """Return a domain's translations as the code needs them.

    Parameters
    ----------
    domain
        The domain.

    Returns
    -------
    Catalog
        Every text of the code with its translation, where there is one; translations of texts that
        are no longer in the code are in its ``obsolete``.
    """
    made = read(domain)
    made.update(extracted(domain), no_fuzzy_matching=True)
    return made


def read(domain: Domain) -> Catalog:
    """Return a domain's translations as they were written.

    Parameters
    ----------
    domain
        The domain.

    Returns
    -------
    Catalog
        The catalogue; an empty one where there is no file yet.
    """
    made = Stable(locale=domain.target, header_comment=_header(domain), fuzzy=False)
    if domain.catalogue.exists():
        with domain.catalogue.open("rb") as file:
            for message in read_po(file, abort_invalid=True):
                if message.id:
                    made[message.id] = message
    return made


def files(domain: Domain, catalogue: Catalog) -> dict[Path, bytes]:
    """Return a domain's files as they should be.

    Parameters
    ----------
    domain
        The domain.
    catalogue
        Its translations.

    Returns
    -------
    dict
        Path → content: template, catalogue and compiled catalogue.
    """
    return {
        domain.template: _text(extracted(domain)),
        domain.catalogue: _text(catalogue),
        domain.catalogue.with_suffix(".mo"): compiled(catalogue),
    }


def compiled(catalogue: Catalog) -> bytes:
    """Return translations as the page reads them.

    Parameters
    ----------
    catalogue
        The translations; those marked as fuzzy are left out.

    Returns
    -------
    bytes
        The file's content.
    """
    file = io.BytesIO()
    write_mo(file, catalogue)
    return file.getvalue()


def _text(catalogue: Catalog) -> bytes:
    file = io.BytesIO()
    write_po(
        file, catalogue, width=0, sort_by_file=True, ignore_obsolete=True, include_lineno=False
    )
    return file.getvalue().rstrip(b"\n") + b"\n"


def _header(domain: Domain) -> str:
    return HEADER.format(domain=domain.name, source=domain.source, target=domain.target)


if __name__ == "__main__":
    main()
