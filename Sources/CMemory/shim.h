#include <malloc.h>

// Asks the processor for the memory at an address that is read soon; nothing happens where there is none.
static inline void cmemory_expect(const void *address) { __builtin_prefetch(address); }
