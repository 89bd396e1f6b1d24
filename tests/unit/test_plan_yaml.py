from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.adapters.plan_places import Position, Unreadable, spell_place
from bot.adapters.plan_yaml import MAX_BYTES, read

GENERAL = "check the indentation here, and that all quotes and brackets before it are closed"
SPECIAL = "indent with spaces, not tabs, and put a text that begins with a special character in quotes"
BRACKET = "close the bracket that is opened here, with commas between its items"
COLON = "check the indentation of this line and the one above, and put a text that holds ': ' in quotes"


def refusal(raw: bytes) -> str:
    with pytest.raises(Unreadable) as refused:
        read(raw)
    assert refused.value.problem.place is None
    return str(refused.value)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a: b: c", f"1:5: not YAML: mapping values are not allowed in this context; {COLON}"),
        ("a: 1\n b: 2", f"2:3: not YAML: mapping values are not allowed in this context; {COLON}"),
        ("a:\n\tb: 1", f"2:1: not YAML: found character that cannot start any token; {SPECIAL}"),
        ("a: @ada", f"1:4: not YAML: found character that cannot start any token; {SPECIAL}"),
        ("a: 1\nb: 'x\nc: 1\n", "2:4: not YAML: found unexpected end of stream; close the quotes that are opened here"),
        ("a: [1\nb: 2\nc: 3", f"1:4: not YAML: did not find expected ',' or ']'; {BRACKET}"),
        ("a: 1\nb: {c: 2\nd: 3", f"2:4: not YAML: did not find expected ',' or '}}'; {BRACKET}"),
        ("- a\nb: 1", f"2:1: not YAML: did not find expected '-' indicator; {GENERAL}"),
        ('a: "\\q"', f"1:5: not YAML: found unknown escape character; {GENERAL}"),
        ("%YAML 3.0\n---\na: 1", f"1:1: not YAML: found incompatible YAML document; {GENERAL}"),
    ],
)
def test_a_slip_in_yaml_is_told_with_its_place_and_its_remedy(text: str, words: str) -> None:
    assert refusal(text.encode()) == words


@pytest.mark.parametrize("text", ["", "\n\n", "# only a comment\n", "\ufeff"])
def test_a_file_with_nothing_in_it_is_told_how_to_begin(text: str) -> None:
    assert refusal(text.encode()) == "1:1: the file is empty; begin with version: 1"


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (b"a: 1\nb: caf\xe9\n", "2:7: this is not UTF-8 text; save the file as UTF-8"),
        ("a: 1".encode("utf-16"), "1:1: this is not UTF-8 text; save the file as UTF-8"),
        ("a: é\nb: ü\x07x".encode(), "2:5: control characters are not allowed (U+0007); remove it"),
    ],
)
def test_a_file_that_is_no_text_is_refused_at_its_first_bad_byte(raw: bytes, words: str) -> None:
    assert refusal(raw) == words


def test_a_file_from_a_windows_editor_is_read_like_any_other() -> None:
    written = read("\ufeffa: 1\r\nb: x\r\n".encode())
    assert written.content == {"a": 1, "b": "x"}
    assert (written.key_position(("a",)), written.value_position(("b",))) == (Position(1, 1), Position(2, 4))


def test_two_plans_in_one_file_are_refused_at_the_second() -> None:
    assert refusal(b"a: 1\n---\nb: 2\n") == "2:1: a second plan begins here; write each in its own file"


@pytest.mark.parametrize(("text", "where"), [("? [a]\n: 1", "1:3"), ("? {a: 1}\n: 1", "1:3"), ("*x : 1", "1:1")])
def test_a_key_that_is_no_word_is_refused(text: str, where: str) -> None:
    assert refusal(text.encode()) == f"{where}: this is no key; write a key as one word, like name:"


def test_a_file_larger_than_any_plan_is_refused_unread() -> None:
    assert refusal(b"#" * (MAX_BYTES + 1)) == "1:1: the file is larger than 256 KiB; split the plan"
    assert read(b"a: 1\n" + b"#" * (MAX_BYTES - 5)).content == {"a": 1}


