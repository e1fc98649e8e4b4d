import hashlib
import json
import time
import tomllib
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dauys.engines.topics import Model, Texts, TooFewSamples, UnreadableModel, drift, ground, threshold, train
from dauys.engines.topics.corrections import MOST
from dauys.engines.topics.features import word_places, words_of

ROOMS = Path(__file__).parents[2]
ANY_TEXT = st.text(st.characters(exclude_categories=()), max_size=200)

LEARNED = [
    (f"{opening} {matter}", code)
    for opening in (
        "Здравствуйте,",
        "Прошу помочь:",
        "Который день",
        "сәлем,",
        "Опять",
        "Жители просят,",
        "Жалоба:",
    )
    for code, matters in {
        "roads": ("яма на дороге", "разбит асфальт", "жолда шұңқыр бар", "дорога вся в ямах"),
        "heating": ("батареи холодные", "нет отопления", "үйде жылу жоқ", "радиатор еле тёплый"),
        "dogs": ("стая собак во дворе", "укусила собака", "қаңғыбас иттер жүр", "собаки бросаются"),
    }.items()
    for matter in matters
]


@pytest.fixture(scope="module")
def model():
    return train(LEARNED, seed=1)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("асфальт разбитый, одни ямы", "roads"),
        ("жолдағы шұңқырлар", "roads"),
        ("холодные радиаторы", "heating"),
        ("жылу берілмеді", "heating"),
        ("собачья стая", "dogs"),
        ("иттер коп", "dogs"),
    ],
)
def test_words_never_seen_in_that_form_are_understood(model, text, code):
    (guess,) = model.classify([text])
    assert guess.ranked[0][0] == code


def test_the_citizens_own_words_are_the_reason(model):
    (guess,) = model.classify(["Добрый вечер, возле магазина огромная яма"], reasons=True)
    assert "яма" in guess.reasons
    assert "магазина" not in guess.reasons
    assert model.classify(["яма"])[0].reasons == ()


def test_a_text_without_words_is_not_guessed(model):
    for guess in model.classify(["", "12345 !!!", "[name] [phone]", "XXX XXXX"]):
        assert guess.confidence == 0
        assert {share for _, share in guess.ranked} == {1 / 3}


def test_confidence_is_lower_for_a_text_that_says_nothing(model):
    plain, vague = model.classify(["яма на дороге", "сделайте что-нибудь уже"])
    assert vague.confidence < plain.confidence


def test_the_same_seed_learns_the_same_model(model):
    assert train(LEARNED, seed=1).to_bytes() == model.to_bytes()


def test_a_model_survives_its_file(model):
    texts = [text for text, _ in LEARNED]
    again = Model.from_bytes(model.to_bytes())
    assert again.classify(texts, reasons=True) == model.classify(texts, reasons=True)
    assert again.to_bytes() == model.to_bytes()


@pytest.mark.parametrize(
    "damage",
    [
        pytest.param(lambda data: b"", id="empty"),
        pytest.param(lambda data: b"\x80\x04K\x01.", id="a pickle"),
        pytest.param(lambda data: data[:-1], id="cut short"),
        pytest.param(lambda data: data[:-9] + b"x" + data[-8:], id="one byte changed"),
        pytest.param(lambda data: data.replace(b'"dauys_topics": 2', b'"dauys_topics": 9'), id="another format"),
        pytest.param(lambda data: data.replace(b'"dogs", ', b""), id="a topic left out"),
        pytest.param(lambda data: b"[]\n" + data, id="a head of another kind"),
    ],
)
def test_a_damaged_file_is_refused(model, damage):
    with pytest.raises(UnreadableModel):
        Model.from_bytes(damage(model.to_bytes()))


def test_an_archive_with_a_true_checksum_but_no_arrays_is_refused(model):
    body = b"not an archive"
    head = {
        "dauys_topics": 1,
        "codes": ["a", "b"],
        "temperature": 1.0,
        "sha256": hashlib.sha256(body).hexdigest(),
    }
    with pytest.raises(UnreadableModel):
        Model.from_bytes(json.dumps(head).encode() + b"\n" + body)


