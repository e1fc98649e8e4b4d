"""Which language is this appeal written in: Kazakh, Russian, English, or two of them by turns?

Letters decide where they can: ә, ғ, қ, ң, ө, ұ, ү, һ, і are Kazakh. The hard case is Kazakh typed on a
Russian keyboard or in Latin letters, which carries none of them; there each word is weighed by whole common
words, by endings, by beginnings and by letters that native Kazakh words do not have. All weights were set by
hand for this project; they are added per word and the larger sum wins.
"""

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

READ_AT_MOST = 20_000  # characters: the language of a text is plain long before this

_WORD = re.compile(r"[^\W\d_]+(?:[-'’ʼ][^\W\d_]+)*")
_SENTENCE = re.compile(r"[^.!?…\n;]+[.!?…\n;]*")
_KAZAKH_LETTERS = frozenset("әғқңөұүһі")
_KAZAKH_LATIN_LETTERS = frozenset("äöüğşıñūçáńóúý")
_TO_RUSSIAN_KEYBOARD = str.maketrans("әғқңөұүһіi", "агкноуухии")


def _split(words: str) -> tuple[str, ...]:
    return tuple(words.split())


_KAZAKH_WORDS = _split("""
мен сен біз сіз олар ол бұл осы сол мына ана бар жоқ емес керек жатыр тұр жүр отыр болды болады болып болған
бол еді екен деп деді дейді үшін туралы бойынша кейін бұрын дейін сайын арқылы және немесе бірақ өйткені егер
қашан қайда қалай қандай неге кім не қанша барлық бәрі көп аз өте жақсы жаман жаңа ескі үлкен кіші бір екі үш
төрт бес алты жеті сегіз тоғыз он күн ай жыл апта сағат бүгін кеше ертең қазір әлі су жол үй көше ауыл қала
аудан облыс әкім әкімдік мектеп балабақша балалар бала адам адамдар халық тұрғын тұрғындар көмек өтінемін
сұраймын сұраймыз өтінеміз рахмет сәлем сәлеметсіз құрметті жұмыс істемейді жұмысы қар мұз шұңқыр қоқыс жарық
жоғы газ иіс түтін ит иттер мал жер дүкен аула көлік автобус аялдама емхана аурухана дәрі дәрігер мұғалім
оқушы ақша төлем баға жылу суық ыстық таза лас келмейді келді кетті алып беріп барып келіп қылып жасап шығып
тұрады жатқан тұрған жоқпыз бере алмай алмаймыз аламыз жібер жасаңыз тазалаңыз жөндеңіз шешіңіз беріңіз
көріңіз айтты айтып өз өзі өзім өзіміз біздің сіздің менің оның олардың мұнда онда осында сонда артық кем ғана
тек тағы да де та те ма ме ба бе па пе шама шейін мүмкін мәселе шешілмеді ешкім ештеңе ешқандай бұзылған
сынған қалды қалған салынған ұзақ жақын алыс түнде күндіз таңертең кешке қыс жаз күз көктем
""")
_RUSSIAN_WORDS = _split("""
и в во не на я что тот быть с со а весь это как она по но они к ко у ты из мы за вы так же от сказать этот
который мочь о об один еще ещё бы такой только себя свой какой когда уже для вот кто да говорить год до знать
мой или если нет есть был была было были будет под где дом дома дому улица улице улицы двор дворе дороги
дорога дорогу вода воды воду свет света газ тепло мусор снег лед яма ямы просьба прошу просим помогите
пожалуйста здравствуйте добрый день спасибо почему сколько нам нас мне меня их его ее её ему им нашем наша наш
наши ваш вас вам этом этой этого эти там тут здесь уже очень много мало можно нельзя нужно надо жалоба
обращаюсь обращение работает школа школе школы сад больница врач автобус остановка лифт подъезд подъезде
квартира квартире крыша труба трубы течет течёт прорвало сломан сломана не никто ничего никак все всё всех при
про без через после перед между около три два две пять час часа часов дней дня неделю неделя месяц месяца лет
года город город городе село селе район районе область хорошо плохо опять снова
""")
_ENGLISH_WORDS = _split("""
the be to of and a in that have i it for not on with he as you do at this but his by from they we say her she
or an will my one all would there their what so up out if about who get which go me when make can like no just
him know take into your some could them see other than then now only its over also after use two how our work
first because any these give day most us is are was were been has had please water road street house no school
hospital bus light snow garbage help why where near since weeks days months broken does did cannot here very
much more still never every people old new good bad thank thanks hello dear sir flat building children dog
dogs noise night work working repair fix months year
""")

