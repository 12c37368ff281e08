"""Every permission, with a sentence each, and the roles that hold them. Code, so that a change is reviewed."""

from enum import Enum, StrEnum


class Door(StrEnum):
    """One of the surfaces, each with its own kind of person."""

    COUNTER = "counter"
    TRIAGE = "triage"
    ONBOARDING = "onboarding"
    AUDIT = "audit"
    ACCOUNT = "account"
    OPERATOR = "operator"


class Permission(Enum):
    """What somebody may do. The value is the door it belongs to and the sentence that the docs show."""

    USE_TABLET = (Door.COUNTER, "See the cover and the help, and raise the alarm, from an enrolled tablet.")
    RECORD = (Door.COUNTER, "Record what a person said, after a PIN or under a typed name.")
    SEE_QUEUE = (Door.TRIAGE, "See the queue of one's own force.")
    OPEN_RECORD = (Door.TRIAGE, "Open a released record of one's own force and read what was released.")
    WORK_RECORD = (Door.TRIAGE, "Claim a record, work on it, pass it on and close it.")
    SUPERVISE = (Door.TRIAGE, "Give a record to an officer, and pause the desk.")
    FIND_RECORD = (
        Door.TRIAGE,
        "Look for one's own force's records by reference or phone number; each search is logged.",
    )
    SEE_RETENTION = (Door.TRIAGE, "See which records are due for disposal, held or asked for, and the schedule.")
    SET_RETENTION = (Door.TRIAGE, "Change the force's retention schedule.")
    HOLD_RECORD = (Door.TRIAGE, "Put a record under legal hold, and lift a hold.")
    DISPOSE_RECORD = (Door.TRIAGE, "Ask for the disposal of a due record, or approve what a colleague asked for.")
    ANSWER_ACCESS = (Door.TRIAGE, "Review and mask a copy for a person who asks what is held about them.")
    CLEAR_ACCESS = (Door.TRIAGE, "Clear such a copy for release, as the data protection officer.")
    BREAK_GLASS = (
        Door.TRIAGE,
        "Open words that are restricted to named officers, with a typed reason; the whole desk and its duty contact are told.",
    )
    GUARD_PEOPLE = (
        Door.ONBOARDING,
        "Take a colleague's second factor away so that they set up a new one, name the force's conflict officers,"
        " and confirm how the force signs its people in.",
    )
    ENROL_TABLETS = (Door.ONBOARDING, "See the force's pharmacies and make codes that enrol tablets.")
    OWN_ACCOUNT = (Door.ACCOUNT, "See and change one's own sign-in: second factors, password, open sessions.")
    ENROL_FACTOR = (Door.ACCOUNT, "Set up a first second factor, after the password and before anything else.")
    BRING_ON_BOARD = (
        Door.ONBOARDING,
        "Give a register, answer pharmacies that ask to join, change and confirm the force's pharmacies.",
    )
    MANAGE_PEOPLE = (Door.ONBOARDING, "Invite staff and administrators, record training, end memberships.")
    SET_FORCE = (Door.ONBOARDING, "Change the force's settings, its checklist and its support directory, and go live.")
    SEE_READINESS = (Door.ONBOARDING, "See which pharmacies, tablets and people would work today.")
    MANAGE_FORCES = (
        Door.OPERATOR,
        "Bring a force on and name its first coordinator; reads no record, no pharmacy and no log.",
    )
    READ_LOG = (Door.AUDIT, "Read the force's log, without content.")

    @property
    def door(self) -> Door:
        """The door the permission belongs to."""
        return self.value[0]

    @property
    def sentence(self) -> str:
        """What holding it means."""
        return self.value[1]


class Role(StrEnum):
    """A bundle of permissions; a membership's row names one."""

    COVERED_TABLET = "covered tablet"
    RECORDER = "recorder"
    OFFICER = "officer"
    SUPERVISOR = "supervisor"
    DATA_PROTECTION = "dpo"
    COORDINATOR = "coordinator"
    ADMINISTRATOR = "administrator"
    AUDITOR = "auditor"
    OPERATOR = "operator"
    PERSON = "person"
    NEWCOMER = "newcomer"


_OFFICER = frozenset(
    {
        Permission.SEE_QUEUE,
        Permission.OPEN_RECORD,
        Permission.WORK_RECORD,
        Permission.FIND_RECORD,
        Permission.BREAK_GLASS,
    }
)

_RECORDS = frozenset(
    {
        Permission.SEE_RETENTION,
        Permission.SET_RETENTION,
        Permission.HOLD_RECORD,
        Permission.DISPOSE_RECORD,
        Permission.ANSWER_ACCESS,
        Permission.FIND_RECORD,
    }
)

ROLES: dict[Role, frozenset[Permission]] = {
    Role.COVERED_TABLET: frozenset({Permission.USE_TABLET}),
    Role.RECORDER: frozenset({Permission.USE_TABLET, Permission.RECORD}),
    Role.OFFICER: _OFFICER,
    Role.COORDINATOR: frozenset(
        {
            Permission.ENROL_TABLETS,
            Permission.BRING_ON_BOARD,
            Permission.MANAGE_PEOPLE,
            Permission.SET_FORCE,
            Permission.SEE_READINESS,
            Permission.GUARD_PEOPLE,
        }
    ),
    Role.ADMINISTRATOR: frozenset({Permission.ENROL_TABLETS, Permission.MANAGE_PEOPLE, Permission.SEE_READINESS}),
    Role.SUPERVISOR: _OFFICER | _RECORDS | {Permission.SUPERVISE},
    Role.DATA_PROTECTION: frozenset({Permission.OPEN_RECORD, Permission.BREAK_GLASS, Permission.CLEAR_ACCESS})
    | _RECORDS,
    Role.AUDITOR: frozenset({Permission.READ_LOG}),
    Role.OPERATOR: frozenset({Permission.MANAGE_FORCES}),
    Role.PERSON: frozenset({Permission.OWN_ACCOUNT}),
    Role.NEWCOMER: frozenset({Permission.ENROL_FACTOR}),
}
