"""The frame, the parts and the patterns page: what every other page stands on."""

import gzip
import re
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from django import forms
from django.contrib.staticfiles import finders
from django.template import Context, Template
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import translation
from django.utils.html import escape

from dauys.institution import queries
from dauys.institution.models import Institution
from dauys.web import days, drawing
from dauys.web.templatetags import parts

WEB = Path(__file__).resolve().parents[1]
CSS = sorted((WEB / "static" / "web").rglob("*.css"))
TODAY = date(2026, 4, 6)


@pytest.fixture
def institution(db):
    queries.forget()
    yield Institution.objects.create(
        id=1, name_kk="Үй", name_ru="Дом", name_en="House", country="KZ", zone="Asia/Almaty",
        is_invented=True, created_at=datetime(2026, 1, 1, tzinfo=UTC),
    )  # fmt: skip
    queries.forget()


def drawn(source: str, **values: object) -> str:
    request = RequestFactory().get("/desk/?topic=roads&before=7")
    return Template(source).render(Context({"request": request, **values}))


# The frame


@pytest.mark.parametrize("address", ["/", "/patterns/", "/accounts/login/"])
@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_a_stranger_may_open_the_frame(client: Client, institution, address, language):
    page = client.get(address, {"lang": language})
    assert page.status_code == 200
    text = page.content.decode()
    assert f'<html lang="{language}"' in text
    assert text.count("<main ") == 1
    assert text.count("<h1") >= 1
    assert 'href="#main"' in text


@pytest.mark.parametrize("address", ["/", "/patterns/", "/accounts/login/", "/nowhere"])
def test_nothing_is_inline_and_nothing_comes_from_elsewhere(client: Client, institution, address):
    text = client.get(address).content.decode()
    assert not re.search(r"<[^>]+\sstyle=", text)
    assert "<style" not in text
    assert not re.search(r"\son[a-z]+=\"", text)
    scripts = re.findall(r"<script([^>]*)>", text)
    assert all("src=" in script or 'type="application/json"' in script for script in scripts)
    assert not re.search(r"(?:src|href)=\"(?:https?:)?//", text)


def test_the_demonstration_says_so_on_every_page(client: Client, institution):
    assert 'class="demo"' in client.get("/").content.decode()
    Institution.objects.update(is_invented=False)
    queries.forget()
    assert 'class="demo"' not in client.get("/").content.decode()


def test_a_stranger_sees_no_way_to_the_desk(client: Client, institution):
    text = client.get("/").content.decode()
    assert "/desk/" not in text


def test_pages_come_even_before_the_institution_is_set_up(client: Client, db):
    queries.forget()
    assert client.get("/").status_code == 200


def test_the_language_links_keep_the_question(client: Client, institution):
    text = client.get("/patterns/", {"q": "су", "lang": "ru"}).content.decode()
    assert escape("?q=%D1%81%D1%83&lang=kk") in text


@pytest.mark.parametrize(
    ("to", "attribute"), [("dark", 'data-theme="dark"'), ("light", 'data-theme="light"'), ("nonsense", "")]
)
def test_colours_are_remembered(client: Client, institution, to, attribute):
    back = client.get(reverse("web:theme"), {"to": to, "next": "/patterns/?a=1"})
    assert back.headers["Location"] == "/patterns/?a=1"
    opening = re.search(r"<html[^>]*>", client.get("/").content.decode()).group()
    assert ("data-theme" in opening) is bool(attribute)
    assert attribute in opening


@pytest.mark.parametrize("elsewhere", ["https://example.org/", "//example.org", "javascript:alert(1)", ""])
def test_the_theme_link_leads_nowhere_else(client: Client, institution, elsewhere):
    assert client.get(reverse("web:theme"), {"to": "dark", "next": elsewhere}).headers["Location"] == "/"


def test_the_frame_costs_the_same_on_every_visit(client: Client, institution, django_assert_max_num_queries):
    client.get("/")
    with django_assert_max_num_queries(8):
        client.get("/")


@pytest.mark.parametrize(("status", "address"), [(404, "/nowhere")])
def test_an_error_page_says_what_to_do(client: Client, institution, status, address):
    page = client.get(address, headers={"accept-language": "en"})
    assert page.status_code == status
    assert "There is no such page" in page.content.decode()


def test_the_broken_page_needs_no_tables():
    from dauys.web.views import broken

    page = broken(RequestFactory().get("/"))
    assert page.status_code == 500
    assert 'class="button"' in page.content.decode()


def test_pages_of_strangers_alone_travel_zipped(institution, django_user_model):
    client = Client(headers={"accept-encoding": "gzip"})
    page = client.get(reverse("web:home"))
    assert page.headers["Content-Encoding"] == "gzip"
    assert int(page.headers["Content-Length"]) == len(page.content)
    assert "<h1" in gzip.decompress(page.content).decode()
    assert "Accept-Encoding" in page.headers["Vary"]
    assert not Client().get(reverse("web:home")).has_header("Content-Encoding")
    client.force_login(django_user_model.objects.create_user(email="o@example.org", name="O"))
    assert not client.get(reverse("web:home")).has_header("Content-Encoding")


