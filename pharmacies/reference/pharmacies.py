"""Real pharmacies to try the portal out with: 24 of Norfolk and 24 of Cheshire, over all their districts.

They do not take part in anything: every page that shows them says that this is practice.
Facts typed in from the NHS ODS register of dispensaries, first quarter of 2025 (Open Government Licence v3.0), the
grid references and districts from OS Code-Point Open, November 2025, and the ONS table of districts and police force
areas, December 2023. Contains public sector information licensed under the Open Government Licence v3.0. Contains OS
data © Crown copyright and database right 2025. Contains Royal Mail data © Royal Mail copyright and database right
2025. Contains National Statistics data © Crown copyright and database right 2025. Names of head offices: NHS ODS, 2019.

Among them are places whose postcode or address would mislead: Harleston (IP20), Diss (IP22) and Thetford (IP24) are
Norfolk's; Audlem (CW3), Disley ("Stockport"), Saltney (CH4), Neston (CH64), Widnes and Runcorn are Cheshire's.
"""

from datetime import date
from typing import NamedTuple

from pharmacies.enums import ForceSource, Participation
from pharmacies.models import District, Organisation, Pharmacy

from .districts import (
    BRECKLAND,
    BROADLAND,
    CHESHIRE_EAST,
    CHESHIRE_WEST_AND_CHESTER,
    GREAT_YARMOUTH,
    HALTON,
    KINGS_LYNN_AND_WEST_NORFOLK,
    NORTH_NORFOLK,
    NORWICH,
    SOUTH_NORFOLK,
    WARRINGTON,
)

# The register that they were typed in from.
AS_OF = date(2025, 3, 31)


class Site(NamedTuple):
    """One pharmacy, as the register has it; eastings and northings in metres (OSGB36)."""

    ods_code: str
    name: str
    address: str
    postcode: str
    phone: str
    parent: str
    opened_on: str
    district: str
    easting: int
    northing: int


