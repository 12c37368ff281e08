"""What can be set from outside, found in the code, for docs/reference/settings.md."""

import ast
import re
from dataclasses import dataclass
from pathlib import Path

GROUND = Path(__file__).parent
# Where variables are read. A new one without its sentence below stops `make check`.
READ_IN = ("settings.py", "gunicorn.py", "asgi.py", "tryout_run.py", "engine/place.py")
# The roles' addresses are read in a loop.
ROLE_URL = re.compile(r"DATABASE_[A-Z]+_URL")
# Named by others, not by the service.
NOT_OURS = {"DJANGO_SETTINGS_MODULE", "PATH"}

WHAT = {
    "ALLOWED_HOSTS": "The host names served, separated by commas. Needed.",
    "ANI_PG_BIN": "Trying out and tests: the folder with PostgreSQL's own programs, instead of the bundled ones.",
    "ANI_TRYOUT": "Trying out on the loopback address over plain http with made-up people. Never on a real service.",
    "ANI_VAR": "Where a try-out keeps its database, secrets and `demo.json`.",
    "AUDIT_ANCHOR_KEY": "The key that signs the day's mark of the log.",
    "AUDIT_ANCHOR_TO": "The address outside this system to which the day's mark of the log goes.",
    "BACKUP_FOLDER": "Where `make backup` writes.",
    "BACKUP_KEY": "32 bytes in base64url that encrypt backups. A web server needs none.",
    "BIND": "The addresses that gunicorn listens on, separated by commas.",
    "CSRF_TRUSTED_ORIGINS": "Further origins whose forms are accepted; none is needed where the proxy passes the host on.",
    "DATABASE_IMPORT_URL": "The address of the database for `import_register` and `load_postcodes`.",
    "DATABASE_OWNER_URL": "The address of the database as the role that owns the tables: for `manage.py migrate`.",
    "DATABASE_URL": "The address of the database as the application's role. Needed.",
    "DATABASE_VERIFY_URL": "The address of the database for `verify_audit`.",
    "DATABASE_WORKER_URL": "The address of the database as the worker's role.",
    "DATA_BACKUP_DAYS": "How many days a backup of the data is kept.",
    "DEFAULT_FROM_EMAIL": "Who the portal's mails are from.",
    "DISPOSAL_LEDGER": "The folder of the ledger of disposals: on another disk than the database.",
    "EMAIL_HOST": "The mail server. A try-out without one writes its mails into files under `var/mail`.",
    "EMAIL_HOST_PASSWORD": "The password at the mail server.",
    "EMAIL_HOST_USER": "The name at the mail server.",
    "EMAIL_PORT": "The port of the mail server.",
    "EMAIL_USE_TLS": "Whether mail goes out over STARTTLS.",
    "FORCE_SIGN_IN_SECRET_<code>": "What the sign-in provider of the force with that ONS code gave us to be known by.",
    "FORWARDED_ALLOW_IPS": "Whose forwarding headers gunicorn accepts: the proxy's addresses.",
    "KEY_SERVICE": "Instead of `MASTER_KEYS`: the dotted path of a callable that returns a key service.",
    "LIVE_MOST_STREAMS": "Open streams of each process; whoever comes after is told to come again and polls meanwhile.",
    "LOG_FORMAT": "`json` for a service, `line` for a person.",
    "LOG_LEVEL": "How much gunicorn says.",
    "MASTER_KEYS": "`name:key` pairs separated by commas, each key 32 random bytes in base64url; the first one wraps.",
    "MASTER_KEYS_FILE": "Instead of `MASTER_KEYS`: a file that a running service reads again when it changes.",
    "METRICS_TOKEN": "What the monitoring system shows to read `/metrics`; without it there is nothing at that address.",
    "PIN_PEPPER": "At least 32 random characters, without which the stored PINs are worthless. Needed.",
    "PORT": "Trying out: the port of `make run`.",
    "SECRET_KEY": "Django's, at least 50 random characters. Needed.",
    "SECURE_SSL_REDIRECT": "Whether plain http is sent on to https.",
    "TRUST_PROXY_HEADERS": "True only behind a proxy that removes `X-Forwarded-Proto` from what comes in.",
    "VAULT_BACKUP_DAYS": "How many days a backup of the store of keys is kept: so long a destroyed key can come back.",
    "WEB_CONCURRENCY": "How many web processes.",
    "WEB_THREADS": "How many threads for pages in each process.",
}
# Read by a made-up name: one for each door, one for each force.
FAMILIES = [f"{door}_HOST" for door in ("COUNTER", "TRIAGE", "ONBOARDING", "AUDIT", "OPERATOR")]
FAMILIES.append("FORCE_SIGN_IN_SECRET_<code>")
WHAT |= {f"{door}_HOST": f"A host name for the {door.lower()} door alone: then none of its routes resolves elsewhere."
         for door in ("COUNTER", "TRIAGE", "ONBOARDING", "AUDIT", "OPERATOR")}  # fmt: skip


@dataclass(frozen=True)
class Variable:
    """One variable of the environment, as the code reads it."""

    name: str
    default: str  # as Python writes it; empty where there is none


def variables() -> list[Variable]:
    """Every variable that the code reads, with its default; ValueError for one without its sentence, or none left."""
    found: dict[str, str] = {}
    for name in READ_IN:
        for node in ast.walk(ast.parse((GROUND / name).read_text())):
            if isinstance(node, ast.Call) and (read := _read(node)) and read[0] not in NOT_OURS:
                found[read[0]] = found.get(read[0]) or read[1]
            elif isinstance(node, ast.Constant) and ROLE_URL.fullmatch(str(node.value)):
                found.setdefault(str(node.value), "")
    found |= dict.fromkeys(FAMILIES, "")
    if missing := sorted(set(found) ^ set(WHAT)):
        raise ValueError(f"ani_portal/environment.py: a sentence for each variable that is read: {', '.join(missing)}")
    return [Variable(name, found[name]) for name in sorted(found)]


def _read(call: ast.Call) -> tuple[str, str] | None:
    """The variable that a call reads and its default, if it reads one."""
    function = ast.unparse(call.func)
    known = function.startswith(("env.", "os.environ.get", "_secret", "_database"))
    if (
        not known
        or not call.args
        or not isinstance(call.args[0], ast.Constant)
        or not str(call.args[0].value).isupper()
    ):
        return None
    given = [word.value for word in call.keywords if word.arg == "default"] or call.args[1:2]
    return str(call.args[0].value), ast.unparse(given[0]) if given else ""


def page() -> str:
    """The reference, as Markdown."""
    rows = ["| variable | what it is | where none is given |", "|---|---|---|"]
    for one in variables():
        default = f"`{one.default}`" if one.default and one.default != "''" else ""
        rows.append(f"| `{one.name}` | {WHAT[one.name]} | {default} |")
    return (
        "# Settings\n\nAll come from the environment. Where the last column holds Python, that is what is taken.\n"
        "A needed one that is missing stops the process and says what to set.\n\n" + "\n".join(rows) + "\n"
    )
