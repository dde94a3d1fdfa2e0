#!/usr/bin/env bats
# tests/weave.bats - the tool that keeps the pages true finds what is not.
# shellcheck disable=SC2030,SC2031,SC2034,SC2154

load helpers

weave() { "$ROOT/tests/pages/weave" "$1" "$PWD/page.md"; }
page() { cat >page.md; }

@test "weave: a quotation that is the source passes" {
    page <<'PAGE'
```c common/model.c wait_counted
PAGE
    echo '```' >>page.md
    weave update
    grep -q 'model->wait(milliseconds);' page.md
    weave check
}

@test "weave: one changed letter is found, and update repairs it" {
    page <<'PAGE'
```c async/loop.c loop_stop
void loop_stop(struct loop *loop)
{
    loop->stopped = false;
}
```
PAGE
    run -1 weave check
    [[ $output == *'source:     loop->stopped = true;'* ]]
    weave update
    weave check
}

@test "weave: a definition with its comment, a macro, a structure, several at once" {
    page <<'PAGE'
```c async/task.h await task
#define await
struct task
```
```c forked/pipe_tally.c take_turn hear
/* One child at a time asks.
PAGE
    echo '```' >>page.md
    weave update
    grep -q 'One child at a time asks' page.md
    grep -q 'case __LINE__:' page.md
    grep -q 'static struct answer hear(void)' page.md
    weave check
}

@test "weave: a patch is quoted without its head, and its text is not run" {
    printf '%s\n' fails '--- a' '+++ b' '@@ -1 +1,0 @@' -one '@@ -9,0 +9 @@' +nine >"$PWD/x.patch"
    page <<<"\`\`\`diff $PWD/x.patch"$'\n```'
    weave update
    same "$(sed '1d;$d' page.md)" $'-one\n\n+nine'
    weave check
    weave run
    sed 's/nine/ten/' page.md >other.md
    fails "$ROOT/tests/pages/weave" check "$PWD/other.md"
}

# Writes a page that quotes what follows each line "@ NAME", and a source that holds all of it.
awkward() {
    awk -v source="$PWD/awkward.c" '
        /^@/ { if (name) print "```"; name = $2; if (name) print "```c " source " " name; next }
        { print >source; if (name) print }
        END { print "```" }' >page.md
}

@test "weave: a definition in C is whole, whatever braces, comments and strings are in it" {
    awkward <<'SOURCE'
@
/* A comment with a { in it, a " and what isn't the end; */
static int one_line(int n);
static void on_many_lines(const char *format, ...)
    __attribute__((format(printf, 1, 2)));
extern const struct row table[];
@ one_line
static int one_line(int n) { return n ? '}' : '{'; }
@ awkward
static const char *awkward(char c)
{
    /* }
} */
    static const int pairs[][2] = {
        {1, 2},
        {3, 4},
    };

    if (c == '\'' || c == '"') // }
        return one_line(1) ? "}\"}" : "/*";
    return pairs[0][0] == '}' ? "\\" : "{\
}";
}
@ for_each
#define for_each(item, list)                        \
    for (item = (list); (item); (item) = next(item)) {
@ shape
struct shape {
    enum { ROUND, SQUARE } kind;
    union {
        int radius;
        struct {
            int width, height;
        };
    };
};
@ LIMIT
enum { LIMIT = 8192 };
@ GREEN
enum colour {
    RED, /* as in }; */
    GREEN = ';',
};
@ colour_of
enum colour colour_of(struct shape shape)
{
    return shape.kind == ROUND ? RED : GREEN;
}
@ table
static const struct row table[] = {
    {.name = "};", .run = one_line},
    {.name = "{", .run = awkward},
};
@ answers
static long (*const answers[])(void) = {colour_of, awkward};
@ server
_Thread_local static struct server {
    int listener;
} server;
@ on_many_lines
__attribute__((noinline))
static void
on_many_lines(const char *format,
              ...)
{
#if defined ONE
    if (one_line(1)) {
        awkward(1);
    } else {
#else
    {
        {
#endif
    }
}
@ either
static void either(void)
{
    if (one_line(1)) {
#if defined ONE
    }
#else
        awkward(2);
    }
#endif
}
@ counter
static long counter = 1; /* the } of what
is not over yet */
@ last
int last;
SOURCE
    weave check
}

@test "weave: what is not there is named" {
    page <<'PAGE'
```c common/model.c no_such_function
```
PAGE
    run -1 weave check
    [[ $output == *'common/model.c has no no_such_function' ]]
}

@test "weave: code that stands nowhere must say so" {
    page <<'PAGE'
```c
int x;
```
PAGE
    run -1 weave check
    # shellcheck disable=SC2016
    sed -i 's/^```c$/```c sketch/' page.md
    weave check
}

@test "weave: an edit that fits nowhere is found" {
    page <<'PAGE'
```diff async/loop.c
-    loop->stopped = 2;
+    loop->stopped = 3;
```
PAGE
    run -1 weave check
    [[ $output == *'are 0 times in async/loop.c' ]]
}

@test "weave: a session with a server on a port of its own" {
    page <<'PAGE'
```console
$ bin/threaded -p 9000 &
listening on 127.0.0.1:9000
$ bin/ask 'echo hi' who
hi
process ... thread ... client 1
$ kill $!
$ wait; echo "status $?"
status 0
$ printf '%s\n' a b c d
a
...
d
```
PAGE
    weave run
}

@test "weave: a session that gives something else is found" {
    page <<'PAGE'
```console
$ echo one
two
```
PAGE
    PATIENCE=1 run -1 weave run
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
    PLACE=$PWD PATIENCE=1 run -1 weave run
    [ ! -e more ]
    [ ! -e sleeping ] || until_gone "$(cat sleeping)" # it is there, unless the machine stalled
}

@test "weave: an edit is made and built in a copy, and its session runs there" {
    page <<'PAGE'
```diff common/handle_client.c
-    session_finish(&session);
+    session_finish(&session); // an edit, and not the last
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
    BIN=bin weave run
    [ -z "$(cd "$ROOT" && grep 'number + 100' threaded/tally.c)" ]
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

@test "weave: what a session leaves behind is not in the project" {
    page <<'PAGE'
```console
$ mkfifo left.gate; echo left >build/left.json; cat build/left.json
left
$ head -n 1 Makefile common/../LICENSE | grep -c .
...
```
PAGE
    weave run
    [ ! -e "$ROOT/left.gate" ]
    [ ! -e "$ROOT/build/left.json" ]
}

@test "weave: a link that leads nowhere is found" {
    printf '%s\n' '[a page](page.md#top), [a site](https://example.org)' '[gone](gone.md)' >page.md
    run -1 weave check
    like "$output" 'page.md:2: there is no .*/gone.md$'
    fails grep -q 'page.md:1:' <<<"$output"
}

@test "weave: mistakes on its command line" {
    run -2 "$ROOT/tests/pages/weave" sew
    run -2 "$ROOT/tests/pages/weave" check no-such-page.md
    run -2 "$ROOT/tests/pages/weave"
}
