// Lines of text logs, and their tokens.
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// Where a line stands in its window, without its end.
typedef struct {
  uint32_t start, length;
} muster_line;

/// Finds the lines of a window that begin at `start` or later, but for empty ones and those that begin with `#`; the last one needs no
/// end where `is_last` says so. 64 bytes after `count` must be readable. The number of lines, of which the first `capacity` are written;
/// `start` becomes where the next window begins.
size_t muster_window_lines(const uint8_t *window, size_t count, bool is_last, muster_line *lines, size_t capacity,
                           size_t *start);

typedef enum { muster_token_plain, muster_token_quoted, muster_token_bracketed } muster_token_kind;

/// Where a token stands in its line, without its quotes or brackets.
typedef struct {
  uint32_t start, length, kind;
} muster_token;

/// Finds the tokens of a line: separated by blanks, with `"…"` (in which `\` protects the next byte) and `[…]` as one. 64 bytes after
/// `length` must be readable. The number of tokens, of which the first `capacity` are written; -1 where a quote or a bracket is not
/// closed.
int64_t muster_line_tokens(const uint8_t *line, size_t length, muster_token *tokens, size_t capacity);

#ifdef __cplusplus
}
#endif
