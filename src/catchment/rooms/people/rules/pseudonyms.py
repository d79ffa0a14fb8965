"""What one office calls a person: always the same there, something else at the next office.

The root is the random key under which the person goes into the lake; an office's word for it is a keyed digest of both.
Nobody tells it back, or apart from chance, without the county's secret: not the office, nor who holds the lake.
"""

import hashlib
import hmac

from django.conf import settings

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32: no letter that is read as a digit."""
PARTS, LENGTH, BITS = 3, 4, 5


def pseudonym(office_id: int, person_key: int) -> str:
    """Three groups of four characters, 60 bits; two of 1.5 million people share one with a chance of 1 : 10⁶."""
    digest = hmac.digest(_key(), f"{office_id}:{person_key}".encode(), "sha256")
    number = int.from_bytes(digest[:8]) >> (64 - PARTS * LENGTH * BITS)
    letters = [ALPHABET[number >> (BITS * place) & 31] for place in range(PARTS * LENGTH)]
    return "-".join("".join(letters[at : at + LENGTH]) for at in range(0, PARTS * LENGTH, LENGTH))


def _key() -> bytes:
    return hashlib.sha256(b"catchment pseudonyms " + settings.SECRET_KEY.encode()).digest()
