"""Chinese names by sex and year of birth.

Surnames: the hundred most frequent, weights fitted to the order and rough shares that the Ministry of
Public Security publishes (the first five about 30 percent together). Given names: characters in fashion by
era, own selection.
"""

import numpy as np
import polars as pl

from catchment.twin.streams import Bools, Floats, Ints, pick

SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡"
    "余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯"
    "龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤"
)
SURNAME_WEIGHTS: Floats = np.asarray((np.arange(len(SURNAMES)) + 1.8) ** -0.82, dtype=np.float64)
ERAS = np.array([1950, 1966, 1980, 1995, 2010])
"""First birth year of each era after the first."""
_MEN = (
    ("德福永有金根荣生发长宝春万寿富", "生福发根贵财才山海林元有明祥"),
    ("建国志文国卫忠永明庆家正德兴世", "国华平明军民强忠生林祥胜福东"),
    ("建志伟海国晓永文卫红军立新小明", "军伟强斌勇峰平华东辉波涛明刚"),
    ("晓俊志海文伟建小永宏家振鹏宇凯", "伟超杰鹏涛磊浩斌勇龙飞峰亮凯"),
    ("子俊宇浩嘉文家志思天明晨博泽凯", "轩豪杰宇涛浩阳航辰鑫鹏文凯洋"),
    ("子浩宇梓沐一奕俊承景亦泽嘉书晨", "轩泽宸辰睿霖航煜桐阳然熙豪安"),
)
_WOMEN = (
    ("秀桂玉凤金春兰月素菊翠美彩银香", "英兰珍花芳莲娥香妹梅琴芝仙凤"),
    ("秀玉桂美丽淑春爱素凤彩月雪惠小", "英珍兰芳梅琴霞莲华芬红花娟萍"),
    ("丽红晓小春海美秀爱雪燕建玉慧亚", "芳霞燕红梅丽娟萍华玲敏英艳琴"),
    ("晓丽婷小雪海静佳艳慧燕莉思雅文", "婷丽娟静艳燕敏娜玲洁莉霞芳萍"),
    ("雨思佳欣梦诗嘉雅子晓心文怡静芷", "婷怡欣悦涵琪雯颖瑶萱琳佳妍洁"),
    ("梓雨子一欣思可语诗若依沐奕芷悦", "涵萱彤妍琪瑶怡桐悦诺汐宁冉菲"),
)
_ONE_CHARACTER = (0.14, 0.2, 0.34, 0.36, 0.16, 0.05)
_FIRST = np.array([[list(first) for first, _ in sex] for sex in (_MEN, _WOMEN)])
_LAST = np.array([[[*list(last), last[0]] for _, last in sex] for sex in (_MEN, _WOMEN)])


def surname_positions(generator: np.random.Generator, size: int) -> Ints:
    """Positions in `SURNAMES`, by frequency."""
    return pick(generator, SURNAME_WEIGHTS, size)


def full_names(generator: np.random.Generator, surname: Ints, woman: Bools, birth_year: Ints) -> pl.Series:
    """Surname and a given name of one or two characters as was usual in the year of birth."""
    era = np.searchsorted(ERAS, birth_year, side="right")
    size = len(surname)
    sex = woman.astype(np.int64)
    columns = _FIRST.shape[2]
    first = _FIRST[sex, era, generator.integers(0, columns, size)]
    last = _LAST[sex, era, generator.integers(0, columns, size)]
    short = (generator.random(size) < np.array(_ONE_CHARACTER)[era]) | (first == last)
    parts = pl.DataFrame(
        {
            "surname": pl.Series(list(SURNAMES)).gather(surname),
            "first": pl.Series(np.where(short, "", first)),
            "last": pl.Series(last),
        }
    )
    return parts.select(pl.concat_str("surname", "first", "last"))["surname"].alias("name")
