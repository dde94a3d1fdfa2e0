#!/usr/bin/env bats
# tests/units.bats - the programs in C that test one room each. Each shows what failed by itself.
# fuzz is not random: it takes the same seeds every time. More of them, and others:
#     build/plain/tests/units/fuzz 1000000 50000

load helpers

@test "a reply keeps to its memory, and the laboratory has two verbs more" {
    "$UNITS/unit_request"
}

@test "a session decides and sends at the right moment" { "$UNITS/unit_session"; }

@test "a session lets late clients go and no others, loses nothing, and keeps no memory" {
    "$UNITS/unit_waits" # and timed waits go by the clock that only goes forward
}

@test "n bytes cost n steps, however they come" { "$UNITS/unit_steps"; }

@test "the heap of timers does what a list would" { "$UNITS/unit_timers"; }

@test "a new child is ready before a signal reaches it, and a killed one leaves its number" {
    "$UNITS/unit_children" 2>/dev/null
}

@test "percentiles are those of the sorted figures" { "$UNITS/unit_latency"; }

@test "replies to any bytes are right, and the same however they are cut" { "$UNITS/fuzz"; }