@pytest.mark.parametrize("samples", [[], [("яма", "roads")] * 5, [("яма", "roads"), ("яма", "roads"), ("ит", "dogs")]])
def test_too_little_cannot_be_learned_from(samples):
    with pytest.raises(TooFewSamples):
        train(samples, seed=1)


@given(st.lists(ANY_TEXT, max_size=5))
@settings(max_examples=100, deadline=None)
def test_any_texts_get_probabilities_in_order(model, texts):
    guesses = model.classify(texts, reasons=True)
    assert len(guesses) == len(texts)
    for text, guess in zip(texts, guesses, strict=True):
        shares = [share for _, share in guess.ranked]
        assert len(shares) == 3
        assert shares == sorted(shares, reverse=True)
        assert sum(shares) <= 1.001
        assert 0 <= guess.confidence <= 1
        assert all(reason in text for reason in guess.reasons)
        assert len(guess.reasons) == len(guess.weights)
    assert guesses == model.classify(texts, reasons=True)


def test_one_text_alone_is_guessed_as_among_many(model):
    texts = [text for text, _ in LEARNED]
    together = model.classify(texts)
    assert [model.classify([text])[0].ranked[0][0] for text in texts] == [guess.ranked[0][0] for guess in together]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        pytest.param("ИИН 900101350127, тел. 8 (701) 123-45-67, дом 14", ["ИИН", "тел", "дом"], id="digits"),
        pytest.param("пишите на aigerim.s@example.kz срочно", ["пишите", "на", "срочно"], id="an e-mail"),
        pytest.param("зовут [name], карта [card] у [personal account] нет", ["зовут", "карта", "нет"], id="masks"),
        pytest.param("сосед XXXX XX и ХХХХ шумят", ["сосед", "шумят"], id="crossed out"),
    ],
)
def test_personal_data_are_never_words(text, words):
    assert words_of(text) == words


def test_a_model_holds_no_words(model):
    content = model.to_bytes()
    head, _, _ = content.partition(b"\n")
    assert "яма" not in json.loads(head).__str__()
    assert "батареи".encode() not in content


def test_the_reasons_are_spelled_as_the_citizen_did_and_weigh_more_the_stronger(model):
    (guess,) = model.classify(["ОГРОМНАЯ Яма у магазина"], reasons=True)
    assert guess.reasons[0] == "Яма"
    assert list(guess.weights) == sorted(guess.weights, reverse=True)
    assert 0 < sum(guess.weights) <= 1.001


def test_a_megabyte_is_read_in_time(model):
    began = time.process_time()
    model.classify(["".join(f"слово{chr(1072 + n % 32) * (n % 9)} " for n in range(100_000))])
    assert time.process_time() - began < 2


def test_the_starter_texts_cover_every_topic_in_three_languages():
    starter = tomllib.loads((ROOMS / "understand/data/starter.toml").read_text(encoding="utf-8"))
    topics = tomllib.loads((ROOMS / "institution/data/topics.toml").read_text(encoding="utf-8"))
    parts = {part["code"] for topic in topics["topic"] for part in topic["part"]}
    assert {topic["code"] for topic in starter["topic"]} == parts
    for topic in starter["topic"]:
        assert (len(set(topic["ru"])), len(set(topic["kk"])), len(set(topic["en"]))) >= (12, 12, 4), topic["code"]


BESIDE = [
    (f"{matter}, помогите {n}", {"object": place, "district": district}, code)
    for n in range(4)
    for matter, by_place in {
        "грязно и мусор": {"house": "cleaning", "street": "roads"},
        "темно, нет света": {"house": "stairs", "street": "lamps"},
    }.items()
    for place, code in by_place.items()
    for district in ("Алтай", "Зайсан")
]


@pytest.fixture(scope="module")
def beside():
    return train([(text, code) for text, _, code in BESIDE], seed=1, fields=[fields for _, fields, _ in BESIDE])


