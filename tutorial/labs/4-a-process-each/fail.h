/* tutorial/labs/4-a-process-each/fail.h - has server.c call what is in fail.c, for the check.
 * The Makefile includes it before server.c, whose calls keep their names for the compiler. */
#pragma redefine_extname fork fork_or_fail
#pragma redefine_extname net_refuse refuse_late
