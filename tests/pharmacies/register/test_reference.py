"""What the portal starts with, as facts."""

import re
from collections import Counter
from datetime import timedelta

from django.db import connections

from ani_portal.access.roles import using_role
from pharmacies.enums import Audience, Nation
from pharmacies.models import ForceSettings, Pharmacy, PoliceForce, SupportService
from pharmacies.reference import districts, forces, load, pharmacies, settings, support
from pharmacies.register.casing import readable
from pharmacies.register.layouts import is_code
from pharmacies.register.postcodes import normalise

SITES = pharmacies.NORFOLK_SITES + pharmacies.CHESHIRE_SITES


def test_every_territorial_force_once() -> None:
    codes = [code for code, *_ in forces.FORCES]
    assert len(codes) == len(set(codes)) == 45
    nations = Counter(nation for *_, nation, _ in forces.FORCES)
    assert nations == {Nation.ENGLAND: 39, Nation.WALES: 4, Nation.SCOTLAND: 1, Nation.NORTHERN_IRELAND: 1}
    assert all(code.startswith("W15") == (nation == Nation.WALES) for code, _, _, nation, _ in forces.FORCES)
    assert not any("Transport" in name for _, name, *_ in forces.FORCES)


def test_a_website_that_no_source_gives_is_blank() -> None:
    blank = [short for _, _, short, _, website in forces.FORCES if not website]
    assert sorted(blank) == ["Kent", "Scotland", "Warwickshire"]


def test_twenty_four_pharmacies_of_each_force_over_all_its_districts() -> None:
    for sites, force in ((pharmacies.NORFOLK_SITES, forces.NORFOLK), (pharmacies.CHESHIRE_SITES, forces.CHESHIRE)):
        assert len(sites) == 24
        wanted = {code for code, (_, of) in districts.DISTRICTS.items() if of == force}
        assert {site.district for site in sites} == wanted
    assert len({site.ods_code for site in SITES}) == 48


def test_their_facts_have_the_forms_that_an_import_gives_them() -> None:
    for site in SITES:
        assert is_code(site.ods_code)
        assert normalise(site.postcode) == site.postcode
        assert readable(site.name) == site.name
        assert re.fullmatch(r"0\d{2,5} \d{5,8}", site.phone), site
        assert site.parent in pharmacies.HEAD_OFFICES
        assert 300_000 < site.easting < 660_000 and 240_000 < site.northing < 400_000


def test_the_places_that_mislead_are_among_them() -> None:
    found = {site.postcode.split()[0] for site in SITES}
    assert found >= {"IP20", "IP22", "IP24", "IP25", "NR31", "PE38", "CW3", "SK12", "CH4", "CH64", "WA8", "WA7"}
    assert "FAR67" in {site.ods_code for site in SITES}


def test_no_number_is_a_mobile_or_of_an_unconfirmed_line() -> None:
    unconfirmed = {"0808 80 10 800", "0808 802 1414", "0800 1111", "0808 800 5000", "0300 123 7047"}
    unconfirmed |= {"0300 11 11 247", "01925 243359", "0800 2000 247"}
    numbers = {line.phone for line in support.LINES}
    assert not numbers & unconfirmed
    assert all(line.phone or line.website for line in support.LINES)
    assert all(line.source and line.owner and line.verified <= support.COMPARED for line in support.LINES)


def test_lines_for_others_are_held_apart() -> None:
    by_name = {line.name: line for line in support.LINES}
    assert by_name["Respect Phoneline"].audience == Audience.PERSON_WHO_HARMS
    professional = {line.name for line in support.LINES if line.audience == Audience.PROFESSIONAL}
    assert {"Norfolk Children's Advice and Duty Service (CADS)", "Norfolk adult safeguarding"} <= professional
    assert by_name["National Domestic Abuse Helpline"].nation == Nation.ENGLAND
    assert by_name["Cheshire East Domestic Abuse Hub"].district == districts.CHESHIRE_EAST


def test_every_line_is_a_valid_row_of_the_directory() -> None:
    for line in support.LINES:
        facts = line._asdict() | {"last_verified": line.verified, "force": None}
        facts["district_id"] = facts.pop("district")
        del facts["verified"]
        SupportService(**facts).clean_fields(exclude={"force", "district"})


def test_what_the_letters_stand_for_differs() -> None:
    assert settings.STARTS[forces.NORFOLK].stands_for == "Action Needed Immediately"
    assert settings.STARTS[forces.CHESHIRE].stands_for == "Assistance Needed Immediately"


def test_loading_writes_what_is_missing_and_leaves_what_people_changed(database: str) -> None:
    with using_role("owner"), connections["owner"].cursor() as cursor:
        cursor.execute("truncate pharmacies_policeforce cascade")
    with using_role("import"):
        load(practice=True)
        ForceSettings.objects.filter(force__ons_code=forces.NORFOLK).update(codeword_stands_for="Changed by us")
        SupportService.objects.filter(name="Leeway").update(phone="01234 567890")
        PoliceForce.objects.filter(ons_code=forces.NORFOLK).update(active=False, website="")
        load(practice=True)
    with using_role("owner"):
        norfolk, cheshire = (PoliceForce.objects.get(ons_code=code) for code in (forces.NORFOLK, forces.CHESHIRE))
        assert norfolk.settings.codeword_stands_for == "Changed by us"
        assert (norfolk.active, norfolk.website) == (False, "https://www.norfolk.police.uk")
        assert "4 November 2024" in cheshire.settings.scheme_status
        assert [(g.code, g.target) for g in cheshire.grades.all()] == [
            ("1", timedelta(minutes=15)),
            ("2", timedelta(hours=1)),
        ]
        assert [(g.code, g.target) for g in norfolk.grades.all()] == [("A", None), ("B", timedelta(hours=1))]
        assert SupportService.objects.get(name="Leeway").phone == "01234 567890"
        assert SupportService.objects.count() == len(support.LINES)
        taking_part = Pharmacy.objects.filter(participation="on_board", force__isnull=False)
        assert sorted(Counter(taking_part.values_list("force__short_name", flat=True)).items()) == [
            ("Cheshire", 24),
            ("Norfolk", 24),
        ]