# Endings are written in Kazakh letters; their Russian-keyboard and Latin forms are derived below.
_KAZAKH_ENDINGS = {
    2.6: "лардың лердің дардың дердің тардың тердің ларға лерге дарға дерге тарға терге лары лері "
    "дары дері тары тері "
    "ларын лерін дарын дерін тарын терін ларда лерде дарда дерде тарда терде лардан лерден дағы дегі "
    "тағы тегі ндағы "
    "ндегі сының сінің ының інің сында сінде ында інде сынан сінен ынан інен сына сіне майды мейді байды "
    "бейді пайды "
    "пейді маймын меймін ймын ймін амын емін мыз міз сыз сіз сың сің ғанда генде қанда кенде дықтан "
    "діктен лықтан "
    "ліктен ылған ілген латын летін атын етін йтын йтін ушы уші шылар шілер лығы лігі дығы дігі тығы "
    "тігі ңыз ңіз "
    "ыңыз іңіз ауыл көше аудан ұлы қызы лап леп дап деп тап теп ушылар уге уға ғаннан геннен мадық медік",
    1.7: "лар лер дар дер тар тер ның нің дың дің тың тің дан ден тан тен нан нен ға ге қа ке ды ді "
    "ты ті ған ген қан "
    "кен ып іп йды йді ады еді мын мін сын сін лы лі дық дік тық тік лық лік шы ші сы сі мас мес ай ей "
    "ау еу уы уі "
    "лау леу дау деу тау теу ыл іл ым ім ың ің ыс іс ыз із ын ін ына іне ыр ір ық ік дай дей тай тей мен "
    "бен пен ша ше",
    0.7: "да де та те ба бе ма ме ы у ан ар ат ас ап ақ ан",
}
_RUSSIAN_ENDINGS = {
    2.6: "ите йте айте ейте ться тся лся лась лось лись ешь ишь ает яет уют яют ают еют ится ется "
    "ение ения ению ением "
    "ений ание ания "
    "анию анием аний ость ости остью ский ская ское ские ского ской скую ским ских ную ный ная ное ные "
    "ного ному ным "
    "ных ной ого его ому ему ыми ими ами ями ывать ивать овать нный нная нное нные ция ции цию цией ций "
    "ство ства ству "
    "ством ович евич овна евна вать щий щая щее щие щих ших вший вшая ировать ически ческий ческая тель "
    "теля телей "
    "тельство ников ники ником ниц ница ницы ышка ушка ёнок",
    1.7: "ать ять еть ить уть ыть ти чь ал ял ел ил ыл ла ло ли ем им ет ит ут ют ят ой ая ое ые ие "
    "ый ий яя ее ых их "
    "ым ую юю ов ев ей ам ям ах ях ом ок ек ка ки ку кой ств ец цы ик ия ии ию ью на но ны ха хи ва во "
    "вы ву го чик щик",
    0.7: "о е я и ю ь а",
}
_ENGLISH_ENDINGS = {
    2.0: "ing tion sion ness ment ight ould ough able ible ally ated ence ance ious ful less ship hood ward ether",
    1.0: "ed ly er est ty th ck ss sh ch es ow ay ey al ic ive ous our ure ry ng nt ll",
}
_KAZAKH_BEGINNINGS = _split(
    "жа же жи жо жу жы кы гы шы ты ды сы кай кар тур уй ау ай бай той той кой кый агы еш уш уз ул ур ук аз ел ер ет"
)
_NOT_KAZAKH = {
    "в": 0.9,
    "ф": 1.4,
    "ц": 2.2,
    "ч": 1.8,
    "щ": 2.6,
    "ъ": 2.6,
    "ь": 2.2,
    "э": 1.2,
    "ё": 2.6,
    "ю": 0.9,
    "я": 0.7,
    "х": 0.4,
}
_RUSSIAN_CLUSTER = re.compile(
    r"^(?:[бвгджзклмнпрстфхцчшщ]{2})|[бвгдзкмнпст]р[аеоуыия]|[вздсжбгкпт]н[аеоуыиья]|ст[авероя]|[зсвп]л"
)
_KAZAKH_PIECE = re.compile(
    r"[аеоуыи]й[лдстмн]|[ыи][лнрдсгмп][ыи]|[аы][кг]ы|[аыоу]у[аы]|нб|нк[аеи]|кт[ыи]|рл[аыеи]|лд[ыиае]|ыгы"
    r"|иги|йт[ыиа]|йл[аыеи]"
)
_BACK, _FRONT = frozenset("аоыу"), frozenset("еи")

