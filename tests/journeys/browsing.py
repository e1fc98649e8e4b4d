"""A browser as one person holds it: what they see, and everything that went wrong there."""

from dataclasses import dataclass, field
from typing import Any

PHONE = {"width": 390, "height": 800}
DESKTOP = {"width": 1440, "height": 900}

WATCH = """
    window.violations = [];
    document.addEventListener("securitypolicyviolation", (event) =>
        window.violations.push(`${event.violatedDirective} ${event.blockedURI}`));
"""

LOOK = """() => ({
    violations: window.violations,
    strangers: performance.getEntriesByType("resource").map((one) => one.name)
        .filter((name) => !name.startsWith(location.origin + "/") && !/^(data|blob):/.test(name)),
    beyond: document.documentElement.scrollWidth - document.documentElement.clientWidth,
})"""


@dataclass
class House:
    """The running institution: where it is, who may sign in, and its first appeals by name (settle.APPEALS)."""

    address: str
    passwords: dict[str, str]
    appeals: dict[str, str]
    signed_in: dict[str, Any] = field(default_factory=dict)
    """E-mail → cookies, so that each person signs in once."""


class Eye:
    """One browser of one person, with one page open; it remembers everything that went wrong there."""

    def __init__(self, browser: Any, house: House, **options: Any) -> None:
        self.house = house
        self.context = browser.new_context(base_url=house.address, **options)
        self.context.set_default_timeout(10_000)
        self.context.add_init_script(WATCH)
        self.page = self.context.new_page()
        self.amiss: list[str] = []
        self.page.on("console", self._hear)
        self.page.on("pageerror", lambda error: self.amiss.append(str(error)))

    def _hear(self, message: Any) -> None:
        # A browser also reports the status of an error page itself, which is what that page is for.
        if message.type == "error" and not message.text.startswith("Failed to load resource: the server responded"):
            self.amiss.append(message.text)

    def read_in(self, language: str) -> None:
        self.context.add_cookies([{"name": "language", "value": language, "url": self.house.address}])

    def go(self, path: str) -> Any:
        return self.page.goto(path)

    def must_be_sound(self) -> None:
        """No error in the console, nothing the policy had to stop, nobody else asked, nothing beyond the edge."""
        assert self.amiss == []
        assert self.page.evaluate(LOOK) == {"violations": [], "strangers": [], "beyond": 0}

    def close(self) -> None:
        self.context.close()


def sign_in(browser: Any, house: House, email: str) -> Any:
    eye = Eye(browser, house)
    eye.go("/accounts/login/")
    eye.page.fill("[name=login]", email)
    eye.page.fill("[name=password]", house.passwords[email])
    eye.page.press("[name=password]", "Enter")
    eye.page.wait_for_url(lambda address: "/accounts/login" not in address)
    state = eye.context.storage_state()
    eye.close()
    return state
