"""The folder of signatures: what was committed is there whatever happened to the process or to the file's end."""

import os
import shutil
import signal
import subprocess
import sys
import time

import numpy as np
import pytest

from dauys.engines import signatures
from dauys.understand.signature_store import (
    AnotherWriter,
    DamagedStore,
    OtherEncoder,
    SignatureStore,
    SignatureStoreError,
)

DIMS = 16


def unit(count, *, dims=DIMS, seed=1):
    vectors = np.random.default_rng(seed).standard_normal((count, dims)).astype(np.float32)
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def writing(folder, encoder="e5@1", dims=DIMS):
    return SignatureStore.writing(folder, encoder=encoder, dims=dims)


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "vectors"


def test_what_was_appended_is_found_by_a_reader(folder):
    vectors = unit(50)
    with writing(folder) as store:
        assert store.append(range(101, 151), vectors) == 50
    reader = SignatureStore(folder, encoder="e5@1")
    assert len(reader) == 50
    assert reader.last_id == 150
    found = reader.search(vectors[7], 3)
    assert found[0].appeal_id == 108
    assert found[0].cosine == pytest.approx(1, abs=0.01)
    assert [one.cosine for one in found] == sorted((one.cosine for one in found), reverse=True)


@pytest.mark.parametrize("dims", [128, 192, 256, 384])
@pytest.mark.parametrize("by", [signatures.scan, signatures.scan_by_faiss])
def test_it_serves_encoders_of_any_width(folder, dims, by):
    if by is signatures.scan_by_faiss:
        pytest.importorskip("faiss")
    vectors = unit(400, dims=dims)
    with writing(folder, dims=dims) as store:
        store.append(range(400), vectors)
        assert [store.search(vectors[place], 1, by=by)[0].appeal_id for place in range(0, 400, 40)] == list(
            range(0, 400, 40)
        )
    assert (folder / "signs.bin").stat().st_size == 400 * dims // 8
    assert (folder / "vectors.bin").stat().st_size == 400 * dims


def test_a_removed_appeal_is_not_found_and_stays_so(folder):
    vectors = unit(20)
    with writing(folder) as store:
        store.append(range(1, 21), vectors)
        assert store.remove([5, 999]) == 1
        assert store.remove([5]) == 0
        assert store.search(vectors[4], 1)[0].appeal_id != 5
    with writing(folder) as store:
        assert len(store) == 19
        assert 5 not in [one.appeal_id for one in store.search(vectors[4], 20)]


def test_an_appeal_added_again_is_replaced(folder):
    vectors = unit(3)
    with writing(folder) as store:
        store.append([1, 2], vectors[:2])
        store.append([2], vectors[2:])
        assert len(store) == 2
        assert [one.appeal_id for one in store.search(vectors[2], 2)] == [2, 1]
        assert store.vectors_of([2])[2] == pytest.approx(vectors[2], abs=0.02)


def test_a_reader_sees_later_commits_when_it_asks(folder):
    with writing(folder) as store:
        reader = SignatureStore(folder, encoder="e5@1")
        assert reader.search(unit(1)[0]) == []
        store.append([1], unit(1))
        assert reader.refresh()
        assert not reader.refresh()
        assert len(reader) == 1
        store.remove([1])
        assert reader.refresh()
        assert len(reader) == 0


def test_a_search_may_be_kept_to_some_of_the_appeals(folder):
    vectors = unit(30)
    with writing(folder) as store:
        store.append(range(30), vectors)
        store.remove([4])
        found = store.search(vectors[3], 30, among=store.all_ids() % 2 == 0)
    assert {one.appeal_id for one in found} == set(range(0, 30, 2)) - {4}


def test_there_is_one_writer(folder):
    with writing(folder), pytest.raises(AnotherWriter, match="Another process"):
        writing(folder)
    writing(folder).close()
    reader = SignatureStore(folder, encoder="e5@1")
    with pytest.raises(SignatureStoreError, match="reading only"):
        reader.append([1], unit(1))


def test_another_encoder_is_refused_until_all_is_begun_anew(folder):
    with writing(folder) as store:
        store.append([1], unit(1))
    reader = SignatureStore(folder, encoder="e5@1")
    with pytest.raises(OtherEncoder, match=r"Embed the appeals again"):
        SignatureStore(folder, encoder="e5@2")
    with pytest.raises(OtherEncoder):
        writing(folder, encoder="e5@2")
    with pytest.raises(OtherEncoder):
        writing(folder, dims=32)
    with SignatureStore.start_over(folder, encoder="e5@2", dims=32) as store:
        assert len(store) == 0
        store.append([1], unit(1, dims=32))
    with pytest.raises(OtherEncoder):
        reader.refresh()


@pytest.mark.parametrize(
    ("ids", "vectors", "error"),
    [
        pytest.param([1], unit(1, dims=8), signatures.BadVectors, id="another width"),
        pytest.param([1], np.full((1, DIMS), np.nan), signatures.BadVectors, id="not a number"),
        pytest.param([1, 1], unit(2), ValueError, id="an appeal twice"),
        pytest.param([1, 2], unit(1), ValueError, id="more appeals than vectors"),
    ],
)
def test_bad_vectors_are_refused_and_nothing_is_kept(folder, ids, vectors, error):
    with writing(folder) as store:
        with pytest.raises(error):
            store.append(ids, vectors)
        assert len(store) == 0
        assert store.append([], []) == 0


def test_a_width_that_does_not_fill_bytes_is_refused(folder):
    with pytest.raises(ValueError, match="multiple of 8"):
        writing(folder, dims=100)


