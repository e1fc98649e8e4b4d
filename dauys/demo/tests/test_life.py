"""The invented year looks like life: the same for a seed, and within the bands real offices know."""

import io
import re
from collections import Counter, defaultdict
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from PIL import Image

from dauys.demo import events, pictures
from dauys.demo.generator import life
from dauys.demo.reading import read_data

DATA = read_data()
UNTIL = date(2026, 11, 20)
ENDS = ("withdraw", "terminate", "return")
SETTLED = UNTIL - timedelta(days=62)  # filed before this day: whatever was to happen has happened


@pytest.fixture(scope="module")
def year():
    return list(life(seed=11, until=UNTIL, data=DATA))


@pytest.fixture(scope="module")
def filed(year):
    return [event for event in year if isinstance(event, events.Filed)]


@pytest.fixture(scope="module")
def settled(filed):
    return [event for event in filed if event.moment.date() < SETTLED]


@pytest.fixture(scope="module")
def first_answers(year):
    found = {}
    for event in year:
        for key in answered_by(event):
            found.setdefault(key, event)
    return found


@pytest.fixture(scope="module")
def ended(year):
    """Appeals whose procedure ends without an answer."""
    return {event.key for event in year if isinstance(event, events.Stepped) and event.step in ENDS}


def answered_by(event):
    if isinstance(event, events.AnsweredTogether):
        return event.members
    return (event.key,) if isinstance(event, events.Answered) else ()


def share(values, wanted):
    values = list(values)
    return sum(value == wanted for value in values) / len(values)


def test_the_same_seed_is_the_same_life():
    once = list(life(seed=3, until=UNTIL, appeals=300, data=DATA))
    assert once == list(life(seed=3, until=UNTIL, appeals=300, data=read_data()))
    assert once != list(life(seed=4, until=UNTIL, appeals=300, data=DATA))


def test_time_runs_forward_and_stops_at_the_cut(year):
    assert all(one.moment <= other.moment for one, other in pairwise(year))
    assert year[-1].moment.date() <= UNTIL
    assert all(event.moment.tzinfo is not None for event in year)
    cut = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
    assert max(event.moment for event in life(seed=11, until=cut, appeals=300, data=DATA)) <= cut


def test_nothing_happens_to_an_appeal_before_it_is_filed_nor_a_verdict_before_an_answer(year):
    known, answers = set(), Counter()
    for event in year:
        if isinstance(event, events.Filed):
            known.add(event.key)
        if isinstance(event, events.SplitOff):
            known.add(event.part)
        assert event.key in known
        for key in answered_by(event):
            assert key in known
            answers[key] += 1
        if isinstance(event, events.Verdict):
            answers[event.key] -= 1
            assert answers[event.key] == 0


def test_about_as_many_appeals_as_asked_for_of_at_least_120_matters(filed):
    assert 4_800 <= len(filed) <= 5_200
    assert len({event.matter for event in filed}) >= 120
    assert len({event.topic_truth for event in filed}) >= 42


@pytest.mark.parametrize(("language", "low", "high"), [("ru", 0.42, 0.62), ("kk", 0.35, 0.55), ("en", 0.01, 0.06)])
def test_languages(filed, language, low, high):
    assert low <= share((event.language for event in filed), language) <= high


@pytest.mark.parametrize(
    ("channel", "low", "high"),
    [
        ("web", 0.3, 0.46), ("phone", 0.1, 0.22), ("desk", 0.05, 0.15), ("telegram", 0.12, 0.23),
        ("email", 0.05, 0.13), ("paper", 0.03, 0.09), ("open311", 0.02, 0.06),
    ],
)  # fmt: skip
def test_channels(filed, channel, low, high):
    assert low <= share((event.channel for event in filed), channel) <= high


def test_texts_are_said_differently_save_in_campaigns(filed):
    own = [event.text for event in filed if event.campaign is None]
    assert len(set(own)) / len(own) >= 0.9
    campaigns = Counter(event.campaign for event in filed if event.campaign)
    assert len(campaigns) >= 6
    assert all(25 <= size <= 90 for size in campaigns.values())


def test_a_burst_is_one_matter_in_one_street_within_two_days(filed):
    bursts = defaultdict(list)
    for event in filed:
        if event.burst:
            bursts[event.burst].append(event)
    assert len(bursts) >= 25
    for told in bursts.values():
        assert len({(event.matter, event.true_area) for event in told}) == 1
        assert max(event.moment for event in told) - min(event.moment for event in told) <= timedelta(days=3)
    assert max(map(len, bursts.values())) >= 30


def test_every_code_an_event_names_exists(year):
    emails = {person.email for person in DATA.people}
    for event in year:
        match event:
            case events.Filed():
                assert event.topic_truth in DATA.topics
                assert event.true_area in DATA.areas
                assert event.area_code in DATA.areas or event.area_code == ""
                assert event.matter in DATA.matters
                assert event.kind in events.KINDS
                assert (event.office_code in DATA.offices) == (event.channel in ("desk", "phone", "paper"))
            case events.Assigned():
                assert event.office_code in DATA.offices
                assert event.officer_email in emails
            case events.TopicCorrected():
                assert event.topic in DATA.topics
            case events.Answered():
                assert event.outcome in events.OUTCOMES
                assert event.officer_email in emails


