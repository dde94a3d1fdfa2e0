#!/usr/bin/env bats
# tests/weave.bats - the tool that keeps the pages true finds what is not. That it accepts what is
# true, each run of the pages shows.

load helpers

weave() { "$ROOT/tests/pages/weave" "$1" "$PWD/page.md"; }
page() { cat >page.md; }

# finds TEXT: check says so of the page on standard input.
finds() {
    page
    run -1 weave check
    [[ $output == *"$1"* ]] || { echo "$output"; return 1; }
}

@test "weave: one changed letter is found, and update repairs it" {
    finds 'source:     loop->stopped = true;' <<'PAGE'
```c async/loop.c loop_stop
void loop_stop(struct loop *loop)
{
    loop->stopped = false;
}
```
PAGE
    weave update
    weave check
}

@test "weave: a changed line of a patch is found" {
    case $PWD in *' '*) skip 'a space ends the name of a patch' ;; esac
    printf '%s\n' fails '--- a' '+++ b' '@@ -1 +1,0 @@' -one '@@ -9,0 +9 @@' +nine >"$PWD/x.patch"
    finds 'source: +nine' < <(printf '```diff %s\n-one\n\n+ten\n```\n' "$PWD/x.patch")
}

@test "weave: an unknown name, code from nowhere, an edit and a link that lead nowhere are found" {
    finds 'common/model.c has no no_such_function' <<'PAGE'
```c common/model.c no_such_function
```
PAGE
    finds 'whose definition is this?' <<'PAGE'
```c
int x;
```
PAGE
    finds 'are 0 times in async/loop.c' <<'PAGE'
```diff async/loop.c
-    loop->stopped = 2;
+    loop->stopped = 3;
```
PAGE
    finds 'page.md:1: there is no ' <<<'See [that](no-such-file.md#part).'
    finds 'there is no heading #part in ' <<<'See [that](#part).'
}

# A walkthrough with as many words, lines of C and lines before its first command.
walkthrough() {
    echo 'It takes 13 minutes to read and run.'
    printf '\n## %s\n' 'The idea'
    yes '' | head -n "$3"
    printf '## %s\n' 'Watch it run' 'In Python' 'The program, piece by piece' \
        'How it waits, computes and shares' 'What breaks if' 'What it costs'
    printf '```console\n$ true\n```\n```c sketch\n'
    yes '' | head -n "$2"
    echo '```'
    yes word | head -n "$1"
    printf '## %s\n' 'In depth' 'Where to go next'
    yes word | head -n 3000
}

@test "weave: a walkthrough that is too long, begins late or promises too little is found" {
    walkthrough 1400 150 40 >page.md
    weave check
    finds '1508 words on the main path' < <(walkthrough 1500 150 40)
    finds '151 lines of C' < <(walkthrough 1400 151 40)
    finds 'the first command is in line 64' < <(walkthrough 1400 150 53)
    finds 'promises 13 minutes; its main path takes 12' < <(walkthrough 1200 150 40)
    finds 'its headings should be' < <(walkthrough 1400 150 40 | sed '/In Python/d')
}

@test "weave: a session that gives something else is found" {
    page <<'PAGE'
```console
$ echo one
two
```
PAGE
    OUR_PATIENCE=1 run -1 weave run
    [[ $output == *'page.md:2: $ echo one'*'two'* ]]
}

@test "weave: a command that hangs ends the page, and is ended" {
    page <<'PAGE'
```console
$ sleep 1000 & echo $! >"$PLACE/sleeping"; wait
```
```console
$ touch "$PLACE/more"
```
PAGE
    PLACE=$PWD OUR_PATIENCE=1 run -1 weave run
    [ ! -e more ]
    [ ! -e sleeping ] || until_gone "$(cat sleeping)" # it is there, unless the machine stalled
}

@test "weave: a session that is stopped leaves no process and no directory" {
    page <<'PAGE'
```console
$ sleep 1000 & echo $! >"$PLACE/sleeping"; wait
```
PAGE
    mkdir tmp
    (cd "$ROOT" && PLACE=$BATS_TEST_TMPDIR TMPDIR=$BATS_TEST_TMPDIR/tmp \
        exec bash tests/pages/session "$BATS_TEST_TMPDIR/page.md") 3>&- &
    started+=($!)
    until [ -s sleeping ]; do pause; done
    kill -TERM $!
    ends_with 143 $!
    until_gone "$(cat sleeping)"
    rmdir tmp
}

@test "weave: what a session leaves behind, and an edit, are not in the project" {
    page <<'PAGE'
```console
$ mkfifo left.gate; echo left >build/left.json
```
```diff threaded/tally.c
-    long mine = ++number;
+    long mine = ++number + 100;
```
```console broken
$ bin/threaded &
listening on 127.0.0.1:9000
$ bin/ask count
101
```
PAGE
    OUR_BIN=bin weave run
    [ ! -e "$ROOT/left.gate" ]
    [ ! -e "$ROOT/build/left.json" ]
    [ -z "$(cd "$ROOT" && grep 'number + 100' threaded/tally.c)" ]
}
