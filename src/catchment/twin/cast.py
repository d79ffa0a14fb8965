"""The cast of the guided tour: the same people in every county, whatever its seed and size."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Player:
    """A member of staff with a login. `place` names the facility: `lead`, a singular kind, or a village or
    town.
    """

    login: str
    name: str
    sex: str
    birth_year: int
    role: str
    place: str
    specialty: str
    title: str


@dataclass(frozen=True, slots=True)
class StoryPerson:
    """A resident of the guided tour: takes the place of the best matching resident of `village`.

    `complaint` is the diagnosis of a visit to the primary facility on the last day of the history.
    """

    name: str
    sex: str
    birth_date: date
    village: str
    diseases: tuple[str, ...]
    systolic: float
    diastolic: float
    allergy: str = ""
    complaint: str = ""


STAFF = (
    Player("zhou.cunyi", "周德安", "male", 1971, "village_doctor", "楚溪村", "general", "乡村医生"),
    Player("lin.cunyi", "林小满", "female", 1989, "village_doctor", "石桥村", "general", "乡村全科执业助理医师"),
    Player("xu.quanke", "许明远", "male", 1980, "township_gp", "松塘镇", "general", "全科主治医师"),
    Player("ye.quanke", "叶知秋", "female", 1984, "township_gp", "枫岸镇", "general", "全科主治医师"),
    Player("he.huli", "何素琴", "female", 1986, "township_nurse", "松塘镇", "general", "主管护师"),
    Player("fang.guanli", "方晓棠", "female", 1993, "health_manager", "松塘镇", "public_health", "公共卫生医师"),
    Player("tang.zhuanzhen", "唐月华", "female", 1988, "township_referral_desk", "松塘镇", "general", "主管护师"),
    Player("shen.zhuanzhen", "沈慧敏", "female", 1985, "county_referral_desk", "lead", "general", "主管护师"),
    Player("gu.xinnei", "顾长风", "male", 1976, "county_specialist", "lead", "cardiology", "主任医师"),
    Player("lu.shennei", "陆文澜", "female", 1979, "county_specialist", "lead", "neurology", "副主任医师"),
    Player("jiang.yuanzhang", "江怀远", "male", 1969, "county_manager", "lead", "general", "主任医师"),
    Player("song.weijian", "宋立新", "male", 1974, "bureau_officer", "health_bureau", "", "医政科科长"),
    Player("zhong.jikong", "钟立勤", "female", 1986, "bureau_officer", "cdc", "", "传染病防治科主管医师"),
    Player("meng.yibao", "孟佳宁", "female", 1990, "insurance_officer", "insurance_office", "", "待遇保障科科员"),
    Player("luo.yibao", "罗成章", "male", 1972, "insurance_officer", "insurance_office", "", "副局长"),
    Player("qian.caiwu", "钱如玉", "female", 1983, "finance_officer", "lead", "", "医共体财务中心会计师"),
    Player("cao.bingan", "曹敏行", "female", 1987, "case_mix_officer", "lead", "", "病案与医保办科员"),
    Player("he.yinsi", "贺知礼", "female", 1982, "privacy_officer", "lead", "", "隐私专员"),
    Player("wei.xinxi", "魏子默", "male", 1991, "system_administrator", "lead", "", "信息科工程师"),
)
PEOPLE = (
    StoryPerson("王秀英", "female", date(1959, 3, 12), "楚溪村", ("hypertension",), 166.0, 96.0,
                complaint="R07.400"),
    StoryPerson("李建国", "male", date(1955, 1, 20), "石桥村", ("hypertension", "stroke"), 158.0, 92.0,
        "青霉素"),
    StoryPerson("陈志强", "male", date(1973, 8, 5), "楚溪村", ("diabetes",), 138.0, 86.0),
    StoryPerson("赵金根", "male", date(1951, 11, 2), "石桥村", ("copd",), 134.0, 78.0),
    StoryPerson("吴晓婷", "female", date(1996, 5, 18), "楚溪村", (), 112.0, 70.0),
)  # fmt: skip
