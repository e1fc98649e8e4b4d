"""Written rules: the first that applies decides, says why, and never sends a matter to the body complained about."""

import random
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dauys.engines.routing import Competence, Known, Reading, Router, Rule, Rules, flaws
from dauys.engines.search_terms import readings, tokens

READING = Reading(tokens, readings)
PARENTS = {"energy": "region", "town": "region", "utility": "town", "village": "town", "gas": "region"}
OFFICES = frozenset({*PARENTS, "region"})
COMPETENCES = (
    Competence("region", None, None, True, True, 0),
    Competence("town", "T", "housing", False, True, 1),
    Competence("utility", "T", "housing", True, False, 2),
)
IN_TOWN, IN_VILLAGE = ("T", "R"), ("V", "R")


def ask(rules, text="", *, topic="housing.heating", sure=0.9, area=IN_TOWN, kind="message", about=None, **told):
    router = Router(COMPETENCES, PARENTS, rules=Rules(rules, READING), offices=told.pop("offices", OFFICES))
    return router.route(
        topic=topic, topic_confidence=sure, area_chain=area, kind=kind, about_office=about, threshold=0.6,
        words=tokens(text), **told,
    )  # fmt: skip


GAS = Rule(words=("запах газа", "газ иісі", "smell of gas"), acts="gas", name="Gas")


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("Пахнет! В подъезде запах газа", id="as it was typed"),
        pytest.param("Жалуемся на запахи газов", id="in other forms"),
        pytest.param("Подъезде газ иісі шығады", id="Kazakh"),
        pytest.param("Газ иісінен бас ауырады", id="Kazakh with its endings"),
        pytest.param("A SMELL OF GAS on the stairs", id="English"),
    ],
)
def test_words_are_met_in_any_form(text):
    found = ask([GAS], text)
    assert (found.acting, found.clock, found.rule) == ("gas", "town", 1)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("Газа запах", id="the other way round"),
        pytest.param("Запах от старого газа", id="not side by side"),
        pytest.param("Нет отопления", id="other words"),
        pytest.param("", id="no words"),
    ],
)
def test_a_phrase_stands_together_or_not_at_all(text):
    assert ask([GAS], text).rule is None


@pytest.mark.parametrize(
    ("rule", "told", "fits"),
    [
        pytest.param({"topics": ("housing",)}, {}, True, id="a part of the topic"),
        pytest.param({"topics": ("housing.heat",)}, {}, False, id="not a topic that begins alike"),
        pytest.param({"topics": ("housing",)}, {"sure": 0.3}, False, id="an unsure topic is none"),
        pytest.param({"areas": ("R",)}, {"area": IN_VILLAGE}, True, id="an area inside"),
        pytest.param({"areas": ("V",)}, {"area": IN_TOWN}, False, id="another area"),
        pytest.param({"areas": ("V",)}, {"area": ()}, False, id="no area"),
        pytest.param({"kinds": ("complaint", "message")}, {}, True, id="one of the kinds"),
        pytest.param({"channels": ("telegram",)}, {"channel": "web"}, False, id="another channel"),
        pytest.param({"urgency": ("danger",)}, {"urgency": "danger"}, True, id="urgency"),
        pytest.param({"urgency": ("danger",), "areas": ("V",)}, {"urgency": "danger"}, False, id="all must hold"),
        pytest.param({}, {}, True, id="no condition: always"),
    ],
)
def test_all_conditions_must_hold(rule, told, fits):
    assert (ask([Rule(acts="energy", **rule)], **told).acting == "energy") is fits


def test_the_first_rule_that_applies_decides_and_says_what_would_be_without_it():
    rules = [Rule(kinds=("complaint",), acts="town"), GAS, Rule(areas=("T",), acts="energy", clock="energy")]
    found = ask(rules, "Сильный запах газа у дома", channel="web")
    assert (found.acting, found.clock, found.rule) == ("gas", "town", 2)
    codes = [(one.code, dict(one.params)) for one in found.reasons]
    assert codes[0] == ("rule_acts", {"number": 2, "name": "Gas", "role": "acts", "office": "gas"})
    assert codes[1][0] == "holds_clock"
    assert ("rule_because", {"by": "words", "value": "запах газа"}) in codes
    assert codes[-1] == ("otherwise", {"acting": "energy", "clock": "energy"})


