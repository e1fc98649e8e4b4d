"""A process that sets up the journeys' institution in DAUYS_HOME and lets a few invented appeals live through it.

Says on standard output, as JSON, what the browser needs: {"passwords": {e-mail: password}, "appeals": {name: number}}.
"""

import json
import os
from datetime import datetime
from pathlib import Path

import django

APPEALS = {
    "answered": ("ru", "101000000", "В подъезде третий день нет отопления, батареи ледяные, дети болеют."),
    "confirmed": ("kk", "102030100", "Ауылда үш күннен бері су жоқ, құбыр жарылған, су тасып ішеміз."),
    "disputed": ("ru", "101000000", "На дороге у школы огромная яма, машины бьют колёса, сделайте ремонт дороги."),
    "taken": ("en", "101000000", "No heating in our flat for two days, the radiators are cold and my baby is ill."),
    "fresh": ("kk", "102000000", "Пәтер суық, батарея жылымайды, балалар тоңып отыр, жылу қашан болады?"),
    "elsewhere": ("ru", "103000000", "Нет воды в колонке на нашей улице вторую неделю, воду возим из озера."),
    "unclear": ("ru", "101000000", "Сколько можно ждать, примите наконец меры, мы вам уже всё рассказали!"),
}
"""Name → (language, area, words). `unclear` stays on the triage desk."""


def settle() -> dict[str, object]:
    from django.utils import timezone

    from dauys.answer.policies import load
    from dauys.commands import run
    from dauys.institution import actions, plan
    from dauys.institution.models import User
    from dauys.understand.actions import ensure_model

    now = timezone.now()
    run.migrated()
    run.translations_compiled()
    run.static_collected()
    families = frozenset(policy.family for policy in load())
    actions.establish(plan=plan.read(Path(__file__).with_name("plan.toml"), families=families), now=now)
    ensure_model(now=now)
    passwords = {
        person.email: actions.new_password(person=person, officer=None, now=now) for person in User.objects.all()
    }
    return {"passwords": passwords, "appeals": live(now)}


def live(now: datetime) -> dict[str, str]:
    """One appeal in each state a page can show; name → number."""
    from dauys.answer import actions as answer
    from dauys.hear import actions as hear
    from dauys.hear.submission import Contact, Submission
    from dauys.institution.models import User
    from dauys.institution.queries import house
    from dauys.web.worker import run_once

    contact = Contact(name="Сынақ Сынақов", phone="+7 700 000 00 00")
    receipts = {}
    for name, (language, area, words) in APPEALS.items():
        receipts[name] = hear.receive(
            Submission(
                channel="web", token=name, text=words, language=language, area_id=house().area_by_code[area].id,
                lat=49.5, lon=82.5, place="ул. Пробная, 1", contact=contact,
            ),
            now=now,
        )  # fmt: skip
    run_once(now=now)
    ids = {name: receipt.appeal_id for name, receipt in receipts.items()}
    officer = User.objects.get(email="officer@example.org")
    for name in ("answered", "confirmed", "disputed", "taken"):
        answer.take(appeal_id=ids[name], officer=officer, now=now)
    for name in ("answered", "confirmed", "disputed"):
        answer.send_answer(
            appeal_id=ids[name], outcome="satisfied", text="Бригада выехала и всё сделала.", officer=officer, now=now
        )
    for name, solved in (("confirmed", True), ("disputed", False)):
        answer.give_verdict(
            appeal_id=ids[name], ordinal=1, solved=solved, rating=None, words="" if solved else "Ничего.", now=now
        )
    answer.write(appeal_id=ids["taken"], text="Жду ответа бригады.", note=True, token="note", officer=officer, now=now)
    answer.citizen_writes(appeal_id=ids["taken"], text="It is colder still.", token="more", now=now)
    run_once(now=now)
    return {name: receipt.number for name, receipt in receipts.items()}


if __name__ == "__main__":
    os.environ["DJANGO_SETTINGS_MODULE"] = "dauys.settings"
    django.setup()
    print(json.dumps(settle()))