# How Kazakh letters are written in Latin: by ear with zh and sh, by ear with j, and by the official alphabet.
_KAZAKH_ALPHABET = "абвгғдежзийкқлмнңоөпрстуұүфхһцчшыіяюәьъ"
_LATIN_SCHEMES = tuple(
    dict(zip(_KAZAKH_ALPHABET, (*_split(letters), "", ""), strict=True))
    for letters in (
        "a b v g gh d e zh z i i k q l m n ng o o p r s t u u u f h h c ch sh y i ya yu a",
        "a b v g g d e j z i i k k l m n n o o p r s t u u u f h h c ch sh y i ia iu a",
        "a b v g ğ d e j z i i k q l m n ñ o ö p r s t u ū ü f h h c ç ş y ı ia iu ä",
    )
)
_RUSSIAN_LATIN = dict(
    zip(
        "абвгдеёжзийклмнопрстуфхцчшщыэюяъь",
        (*_split("a b v g d e e zh z i i k l m n o p r s t u f h c ch sh sch y e yu ya"), "", ""),
        strict=True,
    )
)


@dataclass(frozen=True)
class Language:
    """What a text is written in.

    `code` is kk, ru, en, mixed or unknown; `confidence` runs from 0 to 1; `reasons` are (kind, what) pairs
    where kind is letters, words, endings, script or sentences; `spelling` says how Kazakh (or Russian) was
    typed: "" in its own letters, "russian-keyboard" or "latin".
    """

    code: str
    confidence: float
    reasons: tuple[tuple[str, str], ...] = ()
    spelling: str = ""


@dataclass(frozen=True)
class Sentence:
    """One sentence of a text, text[start:end], with its own language (or unknown)."""

    start: int
    end: int
    code: str


def _latin(words: Iterable[str], *schemes: dict[str, str]) -> frozenset[str]:
    return frozenset("".join(scheme.get(letter, letter) for letter in word) for scheme in schemes for word in words)


def _folded(word: str) -> str:
    return word.translate(_TO_RUSSIAN_KEYBOARD)


def _weights(table: dict[float, str], *, fold: bool) -> dict[str, float]:
    weights: dict[str, float] = {}
    for weight, endings in table.items():
        for ending in endings.split():
            key = _folded(ending) if fold else ending
            weights[key] = max(weight, weights.get(key, 0.0))
    return weights


_RU = frozenset(_RUSSIAN_WORDS)
_EN = frozenset(_ENGLISH_WORDS)
_KK_TYPED = frozenset(_folded(word) for word in _KAZAKH_WORDS) - _RU
_KK_LATIN = _latin((word for word in _KAZAKH_WORDS if len(word) > 2), *_LATIN_SCHEMES) - _EN
_RU_LATIN = _latin((word for word in _RUSSIAN_WORDS if len(word) > 2), _RUSSIAN_LATIN) - _EN - _KK_LATIN
_KK_END = _weights(_KAZAKH_ENDINGS, fold=True)
_RU_END = _weights(_RUSSIAN_ENDINGS, fold=False)
_EN_END = _weights(_ENGLISH_ENDINGS, fold=False)
_KK_LATIN_END = {
    latin: weight
    for weight, endings in _KAZAKH_ENDINGS.items()
    if weight > 1
    for latin in _latin((ending for ending in endings.split() if len(ending) > 2), *_LATIN_SCHEMES)
}
_CYRILLIC = re.compile(r"[а-яёәғқңөұүһі]")


