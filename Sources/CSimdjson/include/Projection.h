// The limit for benchmarks: simdjson alone, over the fields that a rollup of CloudTrail needs.
#pragma once
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct muster_projection muster_projection;

/// NULL when out of memory.
muster_projection *muster_projection_open(void);
void muster_projection_close(muster_projection *);

/// Walks `{"Records":[…]}`; 64 bytes after `length` must be readable. The number of records, -1 for anything else; the lengths of
/// the fields' texts are added to `bytes`.
int64_t muster_projection_run(muster_projection *, const uint8_t *text, size_t length, uint64_t *bytes);

#ifdef __cplusplus
}
#endif
