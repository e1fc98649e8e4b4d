"""`dauys evaluate answers`: nothing of the future, figures beside two others, and what is wrong with a file."""

import gzip
import json
import random
from datetime import UTC, datetime, timedelta

import pytest
from click.testing import CliRunner

from dauys.commands.evaluate import answers
from dauys.commands.evaluate.answers import command

BEGAN = datetime(2026, 1, 1, tzinfo=UTC)
ACCEPTED, LAPSED = "Завершено: Пользователь удовлетворен решением проблемы", "Завершено: Автоматически"


def at(day):
    return (BEGAN + timedelta(days=day)).replace(tzinfo=None).isoformat()


def thread(number, day, answer, after, *, judged=None, **told):
    judged = day + 3 if judged is None else judged
    statuses = [[at(day), "Модерация"], [at(day + 0.5), "Рассмотрение"], [at(day + 2), "Получен ответ"]]
    return {
        "id": number, "district": "Северный", "category": "Свет", "reason": "Фонарь", "city_object": "Двор",
        "building": number % 9,
        "petitions": [{"dt": at(day), "segments": [[1, f"прошу починить фонарь {number % 5}"]]}],
        "answers": [{"dt": at(day + 1.5), "body": answer, "author": "Отдел", "performers": []}],
        "statuses": [*statuses, *([[at(judged), after]] if after else [])], "routes": [], "reason_changes": [],
        **told,
    }  # fmt: skip


def invented(count, first_day, seed, first=0):
    """Threads in which answers that pass on are disputed more often; some say nothing."""
    chance = random.Random(seed)
    rows = []
    for number in range(count):
        is_bad = chance.random() < 0.3
        answer = "Заявка направлена в отдел для рассмотрения." if is_bad else "Лампа заменена мастером участка."
        after = "Модерация" if chance.random() < (0.7 if is_bad else 0.12) else ACCEPTED
        if chance.random() < 0.2:
            after = LAPSED
        rows.append(thread(first + number, first_day + number * 30 / count, answer, after))
    return rows