def test_what_would_have_changed_it():
    rules = [Rule(kinds=("complaint",), acts="town"), Rule(areas=("V",), urgency=("danger",), acts="gas"), GAS]
    index = Rules(rules, READING)
    router = Router(COMPETENCES, PARENTS, rules=index)
    asked = {"topic": "housing", "area_chain": IN_TOWN, "kind": "message"}
    words = tokens("запах газа")
    found = router.route(**asked, topic_confidence=1, about_office=None, threshold=0.6, words=words)
    assert found.rule == 3
    near = router.near(found, **asked, channel="web", urgency="usual", words=words)
    assert [(one.number, one.missing) for one in near] == [(1, "kinds")]


@pytest.mark.parametrize(
    ("rule", "acting", "clock", "code"),
    [
        pytest.param(Rule(acts="gas"), "gas", "gas", "clock_with_acting", id="the clock goes with the work"),
        pytest.param(Rule(acts="gas", clock="town"), "gas", "town", "rule_holds_clock", id="both by the rule"),
        pytest.param(Rule(clock="town"), None, None, "topic_unknown", id="nobody is known to act: a person decides"),
    ],
)
def test_an_unknown_topic_is_decided_by_a_rule_that_names_who_acts_or_by_a_person(rule, acting, clock, code):
    found = ask([rule], topic=None, sure=0.0)
    assert (found.acting, found.clock) == (acting, clock)
    assert code in [one.code for one in found.reasons]


def test_a_rule_may_change_only_who_holds_the_clock():
    found = ask([Rule(topics=("housing",), clock="region")])
    assert (found.acting, found.clock) == ("utility", "region")
    assert [one.code for one in found.reasons][:2] == ["acts", "rule_holds_clock"]


def test_an_office_out_of_service_is_passed_over():
    closed = OFFICES - {"gas"}
    found = ask([Rule(acts="gas")], offices=closed)
    assert (found.acting, found.rule) == ("utility", None)
    assert "rule_closed" in [one.code for one in found.reasons]
    assert ask([Rule(acts="gas"), Rule(acts="energy")], offices=closed).rule == 2


@pytest.mark.parametrize(
    ("about", "kind", "acting"),
    [
        pytest.param("utility", "complaint", "region", id="a complaint passes up to the next body that acts"),
        pytest.param("utility", "message", "region", id="a report to the next in line"),
        pytest.param("town", "complaint", "region", id="nor to a body below the one complained about"),
        pytest.param("village", "complaint", "utility", id="a complaint about another: the rule stands"),
    ],
)
def test_a_rule_never_sends_to_the_body_complained_about(about, kind, acting):
    found = ask([Rule(acts="utility", clock="utility")], about=about, kind=kind)
    assert found.acting == acting
    assert about not in (found.acting, found.clock)


VALUES = {
    "topics": ["x", "x.y", "w"], "areas": ["R", "T", "V"], "kinds": ["complaint", "message"],
    "channels": ["web", "desk"], "urgency": ["usual", "danger"], "words": ["вода", "нет воды", "жол"],
}  # fmt: skip
CODES = st.sampled_from(["a", "b", "c", "d", "e"])


def some(name):
    return st.lists(st.sampled_from(VALUES[name]), max_size=2, unique=True).map(tuple)


RULES = st.builds(Rule, **{name: some(name) for name in VALUES}, acts=st.none() | CODES, clock=st.none() | CODES)
TREES = st.sampled_from([{}, {"b": "a", "c": "b", "d": "a"}, {"a": "e", "b": "e", "c": "e", "d": "e"}])
COMPETENT = st.builds(
    Competence, office=CODES, area=st.sampled_from([None, "T"]), topic=st.sampled_from([None, "x"]),
    acts=st.booleans(), holds_clock=st.booleans(), depth=st.just(1),
)  # fmt: skip
MATTERS = st.fixed_dictionaries(
    {
        "topic": st.sampled_from([None, "x", "x.y", "w"]),
        "topic_confidence": st.sampled_from([0.2, 0.9]),
        "area_chain": st.sampled_from([(), ("R",), ("T", "R"), ("V", "R")]),
        "kind": st.sampled_from(VALUES["kinds"]),
        "channel": st.sampled_from(VALUES["channels"]),
        "urgency": st.sampled_from(VALUES["urgency"]),
        "words": st.sampled_from(["", "нет воды", "воды много", "жолда су жоқ", "воды нет"]).map(tokens),
    }
)


