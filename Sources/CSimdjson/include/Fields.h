// Named fields of records out of a buffer of JSON, for any kind of log: a table of places in, one row of texts a record out.
#pragma once
#include "CloudTrail.h"

#ifdef __cplusplus
extern "C" {
#endif

/// What a field's value may be. Numbers and booleans are kept as their own text, whole numbers in plain digits.
typedef enum {
  muster_need_text,    // a text or null; anything else makes the record unreadable
  muster_need_scalar,  // a text, number or boolean; lists and objects count as absent
  muster_need_caller,  // as scalar; what is no Unicode is mended, since the caller chose it
  muster_need_any,     // any value; lists and objects as they stand in the record
} muster_need;

/// Where a field stands: keys joined by `/` as in a JSON Pointer (RFC 6901, `~1` is a `/` in a key), `*` for each element of a
/// list, `@json` for JSON inside a text; `//key` is a text in the object that holds the list of records, before the list. A place that is shown as a list of values (with `*`) fills `items`, any other the row.
typedef struct {
  const char *place;
  uint32_t field;
  muster_need need;
} muster_place;

/// A value of a list: of which field, under which element of the innermost list, and of the list around that (0 where there is none).
typedef struct {
  muster_slice text;
  uint32_t field, element, outer;
} muster_item;

/// A value that stands in no list. There is at most one of a field in a row.
typedef struct {
  muster_slice text;
  uint32_t field;
} muster_value;

typedef struct {
  uint32_t begin, end;          // the record's bytes in the window, or in the arena
  uint32_t origin;              // where it begins in the window
  uint32_t first_value, values; // its part of the batch's `values`
  uint32_t first_item, items;   // and of its `items`
} muster_row;

typedef struct {
  const muster_row *rows;
  size_t row_count;
  const muster_value *values;
  const muster_item *items;
  const uint8_t *arena;
  const muster_bad_record *bad;
  size_t bad_count;
  size_t consumed;
} muster_field_batch;

typedef struct muster_fields muster_fields;

/// `lists` are the keys under which an object may hold the list of records, joined by `/` where that stands in objects inside it; a `*`
/// behind them says that lists in the list are part of it. NULL when out of memory.
muster_fields *muster_fields_open(const muster_place *places, size_t place_count, uint32_t field_count,
                                  const char *const *lists, size_t list_count);
void muster_fields_close(muster_fields *);
void muster_fields_restart(muster_fields *);

/// As `muster_trail_scan`.
void muster_fields_scan(muster_fields *, uint8_t *text, size_t length, bool last, muster_field_batch *);
void muster_fields_pass_over(muster_fields *);

#ifdef __cplusplus
}
#endif
