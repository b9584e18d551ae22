/* Shared by your answer and its test. */
#ifndef VISIT_H
#define VISIT_H

#include <stddef.h>

//! [visit]
/* Runs guest() on its own stack of `size` bytes; back when it returns. */
void visit(void (*guest)(void), void *stack, size_t size);
//! [visit]

#endif
