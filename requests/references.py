"""Short references, read out over the phone: no letter or digit that sounds or looks like another."""

import secrets

ALPHABET = "23456789CDFGHJKMNPQRTVWXY"  # no vowels, so no words; no 0 1 O I L S Z B


def new_reference() -> str:
    """A reference such as K7M-2QX; the database holds that it is the only one of its force."""
    letters = "".join(secrets.choice(ALPHABET) for _ in range(6))
    return f"{letters[:3]}-{letters[3:]}"
