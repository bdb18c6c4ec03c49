// Gzip (RFC 1952) in pieces of bounded size, by Intel's ISA-L.
#pragma once
#include <stddef.h>
#include <stdint.h>

typedef struct muster_inflate muster_inflate;

typedef enum {
  muster_inflate_needs_input,  // all of the input is used up
  muster_inflate_is_full,      // the room for the output is used up
  muster_inflate_member_ends,  // the member is whole and its checksum right; the next one may follow
  muster_inflate_bad_header,
  muster_inflate_bad_data,
  muster_inflate_bad_checksum,
} muster_inflate_outcome;

/// A reader of one stream at a time, for one thread. NULL when out of memory.
muster_inflate *muster_inflate_open(void);
void muster_inflate_close(muster_inflate *);

/// Expects the first byte of a member next.
void muster_inflate_restart(muster_inflate *);

/// Expands as much as input and output allow; `used` and `made` say how many bytes were read and written.
muster_inflate_outcome muster_inflate_run(muster_inflate *, const uint8_t *input, size_t input_length, uint8_t *output,
                                          size_t output_length, size_t *used, size_t *made);
