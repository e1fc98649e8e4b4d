"""Who acts and who owes the answer, on a small tree of offices."""

import random
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dauys.engines.routing import ALTERNATIVES, Competence, Router, route

# region ── energy (department of the region), housing (department of the region)
#        └─ town ── utility (does the work; the town holds the clock)
#                └─ village
PARENTS = {"energy": "region", "housing": "region", "town": "region", "utility": "town", "village": "town"}
DEPTH = {"region": 0, "energy": 1, "housing": 1, "town": 1, "utility": 2, "village": 2}


def able(office: str, area: str | None, topic: str | None, roles: str = "acts clock") -> Competence:
    return Competence(office, area, topic, "acts" in roles, "clock" in roles, DEPTH.get(office, 1))


OFFICES = (
    able("region", None, None),
    able("energy", "R", "housing.electricity"),
    able("housing", "R", "housing"),
    able("town", "T", "housing", "clock"),
    able("utility", "T", "housing", "acts"),
    able("town", "T", "roads"),
    able("village", "V", None),
)
ROUTER = Router(OFFICES, PARENTS)
IN_VILLAGE, IN_TOWN, IN_REGION = ("V", "T", "R"), ("T", "R"), ("R",)


def ask(topic, area_chain, *, kind="application", about=None, confidence=0.9, router=ROUTER):
    return router.route(
        topic=topic,
        topic_confidence=confidence,
        area_chain=area_chain,
        kind=kind,
        about_office=about,
        threshold=0.6,
    )


@pytest.mark.parametrize(
    ("topic", "area_chain", "acting", "clock"),
    [
        pytest.param("housing.heating", IN_TOWN, "utility", "town", id="one does the work, another owes the answer"),
        pytest.param("housing.heating", IN_REGION, "housing", "housing", id="elsewhere the region's department"),
        pytest.param("housing.electricity", IN_TOWN, "energy", "energy", id="the very topic before the nearer area"),
        pytest.param("roads", IN_VILLAGE, "town", "town", id="the topic from the area around it"),
        pytest.param("roads.snow", IN_VILLAGE, "town", "town", id="a part of the topic too"),
        pytest.param("land", IN_VILLAGE, "village", "village", id="nobody knows the topic: the nearest office"),
        pytest.param("land", IN_TOWN, "region", "region", id="or the one that answers for everything"),
        pytest.param("housing.heating", (), "region", "region", id="no place: only who is competent anywhere"),
    ],
)
def test_the_most_specific_competence_wins(topic, area_chain, acting, clock):
    found = ask(topic, area_chain)
    assert (found.acting, found.clock) == (acting, clock)


def test_the_reasons_say_how_near_each_office_is():
    acts, holds_clock = ask("housing.heating", IN_VILLAGE).reasons
    assert (acts.code, dict(acts.params)) == (
        "acts",
        {"office": "utility", "by_topic": "parent", "topic": "housing", "by_area": "parent", "area": "T"},
    )
    assert (holds_clock.code, holds_clock.params["office"]) == ("holds_clock", "town")
    assert ask("roads", IN_TOWN).reasons[0].params == {
        "office": "town",
        "by_topic": "exact",
        "topic": "roads",
        "by_area": "finest",
        "area": "T",
    }
    anywhere = ask("land", ()).reasons[0].params
    assert (anywhere["by_topic"], anywhere["by_area"]) == ("any", "any")


def test_other_offices_are_offered_likeliest_first():
    found = ask("housing.electricity", IN_VILLAGE)
    assert found.acting == "energy"
    assert found.alternatives == ("utility", "housing", "village", "region")


@pytest.mark.parametrize(
    ("topic", "confidence", "code"),
    [
        pytest.param(None, 0.0, "topic_unknown", id="unknown"),
        pytest.param("roads", 0.59, "topic_unsure", id="below the threshold"),
    ],
)
def test_an_unclear_topic_goes_to_the_visible_queue(topic, confidence, code):
    found = ask(topic, IN_VILLAGE, confidence=confidence)
    assert (found.acting, found.clock, [reason.code for reason in found.reasons]) == (None, None, [code])
    assert found.alternatives[-1] == "region"


def test_the_threshold_itself_is_sure_enough():
    assert ask("roads", IN_TOWN, confidence=0.6).acting == "town"


@pytest.mark.parametrize(
    ("offices", "area_chain", "codes"),
    [
        pytest.param((), IN_TOWN, ["nobody_acts", "nobody_holds_clock"], id="nobody at all"),
        pytest.param((), (), ["nobody_acts", "nobody_holds_clock", "area_unknown"], id="and no place"),
        pytest.param((able("town", "T", "land", "clock"),), IN_TOWN, ["nobody_acts"], id="nobody does the work"),
        pytest.param((able("town", "T", "land", "acts"),), IN_TOWN, ["nobody_holds_clock"], id="nobody owes it"),
        pytest.param((able("town", "T", "roads"),), IN_TOWN, ["nobody_acts", "nobody_holds_clock"], id="another topic"),
    ],
)
def test_without_a_competent_office_nobody_is_guessed(offices, area_chain, codes):
    found = ask("land", area_chain, router=Router(offices, PARENTS))
    assert (found.acting, found.clock) == (None, None)
    assert [reason.code for reason in found.reasons] == codes


