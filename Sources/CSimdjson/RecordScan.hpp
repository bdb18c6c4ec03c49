// Records out of windows of a stream of JSON, whatever holds them: JSON Lines, an array, an object with a list under a known
// key, several of these one after another. Internal to this target.
#pragma once
#include "FirstKeys.hpp"
#include <memory>
#include <simdjson.h>
#include <string>

namespace muster {

/// What the walk over one record came to.
enum class Walked { record, failed, list };

struct Fault {
  uint32_t begin, place;
  int reason;  // muster_bad_reason
};

/// What a kind of log gives: how its records are read.
struct RecordReader {
  virtual ~RecordReader() = default;
  /// Reads the object at the cursor. `bias` is added to the offsets of all texts. On `failed`, `cursor.fault` says where and
  /// `fault_reason` why. On `list`, the cursor stands in an object at the list of records (only with `may_hold_list`).
  virtual Walked read(Cursor &cursor, uint32_t bias, bool may_hold_list, bool repaired) = 0;
  /// Sets the bytes of the record read last.
  /// `origin` is where it begins in the window, also where it was mended.
  virtual void place(uint32_t begin, uint32_t end, uint32_t origin) = 0;
  virtual void bad(Fault) = 0;
  /// What follows stands in a list that nothing holds.
  virtual void enter_bare_list() {}

  int fault_reason = 0;
  /// The keys under which an object may hold the list of records.
  std::vector<std::string> list_keys;
  /// On `list`: in how many objects the list stands.
  uint32_t list_depth = 1;
  /// Whether lists in the list of records are part of it.
  bool flattens = false;
  FirstKeys first_keys;
  /// Texts that do not stand in the window as they are.
  std::vector<uint8_t> arena;
  /// How many times a mended record's length may be needed behind its copy in the arena, which must not move while it is read.
  size_t arena_factor = 4;

  bool holds_list(Text key) const {
    for (auto &name : list_keys) {
      if (key.length == name.size() && !memcmp(key.bytes, name.data(), name.size())) return true;
    }
    return false;
  }
};

/// simdjson's first stage: where the tokens of a text begin.
class TokenIndex {
public:
  /// 64 bytes after `length` must be readable. False where the text is none; `problem` says why.
  bool run(const uint8_t *text, uint32_t length);
  /// As `run`; a string that is open at the end is closed there, by which the text becomes longer by a byte, with a zero behind it.
  bool run_closed(uint8_t *text, uint32_t &length);
  /// Gives back what only a large window needed.
  void shrink() { if (stage && stage->capacity() > 4 << 20) stage.reset(); }
  const uint32_t *at() const { return stage->structural_indexes.get(); }
  simdjson::error_code problem = simdjson::SUCCESS;

private:
  std::unique_ptr<simdjson::internal::dom_parser_implementation> stage;
};

/// Where a record, or a document that may hold several, looks to begin.
struct Boundary {
  uint32_t at = 0;
  bool is_document = false;
  bool is_listed = false;  // among documents in an array
  explicit operator bool() const { return at > 0; }
};

/// The last byte before `at` that is no white space.
uint8_t before(const uint8_t *text, uint32_t &at);

/// How many spaces and tabs stand before `at`.
inline uint32_t blanks_before(const uint8_t *text, uint32_t at) {
  uint32_t from = at;
  while (from > 0 && (text[from - 1] == ' ' || text[from - 1] == '\t')) from--;
  return at - from;
}

/// A walk over a text that makes U+FFFD of what is none. A line feed inside a string stays: there a string was not closed.
struct Mending {
  const uint8_t *window = nullptr, *begin = nullptr, *at = nullptr, *end = nullptr;
  uint32_t copied = 0;
  bool in_string = false;

  Mending() = default;
  Mending(const uint8_t *window, uint32_t begin, uint32_t end)
      : window(window), begin(window + begin), at(window + begin), end(window + end) {}
  /// How many bytes the next ones become; 0 where they stay as they are, `kept` of them.
  uint32_t next(uint32_t &kept);
  /// Where in the window that stood which the copy has at the offset.
  uint32_t origin(uint32_t offset);
};

class RecordScan {
public:
  explicit RecordScan(RecordReader &reader) : reader(reader) {}

  void restart() { state = State(), seeking = is_cut = false, indent = 0; }
  void pass_over() { seeking = true; }

  /// The number of bytes that need not be shown again.
  size_t scan(uint8_t *text, size_t length, bool last);

private:
  enum class Mode { top, array, wrapper };
  struct State {
    Mode mode = Mode::top;
    bool is_wrapped = false;   // the array stands in an object
    bool after_value = false;  // in an array or wrapper: a comma or the end comes next
    bool has_comma = false;    // in an array: a comma was read, a value must follow
    uint32_t depth = 1;        // in how many objects the array or what follows it stands
    uint32_t inner = 0;        // in how many arrays of the array
    bool is_listed = false;    // what holds the array stands in an array of its like
    bool may_list_documents = false;
    bool had_list = false;     // at the top, and a list stood before
    void enter(bool wrapped) { *this = {Mode::array, wrapped, false, false, depth, 0, wrapped && is_listed, !wrapped}; }
    void value(bool comma) { after_value = !comma, has_comma = comma && mode == Mode::array; }
  };
  enum class Piece { whole, incomplete, broken, resumed };

  size_t scan_window(uint8_t *text, size_t length, bool last);
  Piece walk(uint8_t *text, uint32_t begin, uint32_t end, bool last, uint32_t &consumed);
  Piece tokens(Cursor &, uint32_t bias, bool last, bool repaired, uint32_t &consumed);
  bool record(Cursor &, uint32_t bias, bool last, bool repaired);
  bool list(Cursor &, uint32_t bias);
  bool other(Cursor &, uint32_t bias, bool last);
  bool separator(Cursor &, uint32_t bias, bool last);
  bool wrapper(Cursor &, uint32_t bias, bool last);
  bool junk(Cursor &, uint32_t bias, bool last);
  bool debris(Cursor &, uint32_t bias, bool last);
  void learn_indent(const uint8_t *text, uint32_t begin);
  void enter(Boundary);
  void go(Cursor &, uint32_t bias, Boundary);
  bool is_between(const Cursor &, uint32_t token) const;
  bool resync(Cursor &, uint32_t bias, uint32_t begin, bool last, int reason);
  void pieces(uint8_t *text, uint32_t begin, uint32_t end, bool last, uint32_t &consumed);
  Piece repaired(const uint8_t *text, uint32_t begin, uint32_t end, bool last, uint32_t &consumed);
  Boundary boundary_after(const uint8_t *text, uint32_t from, uint32_t end, uint32_t count = 1) const;
  Boundary boundary_at(const uint8_t *text, uint32_t brace, uint32_t end) const;
  uint32_t head_end(const uint8_t *text, uint32_t begin, uint32_t end) const;
  uint32_t object_after(const uint8_t *text, uint32_t from, uint32_t end) const;
  uint32_t last_boundary(const uint8_t *text, uint32_t end) const;
  void bad(uint32_t begin, uint32_t place, int reason, uint32_t bias);

  RecordReader &reader;
  TokenIndex tokens_of;
  State state;
  bool seeking = false;  // a record was given up: look for the next one first
  bool is_cut = false;   // the end of the stream was reported already
  uint32_t resume = 0;   // where the next record looks to begin behind one that misled the tokens; 0 for none
  uint32_t indent = 0;   // how far from the beginning of their lines documents stand
  Mending mending;       // of the piece of the window that is being walked as a copy
};

}  // namespace muster
