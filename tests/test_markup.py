"""No name ever runs or changes the page: checked by readers of HTML and of Markdown."""

from __future__ import annotations

import html
import re
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from layers.markup import escape_html, escape_markdown

HOSTILE = [
    "<script>alert(1)</script>",
    "</script><b>",
    '"><img src=x onerror=alert(1)>',
    "' onload='alert(1)",
    "${alert(1)}",
    "`${alert(1)}`",
    "\\u003cb\\u003e",
    "{{ constructor }}",
    "&lt;b&gt; &amp; &#60;",
    "[a](javascript:alert(1)) ![b](x)",
    "*a* _b_ **c** ~~d~~ `e` :red[f] :material/search: $x$ # g",
    "1. one\n- two\n\n    three",
    "| a | b |\n|---|---|",
    "a\\",
]
# Anything but lone surrogates and control characters, which are no text.
text = st.text(st.characters(exclude_categories=("Cs", "Cc"))) | st.sampled_from(HOSTILE)
marks = st.text("<>&\"'`\\$*_{}[]()#+-.!|~:=a 1", max_size=30)


@given(text | marks)
def test_safe_text_has_no_raw_markup(value):
    made = escape_html(value)
    assert not set("<>\"'\\`") & set(made)
    assert "${" not in made
    assert "{{" not in made


@given(text | marks)
def test_safe_text_reads_as_the_text(value):
    assert html.unescape(escape_html(value)) == value


class Reader(HTMLParser):
    """Collects what a browser would see."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, list]] = []
        self.words = ""
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list) -> None:
        self.tags.append((tag, attrs))

    def handle_data(self, data: str) -> None:
        self.words += data


@given(text | marks)
def test_html_shows_safe_text_as_it_is(value):
    page = Reader(
        f"<b title=\"{escape_html(value)}\" lang='{escape_html(value)}'>{escape_html(value)}</b>"
    )
    assert page.tags == [("b", [("title", value), ("lang", value)])]
    assert page.words == value


@given(st.integers() | st.none() | st.floats(allow_nan=False))
def test_values_that_are_no_text_are_shown_as_text(value):
    assert html.unescape(escape_html(value)) == str(value)


@given(text | marks)
def test_plain_text_escapes_every_mark(value):
    made = escape_markdown(value)
    assert not re.search(r"[*_`\[\]<>$:#|~&]", re.sub(r"\\.", "", made))
    assert re.sub(r"\\(.)", r"\1", made) == " ".join(value.split())


@given(text | marks)
def test_markdown_shows_plain_text_as_it_is(value):
    markdown = pytest.importorskip("markdown_it").MarkdownIt("commonmark")
    page = Reader(markdown.render(escape_markdown(value)))
    words = " ".join(value.split())
    assert page.tags == ([("p", [])] if words else [])
    assert page.words.strip("\n") == words