def test_no_slot_is_left_open_and_nothing_is_empty(year):
    for event in year:
        text = getattr(event, "text", None)
        if text is not None:
            may_be_silent = isinstance(event, events.Stepped) and event.step in ("withdraw", "resume", "mended")
            assert text.strip() or may_be_silent
            assert not re.search(r"[{}]", text), text


def test_every_phone_number_and_iin_is_an_invented_one(filed):
    for event in filed:
        told = event.text + (f" {event.applicant.phone} {event.applicant.email}" if event.applicant else "")
        for digits in re.findall(r"\+7[\d ]+", told):
            assert digits.replace(" ", "").startswith("+7700000")
        for digits in re.findall(r"\b\d{12}\b", told):
            assert digits.startswith("009900")
        for host in re.findall(r"@([\w.]+)", told):
            assert host == "example.org"
    assert any(re.search(r"\b009900\d{6}\b", event.text) for event in filed)


def test_six_to_nine_in_a_hundred_are_late_and_few_are_never_answered(settled, first_answers, ended):
    late = [
        event
        for event in settled
        if event.key not in ended
        and (event.key not in first_answers or (first_answers[event.key].moment - event.moment).days > 21)
    ]
    assert 0.05 <= len(late) / len(settled) <= 0.10
    forgotten = [event for event in settled if event.key not in first_answers and event.key not in ended]
    assert 0 < len(forgotten) / len(settled) < 0.03


def test_four_in_ten_give_a_verdict_and_more_than_half_of_these_are_solved(year, settled):
    first, last = {}, {}
    for event in year:
        if isinstance(event, events.Verdict):
            first.setdefault(event.key, event)
            last[event.key] = event
    keys = {event.key for event in settled}
    assert 0.3 <= len(keys & set(first)) / len(keys) <= 0.48
    assert 0.5 <= share((event.solved for event in first.values()), True) <= 0.66
    assert any(not first[key].solved and last[key].solved for key in first)
    assert all(event.rating is None or 1 <= event.rating <= 5 for event in first.values())


def test_offices_differ_in_diligence(year):
    formal = defaultdict(list)
    for event in year:
        if isinstance(event, events.Answered):
            formal[event.officer_email].append(event.formal)
    shares = [sum(said) / len(said) for said in formal.values() if len(said) >= 30]
    assert min(shares) < 0.12
    assert max(shares) > 0.25


def test_winter_is_cold_spring_is_wet_and_offices_rest_on_sunday(filed, year):
    months = defaultdict(Counter)
    for event in filed:
        months[event.topic_truth][event.moment.month] += 1
    heating, snow = months["housing.heating"], months["roads.snow"]
    assert sum(heating[month] for month in (6, 7, 8)) < heating.total() / 10
    assert sum(snow[month] for month in (11, 12, 1, 2, 3)) > snow.total() * 0.9
    assert months["education.school"][8] + months["education.school"][9] > months["education.school"].total() / 5
    week = Counter(event.moment.weekday() for event in filed)
    assert week[6] < week[0] * 0.75
    feasts = {(1, 1), (1, 2), (3, 8), (3, 21), (3, 22), (3, 23), (5, 1), (5, 7), (5, 9), (8, 30), (10, 25), (12, 16)}
    for event in year:
        at_desk = bool(answered_by(event)) or getattr(event, "channel", "") in ("desk", "paper")
        if at_desk:
            assert event.moment.weekday() < 5
            assert (event.moment.month, event.moment.day) not in feasts


def test_what_waits_longest_has_waited_months_not_a_year_and_is_never_thanks(filed, first_answers, ended):
    waiting = [event for event in filed if event.key not in first_answers and event.key not in ended]
    assert all(UNTIL - event.moment.date() <= timedelta(days=175) for event in waiting)
    for event in filed:
        is_thanks = event.topic_truth == "government.thanks" and event.key not in ended
        if is_thanks and event.moment.date() < SETTLED:
            assert (first_answers[event.key].moment - event.moment).days <= 28  # feasts come between


def test_nobody_confirms_work_that_no_answer_speaks_of(year):
    done = {words for tongue in ("ru", "kk", "en") for words in DATA.voice["reply"][tongue]["solved"] if words}
    last = {}
    for event in year:
        if isinstance(event, events.Answered):
            last[event.key] = event
        elif isinstance(event, events.AnsweredTogether):
            last |= dict.fromkeys(event.members, event)
        elif isinstance(event, events.Verdict) and event.solved and event.words in done:
            assert not getattr(last[event.key], "formal", False)
            assert last[event.key].outcome in ("satisfied", "partly")


