/* tutorial/labs/3-the-gil/holder.h - has answers.c call what is in interpreter.c, for the check.
 * The Makefile includes it before answers.c, whose calls keep their names for the compiler. */
#pragma redefine_extname gil_acquire acquire_checked
#pragma redefine_extname gil_release release_checked
