"""Every page, at a telephone's and a desk's width, in three languages: sound, within its edges, open to everybody.

English is read in the dark, the others by day, so that both themes are looked at everywhere.
"""

import pytest
from conftest import DESKTOP, PHONE, Eye

LANGUAGES = ("kk", "ru", "en")
WCAG = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]},
    "resultTypes": ["violations"],
}
OFFICER, ADMINISTRATOR, STRANGER = "officer@example.org", "administrator@example.org", "stranger@example.org"

PAGES: tuple[tuple[str, str, int], ...] = (
    ("", "/", 200),
    ("", "/appeal/", 200),
    ("", "/appeal/receipt/", 404),
    ("", "/track/", 200),
    ("", "/figures/?period=all", 200),
    ("", "/figures/?period=all&topic=transport", 200),
    ("", "/case/{confirmed}/", 200),
    ("", "/open-data/", 200),
    ("", "/ledger/", 200),
    ("", "/accounts/login/", 200),
    ("", "/patterns/", 200),
    ("", "/no-such-page/", 404),
    (STRANGER, "/desk/", 403),
    (OFFICER, "/desk/?view=office", 200),
    (OFFICER, "/desk/?view=today&topic=water", 200),
    (OFFICER, "/desk/triage/", 200),
    (OFFICER, "/desk/write-down/", 200),
    (OFFICER, "/desk/appeal/{taken}/", 200),
    (OFFICER, "/desk/appeal/{disputed}/", 200),
    (OFFICER, "/desk/appeal/{confirmed}/", 200),
    (OFFICER, "/search/?q=батарея", 200),
    (OFFICER, "/search/?q=zzzz", 200),
    (OFFICER, "/accounts/2fa/", 200),
    (OFFICER, "/accounts/2fa/webauthn/", 200),
    (OFFICER, "/accounts/password/change/", 200),
    (OFFICER, "/accounts/logout/", 200),
    (ADMINISTRATOR, "/desk/institution/", 200),
    (ADMINISTRATOR, "/desk/institution/offices/utilities/", 200),
    (ADMINISTRATOR, "/desk/institution/days/", 200),
    (ADMINISTRATOR, "/desk/institution/topics/", 200),
    (ADMINISTRATOR, "/desk/institution/topics/water.outage/", 200),
)
"""Who reads it, where it is ({name}: the number of an appeal of settle.APPEALS), the status it comes with."""


@pytest.fixture(scope="module")
def eyes(chromium, house):
    """One browser for each reader and language, kept for the whole module."""
    from conftest import sign_in

    opened: dict[tuple[str, str], Eye] = {}

    def eye_of(email: str, language: str) -> Eye:
        if (email, language) not in opened:
            eye = opened[email, language] = Eye(
                chromium,
                house,
                storage_state=sign_in(chromium, house, email) if email else None,
                color_scheme="dark" if language == "en" else "light",
                reduced_motion="reduce",
            )
            eye.read_in(language)
        return opened[email, language]

    yield eye_of
    for eye in opened.values():
        eye.close()


@pytest.fixture(scope="module")
def axe():
    from axe_playwright_python.sync_playwright import Axe

    return Axe()


def must_be_open_to_everybody(eye, axe) -> None:
    found = axe.run(eye.page, options=WCAG)
    assert found.violations_count == 0, found.generate_report()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("reader", "path", "status"), PAGES, ids=[f"{who[:5]}{path}" for who, path, _ in PAGES])
def test_a_page_is_sound_within_its_edges_and_open_to_everybody(eyes, axe, house, reader, path, status, language):
    eye = eyes(reader, language)
    eye.page.set_viewport_size(PHONE)
    came = eye.go(path.format(**house.appeals))
    assert came.status == status
    assert eye.page.get_attribute("html", "lang") == language
    for size in (PHONE, DESKTOP):
        eye.page.set_viewport_size(size)
        eye.must_be_sound()
        must_be_open_to_everybody(eye, axe)
