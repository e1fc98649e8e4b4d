import hashlib
import json
import time
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dauys.engines import language
from dauys.engines.language import learning, letters, lexicon, listing, model, sources

ANY_TEXT = st.text(st.characters(exclude_categories=()), max_size=300)


@pytest.mark.parametrize(
    ("text", "code", "spelling"),
    [
        pytest.param("Көшеде жарық жоқ, балалар қорқады", "kk", "", id="Kazakh letters"),
        pytest.param("уйде су жок, кашан болады", "kk", "russian-keyboard", id="Kazakh on a Russian keyboard"),
        pytest.param("бiздiн ауылда жол жаман", "kk", "", id="Latin i among Cyrillic letters stands for і"),
        pytest.param("auylda su joq, komek kerek", "kk", "latin", id="Kazakh in Latin letters by ear"),
        pytest.param("bizdiñ köşede jaryq joq", "kk", "latin", id="Kazakh in the Latin alphabet"),
        pytest.param("Во дворе третий день нет воды", "ru", "", id="Russian"),
        pytest.param("pochemu net vody, pomogite pozhaluysta", "ru", "latin", id="Russian in Latin letters"),
        pytest.param("There has been no water since Monday", "en", "", id="English"),
        pytest.param("дорога", "ru", "", id="one Russian word"),
        pytest.param("баспанамызды", "kk", "", id="one Kazakh word that needs none of the letters"),
        pytest.param("жарыгы", "kk", "russian-keyboard", id="one Kazakh word that does need them"),
        pytest.param("ПОЧЕМУ НЕТ ВОДЫ", "ru", "", id="all capitals"),
        pytest.param("Haшa yлицa бeз cвeтa", "ru", "", id="Latin look-alikes inside Russian words"),
        pytest.param("Н е т   в о д ы в доме, улипа Абая, д0м 5", "ru", "", id="badly read from paper"),
        pytest.param('<p class="wide header">Нет воды</p>&nbsp;<br/>', "ru", "", id="tags are not words"),
        pytest.param("Смотрите https://example.org/the/very/long/english/address", "ru", "", id="links are not words"),
        pytest.param("Кɵше жарығы жанбайды, əкімге жаздық", "kk", "", id="ə and ɵ of the Latin alphabet"),
        pytest.param("Мо\u0438\u0306 дом", "ru", "", id="letters put together from two signs"),
    ],
)
def test_the_language_of_an_appeal(text, code, spelling):
    found = language.identify(text)
    assert (found.code, found.spelling) == (code, spelling)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("12.05.2026, 87", id="no letters at all"),
        pytest.param("", id="nothing"),
        pytest.param("🙏", id="one emoji"),
        pytest.param("ааааааааа", id="one letter held down"),
        pytest.param("фывапролджэ", id="fingers along the keyboard"),
        pytest.param("Урамда ут янмый, балалар курка, зинһар ярдәм итегез, бик караңгы, җавап көтәбез", id="Tatar"),
        pytest.param("У дворі третій день немає води, допоможіть, будь ласка", id="Ukrainian"),
        pytest.param("Ko'chada uch kundan beri chiroq yonmaydi, yordam bering", id="Uzbek"),
        pytest.param("Көчөдө жарык жок, балдар коркуп жатат, жооп берүүңүздөрдү өтүнөбүз", id="Kyrgyz"),
        pytest.param("Sokakta üç gündür elektrik yok, lütfen yardım edin", id="Turkish"),
        pytest.param("Seit drei Tagen gibt es in unserem Haus kein Wasser", id="German"),
        pytest.param("我们的房子已经三天没有水了", id="Chinese"),
        pytest.param("لا يوجد ماء في البيت منذ ثلاثة أيام", id="Arabic"),
    ],
)
def test_what_is_none_of_the_three_is_unknown(text):
    assert language.identify(text)[:2] == ("unknown", 0.0)


@pytest.mark.parametrize(
    "text",
    [
        "Ауламызда қоқыс көп, шығарылмайды. Прошу вывезти мусор до конца недели.",
        "Көшеде жарық жоқ балалар қорқады пожалуйста помогите решить этот вопрос",
    ],
    ids=["whole sentences", "halves of one sentence"],
)
def test_two_languages_by_turns_are_mixed(text):
    found = language.identify(text)
    assert found.code == "mixed"
    assert {what for kind, what in found.reasons if kind == "sentences"} == {"kk", "ru"}