# Two lines a pharmacy: one value a line would be five hundred lines.
# fmt: off
NORFOLK_SITES = [
    Site("FAR67", "Boots", "34-36 London Street, Norwich, Norfolk", "NR2 1LD",
         "01603 621295", "P08F", "1948-01-01", NORWICH, 623109, 308596),
    Site("FWK22", "Well", "1 St.John's Close, Hall Road, Norwich, Norfolk", "NR1 2AD",
         "01603 624539", "P0MG", "2004-11-01", NORWICH, 623126, 306944),
    Site("FFG38", "Superdrug Pharmacy", "12 St Stephens Street, Norwich, Norfolk", "NR1 3SA",
         "01603 619179", "P31F", "1996-10-01", NORWICH, 622933, 308195),
    Site("FEN53", "Hurn Chemist", "143 Unthank Rd, Norwich, Norfolk", "NR2 2PE",
         "01603 623769", "P59M", "1995-09-01", NORWICH, 621912, 307992),
    Site("FAQ08", "Aylsham Pharmacy", "6 Market Place, Aylsham, Norwich, Norfolk", "NR11 6EH",
         "01263 733118", "I4O3S", "2022-04-01", BROADLAND, 619265, 326929),
    Site("FFM40", "Well", "118-120 The Street, Brundall, Norwich, Norfolk", "NR13 5LP",
         "01603 713120", "P0MG", "2004-04-26", BROADLAND, 632083, 308588),
    Site("FXR66", "Dye's Pharmacy", "67 North Walsham Road, Old Catton, Norwich, Norfolk", "NR6 7QA",
         "01603 484048", "P8CP", "1996-04-01", BROADLAND, 623704, 311754),
    Site("FNK33", "Thorpe Health Centre Pharmacy",
         "The Health Centre, St. William's Way, Thorpe St. Andrew, Norwich, Norfolk", "NR7 0AJ",
         "01603 439239", "P972", "1981-05-01", BROADLAND, 625827, 309615),
    Site("FXM05", "Boots", "17 The Thoroughfare, Harleston, Norfolk", "IP20 9AH",
         "01379 852338", "P08F", "1996-10-01", SOUTH_NORFOLK, 624527, 283364),
    Site("FCR13", "Wellbeing Pharmacy", "11 Market Place, Diss, Norfolk", "IP22 4AB",
         "01379 642053", "P4TE", "2024-06-29", SOUTH_NORFOLK, 611691, 279927),
    Site("FM892", "Boots", "4 High Street, Loddon, Norwich, Norfolk", "NR14 6AH",
         "01508 520246", "P08F", "1991-06-01", SOUTH_NORFOLK, 636214, 298588),
    Site("FR791", "Boots", "Wymondham Medical Centre, Postmill Close, Wymondham, Norfolk", "NR18 0RF",
         "01953 601772", "P08F", "2004-03-11", SOUTH_NORFOLK, 611637, 301728),
    Site("FAM13", "Tanner Street Pharmacy", "1 Tanner Court, Tanner Street, Thetford, Norfolk", "IP24 2BQ",
         "01842 754590", "P1YG", "2013-03-25", BRECKLAND, 587015, 283025),
    Site("FT360", "Total Health Pharmacy", "14 Gregor Shanks Way, Watton, Thetford, Norfolk", "IP25 6FA",
         "01953 881157", "S4L1O", "2024-11-14", BRECKLAND, 591672, 300715),
    Site("FFC26", "Dereham Pharmacy", "The Orchard Surgery, Commercial Road, East Dereham, Norfolk", "NR19 1AE",
         "01362 692080", "P0WW", "2023-06-23", BRECKLAND, 599130, 313024),
    Site("FDM43", "Boots", "37 Market Place, Swaffham, Norfolk", "PE37 7LA",
         "01760 721208", "P08F", "1948-01-01", BRECKLAND, 581875, 309062),
    Site("FV898", "Boots", "3 Market Gates, Great Yarmouth, Norfolk", "NR30 2AX",
         "01493 859484", "P08F", "1948-01-01", GREAT_YARMOUTH, 652546, 307618),
    Site("FCT98", "Superdrug Pharmacy", "138 High Street, Gorleston-on-Sea, Norfolk", "NR31 6QX",
         "01493 661007", "P31F", "1999-04-01", GREAT_YARMOUTH, 652622, 304349),
    Site("FCY04", "Well", "46 High Street, Caister-on-Sea, Norfolk", "NR30 5EP",
         "01493 720469", "P0MG", "1948-01-01", GREAT_YARMOUTH, 652330, 311997),
    Site("FW594", "Well", "38 Loke Road, Kings Lynn, Norfolk", "PE30 2AB",
         "01553 761810", "P0MG", "2007-03-19", KINGS_LYNN_AND_WEST_NORFOLK, 562055, 320698),
    Site("FCF31", "Boots", "94-96 High Street, King's Lynn, Norfolk", "PE30 1BL",
         "01553 772427", "P08F", "1948-01-01", KINGS_LYNN_AND_WEST_NORFOLK, 561743, 320105),
    Site("FFK32", "Boots", "11-13 Wales Court, Downham Market, Norfolk", "PE38 9JZ",
         "01366 382345", "P08F", "1948-01-01", KINGS_LYNN_AND_WEST_NORFOLK, 561080, 303140),
    Site("FX609", "David Jagger Ltd", "5-7 Staithe Street, Wells-Next-the-Sea, Norfolk", "NR23 1AG",
         "01328 710239", "P19Y", "1948-01-01", NORTH_NORFOLK, 591677, 343571),
    Site("FAV53", "Boots", "54-56 Church Street, Cromer, Norfolk", "NR27 9HH",
         "01263 512231", "P08F", "1948-01-01", NORTH_NORFOLK, 621903, 342170),
]

