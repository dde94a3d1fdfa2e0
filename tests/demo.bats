#!/usr/bin/env bats
# tests/demo.bats - the demo shows claims with figures and verdicts, and trusts no wrong reply.
# shellcheck disable=SC2030,SC2031,SC2034,SC2154

load helpers

demo() { BIN=${programs:-$BIN} "$ROOT/tutorial/tools/demo" "$@"; }

# programs_but NAME: the programs in a directory of their own, that one in the words on stdin.
programs_but() {
    programs=$PWD/bin
    mkdir -p bin
    for program in threaded forked async load ask; do
        rm -f "bin/$program"
        ln -s "$BIN/$program" "bin/$program"
    done
    rm "bin/$1"
    cat >"bin/$1"
    chmod +x "bin/$1"
}

@test "a claim has its commands, its figures as bars, and a verdict" {
    demo --claim 6 >out
    like "$(sed -n 2p out)" '^6\. An event loop'
    like "$(sed -n 3p out)" '^   \$ bin/async &$|^   \$ bin/load'
    like "$(cat out)" '[0-9.]+ MB +#+'
    like "$(cat out)" '=> (holds|does not hold here|cannot be shown here): '
    same "$(awk 'length > 100' out)" ''
}

@test "processes that count each for themselves are shown as they are" {
    demo --claim 4 >out
    grep -q 'are told: 1 1 1' out
}

@test "a server that does not start ends the demo" {
    programs_but async <<<$'#!/bin/sh\necho "no such luck" >&2; exit 1'
    status=0
    demo --claim 6 >out 2>said || status=$?
    same $status 1
    like "$(cat said)" 'demo: .*async did not start'
    grep -q 'no such luck' said
}

@test "a wrong reply ends the demo" {
    programs_but async <<END
#!/bin/bash
exec "$BIN/rude" --port-file "\${@: -1}" lie 'not what was asked for'
END
    status=0
    demo --claim 8 >out 2>said || status=$?
    same $status 1
    like "$(cat said)" 'demo: a reply was wrong or missing: bin/load'
    fails grep '=> holds' out
}

@test "a demo that is stopped leaves no process and no file" {
    programs_but async <<END
#!/bin/sh
echo \$\$ >"$PWD/server"
exec "$BIN/async" "\$@"
END
    mkdir scratch
    BIN=$programs TMPDIR=$PWD/scratch bash "$ROOT/tutorial/tools/demo" --claim 8 >out 2>&1 3>&- &
    started+=($!)
    until [ -s server ]; do pause; done
    kill -TERM $!
    ends_with 143 $!
    until_gone "$(cat server)"
    same "$(ls scratch)" ''
}

@test "mistakes are named" {
    for words in '--claim 9' '--claim' '--nonsense' 'x'; do
        status=0
        # shellcheck disable=SC2086
        demo $words >out 2>said || status=$?
        same $status 2
        [ ! -s out ]
        like "$(head -n 1 said)" '^demo: '
    done
    demo --help | grep -q '^usage: '
}