def applies(rule, matter):
    """What a rule says, read plainly."""
    topic = matter["topic"] if matter["topic_confidence"] >= 0.6 else None
    words = [set(readings(word)) for word in matter["words"]]

    def stands(typed):
        phrase = [set(readings(word)) for word in tokens(typed)]
        starts = range(len(words) - len(phrase) + 1)
        return any(all(a & b for a, b in zip(phrase, words[at:], strict=False)) for at in starts)

    return (
        (not rule.topics or any(topic == one or (topic or "").startswith(one + ".") for one in rule.topics))
        and (not rule.areas or any(one in matter["area_chain"] for one in rule.areas))
        and (not rule.kinds or matter["kind"] in rule.kinds)
        and (not rule.channels or matter["channel"] in rule.channels)
        and (not rule.urgency or matter["urgency"] in rule.urgency)
        and (not rule.words or any(stands(one) for one in rule.words))
    )


@given(rules=st.lists(RULES, max_size=6), competences=st.lists(COMPETENT, max_size=5), parents=TREES, matter=MATTERS,
       about=st.none() | CODES)  # fmt: skip
def test_every_ruled_route_is_sound(rules, competences, parents, matter, about):
    router = Router(competences, parents, rules=Rules(rules, READING))
    found = router.route(**matter, about_office=about, threshold=0.6)

    assert (found.acting is None) == (found.clock is None)
    assert found.reasons
    if about is not None:
        judged = {found.acting, found.clock, *found.alternatives} - {None}
        below = {one for one in "abcde" if one == about or about in list(_above(one, parents))}
        assert not judged & below

    first = next((n for n, one in enumerate(rules, 1) if (one.acts or one.clock) and applies(one, matter)), None)
    assert found.rule in (None, first)
    if about is None and first is not None:
        rule = rules[first - 1]
        if rule.acts:
            assert (found.acting, found.rule) == (rule.acts, first)
        if rule.clock and found.clock is not None:
            assert (found.clock, found.rule) == (rule.clock, first)


def _above(office, parents):
    while (office := parents.get(office)) is not None:
        yield office


# Before a set is put in force

KNOWN = Known(
    topics={"x", "x.y", "x.z", "w"}, areas={"R": None, "T": "R", "V": "R"}, kinds={"complaint", "message"},
    channels={"web", "desk"}, urgency={"usual", "danger"}, offices={"a", "b", "gas"}, closed={"old"},
)  # fmt: skip


@pytest.mark.parametrize(
    ("rules", "expected"),
    [
        pytest.param([Rule(topics=("x.q",), acts="a")], [("unknown", 1, ())], id="unknown topic"),
        pytest.param([Rule(areas=("Z",), acts="a")], [("unknown", 1, ())], id="unknown area"),
        pytest.param([Rule(kinds=("rumour",), acts="a")], [("unknown", 1, ())], id="unknown kind"),
        pytest.param([Rule(kinds=("message",), acts="gaz")], [("unknown", 1, ())], id="unknown office"),
        pytest.param([Rule(kinds=("message",), clock="old")], [("closed_office", 1, ())], id="closed office"),
        pytest.param([Rule(kinds=("message",))], [("no_office", 1, ())], id="says nothing"),
        pytest.param([Rule(words=("—",), acts="a")], [("no_word", 1, ())], id="a phrase without a word"),
        pytest.param([Rule(acts="a")], [("takes_everything", 1, ())], id="no condition"),
        pytest.param(
            [Rule(topics=("x",), acts="a"), Rule(topics=("x",), acts="b")], [("contradiction", 2, (1,))],
            id="contradiction",
        ),
        pytest.param(
            [Rule(words=("вода",), acts="a"), Rule(words=("воды",), acts="b")], [("contradiction", 2, (1,))],
            id="contradiction in another form of the word",
        ),
        pytest.param(
            [Rule(topics=("x",), acts="a"), Rule(topics=("x",), acts="a")], [("repeated", 2, (1,))], id="repeated"
        ),
        pytest.param(
            [Rule(topics=("x",), acts="a"), Rule(topics=("x.y",), acts="b")], [("shadowed", 2, (1,))],
            id="the whole before its part",
        ),
        pytest.param(
            [Rule(topics=("x.y",), acts="a"), Rule(topics=("x",), acts="b")], [], id="the part before its whole"
        ),
        pytest.param(
            [Rule(areas=("R",), acts="a"), Rule(areas=("T", "V"), kinds=("message",), acts="b")],
            [("shadowed", 2, (1,))], id="areas inside",
        ),
        pytest.param(
            [Rule(words=("газ",), acts="a"), Rule(words=("запах газа",), acts="b")], [("shadowed", 2, (1,))],
            id="a phrase that holds the earlier word",
        ),
        pytest.param(
            [Rule(words=("запах газа",), acts="a"), Rule(words=("газ",), acts="b")], [], id="a word that is less"
        ),
        pytest.param(
            [Rule(words=("газ",), acts="a"), Rule(words=("запах газа", "утечка"), acts="b")], [],
            id="one phrase of two is left",
        ),
        pytest.param(
            [Rule(kinds=("complaint",), acts="a"), Rule(kinds=("message",), acts="b"), Rule(topics=("w",), acts="a")],
            [("shadowed", 3, (1, 2))], id="two together take all",
        ),
        pytest.param(
            [Rule(topics=("x", "w"), acts="a"), Rule(kinds=("message",), acts="b")], [],
            id="an unknown topic is left over",
        ),
        pytest.param(
            [Rule(topics=("x",), acts="a", clock="b"), Rule(areas=("T",), acts="b", clock="a")],
            [("circular", 2, (1,))], id="each waits for the other",
        ),
        pytest.param(
            [Rule(topics=("x",), acts="a", clock="b"), Rule(topics=("w",), acts="b", clock="a")], [],
            id="but not in different matters",
        ),
    ],
)  # fmt: skip
def test_flaws_are_named_with_the_rules_they_stand_in(rules, expected):
    found = flaws(rules, KNOWN, READING)
    assert [(one.code, one.number, one.others) for one in found] == expected


