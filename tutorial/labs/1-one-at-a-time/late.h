/* tutorial/labs/1-one-at-a-time/late.h - has server.c call what is in late.c, for the check.
 * The Makefile includes it before server.c, whose calls keep their names for the compiler. */
#pragma redefine_extname pthread_create create_late
#pragma redefine_extname pthread_join join_counted
#pragma redefine_extname pthread_detach detach_counted
#pragma redefine_extname close close_counted
#pragma redefine_extname malloc malloc_counted
#pragma redefine_extname free free_counted
