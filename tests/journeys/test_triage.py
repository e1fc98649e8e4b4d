"""The triage desk by keys alone, in a real browser: nothing is settled twice or lost, and all can be taken back."""

import re
import time
from itertools import permutations

import pytest
from browsing import DESKTOP, PHONE
from test_pages import must_be_open_to_everybody

pytestmark = pytest.mark.browser

OFFICER = "officer@example.org"
CARDS = "[data-row]:not([data-leaving])"
ON_A_KAZAKH_LAYOUT = """() => document.activeElement.dispatchEvent(
    new KeyboardEvent("keydown", {key: '"', code: "Digit1", bubbles: true, cancelable: true}))"""
HELD = """() => document.activeElement.dispatchEvent(
    new KeyboardEvent("keydown", {key: "1", code: "Digit1", repeat: true, bubbles: true, cancelable: true}))"""

MATTERS = (
    "нет света в подъезде", "во дворе глубокая яма", "не вывозят мусор", "автобус не ходит", "собаки бегают у школы",
    "к врачу не записаться", "вода идёт ржавая", "шумят по ночам",
)  # fmt: skip
UNCLEAR = [
    words.format(*pair)
    for words in ("У нас {}, а ещё {}, и что дальше?", "То {}, то {}, сколько можно?", "Сначала {}, теперь {}. Когда?")
    for pair in permutations(MATTERS, 2)
]
SECRETS = ("+7 701 234 56 78", "850101300028")


@pytest.fixture(scope="module")
def untold():
    """Texts not filed yet: no two appeals are the same words."""
    return iter(UNCLEAR)


def file(eye, text: str) -> str:
    """By the citizen's own form, without looking at it; the number."""
    page = eye.context.request.get("/appeal/").text()
    held = {name: re.search(rf'name="{name}" value="([^"]+)"', page)[1] for name in ("csrfmiddlewaretoken", "token")}
    told = {**held, "step": "file", "text": text, "language": "ru", "reach": "code", "kind": ""}
    came = eye.context.request.post("/appeal/?sent", form=told, headers={"Origin": eye.house.address})
    assert "/appeal/receipt/" in came.url, came.status
    return re.search(r"\d{4}-\d{6}", came.text())[0]


def count(eye) -> int:
    """How many wait in all, page after page."""
    found, after = 0, "0"
    while after:
        part = eye.context.request.get(f"/desk/triage/?part=1&after={after}").text()
        found += part.count("<article")
        after = (re.findall(r"after=(\d+)&amp;part=1", part) or [""])[0]
    return found


def waiting(eye) -> list[str]:
    return eye.page.locator(f"{CARDS} h2").all_inner_texts()


def here(eye) -> str:
    """The appeal that the keys are on; it has the focus, too, unless the page is new."""
    number, focused = eye.page.evaluate("""() => [
        document.querySelector("[data-here]:not([data-leaving]) h2").innerText,
        document.activeElement.closest("[data-row]")?.querySelector("h2").innerText,
    ]""")
    assert focused == number or eye.page.evaluate("document.activeElement === document.body")
    return number


def settled_all(eye) -> None:
    eye.page.wait_for_selector("[data-leaving]", state="detached")


def blink(eye) -> None:
    """Longer than a key pressed twice, shorter than any reading."""
    eye.page.wait_for_timeout(260)


@pytest.fixture
def desk(browse, untold):
    """`desk(5)`: the officer's browser at the desk with at least five appeals waiting, the keys on the first."""

    def open_desk(least: int, **options):
        citizen = browse()
        eye = browse(OFFICER, **{"locale": "en", "viewport": DESKTOP, **options})
        eye.read_in("en")
        until = time.monotonic() + 40
        while (missing := least - count(eye)) > 0:
            for _ in range(missing + 1):
                file(citizen, next(untold))
            assert time.monotonic() < until, f"{missing} of {least} appeals do not appear"
            time.sleep(1.5)
        eye.go("/desk/triage/")
        return eye

    return open_desk


def test_one_key_settles_and_the_next_has_the_keys_at_once(desk):
    eye = desk(4)
    first, second, third, *_rest = waiting(eye)
    assert here(eye) == first
    eye.page.keyboard.press("1")
    assert here(eye) == second, "before the server has answered"
    settled_all(eye)
    blink(eye)
    eye.page.evaluate(ON_A_KAZAKH_LAYOUT)
    assert here(eye) == third
    settled_all(eye)
    assert second in eye.page.inner_text("#undo")
    eye.must_be_sound()
    eye.page.reload()
    assert {first, second} & set(waiting(eye)) == set()


