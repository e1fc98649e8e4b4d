"""A Kazakh word without its endings: a suffix stripper of our own over folded letters (see `words.folded`).

Kazakh hangs endings on in a fixed order: stem, what makes words, plural, possession, case, person. They are peeled from
the outside in, one layer at a time, while enough of a stem stays; a participle, tense or infinitive is peeled first.
Stems of everyday matters that only look as if they carried an ending («аудан» is a district, not «from the ау») are
known by name. Grammar: the suffix tables of any Kazakh school grammar, in the letters left after folding (ә а, ө о,
ұ ү у, і и, ғ г, қ к, ң н).
"""

import re
from functools import lru_cache


def _set_of(words: str) -> frozenset[str]:
    return frozenset(words.split())


def _layer(*rows: tuple[str, str]) -> re.Pattern[str]:
    """A layer of endings: each row says after which letters its endings may stand. The longest ending is found."""
    ways = "|".join(f"(?<=[{after}])(?:{'|'.join(endings.split())})" for after, endings in rows)
    return re.compile(f"(?:{ways})$")


_VOWELS = re.compile(r"[аеиоуыэюя]")
_V = "аеиоуыэюя"  # vowels; у and и also stand for consonants
_HARD = "бвгдкпстфхцчшщь"
_SOFT = "жзйлмнр"

_NOUN = (
    _layer((_V + "рйу", "мын мин мыз миз сыздар сиздер"), (_SOFT, "бын бин быз биз"), (_HARD, "пын пин пыз пиз")),
    _layer(
        (_V, "ны ни нын нин ники нда нде ндагы ндеги ндай ндей"),
        (_V + _SOFT, "га ге да де дан ден дагы деги дай дей мен"),
        (_SOFT + "у", "ды ди дын дин дики"),
        (_HARD, "ка ке ты ти тын тин та те тан тен тагы теги тай тей тики пен"),
        ("мн", "нан нен нын нин ны ни"),
        ("жз", "бен"),
        ("ыи", "на не нан нен"),
        (_HARD + _SOFT + "у", "ына ине ыма име"),
    ),
    _layer(
        (_V, "мыз миз ныз низ сы си сын син м н"),
        (_HARD + _SOFT + "у", "ы и ым им ын ин ымыз имиз ыныз иниз"),
    ),
    _layer((_V + "рйу", "лар лер"), (_SOFT, "дар дер"), (_HARD, "тар тер")),
    _layer(
        (_V + "рйу", "лык лик лы ли лас лес"), (_SOFT, "дык дик ды ди дас дес"), (_HARD, "тык тик ты ти тас тес"),
        (_V + _SOFT + _HARD, "сыз сиз шы ши шылык шилик"),
    ),
)  # fmt: skip
"""Layers from the outside in: person, case (also after possession), possession, plural, what makes words."""

_SHORT = _set_of("су уй ай ой ат ел ер ит от ту")
"""Stems of two letters at which peeling may end."""

_KNOWN = _set_of(
    "абонент автобус агаш адам азамат айна алтын арыз ауа аудан аула ауру аурухана ауыз ауыл аялдама базар бакша "
    "балабакша балдырган баска бассейн болим болимше бугин бурын газ гимарат дарын дауыс демалыс денсаулык дукен "
    "емхана жагдай жаксы жалпы жаман жана жанбыр жарамды жарык жауап жауын жаяу жиын жолау жолаушы жуйе жумыс жылу "
    "закым закон заман кабат кабырга казан кала калдык канализация кар кара каражат карар карын катынас кедерги "
    "кейин кемин кеше киин кожалык кокыс конак коныс копир корик котельный коше кубыр кужат кулык куртин кутим кызмет "
    "кызметкер кымбат кыйын лифт мал маман маселе машина мекен мектеп мугалим муз мурын озен орман орын отиниш отын "
    "подьезд салкын сала саулык саябак сурак суык тагам талап тамыз тариф тарап тартип таскын тазалык терезе тоган "
    "топан тулга туман тургын турмыс тутин тыгын уйым усыныс хабар халык шагым шатыр шыгын ыстык"
)

_CHANGED = {
    "орн": "орын", "халк": "халык", "ауз": "ауыз", "мурн": "мурын", "даус": "дауыс", "карн": "карын", "корк": "корик",
    "кулк": "кулык",
}  # fmt: skip
"""Stems that lose their last vowel before an ending that begins with one."""

