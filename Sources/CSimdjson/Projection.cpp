#include "Projection.h"
#include <cstring>
#include <simdjson.h>
#include <string_view>

// What simdjson's own on-demand interface takes to get at the fields that a rollup counts by: id, time, identity, credential,
// action, first resource, region, outcome. For access logs, what it takes to find the lines and the same fields in them.

namespace {

using namespace simdjson;
using std::string_view;

struct Sum {
  uint64_t records = 0, bytes = 0;

  void add(ondemand::value &value) {
    string_view text;
    if (!value.get_string().get(text)) bytes += text.size();
  }

  template <class F> static bool members(ondemand::object object, F &&each) {
    for (auto member : object) {
      ondemand::field field;
      if (std::move(member).get(field)) return false;
      each(field.key(), field.value());
    }
    return true;
  }

  template <class F> static void members(ondemand::value &value, F &&each) {
    ondemand::object object;
    if (!value.get_object().get(object)) members(object, each);
  }

  /// The first element of an array, where it is one.
  template <class F> static void first(ondemand::value &value, F &&each) {
    ondemand::array array;
    if (value.get_array().get(array)) return;
    for (auto element : array) {
      ondemand::value one;
      if (!element.get(one)) each(one);
      return;
    }
  }
};

/// The keys in the text are never escaped; 64 bytes follow.
bool is(ondemand::raw_json_string key, string_view name) {
  return key.raw()[name.size()] == '"' && !memcmp(key.raw(), name.data(), name.size());
}

using Key = ondemand::raw_json_string;
using Value = ondemand::value;

struct Trail : Sum {
  void identity(Key key, Value value) {
    if (is(key, "arn") || is(key, "accessKeyId")) {
      add(value);
    } else if (is(key, "sessionContext")) {
      members(value, [&](Key part, Value inner) {
        if (!is(part, "sessionIssuer")) return;
        members(inner, [&](Key name, Value leaf) {
          if (is(name, "arn")) add(leaf);
        });
      });
    }
  }

  void field(Key key, Value value) {
    switch (key.raw()[0]) {
    case 'e':
      if (is(key, "eventTime") || is(key, "eventID") || is(key, "eventSource") || is(key, "eventName") || is(key, "errorCode")) {
        add(value);
      }
      break;
    case 'a':
      if (is(key, "awsRegion")) add(value);
      break;
    case 'u':
      if (is(key, "userIdentity")) members(value, [&](Key name, Value inner) { identity(name, inner); });
      break;
    case 'r':
      if (!is(key, "resources")) break;
      first(value, [&](Value &resource) {
        members(resource, [&](Key name, Value leaf) {
          if (is(name, "ARN")) add(leaf);
        });
      });
      break;
    }
  }

  int64_t run(ondemand::parser &parser, const uint8_t *text, size_t length) {
    ondemand::document document;
    ondemand::array list;
    if (parser.iterate(text, length, length + SIMDJSON_PADDING).get(document)) return -1;
    if (document["Records"].get_array().get(list)) return -1;
    for (auto element : list) {
      ondemand::object record;
      if (element.get_object().get(record)) return -1;
      if (!members(record, [&](Key key, Value value) { field(key, value); })) return -1;
      records++;
    }
    return int64_t(records);
  }
};

struct Audit : Sum {
  void user(Key key, Value value) {
    if (is(key, "username")) return add(value);
    if (!is(key, "extra")) return;
    members(value, [&](Key name, Value inner) {
      if (is(name, "authentication.kubernetes.io/credential-id")) first(inner, [&](Value &leaf) { add(leaf); });
    });
  }

  void object(Key key, Value value) {
    if (is(key, "namespace") || is(key, "name") || is(key, "apiGroup") || is(key, "resource") || is(key, "subresource")) {
      add(value);
    }
  }

  void field(Key key, Value value) {
    switch (key.raw()[0]) {
    case 'a':
      if (is(key, "auditID")) add(value);
      break;
    case 'i':
      if (is(key, "impersonatedUser")) members(value, [&](Key name, Value inner) { user(name, inner); });
      break;
    case 'o':
      if (is(key, "objectRef")) members(value, [&](Key name, Value inner) { object(name, inner); });
      break;
    case 'r':
      if (is(key, "requestReceivedTimestamp") || is(key, "requestURI")) {
        add(value);
      } else if (is(key, "responseStatus")) {
        members(value, [&](Key name, Value leaf) {
          uint64_t code;
          if (is(name, "code") && !leaf.get_uint64().get(code)) bytes += code > 0;
        });
      }
      break;
    case 's':
      if (is(key, "stage")) add(value);
      break;
    case 'u':
      if (is(key, "user")) members(value, [&](Key name, Value inner) { user(name, inner); });
      break;
    case 'v':
      if (is(key, "verb")) add(value);
      break;
    }
  }

  int64_t run(ondemand::parser &parser, const uint8_t *text, size_t length) {
    ondemand::document_stream stream;
    if (parser.iterate_many(text, length, size_t(1) << 20).get(stream)) return -1;
    for (auto document : stream) {
      ondemand::object record;
      if (document.get_object().get(record)) return -1;
      if (!members(record, [&](Key key, Value value) { field(key, value); })) return -1;
      records++;
    }
    return int64_t(records);
  }
};

/// `host ident user [time] "request" status …`
struct Access : Sum {
  const char *at = nullptr;
  const char *end = nullptr;

  /// Adds what stands before the mark, and steps over it.
  bool field(char mark, bool counts) {
    auto found = static_cast<const char *>(memchr(at, mark, size_t(end - at)));
    if (!found) return false;
    if (counts) bytes += uint64_t(found - at);
    at = found + 1;
    return true;
  }

  int64_t run(const uint8_t *text, size_t length) {
    auto here = reinterpret_cast<const char *>(text), stop = here + length;
    while (here < stop) {
      auto found = static_cast<const char *>(memchr(here, '\n', size_t(stop - here)));
      at = here, end = found ? found : stop;
      bool has_all = field(' ', false) && field(' ', false) && field(' ', true) && field('[', false) && field(']', true) &&
                     field('"', false) && field(' ', true) && field(' ', true) && field('"', false) && field(' ', false) &&
                     field(' ', true);
      if (!has_all) return -1;
      records++;
      here = end + 1;
    }
    return int64_t(records);
  }
};

}  // namespace

struct muster_projection {
  ondemand::parser parser;
};

extern "C" muster_projection *muster_projection_open(void) { return new (std::nothrow) muster_projection; }
extern "C" void muster_projection_close(muster_projection *projection) { delete projection; }

extern "C" int64_t muster_projection_run(muster_projection *projection, muster_shape shape, const uint8_t *text, size_t length,
                                         uint64_t *bytes) {
  Trail trail;
  Audit audit;
  Access access;
  int64_t count = -1;
  switch (shape) {
  case muster_shape_cloudtrail: count = trail.run(projection->parser, text, length); break;
  case muster_shape_kubernetes: count = audit.run(projection->parser, text, length); break;
  case muster_shape_access_log: count = access.run(text, length); break;
  }
  *bytes += trail.bytes + audit.bytes + access.bytes;
  return count;
}
