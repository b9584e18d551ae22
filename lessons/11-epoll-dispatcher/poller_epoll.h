/**
 * @file
 * The poller on Linux's epoll. Elsewhere it is there by name only.
 */
#ifndef COROUTINE_POLLER_EPOLL_H
#define COROUTINE_POLLER_EPOLL_H

#include "poller.h"

#ifdef __cplusplus
extern "C" {
#endif

/**
 * Opens a poller on Linux's epoll, edge-triggered. A wait costs a step for each
 * report, however many descriptors there are.
 * @return the poller, owned as that of poller_poll(); NULL with
 *         - ENOSYS: this system has no epoll
 *         - EMFILE, ENFILE, ENOMEM: no descriptor or memory for it
 */
struct poller *poller_epoll(void);

#ifdef __cplusplus
}
#endif

#endif
