"""Templates of answers: blanks from a closed list, offices that inherit, a page for whoever manages them."""

import re

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from dauys.answer import actions, blanks, complaint, skeletons
from dauys.answer.models import Draft, Outcome, Template
from dauys.answer.queries import appeal_page
from dauys.answer.queries.templates import offered, shipped, templates_of, values
from dauys.institution.queries import house
from dauys.ledger.models import Entry

PAGE = "/desk/templates/"


@pytest.fixture
def saved(cast, now):
    """Save a template: `saved(name, ru="…", office=…)`."""

    def make(name="Подача воды", *, office=None, by=None, topic=None, outcome="", was=(), **texts):
        return actions.save_template(
            office_id=(office or cast.utilities).id, name=name, topic_id=topic.id if topic else None, outcome=outcome,
            texts=texts or {"ru": "Воду подадут {due}."}, was=was, officer=by or cast.head, now=now,
        )  # fmt: skip

    return make


@pytest.fixture
def page_of(cast):
    return lambda appeal, who=None: appeal_page(who or cast.officer, appeal.number)


# Blanks

FILLED = [
    ("Обращение {number} от {registered}.", "Обращение 7 от [день регистрации …]."),
    ("{ number }", "7"),
    ("Без пропусков.", "Без пропусков."),
    ("{place}", "{law} [x]"),  # braces and brackets of a value are only letters
    ("До {date}. И {date} тоже.", "До 4 апреля 2026 г. И 4 апреля 2026 г. тоже."),
    ("", ""),
]


@pytest.mark.parametrize(("text", "said"), FILLED)
def test_a_blank_is_filled_once_or_becomes_a_hole(text, said):
    assert (
        blanks.fill(text, {"number": "7", "place": "{law} [x]", "registered": "", "date": "4 апреля 2026 г."}, "ru")
        == said
    )


@pytest.mark.parametrize(
    ("text", "name"),
    [("{password}", "password"), ("{Number}", "Number"), ("{}", ""), ("{number.__class__}", "number.__class__"),
     ("{number!r}", "number!r"), ("{0}", "0"), ("{% include 'x' %}", "% include 'x' %"), ("{{number}}", None)],
)  # fmt: skip
def test_any_other_blank_is_named(text, name):
    if name is None:
        with pytest.raises(blanks.LooseBrace):
            blanks.check(text)
        return
    with pytest.raises(blanks.UnknownBlank) as wrong:
        blanks.fill(text, {}, "ru")
    assert wrong.value.name == name


@pytest.mark.parametrize("text", ["Открыта { и всё", "закрыта } тут"])
def test_a_loose_brace_is_shown_with_its_neighbours(text):
    with pytest.raises(blanks.LooseBrace) as wrong:
        blanks.check(text)
    assert wrong.value.near in text


@given(st.text(max_size=200))
def test_words_of_a_machine_never_fail(text):
    assert isinstance(blanks.fill_known(text, {"number": "7"}, "kk"), str)


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
@pytest.mark.parametrize("name", blanks.NAMES)
def test_every_blank_has_words_and_its_hole_holds_an_answer_back(name, language):
    hole = blanks.hole(name, language)
    assert skeletons.unfilled(f"Текст {hole}.") == hole


@pytest.mark.parametrize("text", ["[1] ссылка", "[сноска]", "[…]", "[ссылка 12]", "a[0]…]"])
def test_brackets_of_the_officer_s_own_hold_nothing_back(text):
    assert skeletons.unfilled(text) is None


# What is shipped


@pytest.mark.parametrize("one", shipped(), ids=lambda one: one.key)
def test_a_shipped_template_is_whole_in_three_languages(one):
    assert set(one.texts) == set(one.names) == {"kk", "ru", "en"}
    used = {language: sorted(set(blanks.check(text))) for language, text in one.texts.items()}
    assert used["kk"] == used["ru"] == used["en"]
    assert "complaint" in used["ru"]  # the way of a complaint stands in every answer (APPC art. 80(5), 89(2))
    holes = {language: len(re.findall(r"\[[^\]]+ …\]", text)) for language, text in one.texts.items()}
    assert len(set(holes.values())) == 1
    assert holes["ru"] > 0


def test_every_outcome_has_one_and_a_refusal_speaks_of_the_hearing():
    assert {one.outcome for one in shipped()} == set(Outcome.values)
    refusal = next(one for one in shipped() if one.outcome == "refused")
    assert "заслушивания" in refusal.texts["ru"]


