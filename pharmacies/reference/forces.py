"""The territorial police forces of the UK: 43 of England and Wales, Police Scotland and Northern Ireland's.

Sources: ONS codes of police force areas (December 2023); names and websites from the police.uk API, September 2026.
A website that the source does not give is blank (Kent, Warwickshire, Scotland). N99999999 is the pseudo code that the
ONS's postcode products use for Northern Ireland. 101 is the non-emergency number of all of them. British Transport
Police is responsible for the railways and no area, so that no postcode leads to it: it is not here.
"""

from pharmacies.enums import Nation
from pharmacies.models import PoliceForce

NORFOLK, CHESHIRE = "E23000024", "E23000006"
# Those that use the portal from the start; the others are known, and become active by their own checklist.
ACTIVE = frozenset({NORFOLK, CHESHIRE})

# ONS code, name, short name, nation, website.
FORCES = [
    (
        "E23000036",
        "Avon and Somerset Constabulary",
        "Avon and Somerset",
        Nation.ENGLAND,
        "http://www.avonandsomerset.police.uk",
    ),
    ("E23000026", "Bedfordshire Police", "Bedfordshire", Nation.ENGLAND, "https://www.beds.police.uk/"),
    ("E23000023", "Cambridgeshire Constabulary", "Cambridgeshire", Nation.ENGLAND, "https://www.cambs.police.uk"),
    ("E23000006", "Cheshire Constabulary", "Cheshire", Nation.ENGLAND, "https://www.cheshire.police.uk"),
    ("E23000034", "City of London Police", "City of London", Nation.ENGLAND, "https://www.cityoflondon.police.uk/"),
    ("E23000013", "Cleveland Police", "Cleveland", Nation.ENGLAND, "https://www.cleveland.police.uk"),
    ("E23000002", "Cumbria Constabulary", "Cumbria", Nation.ENGLAND, "https://www.cumbria.police.uk/"),
    ("E23000018", "Derbyshire Constabulary", "Derbyshire", Nation.ENGLAND, "http://www.derbyshire.police.uk/"),
    (
        "E23000035",
        "Devon & Cornwall Police",
        "Devon and Cornwall",
        Nation.ENGLAND,
        "https://www.devon-cornwall.police.uk/",
    ),
    ("E23000039", "Dorset Police", "Dorset", Nation.ENGLAND, "https://www.dorset.police.uk/"),
    ("E23000008", "Durham Constabulary", "Durham", Nation.ENGLAND, "https://www.durham.police.uk/"),
    ("W15000004", "Dyfed-Powys Police", "Dyfed-Powys", Nation.WALES, "https://www.dyfed-powys.police.uk/"),
    ("E23000028", "Essex Police", "Essex", Nation.ENGLAND, "https://www.essex.police.uk"),
    (
        "E23000037",
        "Gloucestershire Constabulary",
        "Gloucestershire",
        Nation.ENGLAND,
        "http://www.gloucestershire.police.uk",
    ),
    ("E23000005", "Greater Manchester Police", "Greater Manchester", Nation.ENGLAND, "http://www.gmp.police.uk"),
    ("W15000002", "Gwent Police", "Gwent", Nation.WALES, "http://www.gwent.police.uk/"),
    ("E23000030", "Hampshire Constabulary", "Hampshire", Nation.ENGLAND, "https://www.hampshire.police.uk/"),
    ("E23000027", "Hertfordshire Constabulary", "Hertfordshire", Nation.ENGLAND, "https://www.herts.police.uk"),
    ("E23000012", "Humberside Police", "Humberside", Nation.ENGLAND, "https://www.humberside.police.uk/"),
    ("E23000032", "Kent Police", "Kent", Nation.ENGLAND, ""),
    ("E23000003", "Lancashire Constabulary", "Lancashire", Nation.ENGLAND, "https://www.lancashire.police.uk"),
    ("E23000021", "Leicestershire Police", "Leicestershire", Nation.ENGLAND, "http://www.leics.police.uk/"),
    ("E23000020", "Lincolnshire Police", "Lincolnshire", Nation.ENGLAND, "http://lincs.police.uk/"),
    ("E23000004", "Merseyside Police", "Merseyside", Nation.ENGLAND, "https://www.merseyside.police.uk/"),
    ("E23000001", "Metropolitan Police Service", "Metropolitan", Nation.ENGLAND, "https://www.met.police.uk/"),
    ("E23000024", "Norfolk Constabulary", "Norfolk", Nation.ENGLAND, "https://www.norfolk.police.uk"),
    ("W15000001", "North Wales Police", "North Wales", Nation.WALES, "https://www.northwales.police.uk"),
    ("E23000009", "North Yorkshire Police", "North Yorkshire", Nation.ENGLAND, "https://www.northyorkshire.police.uk/"),
    ("E23000022", "Northamptonshire Police", "Northamptonshire", Nation.ENGLAND, "https://www.northants.police.uk/"),
    ("E23000007", "Northumbria Police", "Northumbria", Nation.ENGLAND, "http://www.northumbria.police.uk"),
    (
        "E23000019",
        "Nottinghamshire Police",
        "Nottinghamshire",
        Nation.ENGLAND,
        "https://www.nottinghamshire.police.uk/",
    ),
    ("S23000009", "Police Scotland", "Scotland", Nation.SCOTLAND, ""),
    (
        "N99999999",
        "Police Service of Northern Ireland",
        "Northern Ireland",
        Nation.NORTHERN_IRELAND,
        "http://www.psni.police.uk",
    ),
    ("W15000003", "South Wales Police", "South Wales", Nation.WALES, "https://www.south-wales.police.uk"),
    ("E23000011", "South Yorkshire Police", "South Yorkshire", Nation.ENGLAND, "http://www.southyorks.police.uk/"),
    ("E23000015", "Staffordshire Police", "Staffordshire", Nation.ENGLAND, "http://www.staffordshire.police.uk"),
    ("E23000025", "Suffolk Constabulary", "Suffolk", Nation.ENGLAND, "https://www.suffolk.police.uk/"),
    ("E23000031", "Surrey Police", "Surrey", Nation.ENGLAND, "https://surrey.police.uk/"),
    ("E23000033", "Sussex Police", "Sussex", Nation.ENGLAND, "http://www.sussex.police.uk/"),
    ("E23000029", "Thames Valley Police", "Thames Valley", Nation.ENGLAND, "http://www.thamesvalley.police.uk"),
    ("E23000017", "Warwickshire Police", "Warwickshire", Nation.ENGLAND, ""),
    ("E23000016", "West Mercia Police", "West Mercia", Nation.ENGLAND, "https://www.westmercia.police.uk"),
    ("E23000014", "West Midlands Police", "West Midlands", Nation.ENGLAND, "http://www.west-midlands.police.uk"),
    (
        "E23000010",
        "West Yorkshire Police",
        "West Yorkshire",
        Nation.ENGLAND,
        "https://www.westyorkshire.police.uk/my-neighbourhood",
    ),
    ("E23000038", "Wiltshire Police", "Wiltshire", Nation.ENGLAND, "http://www.wiltshire.police.uk"),
]


def load() -> int:
    """Write the forces that are missing and bring names and websites up to date; how many were written.

    Whether a force is active is set only when its row is made: afterwards it is for people.
    """
    known = {force.ons_code: force for force in PoliceForce.objects.all()}
    written = 0
    for code, name, short_name, nation, website in FORCES:
        facts = {"name": name, "short_name": short_name, "nation": nation, "website": website}
        force = known.get(code)
        if force is None:
            PoliceForce.objects.create(ons_code=code, active=code in ACTIVE, **facts)
        elif any(getattr(force, field) != value for field, value in facts.items()):
            for field, value in facts.items():
                setattr(force, field, value)
            force.save(update_fields=list(facts))
        else:
            continue
        written += 1
    return written
