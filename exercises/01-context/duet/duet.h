/* Shared by your answer and its test. */
#ifndef DUET_H
#define DUET_H

//! [duet]
/* Two voices sing verses 1 to `verses` in turn, he first; then back. */
void duet(int verses);

/* Sings one verse, and is there already: sing("he", 1), sing("she", 1). */
void sing(const char *who, int verse);
//! [duet]

#endif