# Filled from the case


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_the_case_fills_a_template(promised, page_of, cast, now, language):
    page = page_of(promised(language=language, area=cast.village))
    told = values(page, cast.officer, now)
    assert {name: bool(value) for name, value in told.items()} == dict.fromkeys(blanks.NAMES, True)
    assert told["number"] == page.appeal.number
    assert told["office"] == {"kk": "ТКШ бөлімі", "ru": "Отдел ЖКХ", "en": "Utilities"}[language]
    assert told["place"] == {"kk": "Қайыңды", "ru": "Берёзовка", "en": "Birch village"}[language]
    assert told["above"] == {"kk": "Әкімдік", "ru": "Акимат", "en": "Akimat"}[language]
    for one in shipped():
        filled = blanks.fill(one.text_in(language), told, language)
        assert "{" not in filled
        assert skeletons.unfilled(filled)


def test_the_way_of_a_complaint_is_the_law_s_and_only_where_a_law_binds(cast):
    place = house()
    assert "Акимат (ст. 91, 92 АППК)" in complaint.route(place, cast.utilities.id, "ru")
    assert "указанный в законе" in complaint.route(place, cast.akimat.id, "ru")
    assert complaint.route(place, cast.branch.id, "ru") == ""
    assert complaint.route(place, None, "ru") == ""


# Whose they are


def test_an_office_inherits_from_above_and_its_own_name_stands_first(saved, promised, page_of, cast):
    saved("Общее", office=cast.akimat, ru="Сверху")
    saved("Своё", ru="Своё")
    saved("Чужое", office=cast.road_department, ru="Дороги")
    saved("Общее", ru="Переписано")
    saved("Сделано", ru="Вместо присланного")
    saved("Только для дорог", topic=cast.roads, ru="x")
    saved("О воде", topic=cast.water, ru="x")
    saved("Только по-казахски", kk="x")
    names = [(one.name_in("ru"), one.text_in("ru")) for one in offered(page_of(promised()))]
    assert names[:4] == [("О воде", "x"), ("Общее", "Переписано"), ("Своё", "Своё"), ("Сделано", "Вместо присланного")]
    assert [name for name, _text in names[4:]] == [
        "Сделано частично", "Разъяснение", "Отказ", "Передано в компетентный орган",
    ]  # fmt: skip


def test_only_heads_and_administrators_write_them_for_their_offices(saved, cast):
    for who in (cast.officer, cast.operator, cast.auditor, cast.stranger):
        with pytest.raises(PermissionDenied):
            saved(by=who)
    with pytest.raises(PermissionDenied):
        saved(office=cast.branch)
    assert len(saved(by=cast.administrator)) == 1


def test_a_change_keeps_what_was_and_a_second_press_changes_nothing(saved, cast):
    (first,) = saved(ru="Раз {number}")
    (again,) = saved(ru="Раз {number}")
    assert again.id == first.id
    rows = saved("Новое имя", ru="Два", kk="Екі", was=[first.id])
    assert {row.language for row in rows} == {"kk", "ru"}
    first.refresh_from_db()
    assert (first.is_open, first.text) == (False, "Раз {number}")
    assert [one.name_in("ru") for one in templates_of([cast.utilities.id])] == ["Новое имя"]
    with pytest.raises(actions.ChangedMeanwhile):
        saved("Третье", ru="Три", was=[first.id])
    with pytest.raises(actions.NameTaken):
        saved("Новое имя", ru="Другое")
    assert Entry.objects.filter(verb="answer.save_template").count() == 2


def test_a_closed_one_is_offered_no_more(saved, cast, now):
    (row,) = saved()
    actions.close_template(office_id=cast.utilities.id, was=[row.id], officer=cast.head, now=now)
    assert templates_of([cast.utilities.id]) == []
    with pytest.raises(actions.ChangedMeanwhile):
        actions.close_template(office_id=cast.utilities.id, was=[row.id], officer=cast.head, now=now)
    assert len(saved()) == 1  # the name is free again


@pytest.mark.parametrize(
    ("texts", "failure"),
    [
        ({"ru": " "}, actions.Empty),
        ({"ru": "{password}"}, blanks.UnknownBlank),
        ({"ru": "x" * 20_001}, actions.TooLong),
    ],
)
def test_what_cannot_be_a_template_is_refused(saved, texts, failure):
    with pytest.raises(failure):
        saved(**texts)
    assert not Template.objects.exists()


# The page


@pytest.fixture
def head(cast):
    client = Client()
    client.force_login(cast.head)
    return client


