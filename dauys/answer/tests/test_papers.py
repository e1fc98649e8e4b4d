"""Papers as PDF: what stands in them, in three languages; words are data, whatever they look like."""

import io
import re
from datetime import UTC, datetime

import pytest
from django.test import Client
from django.utils.translation import override
from pypdf import PdfReader

from dauys.answer import actions, days, letters
from dauys.answer.letters.typesetting import paragraphs
from dauys.answer.models import Answer
from dauys.answer.queries import answer_of
from dauys.hear.models import Appeal
from dauys.ledger import actions as ledger

KAZAKH = "ӘәҒғҚқҢңӨөҰұҮүҺһІі"
SYNTAX = '#eval("1+1") $x^2$ *жирный* _i_ `c` <метка> @ref \\ #import "x.typ": * // нет /* и нет */ #sys.inputs'
TRACK = "https://voice.example/track/"


def read(pdf: bytes) -> str:
    """The words of all pages, spaces evened out."""
    text = " ".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)
    return " ".join(text.replace("\N{NO-BREAK SPACE}", " ").split())


@pytest.fixture
def letter(promised, cast, now):
    """Answer an appeal and set the letter: `letter(text, language=…)` gives the bytes."""

    def make(text: str, *, language: str = "ru", outcome: str = "satisfied", sealed: bool = True) -> bytes:
        appeal = promised(language=language)
        actions.send_answer(appeal_id=appeal.id, outcome=outcome, text=text, officer=cast.officer, now=now)
        if sealed:
            ledger.seal_pending(now=now)
        return again(appeal.id)

    return make


def again(appeal_id: int) -> bytes:
    answer = answer_of(appeal_id, 1)
    assert answer is not None
    scan = f"{TRACK}?number={answer.appeal.number}"
    return letters.answer_letter(answer, address=TRACK, scan=scan, origin="voice.example/ledger")


EVERY_LETTER_SAYS = {
    "ru": ["Пробный регион", "Отдел ЖКХ", "10 марта 2026 г.", "Officer", "Акимат (ст. 91, 92 АППК)", "«Не решено»"],
    "kk": ["Сынақ өңірі", "ТКШ бөлімі", "2026 жылғы 10 наурыз", "Officer", "Әкімдік (ӘРПК 91, 92-баптары)"],
    "en": ["Trial region", "Utilities", "10 March 2026", "Officer", "Akimat (APPC art. 91, 92)", "“Not solved”"],
}


@pytest.mark.parametrize("language", EVERY_LETTER_SAYS)
def test_a_letter_says_who_answers_when_what_and_how_to_complain(letter, language):
    said = read(letter(f"Воду подали. {KAZAKH}", language=language))
    answer = Answer.objects.select_related("appeal").get()
    for words in [*EVERY_LETTER_SAYS[language], answer.appeal.number, f"Воду подали. {KAZAKH}", TRACK]:
        assert words in said, said
    assert "voice.example/ledger" in said
    assert re.search(r"\b[0-9a-f]{64}\b", said)


def test_the_ledger_line_waits_for_the_sealing(letter, now):
    before = read(letter("Воду подали.", sealed=False))
    assert not re.search(r"[0-9a-f]{64}", before)
    ledger.seal_pending(now=now)
    assert re.search(r"[0-9a-f]{64}", read(again(Answer.objects.get().appeal_id)))


def test_words_that_look_like_commands_are_words(letter):
    assert SYNTAX in read(letter(f"Ответ: {SYNTAX}"))


@pytest.mark.parametrize("text", ["ж" * 20_000, "строка\n" * 4_000, "😀 漢字 عربى " * 300, "a\x0b\x1b[31mb", "[" * 500])
def test_no_text_stops_a_letter(letter, text):
    assert letter(f"Ответ. {text}"[:20_000]).startswith(b"%PDF-")


def test_the_same_letter_is_the_same_file(letter):
    first = letter(KAZAKH)
    assert again(Answer.objects.get().appeal_id) == first


def test_no_font_of_the_machine_is_used_and_the_kazakh_letters_have_shapes(letter):
    page = PdfReader(io.BytesIO(letter(KAZAKH * 2, language="kk"))).pages[0]
    fonts = {str(font.get_object()["/BaseFont"]) for font in page["/Resources"]["/Font"].values()}
    assert fonts
    assert all("LibertinusSerif" in font for font in fonts)


def test_a_past_answer_without_an_officer_is_set_without_a_signature(letter):
    letter("Воду подали.")
    answer = answer_of(Answer.objects.get().appeal_id, 1)
    assert answer is not None
    answer.officer = None
    made = letters.answer_letter(answer, address=TRACK, scan=TRACK, origin="o")
    assert "Officer" not in read(made)


TICKET_SAYS = {
    "ru": ["Пробный регион", "10 марта 2026 г., 11:00", "Operator"],
    "kk": ["Сынақ өңірі", "2026 жылғы 10 наурыз, 11:00", "Operator"],
    "en": ["Trial region", "10 March 2026, 11:00", "Operator"],
}


@pytest.mark.parametrize("language", TICKET_SAYS)
def test_a_ticket_has_number_day_hour_and_who_took_it(promised, cast, language):
    appeal = promised(language=language, channel="desk", taken_by_id=cast.operator.id, taken_at_id=cast.utilities.id)
    made = letters.ticket(appeal, code="ABCD-EFGH", address=TRACK, scan=f"{TRACK}#ABCD-EFGH")
    said = read(made)
    for words in [*TICKET_SAYS[language], appeal.number, "ABCD-EFGH", TRACK]:
        assert words in said, said
    assert made == letters.ticket(appeal, code="ABCD-EFGH", address=TRACK, scan=f"{TRACK}#ABCD-EFGH")


def test_a_ticket_of_the_site_names_nobody_and_hides_the_code_later(promised):
    with override("ru"):  # the paper speaks the applicant's language, whoever prints it
        said = read(letters.ticket(promised(language="en"), code="", address=TRACK, scan=TRACK))
    assert "this site, without a person" in said
    assert "It is not shown a second time" in said


def test_officers_and_the_citizen_get_the_file(letter, cast):
    letter("Воду подали.")
    number = Appeal.objects.get().number
    client = Client()
    client.force_login(cast.officer)
    response = client.get(f"/desk/appeal/{number}/letter/1/")
    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Disposition"] == f'attachment; filename="{number}-answer-1.pdf"'
    assert "Воду подали." in read(response.content)
    assert client.get(f"/desk/appeal/{number}/letter/2/").status_code == 404
    client.force_login(cast.stranger)
    assert client.get(f"/desk/appeal/{number}/letter/1/").status_code == 404


@pytest.mark.parametrize(
    ("language", "said"), [("ru", "4 апреля 2026 г."), ("kk", "2026 жылғы 4 сәуір"), ("en", "4 April 2026")]
)
def test_a_day_is_written_as_the_language_writes_it(language, said):
    moment = datetime(2026, 4, 4, 7, 5, tzinfo=UTC)
    assert days.day(moment.date(), language).replace("\N{NO-BREAK SPACE}", " ") == said
    assert days.moment(moment, language).endswith(", 07:05")


def test_paragraphs_and_lines_stay_as_they_were_written():
    assert paragraphs("А\nБ\r\n\r\n\r\nВ\n \nГ") == [["А", "Б"], ["В"], ["Г"]]
    assert paragraphs("") == []
