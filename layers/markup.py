"""The one point at which text becomes HTML or Markdown.

Names come from data files that anybody may edit; none of them may ever run or change the page.
"""

from __future__ import annotations

import html
import re

# html.escape leaves the characters that start a JavaScript template alone.
_TEMPLATE = {ord(c): f"&#{ord(c)};" for c in "\\`${}"}
_MARKDOWN = re.compile(r"([\\`*_{}\[\]()#+\-.!|~$:<>&])")


def safe(value: object) -> str:
    """Return `value` as text that HTML shows as it is, in elements, attributes and templates.

    >>> safe('<b>${alert(1)}</b>')
    '&lt;b&gt;&#36;&#123;alert(1)&#125;&lt;/b&gt;'
    """
    return html.escape(str(value), quote=True).translate(_TEMPLATE)


def escape_markdown(value: object) -> str:
    r"""Return `value` as text that Streamlit's Markdown shows as it is.

    >>> escape_markdown('*a* :red[b] $x$')
    '\\*a\\* \\:red\\[b\\] \\$x\\$'
    """
    return _MARKDOWN.sub(r"\\\1", " ".join(str(value).split()))