def test_a_key_pressed_twice_or_held_settles_one(desk):
    eye = desk(4)
    first, second, *_rest = waiting(eye)
    eye.page.keyboard.press("1")
    eye.page.keyboard.press("1")
    eye.page.evaluate(HELD)
    blink(eye)
    eye.page.evaluate(HELD)
    settled_all(eye)
    assert here(eye) == second
    eye.page.reload()
    assert waiting(eye)[0] == second
    assert first not in waiting(eye)


def test_a_key_the_card_lacks_settles_no_other_card(desk):
    eye = desk(3)
    before = waiting(eye)
    eye.page.evaluate("document.querySelectorAll('[data-here] [data-key=\"3\"]').forEach((one) => one.remove())")
    eye.page.keyboard.press("3")
    assert eye.page.locator("[data-leaving]").count() == 0
    assert waiting(eye) == before


def test_what_was_taken_back_stands_there_again_with_the_keys_on_it(desk):
    eye = desk(3)
    first, second, *_rest = waiting(eye)
    eye.page.keyboard.press("1")
    eye.page.wait_for_selector("#undo [data-key=u]")
    assert here(eye) == second
    eye.page.keyboard.press("u")
    eye.page.wait_for_selector(f"#n{first}")
    eye.page.wait_for_selector(f"[data-here] #n{first}:focus")
    assert here(eye) == first
    assert "1 appeal waits again." in eye.page.inner_text("#undo")
    eye.must_be_sound()
    eye.page.reload()
    assert waiting(eye)[:2] == [first, second]
    eye.page.keyboard.press("1")
    settled_all(eye)


def test_another_topic_is_chosen_and_saved_without_leaving_the_keyboard(desk):
    eye = desk(3)
    first, second, *_rest = waiting(eye)
    page = eye.page
    page.keyboard.press("o")
    assert page.evaluate("document.activeElement.id") == f"o{first}"
    chosen = page.locator(f"#o{first} option").nth(7)
    name = chosen.inner_text().strip()
    page.select_option(f"#o{first}", chosen.get_attribute("value"))
    page.keyboard.press("Enter")
    page.wait_for_selector("#undo [data-key=u]")
    assert page.inner_text("#undo p >> nth=0").strip() == f"Appeal {first} is about: {name}."
    assert here(eye) == second


def test_a_menu_left_empty_is_said_on_the_card(desk):
    eye = desk(3)
    first = waiting(eye)[0]
    eye.page.keyboard.press("o")
    eye.page.click("[data-here] details button")
    eye.page.wait_for_selector("[data-row] [role=alert]:not([hidden])")
    assert first in eye.page.inner_text("[data-row] [role=alert]:not([hidden])")
    assert here(eye) == first


def test_when_the_line_is_gone_nothing_is_lost_and_it_is_said(desk):
    eye = desk(4)
    page = eye.page
    first, second, *_rest = waiting(eye)
    page.route("**/desk/triage/**", lambda route: route.abort())
    page.keyboard.press("1")
    page.wait_for_selector(f"[data-row]:has(#n{first}) [data-when-failed]:not([hidden])")
    assert here(eye) == first
    assert "not saved" in page.inner_text("[data-when-failed]:not([hidden])")
    page.unroute("**/desk/triage/**")
    blink(eye)
    page.keyboard.press("1")
    page.wait_for_selector("#undo [data-key=u]")
    assert here(eye) == second
    page.route("**/desk/triage/undo/", lambda route: route.abort())
    page.keyboard.press("u")
    page.wait_for_selector("#undo [data-when-failed]:not([hidden])")
    page.unroute("**/desk/triage/undo/")
    page.keyboard.press("u")
    page.wait_for_selector(f"#n{first}")
    blink(eye)
    page.keyboard.press("1")
    settled_all(eye)
    # The browser and htmx tell of each broken request themselves; nothing else may be amiss.
    assert [one for one in eye.amiss if "ERR_FAILED" not in one and not one.startswith("htmx:")] == []


def test_an_answer_of_the_server_that_is_no_yes_is_said_too(desk):
    eye = desk(2)
    first = waiting(eye)[0]
    eye.page.route("**/desk/triage/**", lambda route: route.fulfill(status=500, body="broken"))
    eye.page.keyboard.press("1")
    eye.page.wait_for_selector("[data-when-failed]:not([hidden])")
    assert here(eye) == first