def test_a_stale_form_hands_the_words_back(institution):
    page = Client(enforce_csrf_checks=True).post(reverse("account_login"), {"text": "Су <b>жоқ</b>"})
    assert page.status_code == 403
    assert "Су &lt;b&gt;жоқ&lt;/b&gt;" in page.content.decode()


def test_a_stale_form_says_that_nothing_was_sent(institution):
    strict = Client(enforce_csrf_checks=True)
    page = strict.post("/accounts/login/", {"login": "a@example.org"}, headers={"accept-language": "en"})
    assert page.status_code == 403
    assert "Nothing was sent" in page.content.decode()


# Words for days and numbers


@pytest.mark.parametrize(
    ("language", "long", "short", "alone"),
    [
        ("kk", "2026 жылғы 4 сәуір", "4 сәуір", "2026 жылғы сәуір"),
        ("ru", "4 апреля 2026 г.", "4 апреля", "апрель 2026 г."),
        ("en", "4 April 2026", "4 April", "April 2026"),
    ],
)
def test_a_day_is_written_as_people_write_it(language, long, short, alone):
    on = date(2026, 4, 4)
    with translation.override(language):
        written = [days.day(on), days.day(on, "short"), days.month(on)]
    assert [words.replace("\xa0", " ") for words in written] == [long, short, alone]


def test_a_moment_is_told_in_the_zone_of_the_institution(institution):
    with translation.override("en"):
        said = drawn("{{ at|moment }}", at=datetime(2026, 4, 4, 20, 30, tzinfo=UTC))
    assert said.replace("\xa0", " ") == "5 April 2026, 01:30"


@pytest.mark.parametrize(
    ("language", "value", "places", "written"),
    [
        ("ru", 12345.678, 1, "12 345,7"),
        ("kk", 1000, 0, "1 000"),
        ("en", 12345.678, 1, "12,345.7"),
        ("en", 5, 0, "5"),
    ],
)
def test_a_number_is_grouped_as_in_the_language(language, value, places, written):
    with translation.override(language):
        assert days.number(value, places).replace("\xa0", " ") == written


def test_a_share_of_nothing_is_a_dash():
    assert days.percent(None) == "–"


@pytest.mark.parametrize(
    ("share", "places", "written"), [(0, 0, "0%"), (0.004, 0, "<1%"), (0.004, 1, "0.4%"), (1, 0, "100%")]
)
def test_few_are_not_none(share, places, written):
    with translation.override("en"):
        assert days.percent(share, places) == written


def test_a_chart_over_two_years_says_which():
    labels = [date(2025, 12, 29), date(2026, 1, 5)]
    lines = drawn("{% line_chart series labels 'By week' %}", series=[("Received", [1, 5])], labels=labels)
    assert "29.12.2025" in lines
    assert "05.01.2026" in lines


# Parts


@pytest.mark.parametrize(
    ("due_on", "answered_on", "state"),
    [
        (date(2026, 4, 3), None, "late"),
        (date(2026, 4, 6), None, "today"),
        (date(2026, 4, 8), None, "soon"),
        (date(2026, 4, 9), None, "ok"),
        (date(2026, 4, 3), date(2026, 4, 3), "kept"),
        (date(2026, 4, 3), date(2026, 4, 4), "broken"),
    ],
)
def test_a_promise_is_said_in_words_and_shape(due_on, answered_on, state):
    said = parts.due(due_on, TODAY, answered_on=answered_on)
    assert f'data-state="{state}"' in said
    assert "<svg" in said
    assert re.sub(r"<[^>]+>", "", said).strip()


@pytest.mark.parametrize("code", sorted(parts.STATES))
def test_every_state_has_words_and_a_drawing(code):
    tone, shape, words = parts.STATES[code]
    assert words
    assert f'id="{shape}"' in (WEB / "static" / "web" / "icons.svg").read_text()
    assert f'data-tone="{tone}"' in parts.state(code)


def test_an_unknown_state_shows_its_own_words():
    assert "brand new" in parts.state("brand new")


@pytest.mark.parametrize(
    ("text", "terms", "seen"),
    [
        ("a <b> b", ["b"], "a &lt;<mark>b</mark>&gt; <mark>b</mark>"),
        ("Су жоқ", ["су"], "<mark>Су</mark> жоқ"),
        ("a&b", ["&"], "a<mark>&amp;</mark>b"),
        ("nothing", [""], "nothing"),
        ("<script>", [], "&lt;script&gt;"),
    ],
)
def test_found_words_are_marked_and_everything_is_escaped(text, terms, seen):
    assert parts.highlight(text, terms) == seen


def test_a_long_text_is_cut_about_the_first_hit():
    said = parts.highlight("x" * 500 + " water " + "y" * 500, ["water"], around=20)
    assert "<mark>water</mark>" in said
    assert said.startswith("…")
    assert len(said) < 120


class Asked(forms.Form):
    text = forms.CharField(help_text="hint & more", widget=forms.Textarea(attrs={"maxlength": 9}))
    kind = forms.ChoiceField(choices=[("a", "First"), ("b", "<b>")], widget=forms.RadioSelect)
    papers = forms.FileField(required=False)