@pytest.mark.parametrize(
    ("kind", "about", "topic", "area_chain", "acting", "clock"),
    [
        pytest.param(
            "complaint",
            "utility",
            "housing.heating",
            IN_TOWN,
            "town",
            "town",
            id="a complaint passes to the parent",
        ),
        pytest.param(
            "message",
            "utility",
            "housing.heating",
            IN_TOWN,
            "housing",
            "town",
            id="a report to the next in line",
        ),
        pytest.param(
            "complaint",
            "town",
            "roads",
            IN_VILLAGE,
            "region",
            "region",
            id="over the head of the body and its village",
        ),
        pytest.param(
            "complaint",
            "town",
            "land",
            IN_VILLAGE,
            "region",
            "region",
            id="a body below it does not judge it either",
        ),
        pytest.param(
            "complaint",
            "village",
            "roads",
            IN_VILLAGE,
            "town",
            "town",
            id="another body's matter stays where it is",
        ),
    ],
)
def test_never_to_the_body_complained_about(kind, about, topic, area_chain, acting, clock):
    found = ask(topic, area_chain, kind=kind, about=about)
    assert (found.acting, found.clock) == (acting, clock)
    assert about not in found.alternatives


def test_a_complaint_says_whom_it_avoided_and_to_whom_it_passed():
    avoided, passed_up, *_ = ask("housing.heating", IN_TOWN, kind="complaint", about="utility").reasons
    assert (avoided.code, dict(avoided.params)) == (
        "complained_about",
        {"office": "utility", "about": "utility", "role": "acts"},
    )
    assert (passed_up.code, dict(passed_up.params)) == ("passed_up", {"office": "town", "role": "acts"})


def test_a_complaint_about_the_topmost_body_waits_for_a_person():
    found = ask("land", IN_TOWN, kind="complaint", about="region")
    assert (found.acting, found.clock, found.alternatives) == (None, None, ())
    assert {reason.code for reason in found.reasons} == {"only_the_body_complained_about"}


def test_without_a_known_parent_a_complaint_goes_to_the_next_competent_office():
    found = ask("roads", IN_TOWN, kind="complaint", about="town", router=Router(OFFICES))
    assert (found.acting, found.clock) == ("region", "region")


@pytest.mark.parametrize(
    ("offices", "acting"),
    [
        pytest.param([("b", 1), ("a", 1)], "a", id="equals by the alphabet"),
        pytest.param([("a", 1), ("b", 2)], "b", id="the office nearer to the ground first"),
    ],
)
def test_a_tie_is_broken_the_same_way_every_time(offices, acting):
    rows = [Competence(office, "T", "roads", True, True, depth) for office, depth in offices]
    for order in (rows, rows[::-1]):
        assert ask("roads", IN_TOWN, router=Router(order)).acting == acting


def test_an_office_above_itself_is_refused():
    with pytest.raises(ValueError, match="stands above itself"):
        Router(OFFICES, {"town": "region", "region": "town"})


def test_the_plain_function_is_the_router():
    asked = {"topic": "roads", "topic_confidence": 1.0, "area_chain": IN_TOWN, "kind": "complaint"}
    asked |= {"about_office": "town", "threshold": 0.5}
    assert route(**asked, competences=OFFICES, parents=PARENTS) == ROUTER.route(**asked)


CODES = st.sampled_from(["a", "b", "c", "d", "e"])
COMPETENCES = st.builds(
    Competence,
    office=CODES,
    area=st.sampled_from([None, "V", "T", "R"]),
    topic=st.sampled_from([None, "x", "x.y", "x.y.z", "w"]),
    acts=st.booleans(),
    holds_clock=st.booleans(),
    depth=st.integers(0, 3),
)
TREES = st.sampled_from([{}, {"b": "a", "c": "b", "d": "a"}, {"a": "e", "b": "e", "c": "e", "d": "e"}])


@given(
    competences=st.lists(COMPETENCES, max_size=12),
    parents=TREES,
    topic=st.sampled_from([None, "x", "x.y", "x.y.z", "w", "q"]),
    area_chain=st.sampled_from([(), IN_REGION, IN_TOWN, IN_VILLAGE]),
    kind=st.sampled_from(["complaint", "message"]),
    about=st.none() | CODES,
    seed=st.randoms(use_true_random=False),
)
def test_every_route_is_sound(competences, parents, topic, area_chain, kind, about, seed):
    found = ask(topic, area_chain, kind=kind, about=about, router=Router(competences, parents))

    assert (found.acting is None) == (found.clock is None)
    assert found.reasons
    if about is not None:
        assert about not in {found.acting, found.clock, *found.alternatives}
    assert found.acting not in found.alternatives
    assert len(found.alternatives) <= ALTERNATIVES
    assert found.acting is None or any(one.acts for one in competences if one.office == found.acting)
    assert found.clock is None or any(one.holds_clock for one in competences if one.office == found.clock)

    shuffled = seed.sample(competences, len(competences))
    assert ask(topic, area_chain, kind=kind, about=about, router=Router(shuffled, parents)) == found


@pytest.mark.slow
def test_a_region_of_appeals_is_routed_in_a_second():
    """A region: 300 places, 19 districts, 120 topics, 4,000 competences."""
    draw = random.Random(7)
    topics = [f"g{group}.t{part}" for group in range(12) for part in range(10)]
    competences = [Competence("region", None, None, True, True, 0)]
    competences += [Competence(f"dep{n}", "R", f"g{n}", True, True, 1) for n in range(12)]
    competences += [
        Competence(f"d{district}g{group}", f"D{district}", f"g{group}", True, group % 2 == 0, 2)
        for district in range(19)
        for group in range(12)
    ]
    competences += [Competence(f"v{n}", f"V{n}", topic, True, True, 3) for n in range(300) for topic in topics[:12]]
    router = Router(competences)
    appeals = [(draw.choice(topics), (f"V{n % 300}", f"D{n % 19}", "R")) for n in range(20_000)]
    started = time.process_time()
    for topic, area_chain in appeals:
        ask(topic, area_chain, router=router)
    assert len(appeals) / (time.process_time() - started) > 10_000  # a fifth of what one core of a laptop does
