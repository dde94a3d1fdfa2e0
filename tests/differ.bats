#!/usr/bin/env bats
# tests/differ.bats - inputs by chance: ten configurations answer and close alike. More of them:
#     OUR_SEED=1000 OUR_ROUNDS=5000 make test TESTS=differ

load helpers
load players

SERVERS=$(printf '%s\n' threaded 'threaded -n 4' forked 'forked -n 4' async 'async --callbacks' \
    'async --backend poll' 'async --backend select' 'async -w 0' 'async -n 4')

@test "the same bytes, however they are cut, have the same replies and the same end" {
    "$UNITS/fuzz" "${OUR_SEED-1}" "${OUR_ROUNDS-200}" "${players[@]}"
}
