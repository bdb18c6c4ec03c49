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
  virtual void place(uint32_t begin, uint32_t end) = 0;
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
  const uint32_t *at() const { return stage->structural_indexes.get(); }
  simdjson::error_code problem = simdjson::SUCCESS;

private:
  std::unique_ptr<simdjson::internal::dom_parser_implementation> stage;
};

class RecordScan {
public:
  explicit RecordScan(RecordReader &reader) : reader(reader) {}

  void restart() { state = State(), seeking = is_cut = false; }
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
    void enter(bool wrapped) { *this = {Mode::array, wrapped, false, false, depth, 0}; }
    void value(bool comma) { after_value = !comma, has_comma = comma && mode == Mode::array; }
  };
  enum class Piece { whole, incomplete, broken, resumed };

  Piece walk(uint8_t *text, uint32_t begin, uint32_t end, bool last, uint32_t &consumed);
  Piece tokens(Cursor &, uint32_t bias, bool last, bool repaired, uint32_t &consumed);
  bool record(Cursor &, uint32_t bias, bool last, bool repaired);
  bool list(Cursor &, uint32_t bias);
  bool other(Cursor &, uint32_t bias, bool last);
  bool separator(Cursor &, uint32_t bias);
  bool wrapper(Cursor &, uint32_t bias, bool last);
  void junk(Cursor &, uint32_t bias);
  bool resync(Cursor &, uint32_t bias, uint32_t begin, bool last, int reason);
  void pieces(uint8_t *text, uint32_t begin, uint32_t end, bool last, uint32_t &consumed);
  Piece repaired(const uint8_t *text, uint32_t begin, uint32_t end, bool last, uint32_t &consumed);
  uint32_t boundary_after(const uint8_t *text, uint32_t from, uint32_t end, uint32_t count = 1) const;
  uint32_t object_after(const uint8_t *text, uint32_t from, uint32_t end) const;
  uint32_t last_boundary(const uint8_t *text, uint32_t end) const;
  void bad(uint32_t begin, uint32_t place, int reason, uint32_t bias);

  RecordReader &reader;
  TokenIndex tokens_of;
  State state;
  bool seeking = false;  // a record was given up: look for the next one first
  bool is_cut = false;   // the end of the stream was reported already
  uint32_t resume = 0;   // where the next record looks to begin behind one that misled the tokens; 0 for none
  uint32_t mended = 0, mended_end = 0;  // the piece of the window that is being walked as a copy
};

}  // namespace muster
