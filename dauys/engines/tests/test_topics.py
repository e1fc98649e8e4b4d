import hashlib
import json
import time
import tomllib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dauys.engines.topics import Guess, Model, TooFewSamples, UnreadableModel, train

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
    assert model.classify(["", "12345 !!!"]) == [Guess(model.classify([""])[0].ranked, 0.0)] * 2


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
        pytest.param(lambda data: data.replace(b'"dauys_topics": 1', b'"dauys_topics": 9'), id="another format"),
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
        assert all(reason in text.lower() for reason in guess.reasons)
    assert guesses == model.classify(texts, reasons=True)


def test_one_text_alone_is_guessed_as_among_many(model):
    texts = [text for text, _ in LEARNED]
    together = model.classify(texts)
    assert [model.classify([text])[0].ranked[0][0] for text in texts] == [guess.ranked[0][0] for guess in together]


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
