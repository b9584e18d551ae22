#ifndef ANSWER_H
#define ANSWER_H

/* Prints "forty-two" as a line and returns 42. */
int answer(void);

#endif
