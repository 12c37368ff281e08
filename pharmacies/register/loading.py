"""Writes postcodes and districts, in one transaction or not at all."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from django.db import connections
from django.utils.translation import gettext as _

from ani_portal.access.roles import current_alias, using_role
from ani_portal.access.scope import Kind, Scope, scoped
from ani_portal.audit.log import Actor
from pharmacies.models import District, PoliceForce
from pharmacies.reference import forces

from .codepoint import DistrictRow, PostcodeRow, RefusedRow, postcode_rows
from .reading import UnreadableFile

# Rows a statement: large enough to be quick, small enough to hold in memory.
_BATCH = 20_000
# A file of which not one of the first rows can be read is another kind of file.
_SAMPLE = 5
_UPSERT = """
with given as (
    select g.postcode, d.code as district_id, g.easting, g.northing
    from unnest(%s::text[], %s::text[], %s::int[], %s::int[]) as g (postcode, district, easting, northing)
    left join pharmacies_district d on d.code = g.district
), written as (
    insert into pharmacies_postcode as p (postcode, district_id, easting, northing) select * from given
    on conflict (postcode) do update
    set district_id = excluded.district_id, easting = excluded.easting, northing = excluded.northing
    where (p.district_id, p.easting, p.northing)
        is distinct from (excluded.district_id, excluded.easting, excluded.northing)
    returning xmax = 0 as is_new
)
select count(*) filter (where is_new), count(*) filter (where not is_new) from written
"""


@dataclass
class Tally:
    """How many rows were read, and what became of them."""

    read: int = 0
    new: int = 0
    changed: int = 0
    refused: list[RefusedRow] = field(default_factory=list)

    @property
    def same(self) -> int:
        """Rows that said what was known already."""
        return self.read - self.new - self.changed - len(self.refused)


@dataclass
class Loaded:
    """What load() did."""

    districts: Tally = field(default_factory=Tally)
    postcodes: Tally = field(default_factory=Tally)
    forces_written: int = 0
    unknown_districts: set[str] = field(default_factory=set)  # in the postcode files, but not in the look-up table


def load(paths: Iterable[Path], districts: list[DistrictRow], *, by: Actor) -> Loaded:
    """Write the districts, then the postcodes of the files. Raises UnreadableFile, and then nothing was written."""
    done = Loaded()
    with using_role("import"), scoped(Scope(Kind.WORKER)) as log:
        if not PoliceForce.objects.exists():
            done.forces_written = forces.load()
        _load_districts(districts, done.districts)
        known = set(District.objects.values_list("code", flat=True))
        seen: set[str] = set()
        for path in paths:
            _load_file(path, done, known, seen)
        if any(tally.new or tally.changed for tally in (done.districts, done.postcodes)):
            log.note(
                "postcodes.loaded",
                by=by,
                force=None,
                districts_new=done.districts.new,
                districts_changed=done.districts.changed,
                postcodes_new=done.postcodes.new,
                postcodes_changed=done.postcodes.changed,
            )
    return done


def _load_districts(rows: list[DistrictRow], tally: Tally) -> None:
    force_ids = dict(PoliceForce.objects.order_by().values_list("ons_code", "pk"))
    known = District.objects.in_bulk()
    new, changed = [], []
    for number, row in enumerate(rows, start=1):
        tally.read += 1
        if row.force and row.force not in force_ids:
            reason = _("%(district)s: no police force here has the code %(force)s.")
            tally.refused.append(RefusedRow("", number, reason % {"district": row.name, "force": row.force}))
            continue
        district = District(code=row.code, name=row.name, force_id=force_ids.get(row.force))
        if row.code not in known:
            new.append(district)
        elif (known[row.code].name, known[row.code].force_id) != (district.name, district.force_id):
            changed.append(district)
    District.objects.bulk_create(new)
    if changed:
        District.objects.bulk_update(changed, ["name", "force"], batch_size=500)
    tally.new, tally.changed = len(new), len(changed)


def _load_file(path: Path, done: Loaded, known: set[str], seen: set[str]) -> None:
    tally, batch, read = done.postcodes, [], 0
    for number, row in enumerate(_checked(path), start=1):
        read = number
        if isinstance(row, RefusedRow):
            tally.refused.append(row)
            continue
        if row.postcode in seen:
            reason = _("%s stands in an earlier row as well; the earlier one was taken.") % row.postcode
            tally.refused.append(RefusedRow(path.name, number, reason))
            continue
        seen.add(row.postcode)
        if row.district and row.district not in known:
            done.unknown_districts.add(row.district)
        batch.append(row)
        if len(batch) == _BATCH:
            _upsert(batch, tally)
            batch = []
    if not read:
        raise UnreadableFile(_("%s has no rows.") % path.name)
    tally.read += read
    _upsert(batch, tally)


def _checked(path: Path) -> Iterable[PostcodeRow | RefusedRow]:
    """The file's rows; UnreadableFile if all of the first ones are refused."""
    first: list[RefusedRow] = []
    good = False
    try:
        for row in postcode_rows(path):
            if good or not isinstance(row, RefusedRow):
                good = True
                yield from first
                first = []
                yield row
                continue
            first.append(row)
            if len(first) == _SAMPLE:
                break
    except UnreadableFile as error:
        raise UnreadableFile(f"{path.name}: {error}") from error
    if first:
        raise UnreadableFile(
            _("%(file)s is not a Code-Point Open file. Row %(row)d: %(why)s")
            % {"file": path.name, "row": first[0].row, "why": first[0].reason}
        )


def _upsert(batch: list[PostcodeRow], tally: Tally) -> None:
    if not batch:
        return
    columns = [[getattr(row, name) for row in batch] for name in ("postcode", "district", "easting", "northing")]
    with connections[current_alias()].cursor() as cursor:
        cursor.execute(_UPSERT, columns)
        new, changed = cursor.fetchone()
    tally.new += new
    tally.changed += changed