@pytest.mark.parametrize(
    ("text", "place", "code"),
    [("мусор кругом", "house", "cleaning"), ("мусор кругом", "street", "roads"), ("темно", "street", "lamps")],
)
def test_what_is_known_beside_the_text_decides_where_words_cannot(beside, text, place, code):
    (guess,) = beside.classify([text], fields=[{"object": place, "district": "Алтай"}], reasons=True)
    assert guess.ranked[0][0] == code
    assert "object" in dict(guess.fields)


def test_a_text_is_read_without_the_fields_it_was_learned_with(beside):
    (guess,) = beside.classify(["темно, нет света"])
    assert guess.ranked[0][0] in ("lamps", "stairs")
    assert guess.fields == ()


def test_fields_survive_the_file_and_unknown_values_do_no_harm(beside):
    fields = [{"object": "street", "district": "Алтай"}, {"object": "submarine", "colour": "red"}, {}]
    texts = ["темно", "темно", "темно"]
    again = Model.from_bytes(beside.to_bytes())
    assert again.classify(texts, fields=fields, reasons=True) == beside.classify(texts, fields=fields, reasons=True)


def test_departments_alike_in_different_places_are_learned_as_one():
    matters = {"свет": "Энергосеть района {}", "собаки": "Ветстанция {}", "двор": "Акимат {}"}
    places = ["Алтайский", "Зайсанский", "Курчумский"]
    rows = [
        (f"{matter} {n}", {"district": place}, office.format(place))
        for n in range(4)
        for place in places
        for matter, office in matters.items()
        # Nobody in Zaisan has written of dogs more than twice.
        if not (matter == "собаки" and place == "Зайсанский" and n > 1)
    ]
    fields = [beside for _, beside, _ in rows]
    model = train([(text, office) for text, _, office in rows], seed=1, fields=fields, place="district")
    assert len(model.codes) == 3
    (guess,) = model.classify(["бродячие собаки"], fields=[{"district": "Зайсанский"}], reasons=True)
    assert guess.ranked[0][0] == "Ветстанция Зайсанский"
    assert guess.reasons == ("собаки",)
    assert set(model.card["held_back"]["guessed"]) <= {office for _, _, office in rows}
    again = Model.from_bytes(model.to_bytes())
    assert again.classify(["собаки"], fields=[{"district": "Зайсанский"}]) == model.classify(
        ["собаки"], fields=[{"district": "Зайсанский"}]
    )


def test_a_point_has_a_fine_and_a_coarse_cell():
    here, near, far = ground(49.9483, 82.6279), ground(49.9485, 82.6281), ground(49.99, 82.70)
    assert here == near
    assert here["quarter"] != far["quarter"]


CORRECTED = "Во дворе дома лежит упавшая берёза, перегородила проход к подъезду"


@pytest.mark.parametrize(
    ("text", "changes"),
    [
        pytest.param(CORRECTED, True, id="the very text"),
        pytest.param("упавшая берёза лежит во дворе дома, перегородила проход к подъезду", True, id="in other order"),
        pytest.param("Во дворе упала берёза, перегородила проход к подъездам дома", True, id="in other forms"),
        pytest.param("огромная яма на дороге", False, id="another matter"),
        pytest.param("во дворе дома собаки", False, id="a few usual words in common"),
    ],
)  # fmt: skip
def test_a_correction_speaks_for_its_text_and_near_re_wordings_only(model, text, changes):
    wiser = model.corrected([(CORRECTED, "heating")])
    before, after = model.classify([text])[0], wiser.classify([text])[0]
    if changes:
        assert after.ranked[0][0] == "heating"
        assert after.confidence <= 0.5, "one person's word is a suggestion, not a certainty"
        assert after.corrected > 0.5
    else:
        assert after == before


