import pytest

import stays


@pytest.fixture
def stay(county):
    """A function that writes a finished stay of the county's person, 1,000 yuan a part, and gives its key."""
    return stays.maker(county)
