"""Escaping of text for HTML and Markdown.

Names come from data files that anybody may edit, so every text is escaped here before it goes into
a page.
"""

from __future__ import annotations

import html
import re

# html.escape does not escape the characters of a JavaScript template literal.
_TEMPLATE = {ord(c): f"&#{ord(c)};" for c in "\\`${}"}
_MARKDOWN = re.compile(r"([\\`*_{}\[\]()#+\-.!|~$:<>&])")


def escape_html(value: object) -> str:
    """Return a value escaped for HTML elements, attributes and JavaScript templates.

    Parameters
    ----------
    value
        Any value.

    Examples
    --------
    >>> escape_html('<b>${alert(1)}</b>')
    '&lt;b&gt;&#36;&#123;alert(1)&#125;&lt;/b&gt;'
    """
    return html.escape(str(value), quote=True).translate(_TEMPLATE)


def escape_markdown(value: object) -> str:
    r"""Return a value escaped for Streamlit's Markdown, on one line.

    Parameters
    ----------
    value
        Any value.

    Examples
    --------
    >>> escape_markdown('*a* :red[b] $x$')
    '\\*a\\* \\:red\\[b\\] \\$x\\$'
    """
    return _MARKDOWN.sub(r"\\\1", " ".join(str(value).split()))
