#!/usr/bin/env bats
# tests/pages.bats - every page quotes the source as it is, and shows what really happens.
# shellcheck disable=SC2030,SC2031,SC2034,SC2154

load helpers

weave() { cd "$ROOT" && tests/pages/weave "$@"; }

@test "every quotation is the source, and every edit fits" { weave check; }

@test "README.md: what it shows happens" { weave run README.md; }

page() { weave run "$1"; }

@test "threaded/README.md: what it shows happens" { page threaded/README.md; }
@test "forked/README.md: what it shows happens" { page forked/README.md; }
@test "async/README.md: what it shows happens" { page async/README.md; }
@test "tutorial/introduction.md: what it shows happens" { page tutorial/introduction.md; }
@test "tutorial/conclusion.md: what it shows happens" { page tutorial/conclusion.md; }

@test "every file that a page links to is there" {
    cd "$ROOT"
    for page in *.md */*.md; do
        (
            cd "$(dirname "$page")"
            grep -o '](\([^)#]*\))' "$(basename "$page")" | sed 's/^](//; s/)$//' | grep -v '^http' |
                while read -r link; do [ -e "$link" ] || { echo "$page: $link"; exit 1; }; done
        )
    done
}
