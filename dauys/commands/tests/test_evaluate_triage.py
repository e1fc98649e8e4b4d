import csv
import gzip
import json

import pytest
from click.testing import CliRunner

from dauys.commands.evaluate import triage

MATTERS = {
    ("Двор", "мусор во дворе не убран"): ("Уборка", "Мусор", "Акимат района {}"),
    ("Двор", "сломаны качели на площадке"): ("Двор", "Площадка", "Акимат района {}"),
    ("Дом", "в подъезде темно, нет света"): ("Дом", "Освещение", "Служба дома {}"),
    ("Улица", "яма на дороге у остановки"): ("Дороги", "Яма", "Отдел дорог"),
}
WORDS = ("пожалуйста", "срочно", "опять", "который день", "помогите", "жители ждут")


def write(path, days, *, drop=()):
    columns = ["id", "created", "text", "city_object", "district", "category", "reason", "executor_org", "final_status"]
    opened = gzip.open if path.suffix == ".gz" else open
    with opened(path, "wt", encoding="utf-8") as file:
        out = csv.DictWriter(file, [name for name in columns if name not in drop], extrasaction="ignore")
        out.writeheader()
        for day in days:
            for n, ((place, text), (category, reason, office)) in enumerate(MATTERS.items()):
                district = ("Алтайский", "Зайсанский")[(day + n) % 2]
                out.writerow(
                    {
                        "id": f"{day}-{n}", "created": f"2025-{1 + day // 28:02}-{1 + day % 28:02}T10:00:00",
                        "text": f"{WORDS[day % 6]}, {text} {WORDS[(day * 5 + n) % 6]}", "city_object": place,
                        "district": district, "category": category, "reason": reason,
                        "executor_org": office.format(district), "final_status": reason,
                    }
                )  # fmt: skip
    return path


def run(*arguments):
    return CliRunner().invoke(triage.command, [str(one) for one in arguments])


def test_every_target_is_measured_beside_the_signalen_recipe(tmp_path):
    whole = write(tmp_path / "appeals.csv.gz", range(60))
    done = run(whole, "--split", "2025-02-20", "--json")
    assert done.exit_code == 0, done.output
    outcome = json.loads(done.stdout)
    assert set(outcome["targets"]) == {"category", "reason", "executor_org"}
    assert outcome["beside_the_text"] == ["city_object", "district", "exact"]
    for one in outcome["targets"].values():
        assert one["dauys"]["accuracy"] > 0.9
        assert 0 <= one["dauys"]["calibration_error"] <= 1
        assert one["dauys"]["texts_per_second"] > 0
        assert one["signalen_recipe"]["macro_f1"] > 0
        assert one["dauys_to_signalen"]["accuracy"] == pytest.approx(
            one["dauys"]["accuracy"] / one["signalen_recipe"]["accuracy"], abs=0.001
        )


def test_two_files_and_one_file_split_are_the_same(tmp_path):
    write(tmp_path / "all.csv", range(60))
    write(tmp_path / "train.csv", range(46))
    write(tmp_path / "test.csv", range(46, 60))
    one = run(tmp_path / "all.csv", "--split", "2025-02-19", "--target", "reason", "--json")
    two = run("--train", tmp_path / "train.csv", "--test", tmp_path / "test.csv", "--target", "reason", "--json")
    figures = [json.loads(done.stdout)["targets"]["reason"]["dauys"] for done in (one, two)]
    for name in ("accuracy", "macro_f1", "sure_from", "alone_share"):
        assert figures[0][name] == figures[1][name]


def test_what_comes_after_filing_is_never_used(tmp_path):
    """`final_status` gives the reason away in these files, and must not be among what is known beside the text."""
    case = triage._read(write(tmp_path / "appeals.csv", range(2)))[0]
    assert set(case.beside) == {"city_object", "district", "exact"}


def test_a_class_with_too_few_texts_is_left_out_and_counted(tmp_path):
    train, test = write(tmp_path / "train.csv", range(46)), write(tmp_path / "test.csv", range(46, 60))
    with test.open("a", encoding="utf-8") as file:
        file.write("9,2025-03-09T10:00:00,странное дело,Дом,Алтайский,Иное,Иное,Никто,\n")
    one = json.loads(run("--train", train, "--test", test, "--target", "reason", "--text-only", "--json").stdout)
    assert one["targets"]["reason"]["left_out_of_test"] == 1
    assert one["beside_the_text"] == []


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        pytest.param(["--train", "train.csv"], "--test FILE", id="one of two files"),
        pytest.param(["train.csv"], "--split DATE", id="one file without a day"),
        pytest.param(["train.csv", "--split", "2031-01-01"], "One part is empty", id="a day after all"),
        pytest.param(["--train", "train.csv", "--test", "absent.csv"], "There is no file", id="no such file"),
        pytest.param(["--train", "train.csv", "--test", "picture.png"], "cannot be read", id="not a table"),
        pytest.param(
            ["--train", "later.csv", "--test", "train.csv"], "may not learn from the future", id="wrong order"
        ),
        pytest.param(["--train", "train.csv", "--test", "bare.csv"], "has no column text", id="no text"),
        pytest.param(
            ["--train", "train.csv", "--test", "later.csv", "--target", "executor_org"], "--target", id="empty"
        ),
    ],
)
def test_a_wrong_file_is_answered_with_its_remedy(tmp_path, arguments, said):
    write(tmp_path / "train.csv", range(30), drop=("executor_org",))
    write(tmp_path / "later.csv", range(30, 40))
    write(tmp_path / "bare.csv", range(30, 40), drop=("text",))
    (tmp_path / "picture.png").write_bytes(b"\x89PNG\x00\xff\xfe")
    done = run(*[tmp_path / one if one.endswith((".csv", ".png")) else one for one in arguments])
    assert done.exit_code == 2
    assert said in done.output
