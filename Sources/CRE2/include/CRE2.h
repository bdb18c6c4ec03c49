#pragma once
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// A compiled expression; safe to use from several threads at once.
typedef struct muster_re2 muster_re2;

/// NULL when the pattern is refused; then `message` says why, cut to its capacity and ended by a zero.
muster_re2 *muster_re2_new(const uint8_t *pattern, size_t length, char *message, size_t capacity);
void muster_re2_free(muster_re2 *expression);
/// The number of capturing groups.
int muster_re2_groups(const muster_re2 *expression);
/// 1 when a part of the text from byte `start` on matches. `found` gets start and end of the whole match and of the first
/// groups, `count` pairs in all, -1 for a group that took no part.
int muster_re2_match(
  const muster_re2 *expression, const uint8_t *text, size_t length, size_t start, intptr_t *found, size_t count);
/// The byte where the part first begins in the text, -1 where it does not; linear (glibc's memmem, which Swift cannot see).
intptr_t muster_find(const uint8_t *text, size_t length, const uint8_t *part, size_t part_length);

#ifdef __cplusplus
}
#endif