def test_a_correction_made_in_one_district_says_nothing_in_another():
    offices = [
        (f"{text} {n}", office, {"district": district})
        for n in range(8)
        for text, office, district in (
            ("нет воды в кране", "waterworks", "north"), ("нет воды в кране", "waterworks", "south"),
            ("яма на дороге", "road office", "north"), ("яма на дороге", "road office", "south"),
        )
    ]  # fmt: skip
    fields = [beside for _, _, beside in offices]
    learned = train([(text, office) for text, office, _ in offices], seed=1, fields=fields, apart="district")
    wiser = learned.corrected([(CORRECTED, "akimat of the north")], fields=[{"district": "north"}])
    for model in (wiser, Model.from_bytes(wiser.to_bytes())):
        here, there, anywhere = model.classify(
            [CORRECTED] * 3, fields=[{"district": "north"}, {"district": "south"}, {}]
        )
        assert here.ranked[0][0] == "akimat of the north"
        assert (there.corrected, anywhere.corrected) == (0, 0)


def test_several_models_read_the_same_words_once_and_as_each_would_alone(model):
    other = train([(text, code[::-1]) for text, code in LEARNED], seed=1)
    texts = [text for text, _ in LEARNED] * 40
    ready = Texts(texts)
    for one in (model, other):
        assert one.classify(ready, reasons=True) == one.classify(texts, reasons=True)


def test_the_card_tells_how_much_is_covered_at_each_promise():
    samples = [(f"{word} дело {n}", code) for n in range(60) for word, code in (("вода", "a"), ("яма", "b"))]
    card = train(samples, seed=1).card
    for promise, covered in card["held_back"]["covered"].items():
        assert card["sure_from"][promise] is not None
        assert 0 < covered["share"] <= 1
        assert covered["right"] >= float(promise)


def test_several_people_of_one_mind_make_it_sure(model):
    wiser = model.corrected([(f"{CORRECTED} {tail}", "heating") for tail in ("раз", "два", "три", "беда", "опять")])
    (guess,) = wiser.classify([CORRECTED])
    assert guess.ranked[0][0] == "heating"
    assert 0.75 <= guess.confidence <= 0.9


def test_a_correction_that_agrees_leaves_a_sure_guess_sure(model):
    text = "огромная яма на дороге"
    (before,) = model.classify([text])
    (after,) = model.corrected([(text, before.ranked[0][0])]).classify([text])
    assert after.ranked[0][0] == before.ranked[0][0]
    assert after.confidence >= before.confidence


def test_a_correction_is_in_force_at_once_and_the_latest_wins(model):
    texts = [f"слово{chr(1072 + n % 32)}{chr(1072 + n // 32)} беда номер{chr(1072 + n // 8)} двора" for n in range(200)]
    began = time.process_time()
    wiser = model.corrected([(text, "dogs") for text in texts])
    assert time.process_time() - began < 1
    assert wiser.classify([texts[7]])[0].ranked[0][0] == "dogs"
    assert wiser.corrected([(texts[7], "roads")]).classify([texts[7]])[0].ranked[0][0] == "roads"
    assert (
        len(wiser.corrected([(f"{text} {tail}", "dogs") for text in texts for tail in "абвгдежз"]).memory.codes) <= MOST
    )


def test_corrections_survive_the_file_and_hold_no_words(model):
    wiser = model.corrected([(CORRECTED, "heating")])
    content = wiser.to_bytes()
    assert Model.from_bytes(content).classify([CORRECTED], reasons=True) == wiser.classify([CORRECTED], reasons=True)
    assert "берёза" not in json.dumps(json.loads(content.partition(b"\n")[0]), ensure_ascii=False)


def test_a_topic_never_learned_can_be_taught_by_correction(model):
    (guess,) = model.corrected([(CORRECTED, "trees")]).classify([CORRECTED], reasons=True)
    assert guess.ranked[0][0] == "trees"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        pytest.param("", "few_words", id="nothing"),
        pytest.param("помогите", "few_words", id="one word"),
        pytest.param("квантовый флюгер трепещет неистово", "unseen_words", id="never met"),
    ],
)
def test_a_guess_that_is_not_sure_says_what_is_missing(model, text, code):
    (guess,) = model.classify([text], reasons=True, sure=0.999)
    assert code in {doubt.code for doubt in guess.doubts}


