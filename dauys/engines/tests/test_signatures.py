import os

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dauys.engines import signatures
from dauys.engines.signatures import BadVectors, bit_literal, nearest, postgres_nearest, quantised, scan, signs


def unit(count, dims, seed=1):
    vectors = np.random.default_rng(seed).standard_normal((count, dims)).astype(np.float32)
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def clustered(count, dims, seed=1):
    rng = np.random.default_rng(seed)
    centres = unit(count // 40, dims, seed)
    vectors = centres[rng.integers(0, len(centres), count)] + unit(count, dims, seed + 1) * 0.8
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def by_hand(bits, query, most, alive=None):
    distance = np.unpackbits(bits ^ query, axis=1).sum(axis=1)
    rows = [row for row in np.lexsort((np.arange(len(bits)), distance)) if alive is None or alive[row]]
    return rows[:most]


def test_a_sign_is_one_bit_and_nought_is_not_above_nought():
    assert signs([[1, -1, 0.5, 0, 0, 0, 0, 2]]).tolist() == [[0b10100001]]


@given(st.integers(0, 200), st.sampled_from([8, 16, 24, 32, 64, 128, 384]), st.integers(0, 40), st.integers(0, 99))
@settings(max_examples=60, deadline=None)
def test_the_scan_is_an_exact_one(count, dims, most, seed):
    rng = np.random.default_rng(seed)
    bits = rng.integers(0, 256, (count, dims // 8), dtype=np.uint8)
    query = rng.integers(0, 256, dims // 8, dtype=np.uint8)
    alive = rng.random(count) < 0.7
    if most:
        assert scan(bits, query, most).tolist() == by_hand(bits, query, most)
        assert scan(bits, query, most, alive=alive).tolist() == by_hand(bits, query, most, alive)


def test_the_scan_is_exact_over_many_blocks():
    rng = np.random.default_rng(3)
    bits = rng.integers(0, 256, (3 * signatures.BLOCK + 77, 4), dtype=np.uint8)  # short: many equal distances
    query = rng.integers(0, 256, 4, dtype=np.uint8)
    assert scan(bits, query, 500).tolist() == by_hand(bits, query, 500)


def test_faiss_finds_the_same_distances():
    pytest.importorskip("faiss")
    rng = np.random.default_rng(4)
    bits = rng.integers(0, 256, (3_000, 16), dtype=np.uint8)
    query = rng.integers(0, 256, 16, dtype=np.uint8)
    for alive in (None, rng.random(3_000) < 0.01, np.zeros(3_000, bool)):
        ours, theirs = scan(bits, query, 50, alive=alive), signatures.scan_by_faiss(bits, query, 50, alive=alive)
        assert np.unpackbits(bits[ours] ^ query).sum() == np.unpackbits(bits[theirs] ^ query).sum()
        assert len(ours) == len(theirs)
    assert len(signatures.scan_by_faiss(bits[:0], query, 5)) == 0


@pytest.mark.parametrize("dims", [128, 256, 384])
def test_ten_neighbours_are_kept(dims):
    vectors = clustered(20_000, dims)
    bits, (small, scale) = signs(vectors), quantised(vectors)
    kept = 0
    for place in range(0, 2_000, 100):
        true = set(np.argsort(-(vectors @ vectors[place]), kind="stable")[:10].tolist())
        kept += len(true & set(nearest(bits, small, scale, vectors[place])[0].tolist()))
    assert kept / 200 >= 0.98


@given(st.integers(1, 20), st.integers(0, 99))
@settings(max_examples=40, deadline=None)
def test_a_vector_keeps_its_product_with_itself(count, seed):
    vectors = unit(count, 64, seed)
    small, scale = quantised(vectors)
    back = small * scale[:, None]
    assert (vectors * back).sum(axis=1) == pytest.approx(np.ones(count), abs=1e-5)
    assert np.abs(back - vectors).max() < 0.01


def test_a_vector_of_noughts_is_near_to_nothing_and_breaks_nothing():
    vectors = np.vstack([np.zeros((1, 16), np.float32), unit(3, 16)])
    small, scale = quantised(vectors)
    rows, cosines = nearest(signs(vectors), small, scale, vectors[1], 4)
    assert rows[0] == 1
    assert cosines[rows == 0] == 0


@pytest.mark.parametrize(
    "vectors",
    [[1.0, 2.0], [[1.0, 2.0]], [[]], [[float("inf")] * 8]],
    ids=["one row alone", "a width that does not fill bytes", "no width", "infinite"],
)
def test_other_things_than_vectors_are_refused(vectors):
    with pytest.raises(BadVectors):
        signs(vectors)


@pytest.mark.parametrize("name", ["a b", 'x"; drop table appeal; --', "", "имя"])
def test_a_statement_is_made_of_plain_names_only(name):
    with pytest.raises(ValueError, match="plain name"):
        postgres_nearest(table=name, key="id", column="sig", dims=8)


@pytest.mark.skipif(
    not os.environ.get("DAUYS_DATABASE", "").startswith("postgresql"), reason="asks a PostgreSQL server"
)
def test_postgresql_ranks_as_the_scan_does():
    import psycopg

    bits = signs(unit(300, 128))
    query = signs(unit(1, 128, seed=9))[0]
    with psycopg.connect(os.environ["DAUYS_DATABASE"]) as connection:
        connection.execute("CREATE TEMPORARY TABLE kept (id bigint, sig bit(128))")
        with connection.cursor() as cursor:
            cursor.executemany(
                "INSERT INTO kept VALUES (%s, %s::text::bit(128))",
                [(row, bit_literal(one)) for row, one in enumerate(bits)],
            )
        found = connection.execute(
            postgres_nearest(table="kept", key="id", column="sig", dims=128), {"query": bit_literal(query), "most": 20}
        ).fetchall()
    assert [row for row, _distance in found] == scan(bits, query, 20).tolist()
