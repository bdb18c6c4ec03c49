// The limits for benchmarks: what it takes to get at fields, and nothing else.
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct muster_projection muster_projection;

typedef enum {
  muster_shape_cloudtrail,  // `{"Records":[…]}`
  muster_shape_kubernetes,  // JSON Lines of audit.k8s.io events
  muster_shape_access_log,  // lines of the combined format
} muster_shape;

/// NULL when out of memory.
muster_projection *muster_projection_open(void);
void muster_projection_close(muster_projection *);

/// Walks the text; 64 bytes after `length` must be readable. The number of records, -1 for what has another shape; the lengths of
/// the fields' texts are added to `bytes`. `wide` takes the fields that Muster's readers take, else only those that a rollup counts by.
int64_t muster_projection_run(
    muster_projection *, muster_shape shape, bool wide, const uint8_t *text, size_t length, uint64_t *bytes);

#ifdef __cplusplus
}
#endif
