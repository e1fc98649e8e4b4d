import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dauys.engines import search_terms

ANY_TEXT = st.text(st.characters(exclude_categories=()), max_size=200)


def found_by(asked, text):
    """Whether every asked term begins some term of the text, as a prefix search in an index would see it."""
    indexed = search_terms.terms(text).split()
    return all(any(term.startswith(prefix) for term in indexed) for prefix in search_terms.query(asked))


@pytest.mark.parametrize(
    ("asked", "text"),
    [
        pytest.param("дорога", "ремонт дорог у школы", id="Russian case"),
        pytest.param("дорогами", "разбитые дороги", id="another Russian case"),
        pytest.param("елка", "спилили ёлку", id="е for ё"),
        pytest.param("судын", "судың сапасы", id="Kazakh word on a Russian keyboard"),
        pytest.param("мектеп", "мектептерде жылу жоқ", id="Kazakh plural and case"),
        pytest.param("мектептерде", "мектепке автобус керек", id="from one Kazakh case to another"),
        pytest.param("балабақша", "балабакшада орын жок", id="text typed on a Russian keyboard"),
        pytest.param("roads", "the road is broken", id="English plural"),
        pytest.param("лиф", "лифт не работает", id="half a word"),
        pytest.param("12", "дом 12", id="a number"),
        pytest.param("су жоқ", "ауылда су жок", id="two words"),
    ],
)
def test_a_question_finds_the_text(asked, text):
    assert found_by(asked, text)


@pytest.mark.parametrize(("asked", "text"), [("мост", "место для сквера"), ("жол", "жылу жоқ"), ("bus", "road")])
def test_another_word_is_not_found(asked, text):
    assert not found_by(asked, text)


@pytest.mark.parametrize(
    ("word", "stem"),
    [
        ("мектептерде", "мектеп"),
        ("судын", "су"),
        ("жолдар", "жол"),
        ("балаларга", "бала"),
        ("уйде", "уй"),
        ("ит", "ит"),
    ],
)
def test_a_kazakh_word_loses_its_endings(word, stem):
    assert search_terms.kazakh_stem(word) == stem


def test_no_operator_of_an_index_can_be_smuggled_in():
    assert search_terms.query('"вода" OR NEAR(*) -свет; DROP') == ("вод", "or", "near", "свет", "drop")


def test_stems_compare_appeals_and_leave_out_the_shortest_words():
    assert search_terms.stems("Во дворе яма, во дворах ямы") == {"двор", "ям"}


@given(ANY_TEXT)
@settings(max_examples=150, deadline=None)
def test_any_text_gives_plain_terms(text):
    terms = search_terms.terms(text)
    assert terms == search_terms.terms(text)
    assert all(term.isalnum() for term in terms.split(" ") if term)
    assert len(search_terms.query(text)) <= 12


def test_a_megabyte_is_read_in_time():
    began = time.process_time()
    search_terms.terms("".join(f"слово{n} " for n in range(80_000)))
    assert time.process_time() - began < 2
