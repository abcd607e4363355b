"""Segmentation and fingerprints: what may change in a text, and what may not."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from data.text import fingerprint, normalise, paragraphs, sentences

# Letters that stay themselves under NFKC, and no tags.
WORDS = "河北省石家庄高新区年营业收入预计超亿元、。；，（）「」0123456789abXY+%."
text = st.text(WORDS, min_size=1, max_size=40)
SPACES = [" ", "\t", "\n", "\r\n", "\u3000", "\u00a0", "\u2003"]
TAGS = ["<b>", "</b>", "<br/>", '<p class="a">', "</p>", "<strong>", "<img src='x' w=\"1\">"]
FULL_WIDTH = str.maketrans("0123456789abXY+%", "０１２３４５６７８９ａｂＸＹ＋％")


@given(text, st.sampled_from(SPACES + TAGS), st.data())
def test_white_space_and_tags_do_not_change_a_fingerprint(words, noise, data):
    at = data.draw(st.integers(0, len(words)))
    assert fingerprint(words[:at] + noise + words[at:]) == fingerprint(words)


@given(text)
def test_full_width_characters_do_not_change_a_fingerprint(words):
    assert fingerprint(words.translate(FULL_WIDTH)) == fingerprint(words)


@given(text, st.sampled_from(WORDS), st.data())
def test_another_character_changes_the_fingerprint(words, character, data):
    at = data.draw(st.integers(0, len(words) - 1))
    assume(unicodedata.normalize("NFKC", words[at]) != unicodedata.normalize("NFKC", character))
    assert fingerprint(words[:at] + character + words[at + 1 :]) != fingerprint(words)


@given(text, st.data())
def test_a_missing_or_added_character_changes_the_fingerprint(words, data):
    at = data.draw(st.integers(0, len(words) - 1))
    assert fingerprint(words[:at] + words[at + 1 :]) != fingerprint(words)
    assert fingerprint(words[:at] + words[at] + words[at:]) != fingerprint(words)


@given(st.lists(st.sampled_from(WORDS), min_size=2, max_size=40, unique=True), st.data())
def test_swapped_characters_change_the_fingerprint(letters, data):
    positions = st.integers(0, len(letters) - 1)
    first, second = data.draw(st.lists(positions, min_size=2, max_size=2, unique=True))
    swapped = [*letters]
    swapped[first], swapped[second] = letters[second], letters[first]
    assume(normalise("".join(swapped)) != normalise("".join(letters)))  # ； and ; are the same
    assert fingerprint("".join(swapped)) != fingerprint("".join(letters))


def test_a_fingerprint_is_the_sha256_of_the_normalised_sentence():
    # printf '到2025年,100亿元。' | sha256sum
    expected = "f881c2b0210f902f5704c026ab5f7f1129eb8de1b4277dd0ee2f83a39739d4c7"
    assert fingerprint("　到 ２０２５ 年，<b>100</b> 亿元。\n") == expected


@given(text)
def test_normalising_twice_is_normalising_once(words):
    assert normalise(normalise(words)) == normalise(words)


@given(st.lists(text, max_size=5))
def test_sentences_rejoin_to_their_paragraphs(lines):
    document = "\n".join(lines)
    assert "".join(sentences(document)) == "".join(paragraphs(document)) == normalise(document)
    assert sentences(document) == [s for line in lines for s in sentences(line)]


@given(text)
def test_a_sentence_ends_at_its_first_full_stop(words):
    *whole, last = sentences(words)
    assert all(s.index("。") == len(s) - 1 for s in whole)
    assert last
    assert "。" not in last[:-1]


@pytest.mark.parametrize("end", ["。", "！", "？", "!", "?", "｡"])
def test_sentences_end_at(end):
    assert len(sentences(f"甲{end}乙{end}")) == 2


@pytest.mark.parametrize("mark", ["；", ";", "，", "：", "、", ".", "…"])
def test_sentences_do_not_end_at(mark):
    assert len(sentences(f"甲{mark}乙。")) == 1


@pytest.mark.parametrize(
    "document",
    [
        "甲。乙\n丙",
        "甲。乙\r\n\r\n丙\r\n",
        "<p>甲。乙</p><p>丙</p>",
        "<P class='x'>甲。乙</P>\n<p>丙",
    ],
)
def test_lines_and_p_elements_are_paragraphs(document):
    assert paragraphs(document) == ["甲。乙", "丙"]
    assert sentences(document) == ["甲。", "乙", "丙"]


def test_a_document_without_words_has_no_sentences():
    assert sentences(" \n\n<p> </p>\u3000") == []