@pytest.fixture
def file(tmp_path):
    def write(name, rows):
        path = tmp_path / name
        text = "".join(row if isinstance(row, str) else json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
        if name.endswith(".gz"):
            path.write_bytes(gzip.compress(text.encode()))
        else:
            path.write_text(text, "utf-8")
        return str(path)

    return write


@pytest.fixture
def few(monkeypatch):
    monkeypatch.setattr(answers, "RESAMPLES", 50)


def run(*arguments):
    return CliRunner().invoke(command, list(arguments))


def test_two_files_give_the_figures(file, few):
    earlier = file("earlier.jsonl.gz", invented(500, 0, 1))
    later = file("later.jsonl", invented(250, 40, 2, first=1000))
    done = run("--train", earlier, "--test", later, "--json")
    assert done.exit_code == 0, done.output
    told = json.loads(done.stdout)
    for name in ("verdicts", "silence_as_acceptance"):
        one = told[name]
        assert one["dauys"]["roc_auc"] > 0.7
        assert one["dauys"]["calibration_error"] < 0.15
        assert set(one["ahead_by"]) == {"length", "tfidf", "tfidf_answer_only"}
        assert one["ahead_by"]["length"]["from"] <= one["ahead_by"]["length"]["to"]
        assert one["tested_on"]["base_rate"] == pytest.approx(
            one["tested_on"]["disputed"] / one["tested_on"]["answers"], abs=1e-4
        )
    assert told["silence_as_acceptance"]["tested_on"]["answers"] > told["verdicts"]["tested_on"]["answers"]
    assert told["findings"]["forwarded"]["disputed_share"] > told["findings"]["any answer"]["disputed_share"]
    assert told["check_ms"] < 20


def test_one_file_is_split_by_a_day(file, few):
    rows = invented(400, 0, 1) + invented(200, 40, 2, first=1000)
    done = run(file("all.jsonl", rows), "--split", at(40)[:10])
    assert done.exit_code == 0, done.output
    assert "ours is ahead by" in done.stdout


def test_what_was_judged_after_the_test_began_is_not_learned(file, few):
    rows = invented(400, 0, 1)
    late = [thread(5000 + n, 20, "Заявка направлена в отдел.", "Модерация", judged=60) for n in range(7)]
    done = run("--train", file("a.jsonl", rows + late), "--test", file("b.jsonl", invented(200, 40, 2, 1000)), "--json")
    assert json.loads(done.stdout)["left_out_of_learning"] == 7


def test_only_what_was_known_at_sending_is_used():
    told = thread(
        1, 0, "Лампа заменена.", "Модерация",
        executor_org="Кто отвечал после спора", watchers=99,
        routes=[[at(1), "до"], [at(9), "после"]],
        reason_changes=[{"dt": at(9), "reason_change": {"old": "Дом/Вода/Труба", "current": "Двор/Свет/Фонарь"}}],
    )  # fmt: skip
    told["petitions"].append({"dt": at(3), "segments": [[1, "Ничего не сделано"]]})
    told["answers"].append({"dt": at(5), "body": "Второй ответ", "author": "Другой отдел"})
    first = answers._sent(told)[0]
    assert (first.verdict, first.answer, first.numbers["moved"]) == ("disputed", "Лампа заменена.", 1)
    assert "Ничего" not in first.appeal
    assert first.fields == {
        "object": "Дом", "category": "Вода", "topic": "Труба", "office": "Отдел", "district": "Северный",
    }  # fmt: skip


def test_masked_words_are_not_read():
    told = thread(1, 0, "Лампа заменена.", ACCEPTED)
    told["petitions"][0]["segments"] = [[1, "Пишет "], [2, "XXXX"], [1, " о фонаре"]]
    assert answers._sent(told)[0].appeal == "Пишет   о фонаре"


def test_the_past_of_a_place_is_counted_up_to_the_moment():
    rows = [
        one
        for number in range(3)
        for one in answers._sent(thread(number, number * 10, "Да, лампа.", "Модерация", building=1))
    ]
    answers._count_the_past(rows)
    assert [one.numbers["filed_here"] for one in rows] == [0, 1, 2]
    assert [one.numbers["disputed_here"] for one in rows] == [0, 1, 2]
    assert [one.numbers["accepted_here"] for one in rows] == [0, 0, 0]


@pytest.mark.parametrize(
    ("scores", "expected"),
    [([0.1, 0.2, 0.9, 0.8], 1.0), ([0.9, 0.8, 0.1, 0.2], 0.0), ([0.5, 0.5, 0.5, 0.5], 0.5), ([0, 1, 1, 2], 0.875)],
)
def test_the_area_counts_ties_as_half(scores, expected):
    truth = answers.np.array([False, False, True, True])
    assert answers._auc(truth, answers.np.array(scores, dtype=float)) == expected


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        pytest.param((), "Two files", id="nothing"),
        pytest.param(("{good}",), "--split", id="no day"),
        pytest.param(("{good}", "--split", "spring"), "spring", id="no date"),
        pytest.param(("{good}", "--split", "1999-01-01"), "no answers", id="all on one side"),
        pytest.param(("{gone}", "--split", "2026-01-10"), "no file", id="no such file"),
        pytest.param(("{torn}", "--split", "2026-01-10"), "line 2", id="a torn line"),
        pytest.param(("{bare}", "--split", "2026-01-10"), "petitions", id="a field less"),
        pytest.param(("--train", "{good}", "--test", "{good}"), "before the training ends", id="learning the future"),
        pytest.param(("{small}", "--split", "2026-01-10"), "disputed", id="too few"),
    ],
)
def test_a_mistake_is_named(file, tmp_path, arguments, said):
    good = invented(60, 0, 1)
    paths = {
        "good": file("good.jsonl", good), "gone": str(tmp_path / "gone.jsonl"),
        "torn": file("torn.jsonl", [good[0], '{"id": 1,\n']), "bare": file("bare.jsonl", [{"id": 1}]),
        "small": file("small.jsonl", invented(20, 0, 1)),
    }  # fmt: skip
    done = run(*(one.format(**paths) for one in arguments))
    assert done.exit_code == 2, done.output
    assert said in " ".join(done.output.split())
