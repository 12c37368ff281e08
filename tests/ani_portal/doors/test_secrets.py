"""What a copy of the database holds of people's second factors and passwords."""

from django.db import connections

from tests.cast import PASSWORD, Cast
from tests.sign_in import totp_secret


def test_a_copy_of_the_database_is_no_second_factor(cast: Cast) -> None:
    """The secrets of authenticator apps are encrypted with a key that is not in it; passwords are Argon2."""
    secret = totp_secret(cast.email("norfolk", "officer1"))
    with connections["owner"].cursor() as cursor:
        cursor.execute("select string_agg(data::text, ' ') from mfa_authenticator")
        factors = (cursor.fetchone() or ("",))[0]
        cursor.execute("select string_agg(password, ' ') from accounts_user")
        passwords = (cursor.fetchone() or ("",))[0]
    assert "secret" in factors and secret not in factors
    assert PASSWORD not in passwords and passwords.count("argon2$argon2id") == len(passwords.split(" "))
