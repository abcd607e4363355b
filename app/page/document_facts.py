"""Facts about a document: its form, region, period and publication."""

from __future__ import annotations

from app.page.language import gloss, say
from data.evidence import documents_folder
from data.models import Document
from layers.shared.vocabulary import FORMS


def facts(document: Document) -> dict[str, str]:
    """Return label → text in the chosen language; the text is empty where it is unknown.

    Parameters
    ----------
    document
        The record of the document.
    """
    return {
        say("性质"): gloss(FORMS[document.form]),
        say("范围"): gloss(document.region),
        say("规划期"): _period(document.period_start, document.period_end),
        say("刊载"): "，".join(v for v in (document.publisher, document.published) if v),
        say("说明"): gloss(document.note or ""),
    }


def where_to_read() -> str:
    """Return a text on where the sentences of the documents can be read."""
    if documents_folder() is None:
        return say(
            "原文不随图集提供，此处只列出处，请据此查阅文件。"
            "如需在要素详情旁显示原句，请联系本系统的管理员。"
        )
    return say("点击条目，详情旁显示文件原句。")


def _period(start: int | None, end: int | None) -> str:
    if start and end:
        return gloss(f"{start}—{end}年")
    return say("至{year}年", year=end) if end else ""
