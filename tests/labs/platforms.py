"""tests/labs/platforms.py - compares what lab export wrote into build with platforms.json."""
import csv
import json
import re
import sys
import zipfile

facts = json.load(open(sys.argv[1]))
lab, points = sys.argv[2], [line.split(None, 2) for line in open(sys.argv[3])]
worths = [int(worth.strip("[]")) for _, worth, _ in points]


def exported(platform, ending):
    return f"build/lab{lab}-{platform}.{ending}"


def within(number, bounds):
    return bounds[0] <= number <= bounds[1]


def classroom50(fact):
    tests = json.load(open(exported("classroom50", "json")))
    assert [test["points"] for test in tests] == [0] + worths
    assert len({test["name"] for test in tests}) == len(tests)
    for test in tests:
        assert set(fact["required"]) <= set(test) <= set(fact["allowed"])
        assert test["type"] in fact["types"]
        assert len(test["name"].encode()) <= fact["name_bytes"]
        assert within(test["timeout"], fact["timeout_seconds"])
        assert within(test["points"], fact["points"])


def github(fact):
    import yaml
    workflow = yaml.safe_load(open(exported("github", "yml")))
    _, *tests, reporter = workflow["jobs"]["run-autograding-tests"]["steps"]
    assert [test["with"]["max-score"] for test in tests] == worths
    for test in tests:
        assert test["uses"] == fact["grader"]
        assert set(fact["required"]) <= set(test["with"]) <= set(fact["allowed"])
        assert within(test["with"]["timeout"], fact["timeout_minutes"])
    ids = [test["id"] for test in tests]
    assert all(re.fullmatch("[a-z][a-z0-9_]*", id) for id in ids)
    assert reporter["uses"] == fact["reporter"]
    assert reporter["with"]["runners"] == ",".join(ids)
    assert reporter["env"] == {
        id.upper() + "_RESULTS": "${{steps." + id + ".outputs.result}}" for id in ids}


def gradescope(fact):
    archive = zipfile.ZipFile(exported("gradescope", "zip"))
    assert set(fact["files"]) <= set(archive.namelist())
    assert not [name for name in archive.namelist() if name.startswith("project/tests/labs")]
    results = json.load(open("results.json"))
    assert set(results) <= set(fact["allowed"])
    assert [test["max_score"] for test in results["tests"]] == worths
    for test in results["tests"]:
        assert set(test) <= set(fact["tests"])
        assert 0 <= test["score"] <= test["max_score"] and test["output"]


def moodle(fact):
    rows = list(csv.DictReader(open(exported("moodle", "csv"))))
    assert rows and set(fact["required"]) <= set(rows[0])
    for row in rows:
        assert re.fullmatch(fact["identifier"], row["Identifier"])
        assert within(int(row["Grade"]), [0, sum(worths)])


def canvas(fact):
    head, possible, *rows = csv.reader(open(exported("canvas", "csv")))
    assert head[:-1] == fact["begins"] and possible[0] == fact["second"] and rows
    assert int(possible[-1]) == sum(worths)
    assert all(row[1].isdigit() and within(int(row[-1]), [0, sum(worths)]) for row in rows)


for platform in sys.argv[4:]:
    globals()[platform](facts[platform])
