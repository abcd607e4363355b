"""Chinese words for codes in columns: tiers, document forms, kinds of bases, placements."""

from __future__ import annotations

from collections.abc import Mapping

from layers.portrayal.status import STATUS_TITLES

TIERS: Mapping[str, str] = {"key": "重点支持", "cultivated": "重点培育"}
FORMS: Mapping[str, str] = {
    "full-text": "全文",
    "excerpt": "节选",
    "digest": "媒体摘编",
}
BASE_KINDS: Mapping[str, str] = {
    "base": "基地", "park": "园区", "cluster": "集群", "zone": "示范区", "platform": "平台",
}  # fmt: skip
PLACEMENTS: Mapping[str, str] = {"stated": "文件载明", "inferred": "推定"}
# From the coarsest to the finest.
PLACE_LEVELS: Mapping[str, str] = {"city": "市级", "county": "县级", "zone": "开发区"}

# Column → code → Chinese word.
CODE_WORDS: Mapping[str, Mapping[str, str]] = {
    "tier": TIERS,
    "geometry_status": STATUS_TITLES,
    "kind": BASE_KINDS,
    "placement": PLACEMENTS,
    "membership": PLACEMENTS,
    "place_level": PLACE_LEVELS,
}
