#include "CISAL.h"

#include <isa-l/igzip_lib.h>
#include <stdlib.h>

struct muster_inflate {
  struct inflate_state state;
};

muster_inflate *muster_inflate_open(void) {
  muster_inflate *inflate = malloc(sizeof(muster_inflate));
  if (inflate) isal_inflate_init(&inflate->state);
  return inflate;
}

void muster_inflate_close(muster_inflate *inflate) { free(inflate); }

void muster_inflate_restart(muster_inflate *inflate) {
  isal_inflate_reset(&inflate->state);
  inflate->state.crc_flag = ISAL_GZIP;
}

static size_t at_most_4_gib(size_t length) { return length < UINT32_MAX ? length : UINT32_MAX; }

muster_inflate_outcome muster_inflate_run(muster_inflate *inflate, const uint8_t *input, size_t input_length, uint8_t *output,
                                          size_t output_length, size_t *used, size_t *made) {
  struct inflate_state *state = &inflate->state;
  state->next_in = (uint8_t *)input;
  state->avail_in = at_most_4_gib(input_length);
  state->next_out = output;
  state->avail_out = at_most_4_gib(output_length);
  int result = isal_inflate(state);
  *used = state->next_in - input;
  *made = state->next_out - output;
  if (result == ISAL_INCORRECT_CHECKSUM) return muster_inflate_bad_checksum;
  if (result == ISAL_INVALID_WRAPPER || result == ISAL_UNSUPPORTED_METHOD) return muster_inflate_bad_header;
  if (result < 0) return muster_inflate_bad_data;
  if (state->block_state == ISAL_BLOCK_FINISH) return muster_inflate_member_ends;
  return state->avail_out == 0 ? muster_inflate_is_full : muster_inflate_needs_input;
}
