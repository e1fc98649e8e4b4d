"""Sentence vectors, topics from them, and files that cannot harm."""

import hashlib
import itertools
import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dauys.engines.meaning import Encoder, Head, TooFewLabels, UnreadableWeights, train_head
from dauys.engines.meaning.arrays import packed_arrays, read_arrays
from dauys.engines.meaning.pieces import SPACE, Splitter

PIECES = [SPACE, f"{SPACE}су", f"{SPACE}вода", f"{SPACE}жол", f"{SPACE}дорога", "лар", "а", "б", "в"]


def encoder(**changed) -> Encoder:
    rows = np.zeros((len(PIECES), 4), dtype=np.int8)
    rows[1], rows[2] = (100, 20, 0, 0), (100, -20, 0, 0)
    rows[3], rows[4] = (0, 20, 100, 0), (0, -20, 100, 0)
    rows[5:] = (0, 0, 0, 10)
    means = np.array([[0, 0.2, 0, 0], [0, -0.2, 0, 0], [0, 0, 0, 0]], dtype=np.float32)
    parts = {
        "pieces": PIECES,
        "scores": np.linspace(-9, -3, len(PIECES)).astype(np.float16),
        "rows": rows,
        "scales": np.full(len(PIECES), 0.01, dtype=np.float16),
        "means": means,
        "card": {"teacher": "nobody"},
    } | changed
    return Encoder(**parts)


def test_a_text_and_its_translation_lie_together_once_the_languages_mean_is_gone():
    one = encoder()
    kk, ru = one.vectors(["су", "жол"], ["kk", "kk"]), one.vectors(["вода", "дорога"], ["ru", "ru"])
    assert (kk @ ru.T).argmax(axis=1).tolist() == [0, 1]
    assert np.allclose((kk * ru).sum(axis=1), 1, atol=1e-3)
    assert np.allclose(np.linalg.norm(kk, axis=1), 1, atol=1e-5)


@pytest.mark.parametrize(
    "text",
    ["", "   ", "😀", "123 456", "\x00", "中文字", "!!!"],
    ids=["empty", "blank", "emoji", "digits", "nul", "zh", "marks"],
)
def test_a_text_without_a_known_piece_is_like_nothing(text):
    assert not encoder().vectors([text], ["kk"]).any()


@pytest.mark.parametrize("text", ["а" * 1_000_000, "су " * 400_000, "СУ", "<b>су</b>", "су\ud800"])
def test_no_text_is_too_strange_to_read(text):
    assert np.isfinite(encoder().vectors([text], ["unknown"])).all()


def test_capitals_say_the_same():
    one = encoder()
    assert (one.vectors(["СУ ЖОЛ"], ["kk"]) == one.vectors(["су жол"], ["kk"])).all()


@given(st.lists(st.sampled_from(["су", "жол", "дорога вода", "", "ба", "лар"]), max_size=600))
@settings(max_examples=20, deadline=None)
def test_a_text_reads_the_same_alone_and_among_others(texts):
    one = encoder()
    together = one.vectors(texts, ["ru"] * len(texts))
    assert together.shape == (len(texts), 4)
    for text, vector in zip(texts[:20], together, strict=False):
        assert np.allclose(one.vectors([text], ["ru"])[0], vector, atol=1e-6)


def test_a_language_for_each_text_is_demanded():
    with pytest.raises(ValueError, match="one language"):
        encoder().vectors(["су"], [])


def test_the_file_gives_back_the_same_encoder():
    one = encoder()
    again = Encoder.from_bytes(one.to_bytes())
    assert again.id == one.id
    assert again.card == {"teacher": "nobody"}
    assert (again.vectors(["су жол"], ["kk"]) == one.vectors(["су жол"], ["kk"])).all()
    assert encoder(means=np.zeros((3, 4), dtype=np.float32)).id != one.id


@given(st.data())
@settings(max_examples=120, deadline=None)
def test_a_cut_or_damaged_file_is_refused(data):
    whole = encoder().to_bytes()
    body = whole.index(b"\n") + 1
    if data.draw(st.booleans()):
        broken = whole[: data.draw(st.integers(0, len(whole) - 1))]
    else:
        place = data.draw(st.integers(body, len(whole) - 1))
        broken = whole[:place] + bytes([whole[place] ^ data.draw(st.integers(1, 255))]) + whole[place + 1 :]
    with pytest.raises(UnreadableWeights):
        Encoder.from_bytes(broken)


