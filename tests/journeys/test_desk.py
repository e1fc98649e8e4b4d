"""The desk by keys alone, in a real browser: several appeals are answered, one is taken back, two officers meet."""

import re
import time

import pytest
from test_triage import file

pytestmark = pytest.mark.browser

OFFICER, HEAD = "officer@example.org", "administrator@example.org"
DONE = (
    "Бригада восстановила отопление в вашем подъезде 20 ноября 2026 года, батареи горячие, замерили 21 градус. "
    "Ответственный: инженер Образцов П. П., телефон приёмной 8 (7232) 00-00-00. Основание: статья 80 АППК. "
    "Если вы не согласны, жалобу можно подать в акимат области в течение трёх месяцев."
)
WHICH = ("первом", "втором", "третьем", "четвёртом")


@pytest.fixture
def filed(browse):
    """Appeals filed now, their numbers in order, each with its office."""

    def make(many: int, about: str = "нет отопления, батареи ледяные, почините стояк") -> list[str]:
        citizen = browse(locale="ru")
        words = [f"В подъезде {WHICH[one]} {about}. {time.monotonic_ns()}" for one in range(many)]
        return [file(citizen, one) for one in words]

    return make


def opened(eye, number: str) -> None:
    """By the keys of the list, from wherever it stands in it."""
    until = time.monotonic() + 40
    eye.go("/desk/?view=office")
    while not eye.page.locator(f"[data-row] a.number:text-is('{number}')").count():
        assert time.monotonic() < until, f"{number} has not come to the desk"
        further = eye.page.locator("a[rel=next]")
        if further.count():  # other journeys have filled the first page
            further.click()
            eye.page.wait_for_load_state()
        else:
            eye.page.wait_for_timeout(300)
            eye.go("/desk/?view=office")
    for _ in range(60):
        eye.page.keyboard.press("j")
        if eye.page.inner_text("[data-here] a.number") == number:
            break
    eye.page.keyboard.press("Enter")
    eye.page.wait_for_url(f"**/desk/appeal/{number}/")


def answered(eye, text: str) -> str:
    """Outcome, words, preview, send: no mouse. The number of the appeal that comes next."""
    page = eye.page
    here = page.inner_text("h1.number")
    page.wait_for_selector("#id_text")
    page.keyboard.press("1")
    page.keyboard.press("Control+A")
    page.keyboard.insert_text(text)
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**preview=1*")
    if page.locator("#why").count():
        page.select_option("#why", "told")
        page.focus("[data-focus]")
    page.wait_for_function("document.activeElement.matches('[data-focus]')")
    page.keyboard.press("Enter")
    page.wait_for_function("(here) => document.querySelector('h1.number')?.innerText !== here", arg=here)
    return page.inner_text("h1.number") if page.locator("h1.number").count() else ""


def state_of(eye, number: str) -> str:
    return eye.context.request.get(f"/case/{number}/").text()


def test_several_are_answered_by_keys_and_one_is_taken_back(browse, filed):
    numbers = filed(2)
    officer = browse(OFFICER, locale="ru")
    page = officer.page
    for number in numbers:
        opened(officer, number)
        following = answered(officer, DONE)
        assert following not in ("", number), "after sending, the next appeal of the list"
        assert number in page.inner_text("#leaving")
        officer.must_be_sound()
    page.keyboard.press("z")  # the last one that was pressed
    page.wait_for_url(f"**/desk/appeal/{numbers[1]}/")
    assert DONE in page.input_value("#id_text"), "taken back, the words stand as they were"
    officer.must_be_sound()
    page.wait_for_timeout(5500)
    officer.go(f"/desk/appeal/{numbers[0]}/")
    assert DONE in page.inner_text("#thread")
    officer.go(f"/desk/appeal/{numbers[1]}/")
    assert page.locator("#id_text").count() == 1


def test_two_officers_at_one_appeal_see_each_other_and_send_one_answer(browse, filed):
    (number,) = filed(1, "капает с потолка, сделайте ремонт кровли")
    one, two = browse(OFFICER, locale="en"), browse(HEAD, locale="en")
    opened(one, number)
    one.page.keyboard.press("1")
    with one.page.expect_response("**/draft/"):
        one.page.keyboard.press("Control+A")
        one.page.keyboard.insert_text(DONE)
    two.go(f"/desk/appeal/{number}/")
    two.page.wait_for_selector("#company :text('is writing here')")
    answered(one, DONE)
    two.page.keyboard.press("4")
    two.page.keyboard.press("Control+A")
    two.page.keyboard.insert_text("Отказано. " + DONE)
    two.page.keyboard.press("Control+Enter")
    two.page.wait_for_url("**/draft/")
    assert "Отказано" in two.page.input_value("#id_text"), "the second officer's words are not lost"
    until = time.monotonic() + 15
    while len(re.findall(r"answered", state_of(one, number))) == 0 and time.monotonic() < until:
        time.sleep(0.5)
    one.go(f"/desk/appeal/{number}/")
    assert one.page.locator("#thread [data-kind=answer]").count() == 1
    assert "Отказано" not in one.page.inner_text("#thread")


def test_a_list_that_is_open_hears_of_what_comes(browse, filed):
    officer = browse(OFFICER, locale="en")
    officer.go("/desk/?view=office")
    box = officer.page.locator("table").bounding_box()
    (number,) = filed(1)
    officer.page.wait_for_selector("#fresh a", timeout=40_000)
    assert re.search(r"\d+ new: show", officer.page.inner_text("#fresh"))
    assert officer.page.locator("table").bounding_box() == box, "nothing has jumped"
    officer.page.keyboard.press("r")
    officer.page.wait_for_function("!document.querySelector('#fresh a')")
    officer.must_be_sound()
    opened(officer, number)
