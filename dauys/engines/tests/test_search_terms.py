import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dauys.engines import search_terms
from dauys.engines.search_terms import Weighed

ANY_TEXT = st.text(st.characters(exclude_categories=()), max_size=200)


def indexed(text):
    read = search_terms.terms(text)
    return {*read.words, *(term for _place, term in read.others)}


def found_by(asked, text):
    """Whether every asked word meets a term of the text, in one of its readings, as an index would see it."""
    held = indexed(text)
    return all(not held.isdisjoint(word.readings) for part in search_terms.ask(asked).wanted for word in part.words)


@pytest.mark.parametrize(
    ("asked", "text"),
    [
        pytest.param("дорога", "ремонт дорог у школы", id="Russian case"),
        pytest.param("дорогами", "разбитые дороги", id="another Russian case"),
        pytest.param("елка", "спилили ёлку", id="е for ё"),
        pytest.param("ЁЛКИ", "спилили елку", id="ё for е, in capitals"),
        pytest.param("судын", "судың сапасы", id="Kazakh word on a Russian keyboard"),
        pytest.param("мектеп", "мектептерде жылу жоқ", id="Kazakh plural and case"),
        pytest.param("мектептерде", "мектепке автобус керек", id="from one Kazakh case to another"),
        pytest.param("мектебі", "мектептің жанында", id="a consonant that softens"),
        pytest.param("халық", "халқы аз ауыл", id="a vowel that falls out"),
        pytest.param("балабақша", "балабакшада орын жок", id="text typed on a Russian keyboard"),
        pytest.param("больница", "больницада кезек көп", id="Russian word with a Kazakh ending"),
        pytest.param("лифттің", "лифт не работает", id="Kazakh ending asked, Russian text"),
        pytest.param("mektep", "мектепте жылу жоқ", id="Kazakh typed in Latin letters"),
        pytest.param("су жоқ", "su joq", id="text in Latin letters"),
        pytest.param("zhol", "жолды жөндеңіз", id="Latin with digraphs"),
        pytest.param("жөндеу", "jóndeu kerek", id="Latin with accents"),
        pytest.param("вода", "нет вoды", id="a Latin o inside a Russian word"),
        pytest.param("двой", "дво\u0438\u0306", id="a letter written as two signs"),
        pytest.param("автобус", "авто\u00adбус", id="a soft hyphen inside"),
        pytest.param("roads", "the road is broken", id="English plural"),
        pytest.param("12", "дом 12", id="a number"),
        pytest.param("су жоқ", "ауылда су жок", id="two words"),
    ],
)  # fmt: skip
def test_a_question_finds_the_text(asked, text):
    assert found_by(asked, text)


@pytest.mark.parametrize(
    ("asked", "text"),
    [
        ("мост", "место для сквера"),
        ("жол", "жылу жоқ"),
        ("bus", "road"),
        ("жылу", "былтырғы жыл"),
        ("вода", "водитель"),
    ],
)
def test_another_word_is_not_found(asked, text):
    assert not found_by(asked, text)


def shape(asked):
    question = search_terms.ask(asked)

    def side(parts):
        return [" ".join(word.typed + "*" * word.is_beginning for word in part.words) for part in parts]

    return side(question.wanted), side(question.unwanted)


@pytest.mark.parametrize(
    ("asked", "wanted", "unwanted"),
    [
        ("вода свет", ["вода", "свет"], []),
        ('"нет воды" двор', ["нет воды", "двор"], []),
        ("«су жоқ»", ["су жоқ"], []),
        ('"незакрытая кавычка', ["незакрытая кавычка"], []),
        ("вода -гараж", ["вода"], ["гараж"]),
        ('вода -"горячая вода"', ["вода"], ["горячая вода"]),
        ("какой-то дом", ["какой", "то", "дом"], []),
        ("водо*", ["водо*"], []),
        ("нет воды в доме", ["нет", "воды", "доме"], []),
        ("в на", ["в", "на"], []),
        ("-гараж", [], ["гараж"]),
        ("вода вода", ["вода"], []),
        ('"" - *', [], []),
        ("", [], []),
    ],
)
def test_a_question_is_read(asked, wanted, unwanted):
    assert shape(asked) == (wanted, unwanted)


def test_no_operator_of_an_index_can_be_smuggled_in():
    wanted, unwanted = shape("вода\" OR NEAR(*) AND x:y; DROP ' & | !ы <-> \\")
    assert all(word.strip("*").replace(" ", "").isalnum() for word in wanted + unwanted)


def test_at_most_twelve_words_are_looked_for():
    assert len(shape(" ".join(f"слово{n}" for n in range(40)))[0]) == 12


def test_a_question_is_typed_again_with_the_better_word():
    assert search_terms.typed_again('Атопление "в доме" -гараж', {"атопление": "отопление"}) == (
        'отопление "в доме" -гараж'
    )


def test_stems_compare_appeals_and_leave_out_the_shortest_words():
    assert search_terms.stems("Во дворе яма, во дворах ямы") == {"двор", "ям"}


def test_second_readings_keep_the_place_of_the_first():
    read = search_terms.terms("Дома нет воды")
    assert len(read.words) == 3
    assert all(0 <= place < 3 for place, _term in read.others)


