"""Officers see the safe copy of a photo, and nothing before there is one."""

import io

import pytest
from django.test import Client
from PIL import Image

from dauys.hear import safe_copies
from dauys.hear.models import Attachment
from dauys.hear.submission import Upload


@pytest.fixture
def photo():
    drawn = io.BytesIO()
    Image.new("RGB", (40, 30), "teal").save(drawn, "PNG")
    return Upload("дом.png", "image/png", drawn.getvalue())


def test_a_photo_is_seen_as_its_safe_copy(cast, promised, photo, now):
    appeal = promised(uploads=(photo,))
    file = Attachment.objects.get()
    address = f"/desk/appeal/{appeal.number}/file/{file.id}/"
    officer, stranger = Client(), Client()
    officer.force_login(cast.officer)
    stranger.force_login(cast.road_officer)
    assert officer.get(address).status_code == 404  # nothing is safe yet
    assert safe_copies.make_safe_pending(now=now) == 1
    response = officer.get(address)
    assert (response.status_code, response.headers["Content-Type"]) == (200, "image/jpeg")
    assert "sandbox" in response.headers["Content-Security-Policy"]
    assert f'<img src="{address}"' in officer.get(f"/desk/appeal/{appeal.number}/").content.decode()
    assert stranger.get(address).status_code == 404
    # A file is not opened through another appeal that this officer may read.
    other = promised("Другое")
    assert officer.get(f"/desk/appeal/{other.number}/file/{file.id}/").status_code == 404
