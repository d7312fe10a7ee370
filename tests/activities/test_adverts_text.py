"""Hostile text of ads comes out as text: nothing that deceives, and every script as it is written."""

import random
import time
import unicodedata

import pytest

from activities.adverts.text import MARKS_A_LETTER, plain, plain_name

LIMIT = 300
SCOTLAND = "\U0001f3f4\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f"
DECEIVING = "\x00\x07\x1b\x7f\x9b\xad\u200b\u2060\ufeff\u202a\u202e\u2066\u2069\ufff9\ud800\udfff\U000e0041"
PIECES = (
    *("<b>", "</b>", "<script>", "</script>", "<!--", "-->", "<", ">", "&", "&lt;", "&gt;", "&amp;", "&#60;"),
    *("&#x3c;", "&amp;lt;b&amp;gt;", "&#0;", "&#8203;", "a", "Z", " ", "é", "e\u0301", "ß", "\u0131", "İ"),
    *("می\u200cخوم", "न्‍", "工程师", "👩\u200d💻", "👍🏽", "🇫🇷", "❤\ufe0f", *DECEIVING),
)


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("Senior <strong>Data</strong> Engineer", "Senior Data Engineer"),
        ("Sales &amp; Marketing &quot;Lead&quot;", 'Sales & Marketing "Lead"'),
        ("Nurse<br/>Nights", "Nurse Nights"),
        ("<p>Cook</p>", "Cook"),
        ("&lt;b&gt;Cook&lt;/b&gt;", "Cook"),
        ("&amp;lt;b&amp;gt;Cook&amp;lt;/b&amp;gt; &amp;amp; Baker", "Cook & Baker"),
        ("<script>alert(1)</script>Clerk", "Clerk"),
        ("&lt;script&gt;alert(1)&lt;/script&gt; Clerk", "Clerk"),
        ("<STYLE>p{color:red}</style >Clerk", "Clerk"),
        ("<!-- <b>hidden</b> -->Clerk", "Clerk"),
        ("<scr<b>ipt>Driver", "Driver"),
        ("<\u200bscript>Driver", "Driver"),
        ("<scr\u00adipt>Driver</scr\u00adipt>", ""),
        ('<img src=x onerror="alert(1)">Driver', "Driver"),
        ("&#60;b&#62;Driver", "Driver"),
        ("C++ developer, x < 5 and y > 3", "C++ developer, x < 5 and y > 3"),
        ("AT&T and R&D", "AT&T and R&D"),
        ("Tab\tand\nline\u2028and\u2029more", "Tab and line and more"),
        ("Nul\x00 and bell\x07", "Nul and bell"),
        ("lone \ud800 surrogate", "lone  surrogate"),
        ("\u202egnirts desrever\u202c", "gnirts desrever"),
        ("\u2067isolated\u2069", "isolated"),
        ("soft\u00adhyphen and zero\u200bwidth", "softhyphen and zerowidth"),
        ("re\u200cmo\u200dte", "remote"),
        ("hidden\U000e0068\U000e0069 words", "hidden words"),
        ("\u3164\u2800Blank", "Blank"),
        ("e\u0301tude", "étude"),
        ("H" + "\u0335" * 40 + "i", "H" + "\u0335" * MARKS_A_LETTER + "i"),
        ("❤" + "\ufe0f" * 9, "❤\ufe0f"),
        ("Développeur • Entwickler (m/w/d) • разработчик", "Développeur • Entwickler (m/w/d) • разработчик"),
        ("エンジニア 工程师 مهندس גבר", "エンジニア 工程师 مهندس גבר"),
        ("می‌خواهم 👩‍💻", "می‌خواهم 👩‍💻"),
        ("क्‍ष ന്‍ ශ්‍රී", "क्‍ष ന്‍ ශ්‍රී"),
        ("\u200fגבר\u200e (UK)", "\u200fגבר\u200e (UK)"),
        ("ภาษาไทย พนักงาน", "ภาษาไทย พนักงาน"),
        ("👍🏽 🇫🇷 1\ufe0f\u20e3", "👍🏽 🇫🇷 1\ufe0f\u20e3"),
        ("non\u00a0breaking\u3000wide", "non breaking wide"),
        ("  spaces  ", "spaces"),
        (None, ""),
        (["a"], ""),
        (7, ""),
    ],
)
def test_text_is_plain_and_keeps_every_script(given: object, kept: str) -> None:
    assert plain(given, LIMIT) == kept
    assert plain_name(given, LIMIT) == kept


@pytest.mark.parametrize(
    ("given", "limit", "kept"),
    [
        ("one two three", 9, "one two"),
        ("one two three", 7, "one two"),
        ("one two three", 8, "one two"),
        ("x" * 20, 10, "x" * 10),
        ("abcde\u0928\u0940", 6, "abcde"),
        ("aaaa👩\u200d💻", 6, "aaaa"),
        ("aaaa👩\u200d💻b", 7, "aaaa👩\u200d💻"),
        ("aaaa👍🏽", 5, "aaaa"),
        ("a🇫🇷🇩🇪", 4, "a🇫🇷"),
        ("a🇫🇷🇩🇪b", 3, "a🇫🇷"),
        ("x" + "\u0940" * 100, 50, "x" + "\u0940" * 17),
    ],
)
def test_what_is_too_long_is_cut_between_words_or_characters(given: str, limit: int, kept: str) -> None:
    assert plain(given, limit) == kept


def test_whatever_is_mixed_what_comes_out_is_plain_short_and_stays_as_it_is() -> None:
    rng = random.Random(4)
    for _ in range(3000):
        text = "".join(rng.choices(PIECES, k=rng.randint(1, 30)))
        limit = rng.choice((5, 20, 300))
        found = plain(text, limit)
        assert len(found) <= limit, ascii(text)
        assert not set(found) & set(DECEIVING), ascii(text)
        assert not any(unicodedata.category(each) in {"Cc", "Cs"} for each in found), ascii(text)
        assert found == found.strip(), ascii(text)
        assert found.encode().decode() == found, ascii(text)
        assert unicodedata.is_normalized("NFC", found), ascii(text)


def test_letters_are_never_lost() -> None:
    rng = random.Random(5)
    letters = [chr(code) for code in range(0xA1, 0x30000) if unicodedata.category(chr(code)) in {"Lo", "Ll"}]
    blank = {"\u3164", "\uffa0"}
    for _ in range(300):
        text = "".join(each for each in rng.choices(letters, k=50) if each not in blank)
        assert plain(text, 1000) == unicodedata.normalize("NFC", text)


@pytest.mark.parametrize(
    "piece",
    ["<", "<b", "<!--", "<script>", "<style>x", "&", "&lt;", "&amp;" * 5, "-->", "</script>", "e\u0301"],
)
def test_no_text_takes_long(piece: str) -> None:
    began = time.process_time()
    plain(piece * 200_000, 5000)
    assert time.process_time() - began < 1.0


def test_a_flag_made_of_hidden_letters_is_left_without_them() -> None:
    assert plain(f"Edinburgh {SCOTLAND}", LIMIT) == "Edinburgh \U0001f3f4"