def test_when_the_session_has_ended_the_way_leads_to_the_door(desk):
    eye = desk(2)
    first = waiting(eye)[0]
    eye.context.clear_cookies(name="sessionid")
    eye.page.keyboard.press("1")
    eye.page.wait_for_url("**/accounts/login/**")
    again = desk(1)
    assert first in waiting(again)


def test_the_list_grows_while_it_is_worked_off(desk):
    eye = desk(20)
    assert len(waiting(eye)) < 20
    seen = []
    for _ in range(20):
        seen.append(here(eye))
        eye.page.keyboard.press("1")
        blink(eye)
    assert len(set(seen)) == 20
    assert seen == sorted(seen)
    settled_all(eye)
    eye.must_be_sound()


def test_without_scripts_all_of_it_works_by_pages(desk):
    eye = desk(3, java_script_enabled=False)
    page = eye.page
    first, second, *_rest = waiting(eye)
    page.click(f"[data-row]:has(#n{first}) button[value]")
    page.wait_for_url("**done=**")
    assert waiting(eye)[0] == second
    assert first in page.inner_text("#undo")
    page.click("#undo button")
    page.wait_for_selector(".messages")
    assert waiting(eye)[0] == first
    page.click(f"[data-row]:has(#n{first}) button[value]")


def test_no_number_of_a_citizen_stands_on_the_desk(desk, browse):
    number = file(browse(), f"Звоните {SECRETS[0]}, ИИН {SECRETS[1]}: у нас {MATTERS[0]} и {MATTERS[3]}.")
    eye = desk(1)
    until = time.monotonic() + 10
    while eye.go(f"/desk/triage/?number={number}").status != 200 or waiting(eye)[:1] != [number]:
        assert time.monotonic() < until
        time.sleep(0.5)
    assert "Звоните [telephone], ИИН [IIN]: у нас" in eye.page.inner_text(f"[data-row]:has(#n{number}) blockquote")
    assert not any(secret in eye.page.content() for secret in SECRETS)


@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_the_desk_at_work_is_open_to_everybody(desk, language, size):
    eye = desk(3, viewport=size, color_scheme="dark" if language == "ru" else "light")
    eye.read_in(language)
    eye.page.reload()
    eye.page.keyboard.press("1")
    eye.page.wait_for_selector("#undo [data-key=u]")
    settled_all(eye)
    eye.page.keyboard.press("o")
    eye.must_be_sound()
    must_be_open_to_everybody(eye.page)
    covered = eye.page.evaluate("""() => {
        const bar = document.querySelector("#undo").getBoundingClientRect();
        const box = document.activeElement.getBoundingClientRect();
        return box.bottom > bar.top && box.top < bar.bottom;
    }""")
    assert not covered, "the field in use lies under the bar"


def test_many_are_accepted_by_one_press_and_taken_back_by_one(desk):
    eye = desk(6)
    page = eye.page
    page.click("summary:has-text('Settle many at once')")
    least = page.locator("#sure option").last
    many = int(re.search(r": (\d+)", least.inner_text())[1])
    least_sure = least.get_attribute("value")
    page.select_option("#sure", least_sure)
    before = waiting(eye)
    page.click(".many button")
    page.wait_for_url("**done=**")
    assert re.search(rf"{many} appeals? (was|were) settled", page.inner_text("#undo"))
    assert set(before) - set(waiting(eye))
    page.keyboard.press("u")
    page.wait_for_selector("#undo >> text=again")
    eye.go("/desk/triage/")
    assert waiting(eye) == before
    page.click("summary:has-text('Settle many at once')")
    page.select_option("#sure", least_sure)
    page.click(".many button")
    page.wait_for_url("**done=**")


def test_when_all_is_done_it_is_said(desk):
    eye = desk(2)
    page = eye.page
    for _ in range(200):
        if page.locator(CARDS).count() == 0 and page.locator("[data-more]").count() == 0:
            break
        if page.locator("[data-here]:not([data-leaving]) [data-key='1']").count():
            page.keyboard.press("1")
        else:
            page.keyboard.press("o")
            page.select_option("[data-here] [name=other]", index=3)
            page.keyboard.press("Enter")
        blink(eye)
    page.wait_for_selector("[data-when-empty]:not([hidden])")
    assert "Nothing waits here" in page.inner_text("[data-when-empty]")
    must_be_open_to_everybody(page)
    eye.must_be_sound()
    page.keyboard.press("u")
    page.wait_for_selector(CARDS)
    page.wait_for_selector("[data-when-empty]", state="hidden")
    here(eye)
