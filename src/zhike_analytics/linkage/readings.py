"""How names sound and in which order they are written: the forms under which two spellings of one name are equal."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from zhike_analytics.values.persons import is_everyday, name_sort, surname_of, surname_syllables, syllables

_HAN = re.compile("[\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af]")
_WORDS = re.compile(r"[^\W_]+")
# What southern and western speakers do not tell apart: zh/z, ch/c, sh/s, n/l at the beginning, -ng/-n at the end.
_INITIALS = (("zh", "z"), ("ch", "c"), ("sh", "s"), ("n", "l"))
_NASAL = re.compile(r"(?<=[aei])ng\Z")
# Surnames by reading, enough to tell "Wang Xiao Ming" from "Xiao Ming Wang".
_SURNAMES = frozenset(
    [
        "wang",
        "li",
        "zhang",
        "liu",
        "chen",
        "yang",
        "huang",
        "zhao",
        "wu",
        "zhou",
        "xu",
        "sun",
        "ma",
        "zhu",
        "hu",
        "guo",
        "he",
        "gao",
        "lin",
        "luo",
        "zheng",
        "liang",
        "xie",
        "song",
        "tang",
        "deng",
        "feng",
        "han",
        "cao",
        "zeng",
        "peng",
        "xiao",
        "cai",
        "pan",
        "tian",
        "dong",
        "yuan",
        "yu",
        "ye",
        "jiang",
        "du",
        "su",
        "wei",
        "cheng",
        "lu",
        "ding",
        "ren",
        "yao",
        "shen",
        "cui",
        "tan",
        "fan",
        "liao",
        "wan",
        "jin",
        "jia",
        "xia",
        "fu",
        "fang",
        "bai",
        "zou",
        "meng",
        "xiong",
        "qin",
        "qiu",
        "hou",
        "shi",
        "lei",
        "gong",
        "tao",
        "hao",
        "kong",
        "mao",
        "shao",
        "long",
        "qian",
        "yan",
        "lai",
        "ouyang",
        "sima",
        "shangguan",
        "zhuge",
        "huangfu",
        "situ",
        "linghu",
        "murong",
    ]
)


def is_han(name: str) -> bool:
    """Whether a name holds a Chinese character."""
    return _HAN.search(name) is not None


@lru_cache(maxsize=20_000)
def reading(name: str) -> str:
    """Pinyin of a Chinese name, syllable by syllable without tones; the plain words of any other, lower case.

    >>> reading("王小明"), reading("José  Müller")
    ('wang xiao ming', 'jose muller')
    """
    if is_han(name):
        return name_sort(name).partition("\t")[0]
    return " ".join(_plain_words(name))


@lru_cache(maxsize=20_000)
def sound(said: str) -> str:
    """A reading as the ear may take it: zh = z, ch = c, sh = s, n- = l-, -ng = -n.

    >>> sound("zhang ling") == sound("zang nin")
    True
    """
    return " ".join(_rough(syllable) for syllable in said.split(" "))


@lru_cache(maxsize=4_096)
def _rough(syllable: str) -> str:
    for fine, rough in _INITIALS:
        if syllable.startswith(fine):
            syllable = rough + syllable[len(fine) :]
            break
    return _NASAL.sub("n", syllable)


@lru_cache(maxsize=20_000)
def turned(name: str) -> str:
    """Surname and given name by reading, in the order of the alphabet: equal however they were written.

    >>> turned("王小明") == turned("Xiaoming Wang") == turned("WANG Xiao-Ming")
    True
    """
    said = reading(name).split(" ")
    if is_han(name):
        own = surname_of(name) if not name.startswith("·") else ""
        count = len(own) if len(own) < len(said) else 1
        parts = ["".join(said[:count]), "".join(said[count:])]
    elif len(said) > 2:
        first_is_surname = said[0] in _SURNAMES and said[-1] not in _SURNAMES
        parts = [said[0], "".join(said[1:])] if first_is_surname else [said[-1], "".join(said[:-1])]
    else:
        parts = said
    return " ".join(sorted(p for p in parts if p))


def surname(name: str) -> str:
    """The reading of the surname: of a Chinese name its first one or two characters, of any other the last word."""
    if is_han(name):
        return reading(surname_of(name)).replace(" ", "")
    said = reading(name).split(" ")
    return said[-1] if len(said) > 1 else ""


def given(name: str) -> str:
    """The reading of what is not the surname."""
    own, both = surname(name), turned(name).split(" ")
    rest = [part for part in both if part != own] or both[1:]
    return rest[0] if rest else ""


@dataclass(slots=True)
class Reading:
    """All forms of one name that are compared; `coded` has one ASCII sign for each Chinese character."""

    is_han: bool
    reading: str
    sound: str
    turned: str
    surname: str
    given: str
    coded: str


@lru_cache(maxsize=20_000)
def forms(name: str) -> Reading:
    """The forms of a name.

    Distances of the database count bytes, of which a Chinese character has three; over `coded` they count characters (two
    characters in a hundred share a sign).
    """
    if is_everyday(name):
        return _everyday(name)
    said = reading(name)
    if not is_han(name):
        return Reading(False, said, sound(said), turned(name), surname(name), given(name), "")
    spoken = said.split(" ")
    own = surname_of(name)
    count = len(own) if len(own) < len(spoken) else 1
    first, rest = "".join(spoken[:count]), "".join(spoken[count:])
    both = " ".join(sorted(part for part in (first, rest) if part))
    return Reading(True, said, sound(said), both, first, rest, _coded(name) if 2 <= len(name) <= 6 else "")


def _everyday(name: str) -> Reading:
    """Surname and given name each worked out once: a million people share some hundreds of surnames, and most given names."""
    own = surname_of(name)
    first, first_sound, first_joined, first_coded = _surname_heard(own)
    rest, rest_sound, rest_joined, rest_coded = _given_heard(name[len(own) :])
    both = f"{first_joined} {rest_joined}" if first_joined <= rest_joined else f"{rest_joined} {first_joined}"
    return Reading(
        True,
        f"{first} {rest}",
        f"{first_sound} {rest_sound}",
        both,
        first_joined,
        rest_joined,
        first_coded + rest_coded,
    )


@lru_cache(maxsize=4_096)
def _surname_heard(own: str) -> tuple[str, str, str, str]:
    return _heard(surname_syllables(own), own)


@lru_cache(maxsize=100_000)
def _given_heard(rest: str) -> tuple[str, str, str, str]:
    return _heard(syllables(rest), rest)


def _heard(spoken: tuple[str, ...], written: str) -> tuple[str, str, str, str]:
    """reading, sound, joined, coded of a part of a name."""
    return " ".join(spoken), " ".join([_rough(one) for one in spoken]), "".join(spoken), _coded(written)


def _coded(written: str) -> str:
    return "".join([chr(33 + ord(c) % 94) for c in written])


def _plain_words(name: str) -> list[str]:
    bare = unicodedata.normalize("NFKD", name.casefold())
    return _WORDS.findall("".join(c for c in bare if not unicodedata.combining(c))) or [""]