def test_each_sentence_has_its_language_and_place():
    text = "Ауламызда қоқыс көп. Прошу вывезти мусор! 12.5 ... The street is dark.\nUide su joq"
    found = language.sentences(text)
    assert [(text[one.start : one.end].strip(), one.code) for one in found] == [
        ("Ауламызда қоқыс көп.", "kk"),
        ("Прошу вывезти мусор!", "ru"),
        ("The street is dark.", "en"),
        ("Uide su joq", "kk"),
    ]
    assert found[-1].spelling == "latin"
    assert all(one.confidence > 0.8 for one in found)


def test_a_borrowed_word_does_not_make_a_text_mixed():
    assert language.identify("Подъездегі лифт істемейді, диспетчер жауап бермейді").code == "kk"
    assert language.identify("Аким обещал на встрече в ауле Қарағайлы дорогу сделать").code == "ru"


def test_what_decided_is_named():
    assert ("letters", "қ ң") in language.identify("қаңтар").reasons
    assert ("words", "нет воды") in language.identify("нет воды").reasons
    assert ("script", "latin") in language.identify("auylda su joq").reasons
    assert ("script", "other") in language.identify("نص عربي").reasons
    assert ("language", "other") in language.identify("Seit drei Tagen gibt es kein Wasser").reasons


def test_a_choice_among_three_is_never_mixed_and_knows_no_other_language():
    texts = ["Seit drei Tagen", "Ауламызда қоқыс көп. Прошу вывезти мусор до конца недели, пожалуйста.", "123", "вода"]
    found = [one.code for one in language.identify_many(texts, among=("kk", "ru", "en"))]
    assert (found[0], found[1] in {"kk", "ru"}, found[2], found[3]) == ("en", True, "unknown", "ru")
    assert [one.code for one in language.identify_many(texts, among=("kk",))] == ["unknown", "kk", "unknown", "kk"]


def test_more_evidence_gives_more_confidence():
    one, many = language.identify_many(["жондеу", "жол жаман, су жок, кашан жондейсиздер"])
    assert many.code == one.code == "kk"
    assert many.confidence >= one.confidence


@pytest.mark.parametrize("text", ["ОК, 12:30", "үй", "су", "да", "no"])
def test_one_or_two_letters_are_never_sure(text):
    assert language.identify(text).confidence <= 0.6


@given(st.lists(ANY_TEXT, max_size=5))
@settings(max_examples=150, deadline=None)
def test_any_text_gets_an_answer_and_the_same_one_in_any_company(texts):
    together = language.identify_many(texts, reasons=True)
    assert together == [language.identify(text) for text in texts]
    for text, found in zip(texts, together, strict=True):
        assert found.code in {"kk", "ru", "en", "mixed", "unknown"}
        assert 0 <= found.confidence <= 1
        assert (found.confidence == 0) == (found.code == "unknown")
        pieces = language.sentences(text)
        assert all(0 <= piece.start < piece.end <= len(text) for piece in pieces)
        assert all(a.end <= b.start for a, b in pairwise(pieces))


