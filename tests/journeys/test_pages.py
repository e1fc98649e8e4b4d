"""Every page, at a telephone's and a desk's width, in three languages: sound, within its edges, open to everybody.

English is read in the dark, the others by day, so that both themes are looked at everywhere.
"""

import pytest
from browsing import DESKTOP, PHONE, Eye, sign_in

pytestmark = pytest.mark.browser

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
    (OFFICER, "/desk/mine/", 200),
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


def must_be_open_to_everybody(page) -> None:
    from axe_playwright_python.base import AXE_SCRIPT, AxeResults

    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    found = AxeResults({"violations": page.evaluate("(told) => axe.run(told).then((found) => found.violations)", WCAG)})
    assert found.violations_count == 0, found.generate_report()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("reader", "path", "status"), PAGES, ids=[f"{who[:5]}{path}" for who, path, _ in PAGES])
def test_a_page_is_sound_within_its_edges_and_open_to_everybody(eyes, house, reader, path, status, language):
    eye = eyes(reader, language)
    eye.page.set_viewport_size(PHONE)
    came = eye.go(path.format(**house.appeals))
    assert came.status == status
    assert eye.page.get_attribute("html", "lang") == language
    for size in (PHONE, DESKTOP):
        eye.page.set_viewport_size(size)
        eye.must_be_sound()
        must_be_open_to_everybody(eye.page)


@pytest.mark.parametrize(("reader", "path", "status"), PAGES, ids=[f"{who[:5]}{path}" for who, path, _ in PAGES])
def test_another_language_is_the_same_page(eyes, house, reader, path, status):
    eye = eyes(reader, "kk")
    page = eye.page
    eye.go(path.format(**house.appeals))
    here, asked = page.evaluate("[location.pathname, Object.fromEntries(new URLSearchParams(location.search))]")
    for language in ("en", "kk"):
        with page.expect_navigation() as moved:
            page.click(f".languages a[lang={language}]")
        assert moved.value.status == status
        assert page.get_attribute("html", "lang") == language
        assert page.evaluate("location.pathname") == here
        assert page.evaluate("Object.fromEntries(new URLSearchParams(location.search))") == {**asked, "lang": language}


def test_the_language_is_remembered(eyes):
    eye = eyes("", "kk")
    eye.go("/")
    eye.page.click(".languages a[lang=ru]")
    eye.page.wait_for_selector("html[lang=ru]")
    eye.go("/track/")
    assert eye.page.get_attribute("html", "lang") == "ru"
    eye.read_in("kk")


ACTIONS: tuple[tuple[str, str, str], ...] = (
    ("", "/", ".hero a[data-kind=strong]"),
    ("", "/appeal/", "button[value=check]"),
    ("", "/track/", "main button[data-kind=strong]"),
    ("", "/figures/", ".filters button"),
    ("", "/ledger/", "main button[data-kind=strong]"),
    ("", "/accounts/login/", "main button[data-kind=strong]"),
    (OFFICER, "/desk/?view=office", "[data-open]"),
    (OFFICER, "/desk/triage/", "[data-row] button, [data-row] summary"),
    (OFFICER, "/desk/write-down/", "main button[data-kind=strong]"),
    (OFFICER, "/desk/appeal/{taken}/", "button[value=preview]"),
    (ADMINISTRATOR, "/desk/institution/", "main a[href*=offices]"),
    (ADMINISTRATOR, "/desk/institution/days/", "main button[data-kind=strong]"),
)
"""Who, where, and the main thing to do there."""

# A date field hands the focus on to its calendar button, which only the browser can draw a ring around.
FOCUS = """() => {
    const one = document.activeElement, box = one.getBoundingClientRect(), look = getComputedStyle(one);
    const own = one.matches("[type=date], [type=time]") && !one.matches(":focus");
    return {
        words: one.outerHTML.slice(0, 200),
        drawn: own || (look.outlineStyle !== "none" && parseFloat(look.outlineWidth) >= 2),
        inside: box.width > 0 && box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth,
    };
}"""


@pytest.mark.parametrize(("reader", "path", "action"), ACTIONS, ids=[f"{who[:5]}{path}" for who, path, _ in ACTIONS])
def test_the_keyboard_alone_reaches_the_main_action_and_always_sees_where_it_is(eyes, house, reader, path, action):
    eye = eyes(reader, "ru")
    page = eye.page
    page.set_viewport_size(DESKTOP)
    eye.go(path.format(**house.appeals))
    is_in_a_field = page.locator("[autofocus]").count() > 0  # there the skip link lies behind already
    for presses in range(1, 100):
        page.keyboard.press("Tab")
        focus = page.evaluate(FOCUS)
        assert focus["drawn"], f"no ring around {focus['words']}"
        assert focus["inside"], f"out of sight: {focus['words']}"
        if presses == 1 and not is_in_a_field:
            assert 'class="skip"' in focus["words"]
        if page.evaluate("(action) => document.activeElement.matches(action)", action):
            return
    pytest.fail(f"{action} was not reached in {presses} presses")


SPOILED = {
    "a picture without words": "document.querySelector('main').append(new Image())",
    "pale letters": "document.querySelector('h1').style.color = '#bbb'",
}
UNSOUND = {
    "something wide": "document.querySelector('main').style.minWidth = '200vw'",
    "a style of its own": "document.body.insertAdjacentHTML('beforeend', '<p style=\"color: red\">')",
    "a stranger is asked": "fetch('http://localhost:1/').catch(() => 0)",
    "an error": "console.error('Something is wrong')",
}


@pytest.fixture
def public_page(chromium, house):
    eye = Eye(chromium, house)
    eye.go("/track/")
    eye.must_be_sound()
    must_be_open_to_everybody(eye.page)
    yield eye
    eye.close()


@pytest.mark.parametrize("fault", SPOILED)
def test_a_page_closed_to_somebody_would_be_noticed(public_page, fault):
    public_page.page.evaluate(SPOILED[fault])
    with pytest.raises(AssertionError):
        must_be_open_to_everybody(public_page.page)


@pytest.mark.parametrize("fault", UNSOUND)
def test_an_unsound_page_would_be_noticed(public_page, fault):
    public_page.page.evaluate(UNSOUND[fault])
    public_page.page.wait_for_timeout(50)
    with pytest.raises(AssertionError):
        public_page.must_be_sound()