def told(cast, **more):
    return {"office": cast.utilities.id, "name": "Вода", "text_ru": "Воду подадут {due}. [кто …]", **more}


def test_a_head_writes_tries_changes_and_closes_one(head, cast, promised):
    appeal = promised()
    tried = head.post(PAGE, told(cast, go="try", number=appeal.number))
    assert "Воду подадут 3 апреля 2026 г." in tried.content.decode().replace("\N{NO-BREAK SPACE}", " ")
    assert not Template.objects.exists()
    assert head.post(PAGE, told(cast, go="save")).status_code == 302
    key = templates_of([cast.utilities.id])[0].key
    shown = head.get(PAGE, {"template": key}).content.decode()
    was = re.search(r'name="was" value="([\d,]+)"', shown)[1]
    assert head.post(PAGE, told(cast, go="save", text_ru="Иначе", was=was)).status_code == 302
    assert head.post(PAGE, told(cast, go="save", text_ru="Поздно", was=was)).status_code == 409
    was = Template.objects.get(is_open=True).id
    assert head.post(PAGE, told(cast, go="close", was=str(was))).status_code == 302
    assert not Template.objects.filter(is_open=True).exists()


def test_an_unknown_blank_is_named_beside_its_field_and_nothing_typed_is_lost(head, cast):
    shown = head.post(f"{PAGE}?lang=en", told(cast, go="save", text_kk="Сәлем {passwort}"))
    page = shown.content.decode()
    assert shown.status_code == 422
    assert "There is no blank {passwort}" in page
    assert 'aria-describedby="id_text_kk_error"' in page
    assert "Воду подадут {due}" in page


def test_without_a_case_each_blank_says_what_it_is_for(head, cast):
    page = head.post(PAGE, told(cast, go="try")).content.decode()
    assert "Воду подадут «срок ответа»." in page
    unknown = head.post(PAGE, told(cast, go="try", number="2026-999999"))
    assert unknown.status_code == 422


def test_an_administrator_sees_no_case_through_a_trial(cast, promised):
    client = Client()
    client.force_login(cast.administrator)
    appeal = promised()
    assert client.post(PAGE, told(cast, go="try", number=appeal.number)).status_code == 422


def test_officers_and_strangers_see_no_page_of_templates(cast):
    for who in (cast.officer, cast.operator, cast.stranger):
        client = Client()
        client.force_login(who)
        assert client.get(PAGE).status_code == 403


def test_the_page_costs_the_same_for_many(head, saved):
    costs = []
    for count in (2, 20):
        for number in range(count):
            saved(f"{count} {number}", ru="x", kk="y")
        with CaptureQueriesContext(connection) as asked:
            assert head.get(PAGE).status_code == 200
        costs.append(len(asked))
    assert costs[0] == costs[1]


# In the editor


def test_a_template_goes_into_the_draft_below_what_was_typed(cast, promised, saved):
    (row,) = saved(ru="Воду подадут {due}.", outcome="partly")
    appeal = promised()
    client = Client()
    client.force_login(cast.officer)
    where = f"/desk/appeal/{appeal.number}/"
    assert f'value="own-{row.id}"' in client.get(where).content.decode()
    skeleton = skeletons.skeleton("ru")
    sent = {"text": skeleton, "outcome": "", "seen": "", "start": "template", "template": f"own-{row.id}"}
    assert client.post(f"{where}begin/", sent).status_code == 302
    draft = Draft.objects.get()
    assert (draft.text.replace("\N{NO-BREAK SPACE}", " "), draft.outcome) == (
        "Воду подадут 3 апреля 2026 г.",
        "partly",
    )
    sent |= {"text": "Мои слова.", "outcome": "refused", "seen": draft.saved_at.isoformat(), "template": "shipped-done"}
    client.post(f"{where}begin/", sent)
    draft.refresh_from_db()
    assert draft.text.startswith("Мои слова.\n\nЗдравствуйте!")
    assert (draft.outcome, draft.by_machine) == ("refused", False)


@pytest.mark.parametrize("start", ["", "template", "earlier-1", "earlier-x", "earlier-" + "9" * 40, "nonsense"])
def test_what_is_not_offered_changes_nothing(cast, promised, start):
    appeal = promised()
    client = Client()
    client.force_login(cast.officer)
    sent = {"start": start, "template": "own-1"}
    assert client.post(f"/desk/appeal/{appeal.number}/begin/", sent).status_code == 302
    assert not Draft.objects.exists()