@pytest.mark.parametrize(
    "text",
    [unit * (1_000_000 // len(unit)) for unit in ("а", "<", "a@", "аб", "я. ", "www.", "漢", "а ", "<a>")],
    ids=["one letter", "brackets", "at signs", "one word", "sentences", "links", "characters", "words", "tags"],
)
def test_a_megabyte_of_anything_takes_no_longer_than_a_page(text):
    begun = time.process_time()
    language.identify(text)
    language.sentences(text)
    assert time.process_time() - begun < 2


def test_look_alikes_in_a_latin_word_of_foreign_letters_do_not_break_word_bounds():
    assert [one.code for one in language.identify_many(["", "вода", "", "😀", "нет воды"])] == [
        "unknown", "ru", "unknown", "unknown", "ru",
    ]  # fmt: skip


def _damaged(change):
    data = model.write(model.packaged())
    line, _, raw = data.partition(b"\n")
    header = json.loads(line)
    raw = change(header, raw) or raw
    return json.dumps(header).encode() + b"\n" + raw


def _words_backwards(header, raw):
    table, size = header["rows"] * header["columns"], 4 * header["listed"]
    backwards = np.frombuffer(raw, np.uint32, header["listed"], table)[::-1].tobytes()
    raw = raw[:table] + backwards + raw[table + size :]
    header["sha256"] = hashlib.sha256(raw).hexdigest()
    return raw


@pytest.mark.parametrize(
    ("data", "why"),
    [
        pytest.param(lambda: b"", "no header", id="empty"),
        pytest.param(lambda: b"\x80\x04\x95" * 100, "no header", id="a pickle"),
        pytest.param(lambda: b"{}\n", "header cannot be read", id="no fields"),
        pytest.param(lambda: b"[]\n", "header cannot be read", id="a list"),
        pytest.param(lambda: _damaged(lambda h, r: h.update(format="dauys-topics-1")), "format", id="a foreign model"),
        pytest.param(lambda: _damaged(lambda h, r: r[:-1]), "the file is cut", id="cut"),
        pytest.param(lambda: _damaged(lambda h, r: r[:-1] + b"\x55"), "sha256", id="one byte changed"),
        pytest.param(lambda: _damaged(lambda h, r: h.update(rows=2**40)), "is not one this engine reads", id="huge"),
        pytest.param(lambda: _damaged(lambda h, r: h.update(rows=True)), "is not one this engine", id="no number"),
        pytest.param(lambda: _damaged(lambda h, r: h.update(listed=-1)), "a list of -1 words", id="words below none"),
        pytest.param(
            lambda: _damaged(lambda h, r: h.update(listed=True)), "a list of True words", id="words uncounted"
        ),
        pytest.param(lambda: _damaged(lambda h, r: h.update(listed=5)), "file is cut", id="another number of words"),
        pytest.param(lambda: _damaged(_words_backwards), "out of order", id="words out of order"),
        pytest.param(lambda: _damaged(lambda h, r: h.update(bias=[[1, 2]])), "out of bounds", id="another shape"),
        pytest.param(lambda: _damaged(lambda h, r: h.update(longest=99)), "out of bounds", id="runs too long"),
        pytest.param(lambda: _damaged(lambda h, r: h.update(scale=float("nan"))), "out of bounds", id="not a number"),
    ],
)
def test_a_damaged_or_foreign_model_is_refused_with_the_reason(data, why):
    with pytest.raises(model.BadModel, match=why):
        model.read(data())


def test_the_packaged_model_tells_where_it_comes_from():
    packaged = model.packaged()
    assert model.read(model.write(packaged)).packed.tolist() == packaged.packed.tolist()
    assert any("CC BY 4.0" in source for source in packaged.card["sources"])
    assert model.read(model.write(packaged)).lexicon.steps.tolist() == packaged.lexicon.steps.tolist()
    assert len(model.write(packaged)) <= 1_500_000


def test_learning_is_the_same_twice_and_tells_languages_apart():
    lines = {
        "kk": "көшеде жарық жоқ|су келмейді|жол жаман екен|балалар мектепке бара алмайды|қар тазаланбайды|көмек керек",
        "ru": "на улице нет света|воды нет третий день|дорога разбита|дети не могут пройти|снег не убирают|помогите",
        "en": "there is no light|the water is gone|the road is broken|children cannot pass|snow lies here|help us now",
        "other": "в хаті немає світла|води нема|дорога погана|діти не можуть|сніг не прибирають|допоможіть",
    }
    told = [
        learning.Told(code, "x_uk.txt", f"{line} {n}")
        for code, together in lines.items() for line in together.split("|") for n in range(9)
    ]  # fmt: skip
    quota = {"kk": 200, "ru": 200, "en": 200, "other": 200}
    first, second = (learning.learn(told, pieces=quota, bits=12) for _ in range(2))
    assert hashlib.sha256(model.write(first)).digest() == hashlib.sha256(model.write(second)).digest()
    texts = ["көшеде су жоқ", "на улице нет воды", "the road is here"]
    found = language.identify_many(texts, model=first, among=("kk", "ru", "en"))
    assert [one.code for one in found] == ["kk", "ru", "en"]


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        ("IOB2_x.txt", "Су B-A\nжоқ O\n\nЖол O\n", [("kk", "Су жоқ"), ("kk", "Жол")]),
        ("reviews.csv", 'text,label\n"Су, жоқ",1\n', [("kk", "Су, жоқ")]),
        ("x.po", 'msgid "a"\nmsgstr "Су %(n)s жоқ"\n\n#, fuzzy\nmsgid "b"\nmsgstr "басқа"\n', [("kk", "Су   жоқ")]),
        ("own.toml", '[a]\nru = ["Нет {what}"]\n[b.kk]\nx = "Жоқ"\n', [("ru", "Нет"), ("kk", "Жоқ")]),
        ("page.html", "<h1>x</h1><p>Су <b>жоқ</b></p>", [("kk", "Су  жоқ")]),
        ("book.txt", "Су жоқ. Жол\nжаман!\n\nҚар", [("kk", "Су жоқ."), ("kk", "Жол жаман!"), ("kk", "Қар")]),
    ],
)
def test_each_shape_of_source_is_read(name, content, expected):
    assert [(code, " ".join(t.split())) for code, t in sources.texts(name, content, "kk")] == [
        (code, " ".join(t.split())) for code, t in expected
    ]