def test_a_misspelt_code_is_told_with_what_was_meant():
    (flaw,) = flaws([Rule(kinds=("mesage",), acts="a")], KNOWN)
    assert dict(flaw.params) == {"field": "kinds", "value": "mesage", "meant": "message"}


@given(rules=st.lists(RULES, min_size=1, max_size=5), matter=MATTERS)
def test_a_rule_said_to_be_shadowed_never_applies_first(rules, matter):
    known = Known(
        topics={"x", "x.y", "w"}, areas={"R": None, "T": "R", "V": "R"}, kinds=set(VALUES["kinds"]),
        channels=set(VALUES["channels"]), urgency=set(VALUES["urgency"]), offices=set("abcde"),
    )  # fmt: skip
    dead = {one.number for one in flaws(rules, known, READING) if one.code in ("shadowed", "contradiction", "repeated")}
    first = next((number for number, rule in enumerate(rules, 1) if applies(rule, matter)), None)
    assert first not in dead


@given(rules=st.lists(RULES, min_size=1, max_size=4))
def test_a_rule_not_said_to_be_shadowed_has_an_appeal_it_decides(rules):
    known = Known(
        topics={"x", "x.y", "w"}, areas={"R": None, "T": "R", "V": "R"}, kinds=set(VALUES["kinds"]),
        channels=set(VALUES["channels"]), urgency=set(VALUES["urgency"]), offices=set("abcde"),
    )  # fmt: skip
    dead = {one.number for one in flaws(rules, known, READING) if one.code in ("shadowed", "contradiction", "repeated")}
    reached = set()
    for topic in (None, "x", "x.y", "w"):
        for area in ((), ("R",), ("T", "R"), ("V", "R")):
            for kind in VALUES["kinds"]:
                for channel in VALUES["channels"]:
                    for urgency in VALUES["urgency"]:
                        for text in ("", *VALUES["words"]):
                            matter = {
                                "topic": topic, "topic_confidence": 1.0, "area_chain": area, "kind": kind,
                                "channel": channel, "urgency": urgency, "words": tokens(text),
                            }  # fmt: skip
                            reached.add(next((n for n, one in enumerate(rules, 1) if applies(one, matter)), None))
    assert set(range(1, len(rules) + 1)) - dead <= reached


@pytest.mark.slow
def test_five_hundred_rules_are_checked_and_asked_quickly():
    draw = random.Random(4)
    words = ["вода", "свет", "дорога", "мусор", "лифт", "газ", "автобус", "школа", "врач", "снег"]
    rules = [
        Rule(
            topics=(f"g{draw.randrange(12)}.t{draw.randrange(10)}",), areas=(f"D{draw.randrange(19)}",),
            words=(draw.choice(words), f"{draw.choice(words)} {draw.choice(words)}"), acts=f"o{number % 40}",
        )
        for number in range(500)
    ]  # fmt: skip
    router = Router([Competence("o1", None, None, True, True, 0)], rules=Rules(rules, READING))
    texts = [tokens(" ".join(draw.choices([*words, "и", "у", "нас", "третий", "день"], k=60))) for _ in range(200)]
    started = time.process_time()
    for number in range(20_000):
        router.route(
            topic=f"g{number % 12}.t{number % 10}", topic_confidence=1.0, area_chain=(f"D{number % 19}", "R"),
            kind="message", about_office=None, threshold=0.6, words=texts[number % 200],
        )  # fmt: skip
    assert 20_000 / (time.process_time() - started) > 10_000  # half of what is asked of one core, for a busy machine
