import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dauys.engines import personal

TEXT = "Меня зовут Айгерим, тел 87010000001, ул. Цветочная, д. 1, кв. 2."


@pytest.mark.parametrize(
    ("level", "language", "seen"),
    [
        (personal.Level.PUBLIC, "ru", "Меня зовут [имя], тел [телефон], [адрес]."),
        (personal.Level.PUBLIC, "kk", "Меня зовут [аты-жөні], тел [телефон], [мекенжай]."),
        (personal.Level.PUBLIC, "en", "Меня зовут [name], тел [telephone], [address]."),
        (personal.Level.PUBLIC, "zh", "Меня зовут [name], тел [telephone], [address]."),
        (personal.Level.COLLEAGUES, "ru", "Меня зовут Айгерим, тел [телефон], ул. Цветочная, д. 1, кв. 2."),
    ],
)
def test_each_circle_of_readers_sees_its_own(level, language, seen):
    assert personal.mask(TEXT, personal.find(TEXT), level, language=language).text == seen


def test_a_text_without_personal_data_is_shown_as_it_is():
    assert personal.mask(TEXT, ()).text == TEXT


def test_a_label_does_not_tell_the_length_nor_how_many_words():
    short, long = "пришла Анна", "пришла Петрова Анна Ивановна"
    assert (
        personal.mask(short, personal.find(short)).text
        == personal.mask(long, personal.find(long)).text
        == "пришла [имя]"
    )


def test_every_kind_has_a_label_in_every_language():
    for labels in personal.LABELS.values():
        assert set(labels) == set(personal.KINDS)


def test_a_highlight_moves_with_the_words():
    view = personal.mask(TEXT, personal.find(TEXT))
    start, end = TEXT.index("тел"), TEXT.index("тел") + 3
    first, last = view.span(start, end)
    assert view.text[first:last] == "тел"
    inside = TEXT.index("7010")
    assert view.text[slice(*view.span(inside, inside + 4))] == "[телефон]"


@given(st.lists(st.sampled_from(["вода ", "8 701 000 00 01 ", "Анна Петрова ", "и ", "кв. 45, "]), max_size=12))
@settings(deadline=None)
def test_places_outside_the_labels_go_there_and_back(parts):
    text = "".join(parts)
    view = personal.mask(text, personal.find(text))
    hidden = {at for start, end, _, _ in view.cuts for at in range(start, end)}
    for at in range(len(text)):
        if at not in hidden:
            assert view.text[view.to_view(at)] == text[at]
            assert view.to_original(view.to_view(at)) == at
    assert "701" not in view.text
