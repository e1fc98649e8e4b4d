"""An appeal's whole way in a real browser: filed, promised, answered, disputed, answered again, confirmed, counted."""

import re
import time

import pytest

pytestmark = pytest.mark.browser

KAZAKH = {"width": 360, "height": 740}


def file_appeal(eye, text: str, area: str = "") -> tuple[str, str]:
    """Through the form and its confirmation; number and code as the receipt shows them."""
    page = eye.page
    eye.go("/appeal/")
    eye.must_be_sound()
    page.fill("[name=text]", text)
    if area:
        page.select_option("[name=area]", label=area)
    page.check("[name=reach][value=code]")
    page.click("button[value=check]")
    assert text in page.inner_text("main blockquote")
    eye.must_be_sound()
    page.click("button[value=file]")
    page.wait_for_url("**/appeal/receipt/**")
    eye.must_be_sound()
    number = re.search(r"\d{4}-\d{6}", page.inner_text(".receipt-number"))
    assert number
    return number[0], page.inner_text(".code").strip()


def track(eye, number: str, code: str) -> None:
    eye.go("/track/")
    eye.must_be_sound()
    eye.page.fill("[name=number]", number)
    eye.page.fill("[name=code]", code)
    eye.page.press("[name=code]", "Enter")
    eye.page.wait_for_url(f"**/my/{number}/")


def appears(eye, selector: str, *, within: float) -> float:
    """Load the page again until the thing is there; seconds waited."""
    begun = time.monotonic()
    while eye.page.locator(selector).count() == 0:
        assert time.monotonic() - begun < within, f"{selector} did not appear within {within} s"
        time.sleep(0.2)
        eye.page.reload()
    return time.monotonic() - begun


def promised_day(eye) -> str:
    return eye.page.inner_text("main header .lead b")


def answer(eye, number: str, text: str) -> None:
    """Draft, preview, send."""
    page = eye.page
    eye.go(f"/desk/appeal/{number}/")
    page.check("[name=outcome][value=satisfied]")
    page.fill("#answer [name=text]", text)
    page.click("button[value=preview]")
    page.wait_for_url("**preview=1*")
    assert page.inner_text("#answer .words") == text
    eye.must_be_sound()
    if page.locator("#why").count():
        page.select_option("#why", "told")
    page.click("#answer button[data-kind=strong]")
    page.wait_for_selector("#leaving [data-key=z]")
    page.wait_for_selector("#leaving [data-key=z]", state="detached", timeout=20_000)
    eye.go(f"/desk/appeal/{number}/")
    assert page.locator("#answer").count() == 0
    assert text in page.inner_text("#thread")


def confirmed_and_judged(eye) -> tuple[int, int]:
    """What the public page of all time says: confirmed by citizens, of how many judged."""
    eye.go("/figures/?period=all")
    said = eye.page.inner_text("dl.figures > div >> nth=0")
    found = re.search(r"(\d+) of the (\d+)", said)
    assert found, said
    return int(found[1]), int(found[2])


def test_a_citizen_files_on_a_small_phone_without_scripts_and_follows_elsewhere(browse):
    phone = browse(java_script_enabled=False, viewport=KAZAKH, locale="kk")
    # Without scripts the page cannot be asked about itself: the edge is measured by the next one.
    phone.must_be_sound = lambda: None
    number, code = file_appeal(phone, "Көшеде үш күннен бері су жоқ, құбыр жарылды.", "Дала ауданы")
    filed_at = time.monotonic()
    assert phone.page.get_attribute("html", "lang") == "kk"
    assert phone.amiss == []

    library = browse(viewport=KAZAKH, locale="kk")
    track(library, number, code)
    appears(library, ".days", within=5 - (time.monotonic() - filed_at))
    library.must_be_sound()
    assert "су жоқ" in library.page.inner_text("#thread")
    assert library.page.locator(".days [data-day=due]").count() == 1
    with library.page.expect_download() as saved:
        library.page.click("a[download]")
    assert "c2sp.org/tlog-proof" in saved.value.path().read_text()


def test_no_page_of_filing_is_wider_than_the_smallest_phone(browse):
    phone = browse(viewport=KAZAKH, locale="kk")
    number, _code = file_appeal(phone, "Пәтер суық, батарея жылымайды, жылу қашан болады?" + "ұзақсөз" * 30)
    phone.go(f"/my/{number}/")
    phone.must_be_sound()


def test_another_language_keeps_the_words_until_they_are_filed(browse):
    eye = browse(locale="ru")
    page = eye.page
    eye.go("/appeal/")
    page.fill("[name=place]", "ул. Пробная, 5")
    page.click("button[value=check]")
    for code in ("kk", "en"):  # refused, for there is no text yet
        page.click(f".languages [lang={code}]")
        page.wait_for_selector(f"html[lang={code}]")
        assert page.input_value("[name=place]") == "ул. Пробная, 5"
    page.fill("[name=text]", "Нет воды третий день")
    page.check("[name=reach][value=code]")
    page.press("[name=place]", "Enter")
    page.wait_for_selector("main blockquote")
    assert page.get_attribute("html", "lang") == "en", "Enter continues and chooses no language"
    for code in ("kk", "ru"):
        page.click(f".languages [lang={code}]")
        page.wait_for_selector(f"html[lang={code}]")
        assert page.inner_text("main blockquote") == "Нет воды третий день"
    eye.must_be_sound()
    page.click("button[value=file]")
    page.wait_for_selector(".receipt-number")