@dataclass(frozen=True, slots=True)
class _Weighed:
    kk: float
    ru: float
    en: float
    letters: str  # the Kazakh letters met
    latin: bool
    known: bool  # decided by a whole common word
    reason: str


def _ending(word: str, table: dict[str, float]) -> tuple[float, str]:
    for size in range(min(7, len(word) - 1), 0, -1):
        if (weight := table.get(word[-size:])) is not None:
            return weight, word[-size:]
    return 0.0, ""


@lru_cache(maxsize=100_000)
def _weigh(word: str) -> _Weighed:
    """Weigh one lower-case word. The cache makes a run over an archive several times faster."""
    if not _CYRILLIC.search(word):
        return _weigh_latin(word)
    letters = "".join(sorted(_KAZAKH_LETTERS.intersection(word)))
    if "i" in word:  # a Latin i inside a Cyrillic word stands for the і that Russian keyboards lack
        letters += "і"
    if letters:
        return _Weighed(6.0, 0.0, 0.0, letters, False, True, "")
    if word in _RU:
        shared = 1.5 if word in _KK_TYPED else 0.0
        return _Weighed(shared, 3.0, 0.0, "", False, True, "")
    if word in _KK_TYPED:
        return _Weighed(3.2, 0.0, 0.0, "", False, True, "")
    kk, kk_end = _ending(word, _KK_END)
    ru, ru_end = _ending(word, _RU_END)
    ru += 0.25  # most words without a single Kazakh letter are Russian
    for letter in set(word):
        ru += _NOT_KAZAKH.get(letter, 0.0)
    if _RUSSIAN_CLUSTER.search(word):
        ru += 1.2
    kk += 0.5 * min(3, len(_KAZAKH_PIECE.findall(word)))
    if word.startswith(_KAZAKH_BEGINNINGS):
        kk += 0.7
    back, front = len(_BACK.intersection(word)), len(_FRONT.intersection(word))
    if back and front:  # native Kazakh words keep to one row of vowels; и and у do not tell
        ru += 0.6 if "е" in word and ("а" in word or "о" in word or "ы" in word) else 0.2
    if word.count("ы") > 1:
        kk += 1.6
    if "о" in word[3:]:
        ru += 0.9  # native Kazakh words have no о after the first syllable
    return _Weighed(kk, ru, 0.0, "", False, False, kk_end if kk > ru else ru_end)


def _weigh_latin(word: str) -> _Weighed:
    if len(set(word)) == 1:  # XXXX, aaa: a blank or a cry, not a word
        return _Weighed(0.0, 0.0, 0.0, "", True, False, "")
    letters = "".join(sorted(_KAZAKH_LATIN_LETTERS.intersection(word)))
    if letters:
        return _Weighed(4.0, 0.0, 0.5, letters, True, True, "")
    if word in _EN:
        return _Weighed(0.0, 0.0, 3.0, "", True, True, "")
    if word in _KK_LATIN:
        return _Weighed(3.0, 0.0, 0.0, "", True, True, "")
    if word in _RU_LATIN:
        return _Weighed(0.0, 3.0, 0.0, "", True, True, "")
    kk, kk_end = _ending(word, _KK_LATIN_END)
    en, en_end = _ending(word, _EN_END)
    en += 1.2
    if "q" in word and "qu" not in word:
        kk += 2.0
    if word.startswith(("zh", "jy", "qy", "qa", "ty", "sy")):
        kk += 1.0
    if word.count("y") > 1:
        kk += 0.8
    if any(pair in word for pair in ("th", "wh", "ee", "oo", "ck", "w", "x")):
        en += 1.2
    return _Weighed(kk, 0.0, en, "", True, False, kk_end if kk > en else en_end)


def _sums(words: list[str]) -> tuple[float, float, float, list[_Weighed]]:
    weighed = [_weigh(word[:40]) for word in words]
    kk, ru, en = sum(w.kk for w in weighed), sum(w.ru for w in weighed), sum(w.en for w in weighed)
    latin = [w for w in weighed if w.latin]
    if len(latin) > 2 and sum(w.en >= 3 for w in latin) * 5 < len(latin):
        en *= 0.35  # an English text is never without its little words
    return kk, ru, en, weighed


