"""`kill -9` in the middle of a batch of letters: none goes out twice, none is lost, and what is not known is said."""

import asyncio
import random
from collections import Counter
from typing import Any

from dauys.answer.tests.post_office import Office, free_port, opened
from tests.test_crash import Home, home, pytestmark, settled

__all__ = ["home", "pytestmark", "settled"]

LETTERS = 60


class SlowOffice(Office):
    """Takes its time with each letter, so that a kill meets every moment of an exchange."""

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        await asyncio.sleep(0.01)
        said = await super().handle_DATA(server, session, envelope)
        await asyncio.sleep(0.01)
        return said


def test_no_letter_goes_out_twice_and_none_is_lost(home: Home) -> None:
    chance = random.Random(20260310)
    office = SlowOffice(free_port())
    home.environment |= {
        "DAUYS_EMAIL_URL": f"smtp://127.0.0.1:{office.port}?tls=none",
        "DAUYS_EMAIL_FROM": "letters@dauys.example.org",
        "DAUYS_SITE": "https://dauys.example.org",
    }
    home.finish("tell", LETTERS)
    assert home.ask("SELECT state, count(*) FROM letter GROUP BY state") == [("queued", LETTERS)]
    kills = 4
    with opened(office):
        for _life in range(kills):
            home.kill("letters", after_lines=1, and_seconds=chance.uniform(0.05, 0.4))
        assert home.finish("letters")[-1] == "done"
    states = dict(home.ask("SELECT state, count(*) FROM letter GROUP BY state"))
    assert set(states) <= {"sent", "unsure"}
    assert sum(states.values()) == LETTERS
    assert states["sent"] > 0
    assert states.get("unsure", 0) <= kills, "one letter at most is in the hand of whoever dies"

    arrived = Counter(letter["Message-ID"] for letter in office.letters)
    assert max(arrived.values()) == 1
    sent = {row[0] for row in home.ask("SELECT message_id FROM letter WHERE state = 'sent'")}
    unsure = {row[0] for row in home.ask("SELECT message_id FROM letter WHERE state = 'unsure'")}
    assert sent <= set(arrived) <= sent | unsure
    assert len({to for _sender, (to,), _content in office.taken}) == len(office.taken)
    home.must_be_sound()
