import pytest

from dauys.prove.tests.life import Life


@pytest.fixture
def life(cast) -> Life:
    return Life(cast)
