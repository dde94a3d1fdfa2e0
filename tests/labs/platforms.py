"""tests/labs/platforms.py - compares what lab export wrote into build with what each platform has
published of the form that it takes."""
import csv
import json
import re
import sys
import zipfile

lab = sys.argv[1]
worths = [int(re.search(r"\[(\d+)\]", line).group(1)) for line in open(sys.argv[2])]


def exported(name):
    return f"build/lab{lab}-{name}"


def classroom50():
    """foundation50/classroom50: schemas/tests-v1.schema.json, the items of tests"""
    required = {"name", "type", "run"}
    allowed = required | {"setup", "timeout", "exit-code", "points", "failure-details",
                          "show-output", "show-command"}
    tests = json.load(open(exported("classroom50.json")))
    assert [test["points"] for test in tests] == [0] + worths
    assert len({test["name"] for test in tests}) == len(tests)
    for test in tests:
        assert required <= set(test) <= allowed, test
        assert test["type"] == "run" and len(test["name"].encode()) <= 100
        assert 0 <= test["timeout"] <= 600


def github():
    """action.yml of autograding-command-grader, README of autograding-grading-reporter"""
    import yaml
    required = {"test-name", "command"}
    allowed = required | {"setup-command", "timeout", "max-score"}
    workflow = yaml.safe_load(open(exported("github.yml")))
    _, *tests, reporter = workflow["jobs"]["run-autograding-tests"]["steps"]
    assert [test["with"]["max-score"] for test in tests] == worths
    for test in tests:
        assert required <= set(test["with"]) <= allowed, test
        assert test["uses"] == "classroom-resources/autograding-command-grader@v1"
        assert re.fullmatch("[a-z][a-z0-9_]*", test["id"])
        assert 1 <= test["with"]["timeout"] <= 60  # minutes
    ids = [test["id"] for test in tests]
    assert reporter["uses"] == "classroom-resources/autograding-grading-reporter@v1"
    assert reporter["with"]["runners"] == ",".join(ids)
    assert reporter["env"] == {
        id.upper() + "_RESULTS": "${{steps." + id + ".outputs.result}}" for id in ids}


def gradescope():
    """gradescope-autograders.readthedocs.io, Autograder Specifications"""
    allowed = {"score", "execution_time", "output", "visibility", "stdout_visibility",
               "extra_data", "tests", "leaderboard"}
    allowed_of_test = {"score", "max_score", "status", "name", "name_format", "number", "output",
                       "output_format", "tags", "visibility", "extra_data"}
    names = zipfile.ZipFile(exported("gradescope.zip")).namelist()
    assert {"setup.sh", "run_autograder"} <= set(names)
    assert not [name for name in names if name.startswith("project/tests/labs")]
    results = json.load(open("results.json"))
    assert set(results) <= allowed
    assert [test["max_score"] for test in results["tests"]] == worths
    for test in results["tests"]:
        assert set(test) <= allowed_of_test and 0 <= test["score"] <= test["max_score"]
        assert test["output"]


def moodle():
    """moodle/moodle: mod/assign/feedback/offline/importgradeslib.php, in English"""
    for row in csv.DictReader(open(exported("moodle.csv"))):
        assert {"Identifier", "Grade", "Last modified (grade)"} <= set(row)
        assert re.fullmatch("Participant [0-9]+", row["Identifier"])
        assert 0 <= int(row["Grade"]) <= sum(worths)


def canvas():
    """instructure/canvas-lms: lib/gradebook_importer.rb; assignments follow Section"""
    head, possible, *rows = csv.reader(open(exported("canvas.csv")))
    assert head[:-1] == ["Student", "ID", "Section"] and possible[0] == "    Points Possible"
    assert int(possible[-1]) == sum(worths)
    assert all(row[1].isdigit() and 0 <= int(row[-1]) <= sum(worths) for row in rows)


for platform in sys.argv[3:]:
    globals()[platform]()
