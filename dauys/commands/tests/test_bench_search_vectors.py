import pytest

from dauys.commands.bench import search_vectors


@pytest.mark.parametrize("dims", [64, 384])
def test_the_measurement_counts_what_it_says(dims):
    found = search_vectors.measure(vectors=3_000, dims=dims)
    assert found["disk_mb"] == pytest.approx(3_000 * (dims + dims / 8 + 12) / 1e6, abs=0.1)
    assert found["by"]["numpy"]["recall_at_10"] > 0.97
    assert found["by"]["faiss"] is None or found["by"]["faiss"]["recall_at_10"] > 0.97
    assert any("numpy: " in line for line in search_vectors.lines(found))