CHESHIRE_SITES = [
    Site("FVA90", "Boots", "5-7 High Street, Sandbach, Cheshire", "CW11 1AH",
         "01270 767276", "P08F", "1948-01-01", CHESHIRE_EAST, 375802, 360807),
    Site("FJP37", "Well", "1 Park Lane, Congleton, Cheshire", "CW12 3DN",
         "01260 280810", "P0MG", "1999-05-01", CHESHIRE_EAST, 386426, 362767),
    Site("FTJ57", "Boots", "1 Cheshire Street, Audlem, Crewe", "CW3 0AH",
         "01270 811245", "P08F", "2008-04-09", CHESHIRE_EAST, 365948, 343708),
    Site("FG757", "Well", "11 Fountain Square, Disley, Stockport, Cheshire", "SK12 2AB",
         "01663 762048", "P0MG", "1999-05-01", CHESHIRE_EAST, 397506, 384655),
    Site("FPK73", "Boots", "24-26 Grove Street, Wilmslow, Cheshire", "SK9 1DY",
         "01625 523320", "P08F", "1948-01-01", CHESHIRE_EAST, 384689, 381155),
    Site("FHL25", "Cohens Chemist", "76-80 Sunderland Street, Macclesfield, Cheshire", "SK11 6HN",
         "01625 422160", "P438", "2024-04-12", CHESHIRE_EAST, 391906, 373346),
    Site("FHR75", "Boots", "14 Swinemarket, Nantwich, Cheshire", "CW5 5LN",
         "01270 624089", "P08F", "1948-01-01", CHESHIRE_EAST, 365027, 352449),
    Site("FY420", "Superdrug Pharmacy", "32-34 Northgate Street, Chester", "CH1 2HA",
         "01244 325488", "P31F", "1998-01-01", CHESHIRE_WEST_AND_CHESTER, 340538, 366369),
    Site("FLM30", "Owen's Chemist", "20A Chester Street, Saltney, Chester, Cheshire", "CH4 8BJ",
         "01244 680410", "P3R6", "2014-06-02", CHESHIRE_WEST_AND_CHESTER, 338837, 365150),
    Site("FLF70", "Boots", "Units 2 & 3, 1-3 High Street, Neston", "CH64 9TZ",
         "0151 3365551", "P08F", "2008-04-01", CHESHIRE_WEST_AND_CHESTER, 329210, 377456),
    Site("FC728", "Ellesmere Pharmacy", "Unit 7B, Rivington Road, Ellesmere Port, Cheshire", "CH65 0AW",
         "0151 3554487", "P2HM", "2018-10-01", CHESHIRE_WEST_AND_CHESTER, 340036, 376070),
    Site("FE685", "Boots", "5-7 Dingle Walk, Winsford, Cheshire", "CW7 1BA",
         "01606 593661", "P08F", "1948-01-01", CHESHIRE_WEST_AND_CHESTER, 364845, 366195),
    Site("FVL43", "Boots", "39-45 Witton Street, Northwich, Cheshire", "CW9 5DH",
         "01606 42187", "P08F", "1948-01-01", CHESHIRE_WEST_AND_CHESTER, 365915, 374022),
    Site("FH107", "Fearns Pharmacy", "Britannia Road, Helsby, Warrington, Cheshire", "WA6 0DP",
         "01928 722226", "P73W", "1993-08-01", CHESHIRE_WEST_AND_CHESTER, 348566, 374560),
    Site("FHT09", "Peak Pharmacy", "49 High Street, Runcorn, Cheshire", "WA7 1AH",
         "01928 568312", "P15J", "1948-01-01", HALTON, 351243, 382959),
    Site("FXD72", "Boots", "Unit 90 Forest Walk, Halton Lea Shopping Ctr, Runcorn, Cheshire", "WA7 2GX",
         "01928 718262", "P08F", "1948-01-01", HALTON, 353628, 381438),
    Site("FEH76", "Boots", "Unit 7, Widnes Shopping Pk, High Street, Widnes", "WA8 7TN",
         "0151 4242979", "P08F", "1948-01-01", HALTON, 351795, 385750),
    Site("FR844", "Nicholson's Pharmacy", "17 Queens Avenue, Ditton, Widnes, Cheshire", "WA8 8HR",
         "0151 4244863", "P2PC", "2009-05-14", HALTON, 348905, 385908),
    Site("FFG82", "Strachan's Chemist", "445 Hale Road, Halebank, Widnes", "WA8 8UU",
         "0151 4230857", "P0VQ", "2007-01-08", HALTON, 348767, 384206),
    Site("FEL21", "Boots", "19 The Mall, Golden Sq Shopping Centre, Warrington, Cheshire", "WA1 1QE",
         "01925 574825", "P08F", "1948-01-01", WARRINGTON, 360501, 388292),
    Site("FPH86", "Lymm Pharmacy", "12 The Cross, Lymm, Cheshire", "WA13 0HP",
         "01925 753668", "P2E2", "2023-08-05", WARRINGTON, 368295, 387203),
    Site("FTM77", "Well", "70/72 Lodge Drive, Culcheth, Warrington, Cheshire", "WA3 4ER",
         "01925 763227", "P0MG", "1986-07-01", WARRINGTON, 365479, 395343),
    Site("FWK62", "Stockton Heath Pharmacy", "Stockton Heath Med Centre, The Forge, London Road, Warrington", "WA4 6HJ",
         "01925 266753", "I1S4V", "2012-12-17", WARRINGTON, 361365, 386278),
    Site("FV558", "Aston Pharmacy", "2 Station Road, Great Sankey, Warrington, Cheshire", "WA5 1RQ",
         "01925 723676", "P33X", "2014-07-01", WARRINGTON, 356897, 388536),
]
# fmt: on

