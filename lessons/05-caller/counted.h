/* The library, compiled into the program with each of its switches counted. */
#ifndef COUNTED_H
#define COUNTED_H

#define _DEFAULT_SOURCE 1
#define _XOPEN_SOURCE 600
#include <ucontext.h>

//! [count]
static int switches;

#define swapcontext(from, to) (switches++, swapcontext(from, to))
#define setcontext(to) (switches++, setcontext(to))
#include "../../coroutine.c"
//! [count]

#endif
