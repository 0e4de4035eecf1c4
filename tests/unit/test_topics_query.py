import pytest
from hypothesis import given
from hypothesis import strategies as st

from watcher.topics.query import (
    And,
    AtLeast,
    In,
    MatchLineError,
    Name,
    Near,
    Node,
    Not,
    Or,
    Phrase,
    Scope,
    format_match,
    in_one_row,
    parse_match,
)

A, B, C = Name("a"), Name("b"), Name("c")

NAMES = st.from_regex(r"[a-zé][a-z0-9_.-]{0,8}", fullmatch=True).filter(
    lambda name: name.upper() not in {"AND", "OR", "NOT", "NEAR", "BEFORE", "IN"}
)
LEAVES = st.one_of(
    st.builds(Name, NAMES),
    st.builds(Phrase, st.from_regex(r'[^"\s]([^"]{0,8}[^"\s])?', fullmatch=True)),
)


def grown(nodes: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    several = st.lists(nodes, min_size=2, max_size=4).map(tuple)
    words = st.one_of(st.none(), st.integers(1, 99))
    return st.one_of(
        st.builds(Not, nodes),
        st.builds(And, several),
        st.builds(Or, several),
        st.builds(Near, nodes, nodes, words, st.booleans()),
        st.builds(In, nodes, st.sampled_from(Scope)),
        several.flatmap(
            lambda items: st.builds(AtLeast, st.integers(1, len(items)), st.just(items))
        ),
    )


@pytest.mark.parametrize(
    ("line", "tree"),
    [
        pytest.param("a", A, id="a name"),
        pytest.param('"Kim and Putin"', Phrase("Kim and Putin"), id="a phrase"),
        pytest.param("a OR b AND c", Or((A, And((B, C)))), id="AND before OR"),
        pytest.param("a AND b NEAR c", And((A, Near(B, C))), id="NEAR before AND"),
        pytest.param("NOT a NEAR b", Near(Not(A), B), id="NOT before NEAR"),
        pytest.param("a NEAR/12 b", Near(A, B, 12), id="distance"),
        pytest.param("a BEFORE/3 b", Near(A, B, 3, ordered=True), id="order"),
        pytest.param("a NEAR b NEAR c", Near(Near(A, B), C), id="NEAR from the left"),
        pytest.param(
            "a OR b AND c IN title", Or((A, In(And((B, C)), Scope.TITLE))), id="IN takes its chain"
        ),
        pytest.param("a IN title AND b", And((In(A, Scope.TITLE), B)), id="AND goes on after IN"),
        pytest.param("(a OR b) AND c", And((Or((A, B)), C)), id="parentheses"),
        pytest.param("2 of (a, b OR c)", AtLeast(2, (A, Or((B, C)))), id="choice"),
        pytest.param("  a\n AND  b ", And((A, B)), id="spaces do not matter"),
        pytest.param('# "who\na  # (what\n AND b #', And((A, B)), id="comments"),
        pytest.param('a AND "#1"', And((A, Phrase("#1"))), id="no comment in quotes"),
        pytest.param("корея-1.x", Name("корея-1.x"), id="any letters in names"),
    ],
)
def test_line_parses_to_its_tree(line: str, tree: Node) -> None:
    assert parse_match(line) == tree


@pytest.mark.parametrize(
    ("line", "message", "offset", "length"),
    [
        ("kim and putin", "operators are written in capitals: AND", 4, 3),
        ("not kim", "operators are written in capitals: NOT", 0, 3),
        ("kim NEAR or b", "operators are written in capitals: OR", 9, 2),
        ("(a OR b", "this parenthesis is never closed", 0, 1),
        ("a OR b)", "this parenthesis was never opened", 6, 1),
        ("a XOR b", "unknown operator `XOR`", 2, 3),
        ("a b", "an operator is missing before `b`", 2, 1),
        ("(a b)", "an operator is missing before `b`", 3, 1),
        ("a AND", "`AND` has nothing after it", 2, 3),
        ("AND a", "AND has nothing before it", 0, 3),
        ("a AND OR b", "a name is missing between `AND` and `OR`", 6, 2),
        ("a OR )", "a name is missing between `OR` and `)`", 5, 1),
        ("()", "a name is missing between `(` and `)`", 1, 1),
        ("", "the match line is empty", 0, 1),
        ("# nothing yet", "the match line is empty", 0, 1),
        ("# who\na b", "an operator is missing before `b`", 8, 1),
        ("a IN summary", "IN wants `title`, `sentence` or `text`", 5, 7),
        ("a IN", "IN wants `title`, `sentence` or `text`", 2, 2),
        ("a NEAR/x b", "the distance is 1 to 9999 words", 2, 6),
        ("a NEAR/0 b", "a distance of 0 words can never hold", 2, 6),
        ("3 of (a, b)", "`3 of` can ask for 1 to 2 of what is listed here", 0, 1),
        ("0 of (a, b)", "`0 of` can ask for 1 to 2 of what is listed here", 0, 1),
        ("2 of (a)", "`2 of` can ask for one of what is listed here", 0, 1),
        ("2 a", "a number begins a choice", 0, 1),
        ("a, b", "a comma stands only in `2 of (a, b, c)`", 1, 1),
        ('a AND "b', "this quote is never closed", 6, 1),
        ('a AND ""', "the quotes are empty", 6, 2),
        ("a;b", "`a;b` is no name of a list", 0, 3),
        ("(" * 60 + "a" + ")" * 60, "nested too deeply", 50, 1),
    ],
)
def test_mistake_is_told_at_its_place(line: str, message: str, offset: int, length: int) -> None:
    with pytest.raises(MatchLineError) as caught:
        parse_match(line)

    assert message in str(caught.value)
    assert (caught.value.offset, caught.value.length) == (offset, length)


def test_a_line_in_one_row_has_no_comments_and_parses_to_the_same_tree() -> None:
    line = '# who\n  (kim NEAR putin)  # both\n  OR "#1"  # a tag\n'

    assert in_one_row(line) == '(kim NEAR putin) OR "#1"'
    assert parse_match(in_one_row(line)) == parse_match(line)


@given(st.recursive(LEAVES, grown, max_leaves=12))
def test_printed_line_parses_to_the_same_tree(tree: Node) -> None:
    assert parse_match(format_match(tree)) == tree


@given(
    st.one_of(
        st.text(),
        st.lists(
            st.sampled_from(
                [
                    "a",
                    "b",
                    '"c d"',
                    "AND",
                    "OR",
                    "NOT",
                    "NEAR/3",
                    "(",
                    ")",
                    ",",
                    "2",
                    "of",
                    "IN",
                    "title",
                ]
            )
        ).map(" ".join),
    )
)
def test_any_text_parses_or_is_a_mistake_inside_it(line: str) -> None:
    mistake = tree = None
    try:
        tree = parse_match(line)
    except MatchLineError as error:
        mistake = error

    if tree is not None:
        assert parse_match(format_match(tree)) == tree
    if mistake is not None:
        assert 0 <= mistake.offset <= len(line)
        assert mistake.length >= 1