HEAD_OFFICES = {
    "I1S4V": "",
    "I4O3S": "",
    "P08F": "Boots Group PLC",
    "P0MG": "Bestway National Chemists Ltd",
    "P0VQ": "Ian Strachan",
    "P0WW": "Kirkley Pharmacy Ltd",
    "P15J": "PCT Healthcare Ltd",
    "P19Y": "David Jagger Ltd",
    "P1YG": "Yns Healthcare Limited",
    "P2E2": "Roshban Limited",
    "P2HM": "David Porter Ltd",
    "P2PC": "Figtree Healthcare Ltd",
    "P31F": "Superdrug Stores PLC",
    "P33X": "Aston Chemists Ltd",
    "P3R6": "Salrook Healthcare Limited",
    "P438": "Cohens Chemist Group",
    "P4TE": "",
    "P59M": "Hurn Chemist",
    "P73W": "Fearns Pharmacy Ltd",
    "P8CP": "Dyes Pharmacy",
    "P972": "Pharmaco (Norfolk) Ltd",
    "S4L1O": "",
}


def load() -> int:
    """Write the pharmacies that are not there yet, taking part; how many were written. Needs their districts."""
    known = set(Pharmacy.objects.order_by().values_list("ods_code", flat=True))
    missing = [site for site in NORFOLK_SITES + CHESHIRE_SITES if site.ods_code not in known]
    owners = _organisations({site.parent for site in missing})
    forces = dict(District.objects.order_by().values_list("code", "force_id"))
    Pharmacy.objects.bulk_create(
        Pharmacy(
            ods_code=site.ods_code,
            name=site.name,
            address=site.address,
            postcode=site.postcode,
            phone=site.phone,
            easting=site.easting,
            northing=site.northing,
            district_id=site.district,
            force_id=forces[site.district],
            force_source=ForceSource.POSTCODE,
            organisation=owners[site.parent],
            participation=Participation.ON_BOARD,
            opened_on=date.fromisoformat(site.opened_on),
            facts_as_of=AS_OF,
        )
        for site in missing
    )
    return len(missing)


def _organisations(codes: set[str]) -> dict[str, Organisation]:
    known = {organisation.ods_code: organisation for organisation in Organisation.objects.filter(ods_code__in=codes)}
    for code in sorted(codes - known.keys()):
        known[code] = Organisation.objects.create(ods_code=code, name=HEAD_OFFICES[code])
    return known
