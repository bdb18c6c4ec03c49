#pragma once
#include <stdint.h>

/// How often this thread has asked for memory: the test program's own `malloc` counts, then calls the C library's.
uint64_t muster_allocations(void);