def test_two_topics_people_themselves_mix_up_are_named_both():
    mixed = [
        (f"плесень на стене {tail}", code)
        for tail in ("дома", "подъезда", "зала", "в углу")
        for code in ("mould", "walls")
    ]
    (guess,) = train([*LEARNED, *mixed * 3], seed=1).classify(["плесень на стене"], reasons=True)
    close = next(doubt for doubt in guess.doubts if doubt.code == "two_close")
    assert {close.data["first"], close.data["second"]} == {"mould", "walls"}


def test_a_sure_guess_has_no_doubts(model):
    assert model.classify(["яма на дороге"], reasons=True, sure=0.0)[0].doubts == ()


def test_a_rare_topic_says_how_few_texts_it_was_learned_from():
    model = train([*LEARNED * 2, ("плесень на стене", "mould"), ("плесень растёт", "mould")], seed=1)
    (guess,) = model.classify(["плесень"], reasons=True, sure=1.0)
    rare = next(doubt for doubt in guess.doubts if doubt.code == "rare_topic")
    assert rare.data == {"topic": "mould", "texts": 2}
    assert "mould" in model.card["knows_too_little"]


def test_the_card_tells_what_was_learned_and_how_well():
    languages = ["kk" if set(text) & set("әғқңөұүһі") else "ru" for text, _ in LEARNED]
    card = train(LEARNED, seed=1, languages=languages, span=("2025-01-01", "2025-12-31")).card
    assert card["texts"] == len(LEARNED)
    assert card["topics"] == {"dogs": 28, "heating": 28, "roads": 28}
    assert card["languages"] == {"kk": languages.count("kk"), "ru": languages.count("ru")}
    assert card["span"] == ["2025-01-01", "2025-12-31"]
    assert set(card["held_back"]["by_language"]) == {"kk", "ru"}
    assert 0.5 < card["held_back"]["accuracy"] <= card["held_back"]["top3"] <= 1
    assert (
        Model.from_bytes(train(LEARNED, seed=1, languages=languages).to_bytes()).card["languages"] == card["languages"]
    )


@pytest.mark.parametrize(
    ("confidence", "right", "found"),
    [
        pytest.param([0.9] * 40 + [0.5] * 40, [True] * 40 + [False] * 40, 0.9, id="sure above, wrong below"),
        pytest.param([0.9] * 40, [True] * 40, 0.9, id="always right"),
        pytest.param([0.9] * 40, [False] * 40, None, id="never right"),
        pytest.param([0.9] * 10, [True] * 10, None, id="too few to promise"),
        pytest.param([0.9] * 40 + [0.8] * 40, [True] * 78 + [False] * 2, 0.8, id="enough together"),
        pytest.param([0.9] * 80, [True] * 73 + [False] * 7, None, id="enough, but by chance"),
        pytest.param([0.9] * 400 + [0.3] * 40, [True] * 420 + [False] * 20, 0.9, id="never below one half"),
        pytest.param([0.7] * 80, [True] * 40 + [False] * 40, None, id="equals stand or fall together"),
    ],
)
def test_a_promise_of_precision_has_a_threshold(confidence, right, found):
    assert threshold(np.array(confidence), np.array(right), 0.9) == found


def test_appeals_like_those_learned_from_show_no_drift_and_others_do(model):
    same = drift(model.card, model.classify([text for text, _ in LEARNED]))
    other = drift(model.card, model.classify(["стая собак", "квантовый флюгер трепещет", "собака укусила"] * 30))
    assert same.topics < 0.1
    assert other.topics > 0.25
    assert other.unseen > same.unseen
    assert other.moved[0][0] in model.codes
    assert drift(model.card, []).texts == 0


def test_a_word_s_stem_comes_first_and_its_runs_weigh_the_same_together():
    places, weights = word_places("дорога")
    assert weights[0] == 1
    assert sum(weight**2 for weight in weights[1:]) == pytest.approx(4.0)
    assert places[0] == word_places("дороги")[0][0]