def _best(kk: float, ru: float, en: float) -> tuple[str, float]:
    """The leading language and how surely it leads, from the lead in points."""
    ranked = sorted(((kk, "kk"), (ru, "ru"), (en, "en")), reverse=True)
    lead = ranked[0][0] - ranked[1][0]
    return ranked[0][1], 1 / (1 + math.exp(-0.9 * lead))


def _words(text: str) -> list[str]:
    return _WORD.findall(text.lower())


def identify(text: str) -> Language:
    """Say which language the text is in and why.

    Texts without letters are unknown. Two languages are "mixed" when whole sentences of both are met, each
    clear by itself; single borrowed words never make a text mixed. Only the first 20,000 characters are read.
    """
    text = text[:READ_AT_MOST]
    words = _words(text)
    if not words:
        return Language("unknown", 0.0)
    kk, ru, en, weighed = _sums(words)
    if kk + ru + en < 0.4:
        return Language("unknown", 0.0)
    if len(words) > 5:
        mixed = _mixed(text)
        if mixed is not None:
            return mixed
    code, confidence = _best(kk, ru, en)
    if code == "kk" and any(w.letters and not w.latin for w in weighed):
        confidence = max(confidence, 0.9)
    return Language(code, round(confidence, 3), _reasons(code, words, weighed), _spelling(code, weighed))


def _mixed(text: str) -> Language | None:
    points: dict[str, float] = {}
    examples: dict[str, str] = {}
    pieces = _SENTENCE.findall(text)
    if len(pieces) < 2:
        return None
    for piece in pieces:
        words = _words(piece)
        if len(words) < 2:
            continue
        kk, ru, en, _ = _sums(words)
        code, sure = _best(kk, ru, en)
        if sure >= 0.9:
            points[code] = points.get(code, 0) + len(words)
            examples.setdefault(code, piece.strip()[:40])
    if len(points) < 2:
        return None
    (first, most), (second, fewer) = sorted(points.items(), key=lambda item: (-item[1], item[0]))[:2]
    if fewer < 3 or fewer < 0.12 * most:
        return None
    share = fewer / (most + fewer)
    return Language("mixed", round(min(0.95, 0.6 + share), 3), (("sentences", first), ("sentences", second)), "")


def sentences(text: str) -> tuple[Sentence, ...]:
    """Split a text into sentences with a language for each, for texts that are mixed."""
    found = []
    for match in _SENTENCE.finditer(text[:READ_AT_MOST]):
        words = _words(match.group())
        if not words:
            continue
        code, sure = _best(*_sums(words)[:3])
        found.append(Sentence(match.start(), match.end(), code if sure >= 0.6 else "unknown"))
    return tuple(found)


def _spelling(code: str, weighed: list[_Weighed]) -> str:
    if code not in {"kk", "ru"}:
        return ""
    if sum(w.latin for w in weighed) * 2 > len(weighed):
        return "latin"
    if code == "kk" and len(weighed) > 1:
        # One Kazakh letter may slip into a name; a text that is really typed with them is full of them.
        with_letters = sum(1 for w in weighed if w.letters)
        return "russian-keyboard" if with_letters * 8 < len(weighed) else ""
    return "russian-keyboard" if code == "kk" and not weighed[0].letters else ""


def _reasons(code: str, words: list[str], weighed: list[_Weighed]) -> tuple[tuple[str, str], ...]:
    reasons: list[tuple[str, str]] = []
    if code == "kk":
        letters = sorted({letter for w in weighed for letter in w.letters})
        if letters:
            reasons.append(("letters", " ".join(letters)))
    own = [word for word, w in zip(words, weighed, strict=True) if w.known and not w.letters and getattr(w, code) >= 3]
    if own:
        reasons.append(("words", " ".join(dict.fromkeys(own[:3]))))
    endings = [w.reason for w in weighed if w.reason and getattr(w, code) > 2]
    if endings:
        reasons.append(("endings", " ".join(dict.fromkeys(endings[:3]))))
    if all(w.latin for w in weighed):
        reasons.append(("script", "latin"))
    elif not reasons:
        reasons.append(("script", "cyrillic"))
    return tuple(reasons)
