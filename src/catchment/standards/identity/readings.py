"""How Chinese names are read where the dictionary's first reading is not the name's."""

from typing import Final

SURNAMES: Final[dict[str, tuple[str, ...]]] = {
    "乐": ("yue", "le"), "仇": ("qiu",), "会": ("gui",), "佴": ("nai",), "便": ("pian",), "区": ("ou",),
    "单": ("shan",), "卜": ("bu",), "句": ("gou",), "召": ("shao",), "员": ("yun",), "折": ("she",),
    "曾": ("zeng",), "朴": ("piao",), "查": ("zha",), "洗": ("xian",), "牟": ("mou", "mu"),
    "盖": ("ge", "gai"), "祭": ("zhai",), "种": ("chong",), "秘": ("bi",), "缪": ("miao",), "翟": ("zhai",),
    "覃": ("qin", "tan"), "解": ("xie",), "谌": ("chen", "shen"), "贠": ("yun",), "郇": ("xun", "huan"),
    "都": ("du",), "重": ("chong",), "长": ("chang",), "阚": ("kan",), "隗": ("wei", "kui"), "黑": ("he",),
    "粘": ("nian",), "繁": ("po",),
}  # fmt: skip
"""One-character surnames; more than one reading where families differ."""

COMPOUND_SURNAMES: Final[dict[str, tuple[str, str]]] = {
    "欧阳": ("ou", "yang"), "上官": ("shang", "guan"), "司马": ("si", "ma"), "诸葛": ("zhu", "ge"),
    "司徒": ("si", "tu"), "司空": ("si", "kong"), "夏侯": ("xia", "hou"), "皇甫": ("huang", "fu"),
    "尉迟": ("yu", "chi"), "公孙": ("gong", "sun"), "慕容": ("mu", "rong"), "令狐": ("ling", "hu"),
    "宇文": ("yu", "wen"), "长孙": ("zhang", "sun"), "东方": ("dong", "fang"), "独孤": ("du", "gu"),
    "南宫": ("nan", "gong"), "西门": ("xi", "men"), "万俟": ("mo", "qi"), "澹台": ("tan", "tai"),
    "公冶": ("gong", "ye"), "端木": ("duan", "mu"), "轩辕": ("xuan", "yuan"), "申屠": ("shen", "tu"),
    "太史": ("tai", "shi"), "闻人": ("wen", "ren"), "呼延": ("hu", "yan"), "鲜于": ("xian", "yu"),
    "拓跋": ("tuo", "ba"), "赫连": ("he", "lian"), "钟离": ("zhong", "li"), "濮阳": ("pu", "yang"),
    "淳于": ("chun", "yu"), "单于": ("chan", "yu"), "东郭": ("dong", "guo"), "百里": ("bai", "li"),
    "第五": ("di", "wu"), "贺兰": ("he", "lan"), "宗政": ("zong", "zheng"), "梁丘": ("liang", "qiu"),
}  # fmt: skip

GIVEN_NAMES: Final[dict[str, tuple[str, ...]]] = {
    "乐": ("le", "yue"), "长": ("chang", "zhang"), "朝": ("chao", "zhao"), "行": ("xing", "hang"),
    "茜": ("qian", "xi"), "晟": ("sheng", "cheng"), "重": ("zhong", "chong"), "曾": ("zeng",),
    "藏": ("zang", "cang"), "颉": ("jie", "xie"), "莘": ("xin", "shen"), "省": ("sheng", "xing"),
    "调": ("tiao", "diao"), "柏": ("bai", "bo"),
}  # fmt: skip
"""Characters of given names; each reading becomes a key of its own."""
