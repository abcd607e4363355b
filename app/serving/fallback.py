"""What the document shows where Streamlit's page cannot run: a notice and the one-file atlas.

The page needs a recent browser, a WebSocket and a server that answers. ``static/page/start.js``
finds out which of them is missing and shows the notice for it. Where the page cannot start at all,
the atlas in one file takes its place: it needs neither a WebSocket nor a recent browser.
"""

from __future__ import annotations

import secrets
from functools import lru_cache
from pathlib import Path
from urllib.parse import quote

from starlette.responses import Response

from app.page.assets import versioned_address
from app.page.language import as_html, join_list, say
from layers.atlas import Atlas
from layers.catalogue import KINDS
from layers.formats.export import export
from layers.reading.view import View

ONE_FILE = "/atlas.html"  # path below the prefix
BROWSERS = ("Chrome 112", "Edge 112", "Firefox 116", "Safari 17")  # the first that run the page
INSTANCE = secrets.token_hex(
    8
)  # of this server's process, so that a page sees that it was restarted
_STYLE = Path(__file__).resolve().parent / "fallback.css"


def head() -> str:
    """Return the HTML for the document's head: the script that watches the page, and the style."""
    script = f'<script defer src="./app/static/{versioned_address("page/start.js")}"></script>'
    return f"{script}<style>{_STYLE.read_text(encoding='utf-8')}</style>"


def body() -> str:
    """Return the HTML for the document's body: all notices, hidden, in the chosen language."""
    sections = "".join(
        f'<section data-notice="{name}" hidden><h1>{as_html(title)}</h1><p>{as_html(text)}</p>'
        "</section>"
        for name, (title, text) in _notices().items()
    )
    links = (
        f'<a href=".{ONE_FILE}" target="_blank">{as_html(say("打开单文件图集"))}</a>'
        f'<a href=".{ONE_FILE}" download>{as_html(say("保存单文件图集"))}</a>'
    )
    return (
        f'<div id="jitu-notice" data-instance="{INSTANCE}" role="alert" hidden>'
        f"{sections}<code></code><nav>{links}</nav></div>"
    )


def _notices() -> dict[str, tuple[str, str]]:
    """Return name of a notice → its title and text."""
    instead = say(
        "下面的单文件图集在此处可用：地图、筛选、详情、表格和来源都在其中，不含打印与导出。"
    )
    return {
        "browser": (
            say("浏览器版本过旧，无法打开完整页面"),
            say(
                "完整页面需要 {browsers} 或更新的版本；双核浏览器请用极速模式，内核也须达到 112。"
                "Windows 7 和 8.1 上的 Chrome、Edge 最高只到 109。",
                browsers=join_list(BROWSERS),
            )
            + instead,
        ),
        "websocket": (
            say("网络阻断了页面与服务器之间的 WebSocket 连接"),
            say(
                "服务器有应答，但页面的连接被代理或安全网关拒绝。请联系管理员："
                "为本站放行 WebSocket，并转发浏览器的 Host；放行后刷新本页。"
            )
            + instead,
        ),
        "error": (
            say("页面未能启动"),
            say("请刷新本页（Ctrl+F5）；仍未启动时，请换用新版浏览器，并把下面一行发给管理员。")
            + instead,
        ),
        "server": (
            say("服务器没有应答"),
            say(
                "冀图服务可能正在重启或已经停止。本页会自动重新连接，恢复后即可继续，请不要关闭。"
                "长时间没有恢复时，请联系管理员检查 jitu 服务。此前保存的单文件图集仍可使用。"
            ),
        ),
        "login": (say("登录已失效"), say("请刷新本页，重新登录。")),
        "slow": (
            say("页面仍在加载"),
            say("网速较慢或电脑较忙时需要更长时间。等待时可先打开单文件图集。"),
        ),
    }


def one_file(atlas: Atlas) -> Response:
    """Return the whole atlas as one HTML file, which opens with the default view.

    Parameters
    ----------
    atlas
        The atlas.
    """
    name, content = _one_file(atlas)
    headers = {
        "Cache-Control": "no-cache",
        "Content-Disposition": f"inline; filename*=UTF-8''{quote(name)}",
    }
    return Response(content, media_type="text/html", headers=headers)


@lru_cache(maxsize=1)
def _one_file(atlas: Atlas) -> tuple[str, bytes]:
    view = View(atlas.records.atlas.default_year)
    made = export(atlas, list(KINDS), view, "html")
    return made.name, made.data
