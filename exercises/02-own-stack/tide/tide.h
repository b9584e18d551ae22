/* Shared by your answer and its test. */
#ifndef TIDE_H
#define TIDE_H

#include <stddef.h>

/* A byte that frames rarely hold. */
enum { PAINT = 0xA5 };

/* Paints a stack, and measures how far down the paint is gone: see tide.c. */
void paint(char *base, size_t size);
size_t tide(const char *base, size_t size);

#endif
