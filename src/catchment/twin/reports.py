"""Reports of electrocardiograms, chest films, ultrasound and computed tomography."""

from dataclasses import dataclass

import numpy as np
import polars as pl

from catchment.twin.diagnoses import SPECIALTY
from catchment.twin.facilities import LEAD
from catchment.twin.numbering import minutes, numbers
from catchment.twin.people import Residents
from catchment.twin.streams import Floats, Ints, stream
from catchment.twin.tables import REPORTS
from catchment.twin.visit_types import CENTRE, COUNTY, PRIMARY, Visits


@dataclass(frozen=True, slots=True)
class Study:
    """A kind of report. `chances` are shares of ambulatory visits, follow-ups, checks and stays; `fits`
    names the specialties for which `fitting` replaces the ambulatory share. Findings come first in
    `conclusions`' second part.
    """

    kind: str
    code: str
    chances: tuple[float, float, float, float]
    fits: tuple[str, ...]
    fitting: float
    abnormal: float
    normal: str
    findings: tuple[str, ...]
    from_level: int
    read_remotely: float = 0.0
    """The share of a township centre's that the lead hospital reads."""


STUDIES = (
    Study("ecg", "11524-6", (0.004, 0.02, 0.72, 0.78), ("cardiology",), 0.3, 0.34, "窦性心律，正常心电图",
          ("窦性心律，左心室高电压", "心房颤动", "窦性心动过缓", "ST-T改变", "完全性右束支传导阻滞",
              "频发室性早搏", "陈旧性下壁心肌梗死可能"), 1, 0.35),
    Study("chest_film", "36643-5", (0.004, 0.0, 0.05, 0.22), ("respiratory",), 0.14, 0.3,
        "心肺膈未见明显异常",
          ("双肺纹理增多增粗", "右下肺斑片状影，考虑炎症", "主动脉结钙化", "双肺透亮度增高，考虑肺气肿",
              "左上肺陈旧性病灶"), 1, 0.6),
    Study("ultrasound", "24558-9", (0.008, 0.0, 0.66, 0.42), ("gastroenterology", "urology", "surgery"),
        0.13, 0.42,
          "肝胆胰脾肾未见明显异常", ("脂肪肝（轻度）", "脂肪肝（中度）", "胆囊结石", "左肾囊肿",
              "右肾结石", "前列腺增大", "胆囊息肉"), 1),
    Study("ct", "30799-1", (0.01, 0.0, 0.0, 0.46), ("neurology", "respiratory", "oncology"), 0.1, 0.5,
          "平扫未见明显异常", ("腔隙性脑梗死", "脑萎缩", "双肺散在小结节，建议随访", "右下肺炎症",
              "腰4/5椎间盘突出", "肝囊肿"), COUNTY),
)  # fmt: skip


def reports_table(residents: Residents, visits: Visits, ids: Ints, facility: Ints, seed: int) -> pl.DataFrame:
    """The block's reports in order of encounter. `facility` is where each visit was."""
    generator = stream(seed, "reports", residents.number)
    made = [_made(generator, study, visits) for study in STUDIES]
    at, kind = np.concatenate(made), np.repeat(np.arange(len(STUDIES)), [len(rows) for rows in made])
    order = np.lexsort((kind, at))
    at, kind = at[order], kind[order]
    abnormal = generator.random(len(at)) < np.array([study.abnormal for study in STUDIES])[kind]
    finding = generator.integers(0, 1 << 20, len(at)) % np.array([len(study.findings) for study in STUDIES])[kind]
    texts = [text for study in STUDIES for text in (study.normal, *study.findings)]
    first = np.cumsum([0, *(1 + len(study.findings) for study in STUDIES)])[kind]
    wait = generator.integers(20, 150, len(at))
    return REPORTS.frame({
        "id": numbers(residents.number, len(at)),
        "person_id": residents.id[visits.person[at]],
        "encounter_id": ids[at],
        "kind": pl.Series([study.kind for study in STUDIES]).gather(kind),
        "code": pl.Series([study.code for study in STUDIES]).gather(kind),
        "conclusion": pl.Series(texts).gather(first + np.where(abnormal, 1 + finding, 0)),
        "abnormal": abnormal,
        "reader_id": _readers(residents, visits, at, kind, facility, seed),
        "issued_at": minutes(visits.start[at] + wait),
    })  # fmt: skip


def _readers(residents: Residents, visits: Visits, at: Ints, kind: Ints, facility: Ints, seed: int) -> Ints:
    """The facility that wrote each report: the lead hospital for some of what township centres record."""
    generator = stream(seed, "remote reads", residents.number)
    share = np.array([study.read_remotely for study in STUDIES])[kind]
    remote = (visits.level[at] == CENTRE) & (generator.random(len(at)) < share)
    return np.where(remote, LEAD, facility[at])


def _made(generator: np.random.Generator, study: Study, visits: Visits) -> Ints:
    chance: Floats = np.array(study.chances)[visits.kind]
    fits = np.isin(np.array(SPECIALTY), study.fits)[visits.diagnosis] & (visits.kind == 0)
    chance = np.where(fits, study.fitting, chance)
    chance = np.where(visits.level >= max(study.from_level, PRIMARY + 1), chance, 0.0)
    return np.flatnonzero(generator.random(len(chance)) < chance)
