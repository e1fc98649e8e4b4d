from hypothesis import given
from hypothesis import strategies as st

from dauys.engines.search_terms import terms
from dauys.understand import masking

PHONE, IIN = "+7 701 234 56 78", "850101300028"
TOLD = f"Звоните {PHONE}, ИИН {IIN}, Иванова Мария Петровна, улица Заречная, 5. Нет воды."


def digits(text):
    return "".join(sign for sign in text if sign.isdigit())


def test_colleagues_see_whom_and_where_but_no_number():
    seen = masking.for_colleagues(TOLD, "ru")
    assert seen == "Звоните [телефон], ИИН [ИИН], Иванова Мария Петровна, улица Заречная, 5. Нет воды."


def test_the_public_sees_neither():
    seen = masking.for_public(TOLD, "ru")
    for hidden in (PHONE, IIN, "Иванова", "Заречная"):
        assert hidden not in seen
    assert "Нет воды." in seen


def test_labels_are_in_the_reader_s_language(settings):
    from django.utils.translation import override

    seen = []
    for language in ("kk", "ru", "en"):
        with override(language):
            seen.append(masking.for_colleagues(f"ИИН {IIN}"))
    assert seen == ["ИИН [ЖСН]", "ИИН [ИИН]", "ИИН [IIN]"]


def test_a_text_without_personal_data_is_left_as_it_is():
    words = "Нет воды.\n\n  Совсем <b>нет</b>!"
    assert masking.for_colleagues(words, "ru") == words
    assert masking.for_colleagues("", "ru") == ""


WORDS = st.text("абв гд", max_size=260)


@given(WORDS, WORDS, st.integers(5, 400))
def test_a_cut_never_shows_a_part_of_a_number(before, after, most):
    text = f"{before} Звоните {PHONE} ночью {after}"
    for seen in (masking.for_colleagues(text, "ru", most=most), masking.first_words(text, most=most, language="ru")):
        assert digits(seen) == ""
    assert len(masking.first_words(text, most=most, language="ru")) <= most


@given(WORDS, WORDS, st.integers(20, 200))
def test_an_excerpt_never_shows_a_part_of_a_number(before, after, around):
    text = f"{before} вода {before} Звоните {PHONE} ночью {after} вода {after}"
    pieces = masking.excerpt(text, terms("вода").words, around=around, language="ru")
    assert digits("".join(piece.text for piece in pieces)) == ""
    assert any(piece.is_marked for piece in pieces)


def test_an_excerpt_says_where_it_is_cut():
    text = "слово " * 60 + f"вода не идёт, телефон {PHONE} " + "слово " * 60
    pieces = masking.excerpt(text, terms("вода").words, around=60, language="ru")
    assert (pieces[0].text, pieces[-1].text) == ("…", "…")
    assert "вода" in [piece.text for piece in pieces if piece.is_marked]
    assert "[телефон]" in "".join(piece.text for piece in pieces)
    assert masking.excerpt("", terms("вода").words, around=60) == []


def test_a_beginning_that_came_in_cut_may_end_in_half_a_number():
    long = "очень.длинный.адрес.почты.одного.человека.из.нашего.города@example.org"
    text = f"{long}, {long}, звоните +7 701 23…"
    assert "701" not in masking.first_words(text, most=80, language="ru")
