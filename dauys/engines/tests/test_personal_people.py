import pytest

from dauys.engines import personal


def names(text):
    return {text[span.start : span.end] for span in personal.find(text) if span.kind == "name"}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        pytest.param("Петрова Анна Ивановна просит", "Петрова Анна Ивановна", id="full name"),
        pytest.param("с Петровой Анной Ивановной", "Петровой Анной Ивановной", id="full name, declined"),
        pytest.param("Сериков Асан Болатұлы", "Сериков Асан Болатұлы", id="Kazakh patronymic"),
        pytest.param("Асан Болат ұлы келді", "Асан Болат ұлы", id="Kazakh patronymic written apart"),
        pytest.param("Айгүл Сейітқызына берілді", "Айгүл Сейітқызына", id="Kazakh patronymic in the dative"),
        pytest.param("Нұрланов Ерлан Болатұлының өтініші", "Нұрланов Ерлан Болатұлының", id="in the genitive"),
        pytest.param("Айгүлдің баласы", "Айгүлдің", id="a given name in the genitive"),
        pytest.param("айгуль сейткызы просит", "айгуль сейткызы", id="Kazakh name without Kazakh letters"),
        pytest.param("петрова анна ивановна", "петрова анна ивановна", id="a name in small letters"),
        pytest.param("касымова шолпан", "касымова шолпан", id="two names in small letters"),
        pytest.param("НУРЛАНОВ ЕРЛАН БОЛАТОВИЧ НЕ ОТВЕЧАЕТ", "НУРЛАНОВ ЕРЛАН БОЛАТОВИЧ", id="all capitals"),
        pytest.param("Меня зовут Айгерим.", "Айгерим", id="меня зовут"),
        pytest.param("меня зовут айгерим", "айгерим", id="меня зовут, small letters"),
        pytest.param("Менің атым Асан", "Асан", id="менің атым"),
        pytest.param("My name is John Smith", "John Smith", id="my name is"),
        pytest.param("мастер Петров И.С. нагрубил", "Петров И.С.", id="initials after"),
        pytest.param("А. К. Сериков не ответил", "А. К. Сериков", id="initials before"),
        pytest.param("А. Б. Сулейменов", "А. Б. Сулейменов", id="initials with spaces"),
        pytest.param("Здравствуйте Петрова Анна пишет", "Петрова Анна", id="a greeting is not a name"),
        pytest.param("сосед Ерболат шумит", "Ерболат", id="a given name after a word of kin or place"),
        pytest.param("депутат Лоуренц сказал", "Лоуренц", id="an unknown surname after a title"),
        pytest.param("Пришёл Реджеп Лоуренц. Потом Лоуренца не видели", "Лоуренца", id="met before"),
        pytest.param("Директор Петров обещал", "Петров", id="a title with a capital"),
    ],
)
def test_a_name_is_found(text, said):
    assert said in names(text)


@pytest.mark.parametrize(
    "text",
    [
        "Школа имени Петрова Ивана закрыта",
        "Абай көшесі жөнделді",
        "Савушкина 74, нет света",
        "жители Свердловской области",
        "Основной вход над уровнем дороги",
        "Прошу Акимат города Алматы ответить",
        "В ТОО «Водоканал» не отвечают",
        "Алматы қаласында су жоқ",
        "серый с сероватым оттенком",
    ],
)
def test_what_is_no_person_stays(text):
    assert names(text) == set()


def test_two_parts_of_a_name_are_surer_than_one():
    (whole,) = personal.find("пришла Анна Петрова")
    (alone,) = personal.find("пришла Анна")
    assert whole.confidence > alone.confidence