WORDS = ["отоплен", "двор", "дорог", "город", "вод", "вид", "канализац", "мектеп", "балабакша", "котельн"]
SLIPS = search_terms.Vocabulary(WORDS, [9, 5, 7, 8, 90, 3, 4, 6, 2, 1])


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        pytest.param("атоплен", "отоплен", id="one wrong"),
        pytest.param("отоплн", "отоплен", id="one missing"),
        pytest.param("отопплен", "отоплен", id="one too many"),
        pytest.param("отполен", "отоплен", id="two swapped"),
        pytest.param("конализоц", "канализац", id="two wrong in a long word"),
        pytest.param("балобахша", "балабакша", id="two wrong in Kazakh"),
        pytest.param("кательн", "котельн", id="in the rarest word too"),
        pytest.param("вад", "вод", id="three letters: the commonest that begins so"),
        pytest.param("дорок", "дорог", id="the first letter is rarely the wrong one"),
    ],
)
def test_a_misspelt_word_is_known(typed, meant):
    assert WORDS[SLIPS.near(typed)[0].place] == meant


@pytest.mark.parametrize("typed", ["мопед", "ы", "дв", "12", "2026", "", "я" * 60, "год1", "жумыс"])
def test_what_is_like_nothing_stays_alone(typed):
    assert SLIPS.near(typed) == []


def slips(one, other):
    """The same distance the slow way: letters wrong, missing, added, or neighbours swapped."""
    table = [[i + j if i * j == 0 else 0 for j in range(len(other) + 1)] for i in range(len(one) + 1)]
    for i in range(1, len(one) + 1):
        for j in range(1, len(other) + 1):
            table[i][j] = min(
                table[i - 1][j] + 1, table[i][j - 1] + 1, table[i - 1][j - 1] + (one[i - 1] != other[j - 1])
            )
            if i > 1 and j > 1 and one[i - 1] == other[j - 2] and one[i - 2] == other[j - 1]:
                table[i][j] = min(table[i][j], table[i - 2][j - 2] + 1)
    return table[-1][-1]


@given(st.lists(st.text("абвгдеxyz", min_size=4, max_size=12), min_size=1, max_size=20, unique=True), st.data())
@settings(max_examples=150, deadline=None)
def test_every_word_within_reach_is_found_and_no_other(words, data):
    typed = data.draw(st.text("абвгдеxyz", min_size=4, max_size=12))
    reach = 2 if len(typed) >= 7 else 1
    near = search_terms.Vocabulary(words, [1] * len(words)).near(typed, most=100)
    assert {(words[one.place], one.slips) for one in near} == {
        (word, slips(typed, word)) for word in words if 0 < slips(typed, word) <= reach
    }


def marked(text, asked, **more):
    terms = {term for part in search_terms.ask(asked).wanted for word in part.words for term in word.readings}
    return "".join(f"[{one.text}]" if one.is_marked else one.text for one in search_terms.excerpt(text, terms, **more))


def test_whole_words_are_marked_in_whatever_ending():
    assert marked("Нет воды. Водой не пахнет, водитель <b>", "вода") == "Нет [воды]. [Водой] не пахнет, водитель <b>"
    assert marked("Мектебіміздің алды", "мектеп") == "[Мектебіміздің] алды"


def test_a_piece_of_a_long_text_stands_around_what_was_found():
    text = "Уважаемые сотрудники! " * 30 + "На Лесной прорвало трубу у школы." + " Спасибо вам." * 30
    shown = marked(text, "труба", around=60)
    assert "прорвало [трубу] у школы" in shown
    assert shown.startswith("…")
    assert shown.endswith("…")
    assert len(shown) <= 130


@given(ANY_TEXT, ANY_TEXT, st.sampled_from([0, 10, 50]))
@settings(max_examples=150, deadline=None)
def test_pieces_join_to_the_text(text, asked, around):
    terms = {term for part in search_terms.ask(asked).wanted for word in part.words for term in word.readings}
    whole = "".join(piece.text for piece in search_terms.excerpt(text, terms, around=around))
    assert whole == text or (around and whole.strip("…") in text)


def test_the_fitting_text_stands_above_the_one_that_mentions():
    asked = [Weighed(frozenset({"вод"}), 3.0), Weighed(frozenset({"труб"}), 5.0)]
    mentions = "Вода и трубы " + "совсем о другом пишу " * 20
    fits = "Трубу прорвало, вода из трубы идёт по двору"
    assert search_terms.relevance(fits, asked) > search_terms.relevance(mentions, asked) > 0
    assert search_terms.relevance("ничего такого", asked) == 0


def test_a_text_is_told_apart_by_its_rarest_words_but_not_by_its_own_alone():
    counts = {"вод": 40_000, "прорвал": 300, "гребенщиков": 2, "абвгд": 1, "12": 5, "ул": 3}
    assert search_terms.telling(counts, texts=100_000) == ["гребенщиков", "прорвал"]


@given(ANY_TEXT)
@settings(max_examples=150, deadline=None)
def test_any_text_gives_plain_terms(text):
    read = search_terms.terms(text)
    assert read == search_terms.terms(text)
    assert all(term.isalnum() and len(term) <= 60 for term in indexed(text))
    question = search_terms.ask(text)
    assert sum(len(part.words) for part in (*question.wanted, *question.unwanted)) <= 12


@pytest.mark.parametrize("text", ["", "😀", "а" * 1_000_000, "ВОДА " * 200_000, "<b>вода</b>", "\x00", "سلام 水"])
def test_odd_texts_are_read_calmly(text):
    assert all(len(term) <= 60 for term in indexed(text))


def test_a_megabyte_is_read_in_time():
    began = time.process_time()
    search_terms.terms("".join(f"слово{n} " for n in range(80_000)))
    assert time.process_time() - began < 2
