"""The site's way of hashing passwords at the smallest cost that it takes: what is kept says the same."""

from django.contrib.auth.hashers import Argon2PasswordHasher


class QuickArgon2(Argon2PasswordHasher):
    """A password hashed in a fraction of a millisecond; only tests can afford how easily it is guessed."""

    time_cost, memory_cost, parallelism = 1, 8, 1
