#!/usr/bin/env bats
# tests/units.bats - the parts, by programs in C that say what was wrong.

load helpers

@test "a line becomes a request, or an error that says what is wrong" { "$UNITS/unit_request"; }

@test "timers fire in order, whatever is set, moved and cancelled" { "$UNITS/unit_timers"; }

@test "a conversation is the same however its bytes are cut" { "$UNITS/unit_session"; }
