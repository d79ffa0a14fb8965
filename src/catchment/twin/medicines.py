"""Medicines that primary care and county hospitals order most: generic name, ATC code, a usual adult dose
and supply.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Medicine:
    """One generic preparation; `days` is the usual supply."""

    key: str
    name: str
    atc: str
    dose_text: str
    days: int


_ROWS = (
    ("amlodipine", "苯磺酸氨氯地平片 5mg", "C08CA01", "一次1片，一日1次，口服", 28),
    ("nifedipine", "硝苯地平控释片 30mg", "C08CA05", "一次1片，一日1次，口服", 28),
    ("valsartan", "缬沙坦胶囊 80mg", "C09CA03", "一次1粒，一日1次，口服", 28),
    ("irbesartan", "厄贝沙坦片 150mg", "C09CA04", "一次1片，一日1次，口服", 28),
    ("enalapril", "马来酸依那普利片 10mg", "C09AA02", "一次1片，一日2次，口服", 28),
    ("metoprolol", "琥珀酸美托洛尔缓释片 47.5mg", "C07AB02", "一次1片，一日1次，口服", 28),
    ("bisoprolol", "富马酸比索洛尔片 5mg", "C07AB07", "一次1片，一日1次，口服", 28),
    ("hydrochlorothiazide", "氢氯噻嗪片 25mg", "C03AA03", "一次半片，一日1次，口服", 28),
    ("furosemide", "呋塞米片 20mg", "C03CA01", "一次1片，一日1次，口服", 14),
    ("spironolactone", "螺内酯片 20mg", "C03DA01", "一次1片，一日1次，口服", 28),
    ("metformin", "盐酸二甲双胍片 0.5g", "A10BA02", "一次1片，一日3次，餐中口服", 28),
    ("glimepiride", "格列美脲片 2mg", "A10BB12", "一次1片，一日1次，早餐前口服", 28),
    ("gliclazide", "格列齐特缓释片 30mg", "A10BB09", "一次2片，一日1次，早餐时口服", 28),
    ("acarbose", "阿卡波糖片 50mg", "A10BF01", "一次1片，一日3次，第一口饭嚼服", 28),
    ("dapagliflozin", "达格列净片 10mg", "A10BK01", "一次1片，一日1次，口服", 28),
    ("sitagliptin", "磷酸西格列汀片 100mg", "A10BH01", "一次1片，一日1次，口服", 28),
    ("glargine", "甘精胰岛素注射液 3ml:300单位", "A10AE04", "一次12单位，睡前皮下注射", 25),
    ("premixed_insulin", "精蛋白人胰岛素混合注射液(30R)", "A10AD01", "一次14单位，一日2次，餐前皮下注射", 20),
    ("atorvastatin", "阿托伐他汀钙片 20mg", "C10AA05", "一次1片，每晚1次，口服", 28),
    ("rosuvastatin", "瑞舒伐他汀钙片 10mg", "C10AA07", "一次1片，每晚1次，口服", 28),
    ("simvastatin", "辛伐他汀片 20mg", "C10AA01", "一次1片，每晚1次，口服", 28),
    ("fenofibrate", "非诺贝特胶囊 200mg", "C10AB05", "一次1粒，一日1次，随餐口服", 28),
    ("aspirin", "阿司匹林肠溶片 100mg", "B01AC06", "一次1片，一日1次，餐前口服", 30),
    ("clopidogrel", "硫酸氢氯吡格雷片 75mg", "B01AC04", "一次1片，一日1次，口服", 28),
    ("rivaroxaban", "利伐沙班片 15mg", "B01AF01", "一次1片，一日1次，随餐口服", 28),
    ("isosorbide", "单硝酸异山梨酯缓释片 40mg", "C01DA14", "一次1片，一日1次，口服", 28),
    ("nitroglycerin", "硝酸甘油片 0.5mg", "C01DA02", "胸痛时舌下含服1片", 30),
    ("trimetazidine", "盐酸曲美他嗪片 20mg", "C01EB15", "一次1片，一日3次，口服", 28),
    ("tiotropium", "噻托溴铵粉吸入剂 18μg", "R03BB04", "一次1粒，一日1次，吸入", 30),
    ("budesonide_formoterol", "布地奈德福莫特罗吸入粉雾剂", "R03AK07", "一次1吸，一日2次，吸入", 30),
    ("salbutamol", "硫酸沙丁胺醇吸入气雾剂 100μg", "R03AC02", "必要时一次1~2揿，吸入", 30),
    ("theophylline", "茶碱缓释片 0.1g", "R03DA04", "一次1片，一日2次，口服", 14),
    ("ambroxol", "盐酸氨溴索片 30mg", "R05CB06", "一次1片，一日3次，口服", 7),
    ("montelukast", "孟鲁司特钠片 10mg", "R03DC03", "一次1片，每晚1次，口服", 14),
    ("amoxicillin", "阿莫西林胶囊 0.25g", "J01CA04", "一次2粒，一日3次，口服", 5),
    ("cefuroxime", "头孢呋辛酯片 0.25g", "J01DC02", "一次1片，一日2次，口服", 5),
    ("azithromycin", "阿奇霉素片 0.25g", "J01FA10", "一次2片，一日1次，口服", 3),
    ("levofloxacin", "左氧氟沙星片 0.5g", "J01MA12", "一次1片，一日1次，口服", 5),
    ("metronidazole", "甲硝唑片 0.2g", "P01AB01", "一次2片，一日3次，口服", 5),
    ("oseltamivir", "磷酸奥司他韦胶囊 75mg", "J05AH02", "一次1粒，一日2次，口服", 5),
    ("entecavir", "恩替卡韦分散片 0.5mg", "J05AF10", "一次1片，一日1次，空腹口服", 28),
    ("acyclovir", "阿昔洛韦片 0.2g", "J05AB01", "一次4片，一日5次，口服", 7),
    ("ibuprofen", "布洛芬缓释胶囊 0.3g", "M01AE01", "一次1粒，一日2次，口服", 5),
    ("celecoxib", "塞来昔布胶囊 0.2g", "M01AH01", "一次1粒，一日1次，口服", 10),
    ("paracetamol", "对乙酰氨基酚片 0.5g", "N02BE01", "发热时一次1片，口服", 3),
    ("glucosamine", "硫酸氨基葡萄糖胶囊 0.25g", "M01AX05", "一次2粒，一日3次，口服", 14),
    ("omeprazole", "奥美拉唑肠溶胶囊 20mg", "A02BC01", "一次1粒，一日1次，早餐前口服", 14),
    ("rabeprazole", "雷贝拉唑钠肠溶片 10mg", "A02BC04", "一次1片，一日1次，早餐前口服", 14),
    ("mosapride", "枸橼酸莫沙必利片 5mg", "A03FA09", "一次1片，一日3次，餐前口服", 7),
    ("montmorillonite", "蒙脱石散 3g", "A07BC05", "一次1袋，一日3次，口服", 3),
    ("lactulose", "乳果糖口服溶液", "A06AD11", "一次15ml，一日1次，口服", 7),
    ("loratadine", "氯雷他定片 10mg", "R06AX13", "一次1片，一日1次，口服", 7),
    ("cetirizine", "盐酸西替利嗪片 10mg", "R06AE07", "一次1片，每晚1次，口服", 7),
    ("hydrocortisone", "丁酸氢化可的松乳膏", "D07AB02", "外用，一日2次", 10),
    ("allopurinol", "别嘌醇片 0.1g", "M04AA01", "一次1片，一日1次，口服", 28),
    ("febuxostat", "非布司他片 40mg", "M04AA03", "一次1片，一日1次，口服", 28),
    ("tamsulosin", "盐酸坦索罗辛缓释胶囊 0.2mg", "G04CA02", "一次1粒，每晚1次，口服", 28),
    ("levothyroxine", "左甲状腺素钠片 50μg", "H03AA01", "一次1片，一日1次，晨起空腹口服", 28),
    ("iron", "琥珀酸亚铁片 0.1g", "B03AA06", "一次1片，一日2次，餐后口服", 14),
    ("calcium_d3", "碳酸钙D3片 600mg", "A12AX00", "一次1片，一日1次，口服", 30),
    ("sertraline", "盐酸舍曲林片 50mg", "N06AB06", "一次1片，一日1次，口服", 28),
    ("zopiclone", "右佐匹克隆片 3mg", "N05CF04", "一次1片，睡前口服", 7),
    ("betahistine", "盐酸倍他司汀片 4mg", "N07CA01", "一次2片，一日3次，口服", 7),
    ("eye_drops", "左氧氟沙星滴眼液 0.5%", "S01AE05", "一次1滴，一日4次，滴眼", 7),
)
MEDICINES = tuple(Medicine(*row) for row in _ROWS)
POSITION = {medicine.key: number for number, medicine in enumerate(MEDICINES)}
