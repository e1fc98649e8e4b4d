"""What may happen between the promise and the answer: each step as its rule has it, and every way it is refused."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied

from dauys.answer import actions
from dauys.answer.models import Handling, Promise, Ruling
from dauys.hear.models import Import
from dauys.ledger.models import Entry

SAID = "Мы проверили: насос заменён 12 марта. Основание: договор № 5."
WHY = "Нужно получить сведения от подрядчика."


def at(day, hour=6):
    """A moment of a day, in the morning of the institution."""
    return datetime(day.year, day.month, day.day, hour, tzinfo=UTC)


def on(month, day):
    return at(date(2026, month, day))


def leaves(appeal):
    entries = Entry.objects.filter(case=appeal.case, leaf__isnull=False).order_by("id")
    return [tuple(entry.leaf.splitlines()[row] for row in (1, 4, 5)) for entry in entries]


def row():
    return Handling.objects.get()


def send(appeal, officer, now, outcome="explained"):
    return actions.send_answer(appeal_id=appeal.id, outcome=outcome, text=SAID, officer=officer, now=now)


def extend(appeal, who, now, until=date(2026, 5, 5), words=WHY):
    return actions.extend(appeal_id=appeal.id, until_on=until, words=words, officer=who, now=now)


@pytest.fixture
def internal(cast):
    """The appeal of a body that promises by its own rule, which knows suspension."""
    from dauys.institution.models import Competence, Office
    from dauys.institution.queries import forget

    Office.objects.update(policy="internal.all")
    assert Competence.objects.exists()
    forget()


# Extension


def test_a_head_extends_once_and_the_citizen_has_the_day_and_the_reason(promised, cast, now):
    appeal = promised(kind="application")
    ruling = extend(appeal, cast.head, now)
    assert (ruling.until_on, ruling.notice_by, ruling.told_at) == (date(2026, 5, 5), date(2026, 3, 13), now)
    assert (ruling.ground, ruling.words, ruling.officer, ruling.article) == (
        "facts", WHY, cast.head, "APPC art. 76(3)",
    )  # fmt: skip
    assert row().due_on == date(2026, 5, 5)
    made = Promise.objects.last()
    assert (made.reason, made.due_on, made.policy) == ("extended", date(2026, 5, 5), "kz.appc.application")
    assert leaves(appeal)[-1] == ("extended", "2026-05-05", "kz.appc.application")
    assert extend(appeal, cast.head, now) == ruling  # pressed twice
    with pytest.raises(actions.AlreadyExtended):
        extend(appeal, cast.head, on(4, 20), until=date(2026, 6, 1))
    assert Promise.objects.filter(reason="extended").count() == Entry.objects.filter(verb="answer.extend").count() == 1


@pytest.mark.parametrize(
    ("until", "failure"),
    [
        pytest.param(date(2026, 4, 3), actions.NotThatDay, id="the day it is due already"),
        pytest.param(date(2026, 3, 12), actions.NotThatDay, id="an earlier day"),
        pytest.param(date(2020, 1, 1), actions.NotThatDay, id="long past"),
        pytest.param(date(2026, 5, 8), None, id="two months all but two days"),
        pytest.param(date(2026, 5, 11), actions.NotThatDay, id="a day beyond two months from the decision"),
        pytest.param(date(2999, 1, 1), actions.NotThatDay, id="for ever"),
        pytest.param(date(2026, 5, 9), actions.ClosedDay, id="a holiday"),
    ],
)
def test_how_far_a_term_may_be_extended(promised, cast, now, until, failure):
    appeal = promised(kind="application")
    if failure is None:
        assert extend(appeal, cast.head, now, until=until).until_on == until
        return
    with pytest.raises(failure):
        extend(appeal, cast.head, now, until=until)
    assert row().due_on == date(2026, 4, 3)
    assert not Ruling.objects.exists()


def test_an_extension_may_be_refused_for_many_reasons(promised, cast, now):
    complaint = promised("На решение", kind="complaint")
    with pytest.raises(actions.NotByRule):
        extend(complaint, cast.head, now)
    appeal = promised(kind="application")
    for text, failure in (("", actions.Empty), ("…!", actions.Empty), ("а" * 4001, actions.TooLong)):
        with pytest.raises(failure):
            extend(appeal, cast.head, now, words=text)
    with pytest.raises(actions.NoGround):
        actions.extend(
            appeal_id=appeal.id, until_on=date(2026, 5, 5), words=WHY, ground="mood", officer=cast.head, now=now
        )
    with pytest.raises(actions.TermOver):
        extend(appeal, cast.head, on(4, 6))
    send(appeal, cast.officer, on(4, 6))
    with pytest.raises(actions.AlreadyAnswered):
        extend(appeal, cast.head, on(4, 6))
    unrouted = promised("Куда", topic=None, sure=0)
    with pytest.raises(actions.NotRouted):
        extend(unrouted, cast.head, now)
    assert not Ruling.objects.exists()


def test_a_new_procedure_may_be_extended_again(promised, cast, now):
    appeal = promised(kind="message")
    extend(appeal, cast.head, now)
    send(appeal, cast.officer, on(4, 20))
    actions.give_verdict(appeal_id=appeal.id, ordinal=1, solved=False, rating=None, words="", now=on(4, 21))
    extend(appeal, cast.head, on(4, 22), until=date(2026, 6, 10))
    assert Promise.objects.filter(reason="extended").count() == 2


# Defects and return


def ask(appeal, who, now, until=date(2026, 3, 16)):
    return actions.ask_to_mend(appeal_id=appeal.id, words="Укажите адрес.", until_on=until, officer=who, now=now)


def give_back(appeal, who, now, ground="defects", **told):
    return actions.return_appeal(
        appeal_id=appeal.id, ground=ground, words="Адрес не указан.", officer=who, now=now, **told
    )


def test_defects_not_mended_in_time_lead_to_a_return(promised, cast, now):
    appeal = promised(kind="application")
    with pytest.raises(actions.NotMendedYet):
        give_back(appeal, cast.officer, now)
    assert ask(appeal, cast.officer, now) == ask(appeal, cast.officer, now)
    with pytest.raises(actions.NotMendedYet):
        give_back(appeal, cast.officer, on(3, 16))  # its last day belongs to the citizen
    ruling = give_back(appeal, cast.officer, on(3, 19))
    assert (row().state, row().is_open, row().due_on) == ("ended", False, date(2026, 4, 3))
    assert (ruling.ground, ruling.article) == ("defects", "APPC art. 64(6), (7)(1)")
    assert not Ruling.objects.filter(ended_at=None).exists()
    assert leaves(appeal)[-2:] == [("amended", "-", "defects"), ("refused", "-", "returned.defects")]
    with pytest.raises(actions.AlreadyEnded):
        give_back(appeal, cast.officer, on(3, 19))


def test_after_the_time_to_return_it_has_passed_it_is_considered(promised, cast, now):
    appeal = promised(kind="application")
    ask(appeal, cast.officer, now)
    with pytest.raises(actions.TooLate) as told:
        give_back(appeal, cast.officer, on(3, 20))
    assert told.value.last == date(2026, 3, 19)
    other = promised("Другое", kind="application")
    with pytest.raises(actions.TooLate):
        give_back(other, cast.officer, on(3, 16), ground="obscene")
    assert Handling.objects.filter(is_open=True).count() == 2


def test_what_is_mended_is_not_returned(promised, cast, now):
    appeal = promised(kind="application")
    with pytest.raises(actions.NothingAsked):
        actions.mend(appeal_id=appeal.id, text="Лесная, 5", token="a", now=now)
    ask(appeal, cast.officer, now)
    for _twice in range(2):
        actions.mend(appeal_id=appeal.id, text="Лесная, 5", token="a", now=on(3, 12))
    assert row().unread
    with pytest.raises(actions.NotMendedYet):
        give_back(appeal, cast.officer, on(3, 17))
    ask(appeal, cast.officer, on(3, 17), until=date(2026, 3, 20))
    actions.accept_mended(appeal_id=appeal.id, officer=cast.operator, now=on(3, 18))
    with pytest.raises(actions.NothingAsked):
        actions.accept_mended(appeal_id=appeal.id, officer=cast.operator, now=on(3, 18))
    assert Entry.objects.filter(verb="answer.mend").count() == 2
    assert Entry.objects.filter(verb="answer.citizen_writes").count() == 1


@pytest.mark.parametrize(
    ("until", "failure"),
    [
        (date(2026, 3, 10), actions.NotThatDay),
        (date(2026, 3, 9), actions.NotThatDay),
        (date(2026, 3, 11), None),
        (date(2026, 4, 3), None),
        (date(2026, 4, 4), actions.NotThatDay),
    ],
)
def test_the_time_to_mend_lies_inside_the_term(promised, cast, now, until, failure):
    appeal = promised(kind="application")
    if failure is None:
        assert ask(appeal, cast.officer, now, until=until).until_on == until
    else:
        with pytest.raises(failure):
            ask(appeal, cast.officer, now, until=until)


def test_a_report_of_a_crime_is_passed_on_and_never_given_back(promised, cast, now):
    appeal = promised(kind="message")
    Handling.objects.update(urgency="danger")
    with pytest.raises(actions.DangerFirst):
        give_back(appeal, cast.officer, now, ground="obscene")
    with pytest.raises(actions.DangerFirst):
        actions.terminate(appeal_id=appeal.id, ground="anonymous", words=WHY, officer=cast.head, now=now)
    assert row().is_open
    give_back(appeal, cast.officer, now, ground="obscene", no_danger=True)  # a person has read it and says no
    assert Entry.objects.get(verb="answer.return").detail["no_danger"] is True


def test_the_same_again_is_returned_then_attached_and_new_arguments_are_heard(promised, cast, now):
    first = promised("Прошу сделать перерасчёт", kind="application")
    again = promised("Прошу сделать перерасчёт", kind="application")
    with pytest.raises(actions.NotThatFile):  # the first is open: it is no closed file yet
        give_back(again, cast.officer, now, ground="identical", older=first.number)
    send(first, cast.officer, now)
    with pytest.raises(actions.NotThatFile):  # it was answered, not returned
        actions.attach(appeal_id=again.id, older=first.number, officer=cast.officer, now=now)
    ruling = give_back(again, cast.officer, now, ground="identical", older=first.number)
    assert first.number in ruling.words
    third = promised("Прошу сделать перерасчёт", kind="application")
    for wrong in ("", "2026-999999", third.number, first.number):
        with pytest.raises(actions.NotThatFile):
            actions.attach(appeal_id=third.id, older=wrong, officer=cast.officer, now=now)
    attached = actions.attach(appeal_id=third.id, older=again.number, officer=cast.officer, now=now)
    assert (attached.kind, again.number in attached.words) == ("attached", True)
    assert leaves(third)[-1] == ("refused", "-", "attached")
    new = promised("Прошу сделать перерасчёт, прилагаю акт", kind="application")
    assert Handling.objects.get(appeal=new).state == "promised"
    send(new, cast.officer, now)


# Hearing


def refuse(appeal, who, now):
    return send(appeal, who, now, outcome="refused")


def offer(appeal, who, now, until=None):
    return actions.offer_hearing(
        appeal_id=appeal.id, words="Намерены отказать: нет договора.", until_on=until, officer=who, now=now
    )


def test_nothing_is_refused_unheard_where_the_rule_demands_a_hearing(promised, cast, now):
    appeal = promised(kind="application")
    with pytest.raises(actions.HearingFirst):
        refuse(appeal, cast.officer, now)
    ruling = offer(appeal, cast.officer, now)
    assert ruling.until_on == date(2026, 3, 12)
    assert offer(appeal, cast.officer, now) == ruling
    for day in (11, 12):
        with pytest.raises(actions.HearingOpen) as told:
            refuse(appeal, cast.officer, on(3, day))
        assert told.value.free_on == date(2026, 3, 13)
    assert refuse(appeal, cast.officer, on(3, 13)).outcome == "refused"
    assert Ruling.objects.get().ended_at == on(3, 13)
    actions.give_verdict(appeal_id=appeal.id, ordinal=1, solved=False, rating=None, words="", now=on(3, 16))
    with pytest.raises(actions.HearingFirst):  # the former hearing was about the former decision
        actions.send_answer(
            appeal_id=appeal.id, outcome="refused", text=SAID + "!", officer=cast.officer, now=on(3, 23)
        )


@pytest.mark.parametrize("outcome", ["satisfied", "partly", "explained", "redirected"])
def test_a_favourable_answer_waits_for_nothing(promised, cast, now, outcome):
    send(promised(kind="application"), cast.officer, now, outcome=outcome)


@pytest.mark.parametrize("kind", ["message", "inquiry", "proposal", "response"])
def test_the_simplified_procedure_knows_no_hearing(promised, cast, now, kind):
    appeal = promised(kind=kind)
    with pytest.raises(actions.NotByRule):
        offer(appeal, cast.officer, now)
    refuse(appeal, cast.officer, now)


def test_whoever_asks_to_be_heard_aloud_is_heard_first(promised, cast, now):
    appeal = promised(kind="complaint")
    offer(appeal, cast.officer, now)
    for _twice in range(2):
        actions.object_to(appeal_id=appeal.id, text="Договор есть", token="f", aloud=True, now=on(3, 11))
    assert Ruling.objects.filter(ground="oral", ended_at=None).count() == 1
    assert Entry.objects.filter(verb="answer.object").count() == 1
    with pytest.raises(actions.HearingOpen) as told:
        refuse(appeal, cast.officer, on(3, 20))
    assert told.value.free_on is None
    with pytest.raises(actions.Empty):
        actions.hold_hearing(appeal_id=appeal.id, words=" ", officer=cast.officer, now=on(3, 20))
    actions.hold_hearing(appeal_id=appeal.id, words="Показал договор.", officer=cast.officer, now=on(3, 20))
    with pytest.raises(actions.NothingAsked):
        actions.hold_hearing(appeal_id=appeal.id, words="Ещё раз.", officer=cast.officer, now=on(3, 20))
    refuse(appeal, cast.officer, on(3, 20))


def test_a_hearing_held_early_still_leaves_the_days_of_the_notice(promised, cast, now):
    appeal = promised(kind="application")
    offer(appeal, cast.officer, now, until=date(2026, 3, 20))
    actions.hold_hearing(appeal_id=appeal.id, words="Пришёл сам.", officer=cast.officer, now=on(3, 11))
    with pytest.raises(actions.HearingOpen):
        refuse(appeal, cast.officer, on(3, 12))
    refuse(appeal, cast.officer, on(3, 13))


@pytest.mark.parametrize("until", [date(2026, 3, 11), date(2026, 4, 4), date(2020, 1, 1)])
def test_a_hearing_is_neither_too_short_nor_past_the_promise(promised, cast, now, until):
    with pytest.raises(actions.NotThatDay):
        offer(promised(kind="application"), cast.officer, now, until=until)


def test_a_hearing_is_left_out_only_on_a_ground_of_the_rule(promised, cast, now):
    appeal = promised(kind="application")
    told = {"appeal_id": appeal.id, "words": WHY, "officer": cast.officer, "now": now}
    with pytest.raises(actions.NoGround):
        actions.waive_hearing(ground="", **told)
    with pytest.raises(actions.NoGround):
        actions.waive_hearing(ground="laziness", **told)
    actions.waive_hearing(ground="on_request", **told)
    assert leaves(appeal)[-1] == ("amended", "-", "unheard.on_request")
    refuse(appeal, cast.officer, now)


# Suspension


def test_no_rule_of_the_law_lets_a_clock_stand_still(promised, cast, now):
    appeal = promised(kind="application")
    with pytest.raises(actions.NotByRule):
        actions.pause(appeal_id=appeal.id, words=WHY, officer=cast.head, now=now)


def test_a_clock_stands_still_and_goes_on_with_what_was_left(internal, promised, cast, now):
    appeal = promised()
    assert row().due_on == date(2026, 3, 27)  # ten working days, Nauryz between
    ruling = actions.pause(appeal_id=appeal.id, words=WHY, officer=cast.head, now=on(3, 16))
    assert (row().paused_on, row().due_on, ruling.until_on) == (date(2026, 3, 16), None, date(2026, 4, 16))
    with pytest.raises(actions.Paused):
        actions.pause(appeal_id=appeal.id, words=WHY, officer=cast.head, now=on(3, 16))
    with pytest.raises(actions.Paused):
        extend(appeal, cast.head, on(3, 16), until=date(2026, 4, 1))
    assert actions.resume_pending(now=on(4, 16)) == 0
    made = actions.resume(appeal_id=appeal.id, officer=cast.head, now=on(4, 1))
    # 17, 18, 19, 20, 26 and 27 March were left: six working days after 1 April
    assert (made.due_on, made.reason) == (date(2026, 4, 9), "resumed")
    assert (row().paused_on, row().due_on) == (None, date(2026, 4, 9))
    assert leaves(appeal)[-2:] == [("amended", "-", "paused"), ("extended", "2026-04-09", "resumed")]
    with pytest.raises(actions.NotPaused):
        actions.resume(appeal_id=appeal.id, officer=cast.head, now=on(4, 1))


def test_no_clock_stands_still_for_longer_than_its_rule_allows(internal, promised, cast, now):
    promised()
    actions.pause(appeal_id=row().appeal_id, words=WHY, officer=cast.head, now=on(3, 16))
    late = on(4, 20)  # the worker was down for two days
    assert actions.resume_pending(now=late) == 1
    assert actions.resume_pending(now=late) == 0
    made = Promise.objects.last()
    assert (made.registered_on, made.due_on) == (date(2026, 4, 17), date(2026, 4, 27))
    assert Ruling.objects.get().ended_at == late


def test_an_answer_ends_a_pause_and_another_body_begins_anew(internal, promised, cast, now):
    appeal = promised()
    actions.pause(appeal_id=appeal.id, words=WHY, officer=cast.head, now=on(3, 16))
    actions.redirect(appeal_id=appeal.id, office_id=cast.branch.id, reason="Туда", officer=cast.head, now=on(3, 17))
    assert (row().paused_on, row().due_on) == (None, date(2026, 4, 3))
    assert Ruling.objects.get().ended_at == on(3, 17)
    other = promised("Другое")
    actions.pause(appeal_id=other.id, words=WHY, officer=cast.head, now=now)
    assert send(other, cast.officer, now)
    assert Handling.objects.get(appeal=other).paused_on is None


# Silence


def test_silence_is_a_refusal_where_the_rule_says_so(promised, cast, now):
    appeal = promised(kind="application")
    assert actions.lapse_pending(now=on(4, 3)) == 0  # its last day belongs to the officer
    assert actions.lapse_pending(now=on(4, 6)) == 1
    assert actions.lapse_pending(now=on(4, 6)) == actions.lapse_pending(now=on(9, 9)) == 0
    ruling = Ruling.objects.get()
    assert (ruling.kind, ruling.officer, ruling.decided_on) == ("lapsed", None, date(2026, 4, 4))
    assert (row().state, row().is_open, row().lapsed_on) == ("promised", True, date(2026, 4, 4))
    assert leaves(appeal)[-1] == ("refused", "-", "lapsed")
    assert send(appeal, cast.officer, on(4, 10)).due_on == date(2026, 4, 3)  # late, and still an answer


def test_silence_to_a_report_is_only_late(promised, cast, now):
    promised(kind="message")
    assert actions.lapse_pending(now=on(9, 9)) == 0


def test_a_new_promise_may_lapse_again(promised, cast, now):
    appeal = promised(kind="application")
    actions.lapse_pending(now=on(4, 6))
    send(appeal, cast.officer, on(4, 10))
    actions.give_verdict(appeal_id=appeal.id, ordinal=1, solved=False, rating=None, words="", now=on(4, 13))
    assert not actions.has_lapsed(row())
    assert actions.lapse_pending(now=on(4, 14)) == 0
    assert actions.lapse_pending(now=on(9, 9)) == 1
    assert actions.has_lapsed(row())
    assert Ruling.objects.filter(kind="lapsed").count() == 2


def test_appeals_without_an_office_lapse_too_and_old_records_do_not(promised, cast, now):
    promised("Куда", kind="application", topic=None, sure=0)
    run = Import.objects.create(digest="d", name="old.csv", started_at=now)
    promised("Старое", kind="application", imported_id=run.id)
    assert actions.lapse_pending(now=on(9, 9)) == 1
    assert Handling.objects.get(lapsed_on__isnull=False).state == "unrouted"


# Complaints go up


def up(appeal, who, now, about, body=""):
    return actions.pass_up(
        appeal_id=appeal.id, about_office_id=about.id, body=body, words="Жалоба на отдел.", officer=who, now=now
    )


def test_a_complaint_goes_up_with_its_file(promised, cast, now):
    appeal = promised(kind="complaint")
    with pytest.raises(actions.NotItsOffice):
        up(appeal, cast.officer, now, cast.road_department)
    up(appeal, cast.officer, now, cast.utilities)
    assert (row().acting, row().clock) == (cast.akimat, cast.akimat)
    assert row().due_on == date(2026, 4, 10)  # one body: passing up buys no time
    assert leaves(appeal)[-2:] == [("amended", "-", "passed_up"), ("forwarded", "2026-04-10", "-")]
    assert Entry.objects.get(verb="answer.pass_up").detail["after_the_term"] is False


def test_above_the_top_a_body_outside_is_named(promised, cast, now):
    appeal = promised(kind="complaint")
    with pytest.raises(actions.NoBody):
        up(appeal, cast.head, now, cast.akimat)
    ruling = up(appeal, cast.head, on(3, 16), cast.akimat, body="Вышестоящий орган")
    assert (row().state, ruling.words) == ("ended", "Вышестоящий орган. Жалоба на отдел.")
    assert leaves(appeal)[-1] == ("forwarded", "-", "passed_up")
    assert Entry.objects.get(verb="answer.pass_up").detail["after_the_term"] is True
    with pytest.raises(actions.NotByRule):
        up(promised("Заявление", kind="application"), cast.officer, now, cast.utilities)


# The end without an answer


@pytest.mark.parametrize(
    ("kind", "ground", "who", "may"),
    [
        ("message", "anonymous", "head", True),
        ("message", "anonymous", "officer", False),
        ("message", "anonymous", "operator", False),
        ("message", "repeated", "operator", True),
        ("message", "repeated", "officer", False),
        ("application", "court", "officer", True),
        ("application", "court", "operator", False),
        ("application", "anonymous", "head", None),
        ("message", "court", "head", None),
    ],
)
def test_who_ends_a_procedure_and_on_what_ground(promised, cast, now, kind, ground, who, may):
    appeal = promised(kind=kind)
    told = {"appeal_id": appeal.id, "ground": ground, "words": WHY, "officer": getattr(cast, who), "now": now}
    if may:
        ruling = actions.terminate(**told)
        assert (row().state, ruling.notice_by) == ("ended", date(2026, 3, 13))
        assert leaves(appeal)[-1] == ("refused", "-", f"terminated.{ground}")
    else:
        with pytest.raises(actions.NoGround if may is None else PermissionDenied):
            actions.terminate(**told)
        assert row().is_open


def test_the_citizen_takes_it_back_with_or_without_words(promised, cast, now):
    appeal = promised(kind="application")
    actions.save_draft(
        appeal_id=appeal.id, text="Начал", outcome="", seen_at=None, officer=cast.officer, now=now
    )  # fmt: skip
    actions.withdraw(appeal_id=appeal.id, words="Решилось само", now=now)
    assert (row().state, row().is_open) == ("ended", False)
    assert leaves(appeal)[-1] == ("withdrawn", "-", "citizen")
    for again in (actions.withdraw,):
        with pytest.raises(actions.AlreadyEnded):
            again(appeal_id=appeal.id, words="", now=now)
    with pytest.raises(actions.AlreadyAnswered):
        send(appeal, cast.officer, now)
    unrouted = promised("Куда", topic=None, sure=0)
    actions.withdraw(appeal_id=unrouted.id, words="", now=now)
    assert Handling.objects.get(appeal=unrouted).clock == cast.akimat
    assert actions.lapse_pending(now=on(9, 9)) == 0


def test_the_leaf_of_a_ruling_commits_to_its_words(promised, cast, now):
    extend(promised(kind="application"), cast.head, now)
    (again,) = proof_rows()
    assert again in {entry.leaf.splitlines()[6] for entry in Entry.objects.filter(verb="answer.extend")}
    Ruling.objects.update(words="Другое")
    (changed,) = proof_rows()
    assert changed != again


def proof_rows():
    from dauys.answer.queries.proof import rulings_again
    from dauys.ledger.core.canonical import encode_base64

    return [encode_base64(one.commitment) for one in rulings_again(0, 10)]


# Who may


VERBS = {
    "extend": (
        "application", {"head"},
        lambda appeal, who, now: extend(appeal, who, now),
    ),
    "ask": ("application", {"officer", "head", "operator"}, lambda appeal, who, now: ask(appeal, who, now)),
    "return": (
        "application", {"officer", "head"},
        lambda appeal, who, now: give_back(appeal, who, now, ground="obscene"),
    ),
    "offer": ("application", {"officer", "head"}, lambda appeal, who, now: offer(appeal, who, now)),
    "waive": (
        "application", {"officer", "head"},
        lambda appeal, who, now: actions.waive_hearing(
            appeal_id=appeal.id, ground="urgent", words=WHY, officer=who, now=now
        ),
    ),
    "pass up": (
        "complaint", {"officer", "head", "operator"},
        lambda appeal, who, now: up(appeal, who, now, Handling.objects.get().acting),
    ),
}  # fmt: skip


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("who", ["officer", "head", "operator", "road_officer", "administrator", "auditor", "stranger"])
def test_who_may_take_a_step(promised, cast, now, verb, who):
    kind, may, step = VERBS[verb]
    appeal = promised(kind=kind)
    entries = Entry.objects.count()
    if who in may:
        step(appeal, getattr(cast, who), now)
        return
    with pytest.raises(PermissionDenied):
        step(appeal, getattr(cast, who), now)
    assert (Entry.objects.count(), Ruling.objects.count()) == (entries, 0)


def test_only_who_the_rule_names_stops_a_clock(internal, promised, cast, now):
    appeal = promised()
    for who in (cast.officer, cast.operator, cast.road_officer):
        with pytest.raises(PermissionDenied):
            actions.pause(appeal_id=appeal.id, words=WHY, officer=who, now=now)


def test_a_step_a_year_later_finds_its_calendar(promised, cast, now):
    appeal = promised(kind="message")
    with pytest.raises(actions.TooLate):
        give_back(appeal, cast.officer, now + timedelta(days=800), ground="obscene")
