// One JSON text into flat records: whole buffer in, whole arena out; nothing is allocated per value.
#pragma once
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// A node in document order. `meta`: bits 0-2 kind, 3 is a key, 4 text has escapes, 5-7 style, 8-31 number of children
/// (saturating). `next` is the record after the subtree.
typedef struct {
  uint32_t start, end, next, meta;
} muster_json_record;

enum {
  muster_json_null,
  muster_json_bool,
  muster_json_number,
  muster_json_string,
  muster_json_sequence,
  muster_json_mapping,
};
enum { muster_json_style_flow = 1, muster_json_style_quoted = 2, muster_json_style_overridden = 7 };

typedef enum {
  muster_json_ok,
  muster_json_empty,
  muster_json_expected_value,
  muster_json_expected_key,
  muster_json_expected_colon,
  muster_json_expected_comma_or_brace,
  muster_json_expected_comma_or_bracket,
  muster_json_ends_in_object,
  muster_json_ends_in_array,
  muster_json_ends_in_string,
  muster_json_bad_escape,
  muster_json_control_character,
  muster_json_bad_number,
  muster_json_bad_literal,
  muster_json_too_deep,
  muster_json_too_many_nodes,
  muster_json_trailing,
  muster_json_duplicate_key,
} muster_json_code;

/// What is wrong at byte `offset`; `other` is the place it refers to: the opening bracket, the first of two equal keys.
typedef struct {
  muster_json_code code;
  uint32_t offset, other;
} muster_json_problem;

typedef struct muster_json muster_json;

typedef struct {
  uint32_t depth, nodes;
} muster_json_limits;

/// A reader to be used for many texts by one thread; NULL when out of memory.
muster_json *muster_json_open(void);
void muster_json_close(muster_json *);

/// Finds the tokens (simdjson's first stage; it reads no byte past `length`). Their number, an upper bound of the number
/// of records, or -1 when the text is not JSON; `muster_json_locate` then says where.
int64_t muster_json_index(muster_json *, const uint8_t *bytes, size_t length);

/// Writes the records of the text that was indexed last. Offsets get `base`, record numbers get `first` added. Returns
/// the number of records, or -1 with `problem` filled. Equal keys of an object: the first `capacity` go to `duplicates`
/// and all are counted; the earlier key is marked as overridden.
int64_t muster_json_walk(muster_json *, const uint8_t *bytes, size_t length, uint32_t base, uint32_t first,
                         muster_json_limits limits, muster_json_record *records, muster_json_problem *duplicates,
                         size_t capacity, size_t *duplicate_count, muster_json_problem *problem);

/// The first place where the text stops being JSON, character by character; code `ok` when its grammar is whole.
muster_json_problem muster_json_locate(muster_json *, const uint8_t *bytes, size_t length, uint32_t base,
                                       muster_json_limits limits);

#ifdef __cplusplus
}
#endif
