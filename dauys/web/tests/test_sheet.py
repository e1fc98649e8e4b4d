import gzip

import pytest
from django.test import override_settings
from django.urls import reverse

from dauys.web.sheet import _COMMENT, FOLDER, SHEETS, sheet


def test_the_sheet_holds_every_part_in_order_and_no_relative_address():
    text = sheet().content.decode()
    assert "../" not in text
    bodies = [_COMMENT.sub("", (FOLDER / "parts" / f"{part}.css").read_text())[:120] for part in SHEETS]
    firsts = [text.index(body.split('url("')[0]) for body in bodies]
    assert firsts == sorted(firsts)


@pytest.mark.django_db
def test_a_page_asks_for_one_sheet_and_a_browser_keeps_it_for_ever(client):
    page = client.get(reverse("web:home")).content.decode()
    assert page.count('rel="stylesheet"') == 1
    answer = client.get(reverse("web:sheet", args=[sheet().name]), headers={"accept-encoding": "gzip"})
    assert gzip.decompress(answer.content) == sheet().content
    assert "immutable" in answer.headers["Cache-Control"]
    assert answer.headers["Vary"] == "Accept-Encoding"
    assert client.get(reverse("web:sheet", args=["0" * 16])).status_code == 404


@pytest.mark.django_db
@override_settings(DEBUG=True)
def test_while_parts_are_worked_on_each_is_a_file_of_its_own(client):
    assert client.get(reverse("web:home")).content.decode().count('rel="stylesheet"') == len(SHEETS) + 2