def test_what_presses_is_not_refused_for_want_of_a_paper(year, filed):
    matter_of = {event.key: DATA.matters[event.matter] for event in filed}
    matter_of |= {f"{event.key}b": DATA.matters[event.second_matter] for event in filed if event.second}
    for event in year:
        if isinstance(event, events.Answered) and event.outcome == "refused":
            assert matter_of[event.key].why or matter_of[event.key].urgency in ("low", "normal")


def test_a_family_name_fits_the_first_name(filed):
    names = DATA.voice["names"]
    women = set(names["kk_first_f"]) | set(names["ru_first_f"])
    for event in filed:
        if event.applicant:
            first, last = event.applicant.name.split(" ", 1)
            assert not last.endswith(("ұлы", "ский", "ов", "ин") if first in women else ("қызы", "ская", "ова", "ина"))


def test_the_last_days_are_fresh_and_open(filed, first_answers):
    fresh = [event for event in filed if event.moment.date() >= UNTIL - timedelta(days=1)]
    assert len(fresh) >= 8
    assert sum(event.key not in first_answers for event in fresh) / len(fresh) > 0.7


@pytest.mark.parametrize("kind", sorted({matter.picture for matter in DATA.matters.values()} - {"none"}))
def test_a_picture_is_small_and_the_same_for_a_seed(kind):
    drawn = pictures.draw(kind, 5)
    assert drawn == pictures.draw(kind, 5)
    assert len(drawn) <= pictures.MAX_BYTES
    assert Image.open(io.BytesIO(drawn)).size == (pictures.WIDTH, pictures.HEIGHT)


@pytest.fixture(scope="module")
def steps(year):
    found = defaultdict(list)
    for event in year:
        if isinstance(event, events.Stepped):
            found[event.step].append(event)
    return found


@pytest.mark.parametrize(
    ("step", "low", "high"),
    [
        ("extend", 40, 140), ("mend", 30, 90), ("mended", 18, 70), ("return", 1, 14), ("pause", 8, 50),
        ("hear", 20, 80), ("object", 6, 40), ("heard", 1, 15), ("withdraw", 15, 60), ("terminate", 15, 30),
    ],
)  # fmt: skip
def test_each_step_of_procedure_is_taken_in_a_small_share_of_appeals(steps, step, low, high):
    assert low <= len(steps[step]) <= high


def test_nothing_more_is_said_of_an_appeal_whose_procedure_has_ended(year):
    ended = set()
    for event in year:
        assert event.key not in ended or isinstance(event, events.SplitOff | events.Joined | events.AnsweredTogether)
        if isinstance(event, events.Stepped) and event.step in ENDS:
            ended.add(event.key)


def test_a_refusal_of_an_application_or_a_complaint_was_announced_eight_days_before(year, filed):
    kinds = {event.key: event.kind for event in filed} | {
        event.part: event.kind for event in year if isinstance(event, events.SplitOff)
    }
    announced, heard_first = {}, 0
    for event in year:
        if isinstance(event, events.Stepped) and event.step == "hear":
            announced[event.key] = event
        elif isinstance(event, events.Answered) and event.outcome == "refused" and event.key in announced:
            assert event.moment - announced[event.key].moment >= timedelta(days=8)
            assert event.text in announced[event.key].text
            heard_first += 1
    assert heard_first > 10
    assert all(kinds[key] in ("application", "complaint") for key in announced)


def test_the_day_an_officer_sets_is_a_working_day_after_the_decision(steps):
    for event in [*steps["extend"], *steps["mend"]]:
        assert event.until > event.moment.date()
        assert event.until.weekday() < 5


def test_a_second_matter_stands_at_the_end_of_its_letter_and_is_another_one(year, filed):
    letters = {event.key: event for event in filed if event.second}
    assert len(letters) >= 30
    for letter in letters.values():
        assert letter.text.endswith(letter.second)
        assert DATA.matters[letter.second_matter].topic != letter.topic_truth
    for event in year:
        if isinstance(event, events.SplitOff):
            assert event.words == letters[event.key].second


def test_bursts_are_brought_together_and_answered_in_three_languages(year, filed):
    groups = {event.key: event.burst or event.campaign for event in filed}
    problems = set()
    told = [event for event in year if isinstance(event, events.Joined | events.AnsweredTogether)]
    for event in told:
        if isinstance(event, events.Joined):
            assert {groups[key] for key in event.others} == {groups[event.key]}
            problems.add(event.key)
        else:
            assert event.key in problems
            assert set(event.texts) == set(events.LANGUAGES)
            assert all("{number}" in text and text.count("{") == 1 for text in event.texts.values())
    assert len(problems) >= 20
    assert sum(isinstance(event, events.AnsweredTogether) for event in told) >= 15


def test_the_present_holds_an_open_problem_and_one_answered_lately(year):
    fresh = [event for event in year if event.moment.date() >= UNTIL - timedelta(days=11)]
    joined = {event.key for event in fresh if isinstance(event, events.Joined)}
    answered = {event.key for event in fresh if isinstance(event, events.AnsweredTogether)}
    assert joined - answered
    assert answered
    assert {event.step for event in fresh if isinstance(event, events.Stepped)} >= {"extend", "mend", "terminate"}
