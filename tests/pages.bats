#!/usr/bin/env bats
# tests/pages.bats - every page quotes the source as it is, and shows what really happens.

load helpers

weave() {
    [ "$1 ${BASH_VERSINFO[0]}" != 'run 3' ] || skip 'Bash 3 cannot ask whether there is more'
    cd "$ROOT" && tests/pages/weave "$@"
}

@test "each quotation is the source, each edit fits, each link leads on, each page keeps its time" {
    weave check
}

@test "README.md: what it shows happens" { weave run README.md; }
@test "threaded/README.md: what it shows happens" { weave run threaded/README.md; }
@test "forked/README.md: what it shows happens" { weave run forked/README.md; }
@test "async/README.md: what it shows happens" { weave run async/README.md; }

@test "the tutorial and the maps: what they show happens" {
    cd "$ROOT"
    shopt -s nullglob
    weave run tutorial/*.md tutorial/*/README.md {common,tests}/README.m[d]
}

@test "the labs: their starters do what the pages show" {
    [ -d "$ROOT/tests/labs" ] || skip 'a student may have changed the starters'
    weave run "$ROOT"/tutorial/labs/*/README.md
}