_CHAIN = re.compile(
    r"(?:[лдт][ыи]к|с[ыи]з|л[ыи]|ш[ыи])*"
    r"(?:[лдт][ае]р)?(?:[ыи]?м[ыи]з|[ыи]?н[ыи]з|с[ыи]н?|[ыи][мн]?|м|н)?"
    r"(?:[ндт][ыи]н|[гк][ае]|н[ае]|[ае]|[ндт][ыи]|н?[дт][ае]|[дтн][ае]н|[мбп]ен|н?[дт][ае]г[ыи]|[ндт]ик[и]|н?[дт][ае]й)?"
    r"(?:м[ыи]н|[мбп][ыи]з|с[ыи]з)?"
)
"""What may follow a known stem."""

_SURE = re.compile(
    r"(?:[лдт][ае]р(?:д[ыи]|[гк][ае]|[ыи]|д[ае]н?|[ыи]н|[ыи]нд[ае]|д[ыи]н)|[нт][ыи]н|(?:[дт]|нд)[ае]г[ыи]|[ыи]м[ыи]з|"
    r"[ыи]н[ыи]з|йд[ыи]|[гк][ае]н)$"
)

_VERB = re.compile(
    r"(?:(?:[мбп][ае])?(?:[гк][ае]н(?:[дт][ае]р)?(?:[ыи](?:н|м[ыи]з)?)?(?:д[аеыи]н?|н[ыи]н|[гк][ае])?|йд[ыи]|йт[ыи]н|"
    r"[гк][ае]л[ыи]|(?:[ыи])?н[ыи]з(?:д[ае]р)?)|(?<=...[аеиоуы][бгджзклмнпрстш])у(?:[дгн][аеыи]н?|[ыи]н?|[ыи]м[ыи]з|с[ыи]з)?|"
    r"(?<=[ае])у(?:[дгн][аеыи]н?|[ыи]н?|[ыи]м[ыи]з|с[ыи]з)?|(?<=..[бвгджзклмнрст][ае])п|(?<=[^аеыиоу])[ыи]п)$"
)
"""A participle, present tense, request, infinitive (with its case) or converb, denied or not."""

_PASSIVE = re.compile(r"(?<=[бвгджзклмнрстш][ае])[лн]$")


def _verb(word: str) -> str:
    """The stem of what is surely a verb, else nothing: four letters at least must stay."""
    found = _VERB.search(word)
    if found is None or found.start() < 4:
        return ""
    stem = word[: found.start()]
    ending = found.group()
    # «-ма-» before a tense denies; after it, or after a participle, what is left may still be passive.
    is_tensed = ending[0] in "гкй" or (ending[0] in "мбп" and len(ending) > 2)
    return _PASSIVE.sub("", stem) if is_tensed and len(stem) > 4 else stem


def _known(word: str) -> str:
    """The longest known stem that the word begins with and whose rest is nothing but endings."""
    for length in range(len(word), 2, -1):
        head, rest = word[:length], word[length:]
        stem = head if head in _KNOWN else ""
        if not stem and rest[:1] in ("ы", "и"):
            stem = _CHANGED.get(head, "")
            if not stem and head[-1] in "бг" and _hard(head) in _KNOWN:
                stem = _hard(head)
        if stem and _CHAIN.fullmatch(rest):
            return stem
    return ""


def _peel(word: str, layer: re.Pattern[str]) -> str:
    found = layer.search(word)
    if found:
        rest = word[: found.start()]
        if (len(rest) > 2 or rest in _SHORT) and _VOWELS.search(rest):
            return rest
    return word


def _hard(word: str) -> str:
    """No Kazakh stem ends in б or г: they soften before a vowel («мектебі», «тұрағы») and are hardened back."""
    if len(word) > 2 and word[-1] in "бг":
        return word[:-1] + ("п" if word[-1] == "б" else "к")
    return word


@lru_cache(maxsize=100_000)
def kazakh_stem(word: str) -> str:
    """A folded Kazakh word without its endings; at least three letters stay, in a few words two."""
    stem = _known(word) or _verb(word)
    if stem:
        return stem
    before = ""
    # Until nothing more comes off: a base form that itself looks like a form must end where its forms end.
    while word != before:
        before = word
        for layer in _NOUN:
            if word in _SHORT:
                return word
            word = _peel(word, layer)
    return _hard(word)


@lru_cache(maxsize=100_000)
def surely_kazakh(word: str) -> int:
    """2 where a folded word is a stem known by name, whatever its ending; 1 where it ends as only Kazakh ones do."""
    if len(word) > 2 and _known(word):
        return 2
    return 1 if _SURE.search(word) else 0