def ids_and_vectors(folder):
    with SignatureStore(folder, encoder="e5@1") as store:
        return sorted(store.ids().tolist()), store.verify()


def test_a_file_cut_at_any_byte_opens_at_a_commit(folder, tmp_path, monkeypatch):
    monkeypatch.setattr(os, "fsync", lambda _file: None)  # hundreds of stores; what is cut here was cut after flushing
    vectors = unit(6, dims=8)
    states = [[]]
    with writing(folder, dims=8) as store:
        for act in (
            lambda: store.append([1, 2], vectors[:2]),
            lambda: store.append([3], vectors[2:3]),
            lambda: store.remove([2]),
            lambda: store.append([3, 4], vectors[3:5]),
        ):
            act()
            states.append(sorted(store.ids().tolist()))
    for name in ("commits.bin", "signs.bin", "vectors.bin", "scales.bin", "ids.bin", "removed.bin"):
        whole = (folder / name).read_bytes()
        seen = []
        for size in range(len(whole) + 1):
            torn = tmp_path / "torn"
            shutil.rmtree(torn, ignore_errors=True)
            shutil.copytree(folder, torn)
            (torn / name).write_bytes(whole[:size])
            ids, commits = ids_and_vectors(torn)  # a reader, before any repair
            assert ids == states[commits], (name, size)
            with writing(torn, dims=8) as store:
                assert sorted(store.ids().tolist()) == ids
                store.append([9], vectors[5:])
                assert store.search(vectors[5], 1)[0].appeal_id == 9
            assert ids_and_vectors(torn) == (sorted([*ids, 9]), commits + 1)
            seen.append(commits)
        assert seen == sorted(seen), name
        assert seen[-1] == 4, name


@pytest.mark.parametrize("name", ["commits.bin", "signs.bin", "vectors.bin", "scales.bin", "ids.bin"])
def test_rubbish_after_the_last_commit_is_cut_off(folder, name):
    with writing(folder) as store:
        store.append([1], unit(1))
    with (folder / name).open("ab") as file:
        file.write(b"\xff" * 37)
    with writing(folder) as store:
        store.append([2], unit(1, seed=2))
        assert store.search(unit(1, seed=2)[0], 1)[0].appeal_id == 2
    assert ids_and_vectors(folder) == ([1, 2], 2)


def test_a_changed_byte_in_an_old_commit_is_named(folder):
    with writing(folder) as store:
        store.append([1], unit(1))
        store.append([2], unit(1, seed=2))
    with (folder / "vectors.bin").open("r+b") as file:
        file.seek(3)
        file.write(b"\x55")
    with pytest.raises(DamagedStore, match="Commit 1"):
        SignatureStore(folder, encoder="e5@1").verify()


@pytest.mark.parametrize("turn", range(1, 6))
def test_after_a_full_disk_the_next_commit_stands_on_whole_ground(folder, monkeypatch, turn):
    vectors = unit(3)
    with writing(folder) as store:
        store.append([1], vectors[:1])
        flush, calls = os.fsync, []

        def full(file):
            calls.append(file)
            if len(calls) == turn:
                raise OSError(28, "No space left on device")
            flush(file)

        monkeypatch.setattr(os, "fsync", full)
        with pytest.raises(OSError, match="No space"):
            store.append([2], vectors[1:2])
        monkeypatch.setattr(os, "fsync", flush)
        store.append([2], vectors[1:2])
        store.append([3], vectors[2:])
        assert [store.search(vector, 1)[0].appeal_id for vector in vectors] == [1, 2, 3]
        assert len(store) == 3
    SignatureStore(folder, encoder="e5@1").verify()


@pytest.mark.parametrize("content", ["", "{", '{"format": "x", "encoder": "e5@1", "dims": 16}', '{"dims": 16}', "[]"])
def test_a_foreign_header_is_refused_with_the_reason(folder, content):
    writing(folder).close()
    (folder / "header.json").write_text(content)
    with pytest.raises(DamagedStore):
        writing(folder)


def test_a_store_without_its_header_is_not_taken_for_a_new_one(folder):
    with writing(folder) as store:
        store.append([1], unit(1))
    (folder / "header.json").unlink()
    with pytest.raises(DamagedStore, match="missing"):
        writing(folder)


CHILD = """
import sys
import numpy as np
from pathlib import Path
from dauys.understand.signature_store import SignatureStore
with SignatureStore.writing(Path(sys.argv[1]), encoder="e5@1", dims=16) as store:
    rng = np.random.default_rng(0)
    while True:
        first = store.last_id + 1
        store.append(range(first, first + 7), rng.standard_normal((7, 16)))
        print(store.last_id, flush=True)
"""


def test_a_killed_writer_loses_nothing_it_had_promised(folder):
    promised = 0
    for turn in range(6):
        child = subprocess.Popen([sys.executable, "-c", CHILD, str(folder)], stdout=subprocess.PIPE, text=True)
        try:
            first = child.stdout.readline()
            time.sleep(0.013 * turn)
        finally:
            os.kill(child.pid, signal.SIGKILL)
        said = [first, *child.stdout]
        child.wait()
        # The last line may itself be torn by the kill; the one before it was a promise for certain.
        promised = max([promised, *(int(line) for line in said if line.endswith("\n"))])
        reader = SignatureStore(folder, encoder="e5@1")
        assert reader.last_id >= promised > 0
        assert reader.ids().tolist() == list(range(1, reader.last_id + 1))
        assert reader.last_id % 7 == 0
        reader.verify()