def test_a_dictionary_gives_suffixed_forms():
    affixes = "SFX A N 2\nSFX A 0 лар [аы]\nSFX A а еге а\n"
    assert list(sources.dictionary("2\nбала/A\nсу\n", affixes)) == ["бала балалар балеге", "су"]


def test_a_list_of_words_tells_how_often_each_is_met():
    assert sources.listed("words.tsv", "су\t25.5\nЖОЛ\t3\nжол\t2\n") == {"су": 25.5, "жол": 5.0}
    ranked = sources.listed("words.wordlist", "және\nсу\n«жол»\nСу\n")
    assert list(ranked) == ["және", "су", "жол"]
    assert ranked["және"] > ranked["су"] > ranked["жол"] > 0


def test_a_word_has_one_number_wherever_it_stands():
    cuts = letters.cut(["су жол", "ещё", "ЖОЛ, еще су"])
    numbers = lexicon.hashes(cuts.letters, cuts.start, cuts.end)
    assert numbers.tolist() == [numbers[i] for i in (0, 1, 2, 1, 2, 0)]
    assert len(set(numbers.tolist())) == 3


def test_a_listed_word_is_corrected_and_no_other():
    cuts = letters.cut(["жол дорога жол", "жолы", "жолc"])
    number = lexicon.hashes(cuts.letters, cuts.start[:1], cuts.end[:1])
    points = np.zeros((len(cuts.start), model.COLUMNS), np.float32)
    lexicon.correct(cuts, points, lexicon.Lexicon(number, np.array([8], np.int8)))
    assert points.tolist() == [[1, -1, 0, 0], [0, 0, 0, 0], [1, -1, 0, 0], [0, 0, 0, 0], [0, 0, 0, 0]]


def test_words_are_listed_by_the_language_that_uses_them():
    packaged = replace(model.packaged(), lexicon=lexicon.NONE)
    kk = ["бала", "адам", "жол", "жаман", "балалар", "келеді", "барды", "айтты", "жазда", "басты", "болды", "жатыр"]
    ru = ["дорога", "человек", "вода", "хорошо", "дети", "пришёл", "сказал", "летом", "главный", "были", "лежит", "три"]
    # One word of the other look in either language, used often.
    use = listing.Use(
        dict.fromkeys([*kk, "конкурс"], 50.0), {}, dict.fromkeys([*ru, "сарай"], 50.0), frozenset(), frozenset()
    )
    chosen = listing.choose(packaged, use, [*kk, "конкурс"], [*ru, "сарай"], most=20)
    assert (np.diff(chosen.hashes.astype(np.int64)) > 0).all()

    def kazakh(word, used):
        points = model.weigh(letters.cut([word]), used)[0]
        return points[0] - points[1]

    told = replace(packaged, lexicon=chosen)
    assert kazakh("конкурс", told) > kazakh("конкурс", packaged)
    assert kazakh("сарай", told) < kazakh("сарай", packaged)
    assert kazakh("неслыханное", told) == kazakh("неслыханное", packaged)


def test_kazakh_words_count_as_typed_on_a_russian_keyboard_too():
    assert listing.plainly({"қала": 10.0, "кала": 1.0, "бала": 5.0}) == {"қала": 10.0, "кала": 2.0, "бала": 5.0}


def test_what_must_not_be_learned_is_known_by_its_words():
    told = [
        learning.Told("kk", "a.txt", "Су жоқ, жол жаман!"), learning.Told("exclude", "b.txt", "су жоқ жол жаман"),
        learning.Told("kk", "a.txt", "Қар көп."),
    ]  # fmt: skip
    known, held = learning._split(told)
    assert [one.text for one in known["kk"] + held["kk"]] == ["Қар көп."]


def test_points_are_sums_over_words():
    packaged = model.packaged()
    together = model.weigh(letters.cut(["нет воды"]), packaged)
    alone = np.concatenate([model.weigh(letters.cut([word]), packaged) for word in ("нет", "воды")])
    assert np.allclose(together, alone)
