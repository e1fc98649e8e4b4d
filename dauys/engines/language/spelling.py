"""Other ways people type Kazakh and Russian: in Latin letters by several schemes, and noise that is no language.

The schemes: by ear with zh and sh, by ear with j and ch, the alphabet of 2018 with acutes, the one of 2021 with
umlauts, and Turkish-like habits. A writer keeps to a scheme but not strictly, so single letters are drawn anew.
"""

import numpy as np

_KAZAKH = "аәбвгғдеёжзийкқлмнңоөпрстуұүфхһцчшщъыіьэюя"
_BY_EAR = (
    "a a b v g g d e yo zh z i i k k l m n n o o p r s t u u u f h h c ch sh sh ? y i ? e yu ya",
    "a a b v g gh d e yo j z i y k q l m n ng o o p r s t u u u f kh h ts ch sh sch ? y i ? e yu ya",
    "a e b v g g d e e j z i i k k l m n n o o p r s t w u u f x h c c sh sh ? i i ? e iu ia",
    "á á b v g ǵ d e ıo j z ı ı k q l m n ń o ó p r s t ý u ú f h h ts ch sh sh ? y i ? e ıý ıa",
    "a ä b v g ğ d e io j z i i k q l m n ñ o ö p r s t u ū ü f h h ts ç ş ş ? y ı ? e iu ia",
    "a a b v g g d e e zh z i y k k l m n n o o p r s t u u u f h h c ch w w ? y i ? e yu ya",
    "a ä b v g ğ d e yo j z i y k q l m n ñ o ö p r s t w u ü f x h c ch sh sh ? ı i ? e yu ya",
    "a ae b v g gh d e yo zh z i y k k l m n ng o oe p r s t u u ue f h h ts ch sh sh ? y i ? e yu ya",
)
_RUSSIAN = "абвгдеёжзийклмнопрстуфхцчшщъыьэюя"
_RUSSIAN_BY_EAR = (
    "a b v g d e e zh z i y k l m n o p r s t u f h c ch sh sch ? y ? e yu ya",
    "a b v g d e yo zh z i j k l m n o p r s t u f kh ts ch sh shch ? y ' e yu ya",
    "a b v g d ie e j z i i k l m n o p r s t u f x c ch sh sh ? i ? e u ia",
    "a b v g d e e g z i i k l m n o p r s t y f h c 4 w w ? y ? e u ya",
)
_ROWS = ("йцукенгшщзхъ", "фывапролджэ", "ячсмитьбю", "qwertyuiop", "asdfghjkl", "zxcvbnm")
_RUSSIAN_KEYS = "йцукенгшщзхъфывапролджэячсмитьбю"
_ENGLISH_KEYS = "qwertyuiop[]asdfghjkl;'zxcvbnm,."
_COMMON = ("привет", "здравствуйте", "пожалуйста", "помогите", "вода", "дорога", "свет", "мусор", "когда", "почему")


def _schemes(alphabet: str, tables: tuple[str, ...]) -> list[dict[str, str]]:
    made = []
    for table in tables:
        letters = dict(zip(alphabet, table.split(), strict=True))
        made.append({k: "" if v == "?" else v for k, v in letters.items()})
    return made


_KAZAKH_SCHEMES = _schemes(_KAZAKH, _BY_EAR)
_RUSSIAN_SCHEMES = _schemes(_RUSSIAN, _RUSSIAN_BY_EAR)


def _retyped(text: str, schemes: list[dict[str, str]], random: np.random.Generator) -> str:
    scheme = dict(schemes[int(random.integers(len(schemes)))])
    for letter in scheme:
        if random.random() < 0.15:
            scheme[letter] = schemes[int(random.integers(len(schemes)))][letter]
    return "".join(scheme.get(letter, letter) for letter in text.lower())


def latin_kazakh(text: str, random: np.random.Generator) -> str:
    """Kazakh in Cyrillic letters retyped in Latin ones as one of many writers would."""
    return _retyped(text, _KAZAKH_SCHEMES, random)


def latin_russian(text: str, random: np.random.Generator) -> str:
    """Russian retyped in Latin letters."""
    return _retyped(text, _RUSSIAN_SCHEMES, random)


def noise(count: int, random: np.random.Generator) -> list[str]:
    """Letters that say nothing: fingers on the keyboard, random letters, a forgotten layout switch."""
    switch = str.maketrans(_RUSSIAN_KEYS, _ENGLISH_KEYS)
    back = str.maketrans({v: k for k, v in zip(_RUSSIAN_KEYS, _ENGLISH_KEYS, strict=True)})
    made = []
    for n in range(count):
        words = []
        for _ in range(int(random.integers(1, 4))):
            size = int(random.integers(4, 12))
            if n % 3 == 0:
                row = _ROWS[int(random.integers(6))]
                begin = int(random.integers(len(row)))
                along = (row * 3)[begin : begin + size]
                word = along if n % 2 else "".join(row[int(i)] for i in random.integers(len(row), size=size))
            elif n % 3 == 1:
                letters = _RUSSIAN if n % 2 else "abcdefghijklmnopqrstuvwxyz"
                word = "".join(letters[int(i)] for i in random.integers(len(letters), size=size))
            elif n % 2:
                word = _COMMON[int(random.integers(len(_COMMON)))].translate(switch)
            else:
                word = ("hello", "please", "water", "street", "where", "when")[int(random.integers(6))].translate(back)
            words.append(word)
        made.append(" ".join(words))
    return made