@pytest.mark.parametrize("brackets", [12, 100_000])
def test_nesting_without_end_is_refused_before_it_can_hurt(brackets: int) -> None:
    assert refusal(b"[" * brackets) == "1:12: nested deeper than any plan; check the brackets"


def test_a_billion_laughs_stay_small() -> None:
    lines = ["a0: &a0 [ha, ha, ha, ha, ha, ha, ha, ha, ha]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 12)]
    written = read("\n".join(lines).encode())
    assert len(json.dumps(written.content)) < 1_000
    assert {problem.words for problem in written.problems} == {
        "anchors, aliases and tags (&, *, !) are not read; write the value itself"
    }


def test_an_alias_of_itself_is_no_loop() -> None:
    assert read(b"a: &a [*a]").content == {"a": [None]}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("true", True),
        ("False", False),
        ("12", 12),
        ("-3", -3),
        ("012345678901", 12345678901),
        ("1.5", 1.5),
        ("1e3", 1000.0),
        (".5", 0.5),
        ("'12'", "12"),
        ('"true"', "true"),
        ("no", "no"),
        ("on", "on"),
        ("1:30", "1:30"),
        ("2026-03-02", "2026-03-02"),
        ("0x1f", "0x1f"),
        (".inf", ".inf"),
        ("1h30m", "1h30m"),
        (">-\n  folded\n  text", "folded text"),
        ("9" * 5_000, "9" * 5_000),
    ],
)
def test_scalars_mean_what_editors_take_them_for(text: str, value: object) -> None:
    """YAML 1.2: no surprises from words, dates or clock times."""
    found = read(f"a: {text}\n".encode()).content
    assert found == {"a": value}
    assert type(found["a"]) is type(value)


def test_the_first_of_two_equal_keys_stands_and_the_second_leaves_no_trace() -> None:
    written = read(b"a: {b: 1}\na: {b: 2, c: [3]}\nd: 4\n")
    assert written.content == {"a": {"b": 1}, "d": 4}
    assert [str(problem) for problem in written.problems] == ["2:1: a: written twice, first on line 1; keep one"]
    assert set(written.values) == {(), ("a",), ("a", "b"), ("d",)}


def test_every_value_and_key_knows_its_line_and_column() -> None:
    written = read("ü: x\nwaves:\n  - name: A\n  - {name: ö, servers: [1]}\n".encode())
    assert written.value_position(("ü",)) == Position(1, 4)
    assert written.key_position(("waves",)) == Position(2, 1)
    assert written.value_position(("waves", 0)) == Position(3, 5)
    assert written.value_position(("waves", 1, "servers", 0)) == Position(4, 25)


def test_what_is_missing_is_told_where_it_should_be_added() -> None:
    written = read(b"access:\n  operators: [x]\nwaves:\n  - name: A\n")
    assert written.value_position(("access", "approvers")) == Position(1, 1)
    assert written.value_position(("waves", 0, "servers")) == Position(4, 5)
    assert written.value_position(("title",)) == Position(1, 1)


def test_a_place_is_spelled_as_authors_know_it() -> None:
    assert spell_place(("waves", 0, "servers", 1, "impact")) == "waves[0].servers[1].impact"
    assert spell_place(()) == "plan"


@settings(deadline=None)
@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused_with_a_place(raw: bytes) -> None:
    try:
        read(raw)
    except Unreadable as refused:
        position = refused.problem.position
    else:
        position = Position(1, 1)
    assert position >= Position(1, 1)


@settings(deadline=None)
@given(st.text(alphabet="ab:-[]{}&*!?|>'\"#%@ \n\t1", max_size=60))
def test_any_text_of_yaml_marks_is_read_or_refused_with_a_place(text: str) -> None:
    try:
        json.dumps(read(text.encode()).content)
    except Unreadable as refused:
        position = refused.problem.position
    else:
        position = Position(1, 1)
    assert position >= Position(1, 1)
