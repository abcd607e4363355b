"""What faults say: in English as they are made, in Chinese on the page; nothing is left out."""

from __future__ import annotations

import ast
import importlib
import json
import string
import sys
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from types import ModuleType

import pytest
from pydantic import ValidationError

from app.page import notices
from app.page.language import CHINESE, ENGLISH
from data import models
from data import reader as data_library
from data.faults import Fault, Phrase
from geo.gazetteer import Gazetteer, UnknownPlaceError

ROOT = Path(__file__).resolve().parent.parent
MODULES = sorted(p for folder in ("data", "geo", "layers") for p in (ROOT / folder).rglob("*.py"))
# What a field may wrongly hold: of every JSON type, and of the bounds of figures and words.
WRONG = (None, "", "x", 0, -1, 1, 3000, 0.5, True, [], [1], [[]], {}, {"A!": [""]}, {"1": [""]})


@cache
def script() -> ModuleType:
    """scripts/update_translations.py, by the name that babel.cfg has for it."""
    sys.path.append(str(ROOT / "scripts"))
    return importlib.import_module("update_translations")


@cache
def catalogue(name: str) -> dict[str, str]:
    """What the translators wrote for a domain: text → translation."""
    (domain,) = (d for d in script().DOMAINS if d.name == name)
    return {message.id: message.string for message in script().read(domain) if message.id}


def chinese() -> dict[str, str]:
    return catalogue("faults")


@cache
def quoted() -> dict[str, list[str]]:
    """What other programs say, by program."""
    return tomllib.loads((script().LOCALE / "quoted.toml").read_text(encoding="utf-8"))


def calls(name: str) -> Iterator[tuple[str, ast.Call]]:
    for path in MODULES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", None) == name:
                yield f"{path.name}:{node.lineno}", node


def templates() -> dict[str, set[str]]:
    """Every template of the code, with the names of the values it is given."""
    found = {}
    for where, call in calls("Phrase"):
        (template,) = call.args
        assert isinstance(template, ast.Constant), f"{where}: not a literal"
        found[template.value] = {str(keyword.arg) for keyword in call.keywords}
    return found


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


@pytest.fixture(params=[CHINESE, ENGLISH])
def spoken(request, monkeypatch) -> str:
    monkeypatch.setattr("app.page.language.chosen", lambda: request.param)
    return request.param


# -- the catalogue -----------------------------------------------------------------------------


def test_every_phrase_has_its_chinese():
    found = templates()
    assert set(found) == set(chinese()) - set().union(*quoted().values())
    for template, values in found.items():
        assert placeholders(template) == values, template
        assert placeholders(chinese()[template]) == values, template


def test_a_model_speaks_in_phrases():
    """The checks of the models raise messages that the page can translate."""
    raised = [
        (where, call) for where, call in calls("ValueError") if where.startswith("models.py:")
    ]
    assert len(raised) > 10
    for where, call in raised:
        (argument,) = call.args
        assert isinstance(argument, ast.Call), where
        assert getattr(argument.func, "id", None) == "Phrase", where


def records(base: type[models.Record] = models.Record) -> Iterator[type[models.Record]]:
    for model in base.__subclasses__():
        yield model
        yield from records(model)


def test_every_fault_of_a_type_has_its_chinese():
    """Each field of each model holds in turn whatever is wrong; what pydantic says is known."""
    said: dict[str, set[str]] = {}
    for model in records():
        wholes = [None, 1, "x", [], {}]
        for value in (*wholes, *({f: w, "z": 1} for f in model.model_fields for w in WRONG)):
            try:
                model.model_validate_json(json.dumps(value))
            except ValidationError as error:
                for problem in error.errors():
                    said.setdefault(problem["type"], set()).update(problem.get("ctx", {}))
    said.pop("value_error", None)  # says what the model's own check says
    assert set(said) == set(quoted()["pydantic"])
    for kind, known in said.items():
        assert chinese()[kind], kind
        assert placeholders(chinese()[kind]) <= known, kind


def test_no_word_stands_in_two_lists():
    """A phrase has one Chinese, whoever says it: our code or another program."""
    words = [*templates(), *(word for list_ in quoted().values() for word in list_)]
    assert sorted(words) == sorted(set(words)) == sorted(chinese())


# -- what is said ------------------------------------------------------------------------------


def test_a_phrase_is_its_english():
    phrase = Phrase("{one}; {next}", one="a", next=Phrase("near {names}", names=("b", "c")))
    assert phrase == "a; near b, c"
    fault = Fault("x.yaml", Phrase("line {line}", line=3), phrase, Phrase("fix"))
    assert str(fault) == "x.yaml: line 3: a; near b, c → fix"


def test_phrases_in_phrases_are_translated(spoken, records):
    with pytest.raises(UnknownPlaceError) as raised:
        Gazetteer(records).resolve_list(["怀莱县", "高新区"], "张家口市")
    expected = {
        CHINESE: "张家口市内没有地名“怀莱县”；相近的名称：怀来县、怀安县、蔚县；"
        "张家口市内没有地名“高新区”",
        ENGLISH: "unknown place '怀莱县' in 张家口市; near names: 怀来县, 怀安县, 蔚县; "
        "unknown place '高新区' in 张家口市",
    }
    assert notices.fault_text(raised.value.message) == expected[spoken]


def test_what_another_program_says_in_words_unknown_is_marked(spoken):
    said = Phrase("broken YAML: {problem}", problem=Phrase.quoted("quite odd", "quite odd"))
    expected = {
        CHINESE: "YAML 语法有误：quite odd（英文原文）",
        ENGLISH: "broken YAML: quite odd",
    }
    assert notices.fault_text(said) == expected[spoken]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("industries: [a", "缺少逗号“,”或右括号“]”"),
        ("industries: {a: 1", "缺少逗号“,”或右括号“}”"),
        ("industries: 'a", "文件提前结束"),
        ("industries: a: b", "此处不能有“键: 值”"),
        ("industries:\n\t- a", "制表符"),
        ("industries:\n- a\nb", "缺少冒号“:”"),
        ("industries:\n  a: 1\n b: 2", "缩进有误"),
        ("industries: *a", "引用（*）没有定义"),
        ('industries: "\\q"', "转义符"),
        ("a: 1\na: 2", "键“a”出现两次"),
        ("? [a]\n: b", "键必须是一个词"),
    ],
)
def test_broken_yaml_is_reported_in_chinese(data_copy, monkeypatch, text, expected):
    monkeypatch.setattr("app.page.language.chosen", lambda: CHINESE)
    (data_copy / "industries.yaml").write_text(text, encoding="utf-8")
    _, faults = data_library.read(data_copy)
    (fault,) = (f for f in faults if f.message.startswith("broken YAML"))
    assert expected in notices.fault_text(fault.message)
    assert "英文原文" not in notices.fault_text(fault.message)
    assert notices.fault_text(fault.record).startswith("第 ")
