"""Names of persons: parts, search tokens, and the key that sorts them by pinyin."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from zhike_analytics.values.problem import ValueProblem
from zhike_analytics.values.text import is_blank_word, is_masked, squash

COMPOUND_SURNAMES = frozenset(
    [
        "欧阳",
        "太史",
        "端木",
        "上官",
        "司马",
        "东方",
        "独孤",
        "南宫",
        "万俟",
        "闻人",
        "夏侯",
        "诸葛",
        "尉迟",
        "公羊",
        "赫连",
        "澹台",
        "皇甫",
        "宗政",
        "濮阳",
        "公冶",
        "太叔",
        "申屠",
        "公孙",
        "慕容",
        "仲孙",
        "钟离",
        "长孙",
        "宇文",
        "司徒",
        "鲜于",
        "司空",
        "闾丘",
        "子车",
        "亓官",
        "司寇",
        "巫马",
        "公西",
        "颛孙",
        "壤驷",
        "公良",
        "漆雕",
        "乐正",
        "宰父",
        "谷梁",
        "拓跋",
        "夹谷",
        "轩辕",
        "令狐",
        "段干",
        "百里",
        "呼延",
        "东郭",
        "南门",
        "羊舌",
        "微生",
        "公户",
        "公玉",
        "梁丘",
        "左丘",
        "东门",
        "西门",
        "第五",
        "纳兰",
        "完颜",
        "叶赫",
        "爱新",
        "那拉",
        "富察",
        "钮祜",
        "耶律",
        "贺兰",
        "哥舒",
        "淳于",
        "单于",
        "即墨",
        "南荣",
        "北宫",
        "达奚",
        "褚师",
        "阳佟",
        "欧侯",
        "司城",
        "毌丘",
    ]
)

# Characters whose reading as a surname differs from their usual one.
_SURNAME_READINGS = {
    "单": "shan", "解": "xie", "仇": "qiu", "曾": "zeng", "查": "zha", "朴": "piao", "任": "ren",
    "翟": "zhai", "乐": "yue", "区": "ou", "盖": "ge", "缪": "miao", "覃": "qin", "冼": "xian",
    "洗": "xian", "员": "yun", "召": "shao", "种": "chong", "繁": "po", "折": "she", "秘": "bi",
    "那": "na", "燕": "yan", "宿": "su", "尹": "yin", "卜": "bu", "逄": "pang", "晟": "cheng",
    "隗": "wei", "郗": "xi", "贠": "yun", "柏": "bai", "费": "fei", "葛": "ge", "车": "che",
    "祭": "zhai", "过": "guo", "哈": "ha", "重": "chong", "都": "du", "阚": "kan", "谌": "chen",
    "尉迟": "yuchi", "万俟": "moqi", "长孙": "zhangsun", "令狐": "linghu", "单于": "chanyu",
    "澹台": "tantai", "鲜于": "xianyu", "乐正": "yuezheng", "亓官": "qiguan", "尉": "wei",
}  # fmt: skip

# GB 18030 A1A4 is the separator by rule; the others are what keyboards and exports produce.
_MIDDLE_DOTS = re.compile(r"\s*[\u00b7\u2022\u30fb\uff0e\u25cf\u2027\u22c5\u2219\u0387\uff65\u2024]\s*")
_HAN = "\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af"
_HAN_CHAR = re.compile(f"[{_HAN}]")
_DOT_BETWEEN_HAN = re.compile(f"(?<=[{_HAN}])\\.(?=[{_HAN}])")
_HAN_GAP = re.compile(f"(?<=[{_HAN}]) (?=[{_HAN}])")
_HAN_NAME = re.compile(f"[{_HAN}·]+\\Z")
_TITLE = re.compile(r"(?<=.)(?:先生|女士|小姐|太太|夫人|老师|经理|总经理|同学|阿姨|师傅|老板|医生)\Z")
_TITLE_LATIN = re.compile(r"\A(?:mr|mrs|ms|miss|dr|prof)\.? +", re.IGNORECASE)
# Two to four everyday characters that are no word for "nothing" and end in no title: the shape of most names in China.
_EVERYDAY = re.compile("[\u4e00-\u9fff]{2,4}\\Z")
_LETTER = re.compile(r"[^\W\d_]")
_WORD = re.compile(r"[^\W_]+")
_BRACKETED = re.compile(r"[（(【\[].*?[)）】\]]")


@dataclass(frozen=True, slots=True)
class Person:
    """text: the name as kept. kind: ``chinese`` · ``minority`` (with a middle dot) · ``latin`` ·
    ``mixed``. surname and given are "" where they cannot be told apart safely. title: 先生 and
    the like, cut off the end."""

    text: str
    kind: str
    surname: str
    given: str
    title: str = ""


def person(text: str) -> Person:
    """Normalize a name. Rare characters and single characters are names; length is not judged
    below 100 characters.

    Raises ValueProblem: ``person.blank``, ``person.masked``, ``person.no_letters``,
    ``person.too_long``.
    """
    if _EVERYDAY.match(text) and not _TITLE.search(text) and not is_blank_word(text):
        surname = surname_of(text)
        return Person(text, "chinese", surname, text[len(surname) :])
    if is_blank_word(text):
        raise ValueProblem("person.blank")
    if is_masked(text):
        raise ValueProblem("person.masked")
    name, title = _untitled(squash(with_middle_dot(text)))
    if not _LETTER.search(name) and "〇" not in name:
        raise ValueProblem("person.no_letters")
    if len(name) > 100:
        raise ValueProblem("person.too_long", limit=100)
    if _HAN_NAME.match(name.replace(" ", "")):
        name = name.replace(" ", "")
        if "·" in name:
            return Person(name, "minority", "", name, title)
        surname = surname_of(name)
        return Person(name, "chinese", surname, name[len(surname) :], title)
    if _HAN_CHAR.search(name):
        return Person(name, "mixed", "", name, title)
    *given, surname = name.split(" ")
    return Person(name, "latin", surname if given else "", " ".join(given) or name, title)


def with_middle_dot(name: str) -> str:
    """``name`` with every middle-dot look-alike as U+00B7; a dot between Latin letters stays."""
    if name.isascii():
        return name
    return _DOT_BETWEEN_HAN.sub("·", _MIDDLE_DOTS.sub("·", name))


def surname_of(name: str) -> str:
    """The surname of a Chinese name: two characters when compound, else the first."""
    return name[:2] if len(name) > 2 and name[:2] in COMPOUND_SURNAMES else name[:1]


def _untitled(name: str) -> tuple[str, str]:
    found = _TITLE.search(name)
    if found:
        return name[: found.start()].rstrip(), found[0]
    found = _TITLE_LATIN.match(name)
    if found and len(name) > found.end():
        return name[found.end() :], found[0].strip()
    return name, ""


def name_tokens(name: str) -> tuple[str, ...]:
    """Search tokens of a name, sorted, each once: bigrams and the last character, the whole pinyin,
    the initials; for Latin parts the words, lower case.

    Every character begins one of them, so a single one is found as a beginning.

    >>> name_tokens("王小明")
    ('wangxiaoming', 'wxm', '小明', '明', '王小')
    """
    if _EVERYDAY.match(name) and not _TITLE.search(name):
        syllables = _syllables_of_characters(name)
        initials = "".join([syllable[0] for syllable in syllables])
        return tuple(sorted({*_pairs(name), "".join(syllables), initials}))
    calm = _sought(name).casefold()
    tokens: set[str] = set()
    for part in re.split(r"[·\s]+", calm):
        for run in re.findall(f"[{_HAN}]+", part):
            tokens.update(_pairs(run))
        tokens.update(_WORD.findall(_HAN_CHAR.sub(" ", part)))
    syllables = _syllables(calm)
    if _HAN_CHAR.search(calm) and syllables:
        tokens.add("".join(syllables))
        tokens.add("".join(syllable[0] for syllable in syllables))
    elif len(syllables) > 1:
        tokens.add("".join(syllable[0] for syllable in syllables))
    return tuple(sorted(token[:60] for token in tokens))


def _pairs(run: str) -> list[str]:
    """Each character with the next, and the last alone."""
    return [run[at : at + 2] for at in range(len(run))]


def name_sort(name: str) -> str:
    """The key by which names sort in a list: pinyin syllables, then the name itself.

    Compare as bytes (binary collation), so that both databases order alike. The TAB lets
    ``li`` stand before ``li an``.
    """
    if _EVERYDAY.match(name) and not _TITLE.search(name):
        return " ".join(_syllables_of_characters(name)) + "\t" + name
    calm = _sought(name)
    return " ".join(_syllables(calm.casefold())) + "\t" + calm


def _sought(name: str) -> str:
    """The name without title and without blanks between Chinese characters (王 小 明)."""
    calm = _untitled(squash(with_middle_dot(name)))[0]
    return _HAN_GAP.sub("", calm)


def _syllables(calm: str) -> list[str]:
    """Pinyin of the Chinese characters and the Latin words, in order, without tones."""
    calm = _BRACKETED.sub(" ", calm)
    if _EVERYDAY.match(calm):
        return _syllables_of_characters(calm)
    parts: list[str] = []
    rest = calm
    if _HAN_CHAR.match(calm) and "·" not in calm:
        surname = surname_of(calm)
        reading = _SURNAME_READINGS.get(surname)
        if reading:
            parts, rest = [reading], calm[len(surname) :]
    for piece in re.findall(f"[{_HAN}]|[^\\W_{_HAN}]+", rest):
        parts.append(_syllable(piece) if len(piece) == 1 else piece)
    return parts


def is_everyday(name: str) -> bool:
    """Whether a name is two to four everyday Chinese characters without a title: the shape of most names in China."""
    return _EVERYDAY.match(name) is not None and not _TITLE.search(name)


def surname_syllables(surname: str) -> tuple[str, ...]:
    """Pinyin of a Chinese surname as one reads a surname: 单 is shan, 曾 is zeng."""
    reading = _SURNAME_READINGS.get(surname)
    return (reading,) if reading else syllables(surname)


def syllables(characters: str) -> tuple[str, ...]:
    """Pinyin of everyday Chinese characters, one syllable each, without tones."""
    return tuple([_syllable(character) for character in characters])


def _syllables_of_characters(name: str) -> list[str]:
    surname = surname_of(name)
    reading = _SURNAME_READINGS.get(surname)
    if reading:
        return [reading, *[_syllable(character) for character in name[len(surname) :]]]
    return [_syllable(character) for character in name]


@lru_cache(maxsize=40_000)
def _syllable(character: str) -> str:
    # One character at a time, cached: 0.1 µs against 19 µs for whole names, and the import of
    # pypinyin (its table is large) waits for the first Chinese name.
    if not _HAN_CHAR.match(character):
        return character
    from pypinyin import Style, lazy_pinyin

    return lazy_pinyin(character, style=Style.NORMAL)[0].replace("ü", "v")
