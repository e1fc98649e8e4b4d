from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dauys.engines import language

ANY_TEXT = st.text(st.characters(exclude_categories=()), max_size=300)


@pytest.mark.parametrize(
    ("text", "code", "spelling"),
    [
        pytest.param("Көшеде жарық жоқ, балалар қорқады", "kk", "", id="Kazakh letters"),
        pytest.param("уйде су жок, кашан болады", "kk", "russian-keyboard", id="Kazakh on a Russian keyboard"),
        pytest.param("бiздiн ауылда жол жаман", "kk", "", id="Latin i among Cyrillic letters stands for і"),
        pytest.param("auylda su joq, komek kerek", "kk", "latin", id="Kazakh in Latin letters by ear"),
        pytest.param("bizdiñ köşede jaryq joq", "kk", "latin", id="Kazakh in the Latin alphabet"),
        pytest.param("Во дворе третий день нет воды", "ru", "", id="Russian"),
        pytest.param("pochemu net vody, pomogite pozhaluysta", "ru", "latin", id="Russian in Latin letters"),
        pytest.param("There has been no water since Monday", "en", "", id="English"),
        pytest.param("дорога", "ru", "", id="one Russian word"),
        pytest.param("баспанамызды", "kk", "russian-keyboard", id="one Kazakh word known by its ending"),
        pytest.param("12.05.2026, 87", "unknown", "", id="no letters at all"),
        pytest.param("", "unknown", "", id="nothing"),
    ],
)
def test_the_language_of_an_appeal(text, code, spelling):
    found = language.identify(text)
    assert (found.code, found.spelling) == (code, spelling)


def test_whole_sentences_of_two_languages_are_mixed():
    text = "Ауламызда қоқыс көп, шығарылмайды. Прошу вывезти мусор до конца недели."
    found = language.identify(text)
    assert found.code == "mixed"
    assert {what for kind, what in found.reasons if kind == "sentences"} == {"kk", "ru"}
    assert [sentence.code for sentence in language.sentences(text)] == ["kk", "ru"]


def test_a_borrowed_word_does_not_make_a_text_mixed():
    assert language.identify("Подъездегі лифт істемейді, диспетчер жауап бермейді").code == "kk"
    assert language.identify("Аким обещал на встрече в ауле Қарағайлы дорогу сделать").code in {"ru", "mixed"}


def test_the_letters_that_decided_are_named():
    assert ("letters", "қ ң") in language.identify("қаңтар").reasons
    assert ("words", "комек керек") in language.identify("комек керек").reasons


def test_more_evidence_gives_more_confidence():
    one = language.identify("жол")
    many = language.identify("жол жаман, су жок, кашан жондейсиздер")
    assert many.code == one.code == "kk"
    assert many.confidence > one.confidence


@given(ANY_TEXT)
@settings(max_examples=150, deadline=None)
def test_any_text_gets_an_answer_and_the_same_one_twice(text):
    found = language.identify(text)
    assert found == language.identify(text)
    assert found.code in {"kk", "ru", "en", "mixed", "unknown"}
    assert 0 <= found.confidence <= 1
    pieces = language.sentences(text)
    assert all(0 <= piece.start < piece.end <= len(text) for piece in pieces)
    assert all(a.end <= b.start for a, b in pairwise(pieces))
