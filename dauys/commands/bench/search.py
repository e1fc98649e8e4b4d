"""Search in the installation at hand: each kind of question many times over, time and statements of the whole page."""

import statistics
import time
from typing import Any

from dauys.commands import run

QUESTIONS = 40
"""Different questions of each kind: the same one again would only measure what memory holds."""


def measure(*, questions: int = QUESTIONS, seed: int = 1) -> list[dict[str, Any]]:
    """Median and 95th percentile, in milliseconds, of processor and of wall time of one page of answers, by kind of
    question and by reader (who may read all, who may read one office), with the most statements one page took.

    Questions are drawn from the installation's own vocabulary and appeals; nothing of them is in what is returned.
    """
    run.setup()
    from django.conf import settings
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    settings.ALLOWED_HOSTS = ["testserver"]
    settings.SECOND_FACTOR_REQUIRED = False
    rows: list[dict[str, Any]] = []
    for reader, user in _readers():
        client = Client()
        client.force_login(user)
        for kind, asked in _drawn(questions, seed).items():
            processor, wall, statements, found = [], [], 0, 0
            for question in asked:
                begun, spent = time.perf_counter(), time.process_time()
                answer = client.get("/search/", question)
                processor.append(1000 * (time.process_time() - spent))
                wall.append(1000 * (time.perf_counter() - begun))
                found += b"data-row>" in answer.content
            for question in asked[:5]:
                with CaptureQueriesContext(connection) as taken:
                    client.get("/search/", question)
                statements = max(statements, len(taken))
            rows.append(
                {"reader": reader, "kind": kind, "questions": len(asked), "with_hits": found,
                 "cpu_median_ms": round(statistics.median(processor), 1), "cpu_p95_ms": round(_p95(processor), 1),
                 "wall_median_ms": round(statistics.median(wall), 1), "wall_p95_ms": round(_p95(wall), 1),
                 "statements": statements}
            )  # fmt: skip
    return rows


def _p95(times: list[float]) -> float:
    return sorted(times)[min(len(times) - 1, int(0.95 * len(times)))]


def _readers() -> list[tuple[str, Any]]:
    from dauys.institution.models import Appointment

    posts = Appointment.objects.filter(until_on=None).select_related("user").order_by("office__parent_id", "id")
    all_of_it = posts.filter(role__in=["operator", "head"], office__parent=None).first()
    one_office = posts.filter(role="officer", office__parent__isnull=False).first()
    return [(name, post.user) for name, post in (("all", all_of_it), ("one office", one_office)) if post is not None]


def _drawn(many: int, seed: int) -> dict[str, list[dict[str, str]]]:
    """Questions by kind. Words are drawn evenly from those of a kind of frequency, phrases from appeals."""
    from random import Random

    from django.db import connection

    from dauys.engines import search_terms
    from dauys.hear.heard import heard_by_ids
    from dauys.institution.queries import house

    chance = Random(seed)  # noqa: S311  the same questions for the same seed; nothing secret is drawn
    with connection.cursor() as cursor:
        cursor.execute("SELECT shown, appeals, word FROM search_word WHERE shown <> '' AND appeals > 1 ORDER BY word")
        known = [row for row in cursor.fetchall() if row[0].isalpha() and len(row[0]) > 3]
        cursor.execute("SELECT min(appeal_id), max(appeal_id) FROM handling")
        first, last = cursor.fetchone()
    common = sorted(known, key=lambda row: -row[1])[:60]
    rare = [row for row in known if 2 <= row[1] <= 200] or known
    heard = heard_by_ids(chance.sample(range(first, last + 1), min(4 * many, last - first + 1)))
    pairs, phrases = [], []
    for one in heard:
        words = [word for word in search_terms.tokens(one.text) if len(word) > 3 and word.isalpha()]
        if len(words) > 3:
            at = chance.randrange(len(words) - 1)
            pairs.append(f"{words[at]} {words[-1]}")
        plain = one.text.split()
        at = chance.randrange(max(1, len(plain) - 2))
        if all(word.isalpha() for word in plain[at : at + 2]):
            phrases.append('"' + " ".join(plain[at : at + 2]) + '"')
    long_words = [row[0] for row in known if row[1] > 50 and len(row[0]) > 6]
    place = house()
    topics = [one.code for one in place.topics.values() if one.parent_id is None]
    years = sorted({one.received_at.year for one in heard})

    def slip(word: str) -> str:
        at = chance.randrange(1, len(word) - 1)
        return word[:at] + chance.choice("аеоинтсрвл") + word[at + 1 :]

    def narrowed(word: str) -> dict[str, str]:
        year, month = chance.choice(years), chance.randrange(1, 10)
        return {"q": word, "topic": chance.choice(topics), "area": chance.choice(place.districts).code,
                "from": f"{year}-{month:02}-01", "to": f"{year}-{month + 3:02}-01"}  # fmt: skip

    def some(of: list[str]) -> list[str]:
        return [chance.choice(of) for _ in range(many)] if of else []

    frequent = [row[0] for row in common]
    return {
        "rare word": [{"q": word} for word in some([row[0] for row in rare])],
        "common word": [{"q": word} for word in some(frequent)],
        "two words": [{"q": pair} for pair in pairs[:many]],
        "phrase": [{"q": phrase} for phrase in phrases[:many]],
        "common word, topic, area, period": [narrowed(word) for word in some(frequent)],
        "common word, most fitting": [{"q": word, "order": "best"} for word in some(frequent)],
        "slip": [{"q": slip(word)} for word in some(long_words)],
        "like this one": [{"like": one.number} for one in heard[:many]],
        "filters alone": [{"topic": one} for one in some(topics)],
    }