def test_an_answer_is_disputed_answered_again_confirmed_and_counted(browse):
    citizen = browse(locale="en")
    confirmed, judged = confirmed_and_judged(citizen)
    number, _code = file_appeal(citizen, "Школа, дорога, свет, вода: ничего нет")

    officer = browse("officer@example.org", locale="en")
    page = officer.page
    officer.go("/desk/triage/")
    appears(officer, f"#n{number}", within=5)
    while page.locator("[data-here] h2").inner_text() != number:
        page.keyboard.press("j")
    page.keyboard.press("1")
    page.wait_for_selector("#undo [data-key=u]")
    assert number in page.inner_text("#undo")
    assert page.locator(f"#n{number}").count() == 0

    officer.go(f"/desk/appeal/{number}/")
    appears(officer, "[data-key=t]", within=5)
    page.keyboard.press("t")
    page.wait_for_selector(".messages [data-tone=good]")
    assert page.locator("[data-key=t]").count() == 0
    officer.must_be_sound()
    answer(officer, number, "Выехала бригада, всё починили. Основание: статья 1.")

    citizen.go(f"/my/{number}/")
    assert "Выехала бригада" in citizen.page.inner_text("#answer")
    citizen.must_be_sound()
    citizen.page.click("button[value=no]")
    citizen.page.wait_for_selector(".messages")
    assert citizen.page.locator("#answer").count() == 0
    assert re.search(r"An answer by \d+\s\w+\s\d{4}", promised_day(citizen))
    assert "from the day the answer was disputed" in citizen.page.inner_text(".page aside")

    answer(officer, number, "Приехали ещё раз, теперь всё работает. Основание: статья 1.")
    citizen.go(f"/my/{number}/")
    assert "ещё раз" in citizen.page.inner_text("#answer")
    citizen.page.click("button[value=yes]")
    citizen.page.wait_for_selector(".messages")
    assert citizen.page.locator("#answer").count() == 0
    citizen.must_be_sound()

    given_at = time.monotonic()
    while confirmed_and_judged(citizen) != (confirmed + 1, judged + 1):
        assert time.monotonic() - given_at < 20, "the public figures have not counted the verdict"
        time.sleep(0.5)
    citizen.must_be_sound()


OFFICERS_PAGES = ("/desk/", "/desk/triage/", "/desk/write-down/", "/desk/institution/", "/search/?q=су")


def test_a_stranger_without_an_account_sees_neither_desk_nor_appeal(browse, house):
    eye = browse()
    number = house.appeals["confirmed"]
    for path in (*OFFICERS_PAGES, f"/desk/appeal/{number}/"):
        eye.go(path)
        assert "/accounts/login/" in eye.page.url, path
    for path in (f"/my/{number}/", f"/my/{number}/proof/", f"/appeal/receipt/?number={number}"):
        came = eye.go(path)
        assert came.status == 404 or "/track/" in eye.page.url, path
        assert "су тасып" not in eye.page.content()
    eye.go(f"/case/{number}/")
    assert "су тасып" not in eye.page.content()


def test_an_account_without_an_office_opens_nothing(browse, house):
    eye = browse("stranger@example.org")
    for path in OFFICERS_PAGES:
        assert eye.go(path).status == 403, path
    assert eye.go(f"/desk/appeal/{house.appeals['confirmed']}/").status in (403, 404)


def test_another_offices_appeal_cannot_be_opened_found_or_taken(browse, house):
    eye = browse("lakeside@example.org")
    assert eye.go(f"/desk/appeal/{house.appeals['elsewhere']}/").status == 200
    number = house.appeals["fresh"]
    assert eye.go(f"/desk/appeal/{number}/").status == 404
    eye.go("/search/?q=батарея")
    assert number not in eye.page.content()
    eye.go("/desk/?view=office")
    assert number not in eye.page.content()
    token = eye.context.request.get("/accounts/password/change/").text()
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', token)[1]
    came = eye.context.request.post(
        f"/desk/appeal/{number}/take/",
        form={"csrfmiddlewaretoken": token},
        headers={"Origin": eye.house.address},
    )
    assert came.status == 404


@pytest.mark.parametrize("cookie", ["appeals", "sessionid"])
def test_a_forged_cookie_opens_nothing(browse, house, cookie):
    owner = browse()
    number, _code = file_appeal(owner, "Үйде жылу жоқ, батарея суық.")
    if cookie == "sessionid":
        genuine, path = house_session(browse), "/desk/"
    else:
        genuine = next(one["value"] for one in owner.context.cookies() if one["name"] == "appeals")
        path = f"/my/{number}/"
    for forged in (genuine[:-1] + ("A" if genuine[-1] != "A" else "B"), "1", "'\"<>;"[:3], genuine[::-1]):
        eye = browse()
        eye.context.add_cookies([{"name": cookie, "value": forged, "url": house.address}])
        came = eye.go(path)
        assert came.status == 404 or "/track/" in eye.page.url or "/accounts/login/" in eye.page.url
        assert "жылу жоқ" not in eye.page.content()
    eye = browse()
    eye.context.add_cookies([{"name": cookie, "value": genuine, "url": house.address}])
    assert eye.go(path).status == 200  # the genuine one does open it: the refusals above were for the forgery


def house_session(browse) -> str:
    eye = browse("officer@example.org")
    return next(one["value"] for one in eye.context.cookies() if one["name"] == "sessionid")
