"""The exact encoder and what is learned from it, on a tiny file of the same form written here."""

import struct

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dauys.engines.meaning import Lesson, Packed, Teacher, TooFewLessons, UnreadableWeights, learn
from dauys.engines.meaning.pieces import SPACE

WIDTH, INNER, HEADS, POSITIONS = 32, 64, 2, 64
WORDS = ["су", "вода", "жол", "дорога", "қар", "снег", "ит", "собака"]
PIECES = ["<s>", "<pad>", "</s>", "<unk>", SPACE, *(SPACE + word for word in WORDS), *"абвгдежосуқитрнқ"[:-1]]


def four_bits(values: np.ndarray) -> bytes:
    """Rows in blocks of 32: one float16 scale, 16 bytes of two weights each."""
    blocks = values.reshape(-1, 32)
    scale = (np.abs(blocks).max(axis=1) / 7).astype("<f2")
    whole = (np.rint(blocks / np.maximum(scale.astype(np.float32), 1e-6)[:, None]).clip(-8, 7) + 8).astype(np.uint8)
    packed = whole[:, :16] | (whole[:, 16:] << 4)
    return np.concatenate([scale.reshape(-1, 1).view(np.uint8), packed], axis=1).tobytes()


def tiny() -> bytes:
    plain = ((ord("Ё"), "Е"),)
    chance = np.random.default_rng(11)
    pieces = [piece.encode() for piece in PIECES]
    out = bytearray(b"E5S1" + struct.pack("<I", 1))
    out += struct.pack("<7i", WIDTH, 1, HEADS, INNER, len(pieces), POSITIONS, 2) + struct.pack("<fi", 1e-12, 32)
    offsets = np.concatenate([[0], np.cumsum([len(piece) for piece in pieces])]).astype("<u4")
    scores = np.linspace(-3, -12, len(pieces)).astype("<f4")
    out += struct.pack("<5iQ", len(pieces), 0, 2, 1, 3, int(offsets[-1]))
    out += offsets.tobytes() + scores.tobytes() + b"".join(pieces)
    table = b"".join(struct.pack(f"<IB{len(to)}I", code, len(to), *map(ord, to)) for code, to in plain)
    out += struct.pack("<iI", len(plain), len(table)) + table
    tensors: list[tuple[str, int, bytes]] = []

    def add(name, *shape, kind=0):
        values = chance.normal(0, 0.3, shape).astype("<f4")
        if name.endswith("ln.w"):
            values = np.ones(shape, dtype="<f4")
        tensors.append((name, kind, four_bits(values) if kind else values.tobytes()))

    add("emb.word", len(pieces), WIDTH, kind=1)
    add("emb.pos", POSITIONS, WIDTH)
    add("emb.type", 2, WIDTH)
    add("emb.ln.w", WIDTH)
    add("emb.ln.b", WIDTH)
    for name, rows, columns in (
        ("q", WIDTH, WIDTH), ("k", WIDTH, WIDTH), ("v", WIDTH, WIDTH), ("ao", WIDTH, WIDTH),
        ("fi", INNER, WIDTH), ("fo", WIDTH, INNER),
    ):  # fmt: skip
        add(f"l0.{name}.w", rows, columns, kind=1)
        add(f"l0.{name}.b", rows)
    for name in ("aln", "oln"):
        add(f"l0.{name}.w", WIDTH)
        add(f"l0.{name}.b", WIDTH)
    directory = sum(2 + len(name) + 1 + 4 + 16 for name, _kind, _held in tensors) + 4
    at = len(out) + directory
    out += struct.pack("<i", len(tensors))
    for name, kind, held in tensors:
        out += struct.pack("<H", len(name)) + name.encode() + struct.pack("<BIQQ", kind, len(held), at, len(held))
        at += len(held)
    for _name, _kind, held in tensors:
        out += held
    return bytes(out)


WHOLE = tiny()


def test_four_bits_come_back_as_they_were_written():
    values = (np.arange(64) % 15 - 7).astype(np.float32).reshape(2, 32)
    packed = Packed(WHOLE)
    raw = np.frombuffer(four_bits(values), dtype=np.uint8).reshape(2, 1, 18)
    from dauys.engines.meaning.packed import _unpacked

    assert np.allclose(_unpacked(raw, "x"), values, atol=1e-2)
    assert packed.shape.width == WIDTH
    assert packed.vocabulary.pieces == tuple(PIECES)
    assert packed.vocabulary.plain == {ord("Ё"): "Е"}


@given(st.integers(0, len(WHOLE) - 1))
@settings(max_examples=150, deadline=None)
def test_a_file_cut_anywhere_is_refused(length):
    with pytest.raises(UnreadableWeights):
        Teacher(Packed(WHOLE[:length]))


@given(st.integers(0, 4000), st.binary(min_size=1, max_size=8))
@settings(max_examples=200, deadline=None)
def test_a_file_with_foreign_numbers_is_refused_or_read_within_its_bounds(place, put):
    harmed = WHOLE[:place] + put + WHOLE[place + len(put) :]
    try:
        teacher = Teacher(Packed(harmed))
    except UnreadableWeights:
        return
    assert teacher.shape.width % 32 == 0


@pytest.mark.parametrize("data", [b"", b"E5S1", b"PK\x03\x04" + bytes(100), b"E5S1" + b"\xff" * 200])
def test_a_foreign_file_is_refused(data):
    with pytest.raises(UnreadableWeights):
        Packed(data)


def test_a_text_reads_the_same_alone_and_in_a_batch():
    teacher = Teacher(Packed(WHOLE))
    texts = ["су", "вода дорога снег собака", "", "қар " * 20, "ит"]
    together = teacher.vectors(texts)
    assert np.allclose(np.linalg.norm(together, axis=1), 1, atol=1e-5)
    for text, vector in zip(texts, together, strict=True):
        assert np.allclose(teacher.vectors([text])[0], vector, atol=1e-4)


def test_marks_of_the_file_cannot_be_written_in_a_text():
    teacher = Teacher(Packed(WHOLE))
    assert not {0, 2} & set(teacher.pieces("<s> су </s>"))
    assert teacher.pieces("Ё") == teacher.pieces("Е")


def test_a_text_longer_than_the_positions_is_read_up_to_there():
    assert np.isfinite(Teacher(Packed(WHOLE)).vectors(["су " * 5000])).all()


def lessons() -> list[Lesson]:
    found = []
    for i in range(60):
        first, second = i % 4, (i // 4) % 4
        for language, shift in (("kk", 0), ("ru", 1)):
            text = " ".join(WORDS[2 * place + shift] for place in [first] * (1 + i // 16) + [second])
            found.append(Lesson(text, language, "appeal", 4, f"twin {i}", typical=True))
    return found


def test_what_is_learned_finds_the_twin_in_the_other_language_and_is_the_same_twice():
    teacher = Teacher(Packed(WHOLE))
    made = learn(teacher, lessons(), seed=1, card={"seed": 1}, dimensions=8)
    ours, theirs = made.vectors(WORDS[::2], ["kk"] * 4), made.vectors(WORDS[1::2], ["ru"] * 4)
    assert (ours @ theirs.T).argmax(axis=1).tolist() == [0, 1, 2, 3]
    assert learn(teacher, lessons(), seed=1, card={"seed": 1}, dimensions=8).to_bytes() == made.to_bytes()


def test_too_few_lessons_are_refused():
    with pytest.raises(TooFewLessons, match="kk"):
        learn(Teacher(Packed(WHOLE)), lessons()[1::2], seed=1, card={}, dimensions=8)