def test_a_field_is_tied_to_its_hint_and_error():
    form = Asked({"kind": "a"})
    said = drawn("{% errors form %}{% field form.text %}", form=form)
    assert 'aria-describedby="id_text_hint id_text_error"' in said
    assert 'id="id_text_hint"' in said
    assert 'id="id_text_error"' in said
    assert 'aria-invalid="true"' in said
    assert 'href="#id_text"' in said
    assert "hint &amp; more" in said


def test_choices_are_cards_with_their_own_hints():
    form = Asked()
    form.fields["kind"].choice_hints = {"a": "why <a>"}
    said = drawn("{% field form.kind %}", form=form)
    assert said.count('class="choice"') == 2
    assert "why &lt;a&gt;" in said
    assert "&lt;b&gt;" in said


def test_the_pager_keeps_the_question_and_walks_by_key():
    said = drawn("{% pager newer='9' older='3' shown=50 %}")
    assert escape("?topic=roads&after=9") in said
    assert escape("?topic=roads&before=3") in said
    assert drawn("{% pager %}").strip() == ""


def test_a_chart_has_its_table():
    said = drawn("{% bar_chart rows 'By topic' total=10 %}", rows=[("Roads <x>", 7, "/r"), ("Water", 3)])
    assert said.count("<details>") == 1
    assert said.count("Roads &lt;x&gt;") == 2
    assert 'width="42.86%"' in said
    lines = drawn("{% line_chart series labels 'By week' %}", series=[("Received", [1, 5])], labels=["a", "b"])
    assert lines.count("<td") == 2


def test_charts_of_nothing_are_still_drawn():
    assert "<table" in drawn("{% bar_chart rows 'By topic' %}", rows=[])
    assert "<table" in drawn("{% line_chart series labels 'By week' %}", series=[("Received", [])], labels=[])
    assert "<svg" not in drawn("{% area_map outlines rows 'Areas' %}", outlines={}, rows=[("a", "A", 1)])


@pytest.mark.parametrize(
    ("value", "top"), [(0, 4), (1, 4), (5, 8), (9, 12), (17, 20), (90, 100), (101, 120), (999, 1000)]
)
def test_an_axis_ends_at_a_round_number(value, top):
    assert drawing.round_up(value) == top
    assert (top / drawing.INTERVALS).is_integer()


def test_shades_split_areas_evenly_and_leave_nobody_out():
    values = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 5000]
    classes = drawing.shades(values)
    assert [drawing.shade_of(value, classes) for value in values] == [0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5]
    assert drawing.shade_of(7, drawing.shades([7])) == drawing.SHADES
    assert drawing.shades([]) == ()


# The house style, kept by a machine


def test_every_part_is_linked_and_every_link_is_a_part():
    drawn_up = {path.stem for path in (WEB / "static" / "web" / "parts").glob("*.css")}
    rooms = "".join(path.read_text() for path in WEB.parent.rglob("templates/**/*.html"))
    assert set(parts.SHEETS) <= drawn_up
    assert all(f"web/parts/{name}.css" in rooms for name in drawn_up - set(parts.SHEETS))


def test_all_styles_together_stay_light():
    assert sum(path.stat().st_size for path in CSS) < 68_000


@pytest.mark.parametrize("path", [path for path in CSS if path.name != "tokens.css"], ids=lambda path: path.name)
def test_a_part_names_no_raw_colour_and_no_unknown_token(path):
    text = re.sub(r"/\*.*?\*/", "", path.read_text(), flags=re.DOTALL)
    assert not re.search(r":[^;{]*#[0-9a-fA-F]{3,8}\b", text)
    assert not re.search(r"\b(rgb|rgba|hsl)\(", text)
    known = set(re.findall(r"(--[a-z0-9-]+):", (WEB / "static" / "web" / "tokens.css").read_text()))
    assert set(re.findall(r"var\((--[a-z0-9-]+)", text)) <= known


def test_day_and_night_name_the_same_colours():
    text = (WEB / "static" / "web" / "tokens.css").read_text()
    asked, chosen = (
        dict(re.findall(r"(--[a-z-]+): ([^;]+);", re.search(opening + r" \{(.*?)\}", text, flags=re.DOTALL).group(1)))
        for opening in (r"\n  :root:not\(\[data-theme\]\)", r'\n\[data-theme="dark"\]')
    )
    assert len(asked) > 20
    assert asked == chosen


@pytest.mark.parametrize("script", ["form.js", "keys.js", "map.js"])
def test_scripts_need_no_eval(script):
    text = Path(finders.find(f"web/js/{script}")).read_text()
    assert not re.search(r"\beval\(|new Function|innerHTML|insertAdjacentHTML|document\.write", text)


@pytest.mark.parametrize("template", sorted((WEB / "templates").rglob("*.html")), ids=lambda path: path.name)
def test_templates_use_only_drawings_that_exist(template):
    names = re.findall(r'{% icon "([a-z]+)"', template.read_text())
    sprite = (WEB / "static" / "web" / "icons.svg").read_text()
    assert all(f'id="{name}"' in sprite for name in names)