@given(st.binary(max_size=400))
@settings(deadline=None)
def test_foreign_bytes_are_refused(noise):
    for reader in (Encoder.from_bytes, Head.from_bytes):
        with pytest.raises(UnreadableWeights):
            reader(noise)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"means": np.zeros((2, 4), dtype=np.float32)}, "sizes"),
        ({"means": np.zeros((3, 4), dtype=np.float64)}, "kind"),
        ({"scales": np.full(9, np.nan, dtype=np.float16)}, "not a number"),
        ({"rows": np.zeros((8, 4), dtype=np.int8)}, "sizes"),
        ({"letters": np.array([255, 254], dtype=np.uint8)}, "UTF-8"),
    ],
)
def test_a_whole_file_with_parts_that_do_not_agree_is_refused(changed, said):
    card, arrays = read_arrays("dauys-meaning-1", encoder().to_bytes())
    with pytest.raises(UnreadableWeights, match=said):
        Encoder.from_bytes(packed_arrays("dauys-meaning-1", card, arrays | changed))


def test_a_file_of_another_kind_is_refused_by_name():
    with pytest.raises(UnreadableWeights, match="dauys-meaning-head-1"):
        Encoder.from_bytes(packed_arrays("dauys-meaning-head-1", {}, {}))


def test_an_array_of_objects_is_never_read():
    held = packed_arrays("k", {}, {"a": np.zeros(1, dtype=np.uint8)})
    hostile = held.replace(b"'|u1'", b"'|O' ")
    header, _, body = hostile.partition(b"\n")
    told = json.loads(header) | {"sha256": hashlib.sha256(body).hexdigest()}
    with pytest.raises(UnreadableWeights):
        read_arrays("k", json.dumps(told).encode() + b"\n" + body)


@given(st.text(alphabet="абв", min_size=1, max_size=7), st.lists(st.floats(-9, -1), min_size=7, max_size=7))
@settings(deadline=None)
def test_the_split_of_a_word_is_the_likeliest_of_all(word, scores):
    pieces = [SPACE, f"{SPACE}а", "а", "б", "в", "аб", "бв"]
    found = Splitter(pieces, scores, 99, frozenset()).split(word)
    assert "".join(pieces[place] for place in found) == SPACE + word
    score_of = dict(zip(pieces, scores, strict=True))
    whole = SPACE + word
    splits = [_cut(whole, cuts) for cuts in itertools.product([0, 1], repeat=len(whole) - 1)]
    best = max(sum(map(score_of.get, parts)) for parts in splits if all(part in score_of for part in parts))
    assert sum(scores[place] for place in found) == pytest.approx(best)


def _cut(whole, cuts):
    parts, at = [], 0
    for place, cut in enumerate(cuts, start=1):
        if cut:
            parts.append(whole[at:place])
            at = place
    return [*parts, whole[at:]]


def test_a_letter_the_vocabulary_lacks_is_one_unknown_place():
    assert Splitter([SPACE, "а"], [-1, -1], 7, frozenset()).split("аҗа") == (0, 1, 7, 1)


def clouds(labels: int, each: int) -> tuple[np.ndarray, list[str]]:
    chance = np.random.default_rng(3)
    points = np.repeat(np.eye(8, dtype=np.float32)[:labels], each, axis=0)
    points += chance.normal(0, 0.15, points.shape).astype(np.float32)
    points /= np.linalg.norm(points, axis=1, keepdims=True)
    return points.astype(np.float32), [f"topic.{i // each}" for i in range(labels * each)]


@pytest.mark.parametrize("labels", [2, 5])
def test_a_head_knows_what_it_has_learned(labels):
    vectors, names = clouds(labels, 12)
    head = train_head(vectors, names, 1)
    told = head.probabilities(vectors)
    assert np.allclose(told.sum(axis=1), 1, atol=1e-5)
    assert [head.labels[i] for i in told.argmax(axis=1)] == names
    again = Head.from_bytes(head.to_bytes())
    assert again.labels == head.labels
    assert (again.probabilities(vectors) == told).all()
    assert train_head(vectors, names, 1).to_bytes() == head.to_bytes()


def test_a_head_trained_on_noise_does_not_claim_to_be_sure():
    chance = np.random.default_rng(5)
    vectors = chance.normal(size=(200, 8)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    head = train_head(vectors, [str(i % 4) for i in range(200)], 1)
    fresh = chance.normal(size=(100, 8)).astype(np.float32)
    fresh /= np.linalg.norm(fresh, axis=1, keepdims=True)
    assert head.probabilities(fresh).max(axis=1).mean() < 0.5


@pytest.mark.parametrize("names", [["a", "a", "a"], ["a", "a", "b"]])
def test_there_must_be_something_to_learn_from(names):
    with pytest.raises(TooFewLabels):
        train_head(np.eye(3, dtype=np.float32), names, 1)


def test_a_damaged_head_is_refused():
    vectors, names = clouds(3, 5)
    whole = train_head(vectors, names, 1).to_bytes()
    with pytest.raises(UnreadableWeights, match="damaged"):
        Head.from_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
    with pytest.raises(UnreadableWeights, match="shorter"):
        Head.from_bytes(whole[:-1])
