"""tests/labs/platforms.py - compares what lab export wrote into build with platforms.json."""
import csv
import json
import re
import sys
import zipfile

facts = json.load(open(sys.argv[1]))
lab = sys.argv[2]
worths = [int(re.search(r"\[(\d+)\]", line).group(1)) for line in open(sys.argv[3])]


def exported(name):
    return f"build/lab{lab}-{name}"


def has_the_keys_of(fact, entry):
    assert set(fact["required"]) <= set(entry) <= set(fact["allowed"]), entry


def classroom50(fact):
    tests = json.load(open(exported("classroom50.json")))
    assert [test["points"] for test in tests] == [0] + worths
    assert len({test["name"] for test in tests}) == len(tests)
    for test in tests:
        has_the_keys_of(fact, test)
        assert test["type"] in fact["types"] and len(test["name"].encode()) <= fact["name_bytes"]
        assert fact["seconds"][0] <= test["timeout"] <= fact["seconds"][1]


def github(fact):
    import yaml
    workflow = yaml.safe_load(open(exported("github.yml")))
    _, *tests, reporter = workflow["jobs"]["run-autograding-tests"]["steps"]
    assert [test["with"]["max-score"] for test in tests] == worths
    for test in tests:
        has_the_keys_of(fact, test["with"])
        assert test["uses"] == fact["grader"] and re.fullmatch("[a-z][a-z0-9_]*", test["id"])
        assert fact["minutes"][0] <= test["with"]["timeout"] <= fact["minutes"][1]
    ids = [test["id"] for test in tests]
    assert reporter["uses"] == fact["reporter"]
    assert reporter["with"]["runners"] == ",".join(ids)
    assert reporter["env"] == {
        id.upper() + "_RESULTS": "${{steps." + id + ".outputs.result}}" for id in ids}


def gradescope(fact):
    names = zipfile.ZipFile(exported("gradescope.zip")).namelist()
    assert set(fact["files"]) <= set(names)
    assert not [name for name in names if name.startswith("project/tests/labs")]
    results = json.load(open("results.json"))
    assert set(results) <= set(fact["allowed"])
    assert [test["max_score"] for test in results["tests"]] == worths
    for test in results["tests"]:
        assert set(test) <= set(fact["tests"]) and 0 <= test["score"] <= test["max_score"]
        assert test["output"]


def moodle(fact):
    for row in csv.DictReader(open(exported("moodle.csv"))):
        assert set(fact["required"]) <= set(row)
        assert re.fullmatch(fact["identifier"], row["Identifier"])
        assert 0 <= int(row["Grade"]) <= sum(worths)


def canvas(fact):
    head, possible, *rows = csv.reader(open(exported("canvas.csv")))
    assert head[:-1] == fact["begins"] and possible[0] == fact["second"]
    assert int(possible[-1]) == sum(worths)
    assert all(row[1].isdigit() and 0 <= int(row[-1]) <= sum(worths) for row in rows)


for platform in sys.argv[4:]:
    globals()[platform](facts[platform])
