#include "CloudTrail.h"
#include "Projection.h"
#include <cstring>
#include <simdjson.h>
#include <string_view>
#include <vector>

// What simdjson's own on-demand interface takes to get at fields of records: either those that a rollup counts by (id, time, identity,
// credential, action, first resource, region, outcome), or all that Muster's readers take. For access logs, what it takes to find the
// lines and the same fields in them.

namespace {

using namespace simdjson;
using std::string_view;

struct Sum {
  uint64_t records = 0, bytes = 0;
  /// Whether all that Muster reads is wanted.
  bool wide = false;

  void add(ondemand::value &value) {
    string_view text;
    if (!value.get_string().get(text)) bytes += text.size();
  }

  /// A number or a boolean, as its text.
  void add_scalar(ondemand::value &value) { bytes += value.raw_json_token().size(); }

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

  /// All elements of an array, where it is one.
  template <class F> static void each(ondemand::value &value, F &&take) {
    ondemand::array array;
    if (value.get_array().get(array)) return;
    for (auto element : array) {
      ondemand::value one;
      if (!element.get(one)) take(one);
    }
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

/// Keys of requestParameters, by their first letter.
struct Parameters {
  std::vector<string_view> names[128];
  Parameters() {
#define MUSTER_PARAMETER(name) names[(#name)[0]].push_back(#name);
    MUSTER_PARAMETERS(MUSTER_PARAMETER)
#undef MUSTER_PARAMETER
  }
  bool has(Key key) const {
    for (auto name : names[key.raw()[0] & 127]) {
      if (is(key, name)) return true;
    }
    return false;
  }
};

const Parameters parameters;

struct Trail : Sum {
  void session(Key key, Value value) {
    if (is(key, "sessionIssuer")) {
      members(value, [&](Key name, Value leaf) {
        if (is(name, "arn")) add(leaf);
      });
    } else if (wide && is(key, "attributes")) {
      members(value, [&](Key name, Value leaf) {
        if (is(name, "creationDate")) add(leaf);
      });
    } else if (wide && is(key, "sourceIdentity")) {
      add(value);
    }
  }

  void identity(Key key, Value value) {
    if (is(key, "arn") || is(key, "accessKeyId")) {
      add(value);
    } else if (is(key, "sessionContext")) {
      members(value, [&](Key name, Value inner) { session(name, inner); });
    } else if (wide && (is(key, "type") || is(key, "userName") || is(key, "accountId") || is(key, "principalId") ||
                        is(key, "invokedBy"))) {
      add(value);
    }
  }

  void response(Key key, Value value) {
    if (is(key, "ConsoleLogin") || is(key, "SwitchRole")) return add(value);
    if (!is(key, "credentials") && !is(key, "assumedRoleUser") && !is(key, "federatedUser") && !is(key, "accessKey")) return;
    members(value, [&](Key name, Value leaf) {
      if (is(name, "accessKeyId") || is(name, "expiration") || is(name, "assumedRoleId") || is(name, "arn") ||
          is(name, "userName")) {
        add(leaf);
      }
    });
  }

  void resources(Value value) {
    auto take = [&](Value &resource) {
      members(resource, [&](Key name, Value leaf) {
        if (is(name, "ARN")) add(leaf);
      });
    };
    wide ? each(value, take) : first(value, take);
  }

  void field(Key key, Value value) {
    switch (key.raw()[0]) {
    case 'e':
      if (is(key, "eventTime") || is(key, "eventID") || is(key, "eventSource") || is(key, "eventName") || is(key, "errorCode") ||
          (wide && (is(key, "eventType") || is(key, "eventCategory")))) {
        add(value);
      }
      break;
    case 'a':
      if (is(key, "awsRegion")) {
        add(value);
      } else if (wide && is(key, "additionalEventData")) {
        members(value, [&](Key name, Value leaf) {
          if (is(name, "bytesTransferredIn") || is(name, "bytesTransferredOut")) add_scalar(leaf);
        });
      }
      break;
    case 'm':
      if (wide && is(key, "managementEvent")) add_scalar(value);
      break;
    case 'u':
      if (is(key, "userIdentity")) {
        members(value, [&](Key name, Value inner) { identity(name, inner); });
      } else if (wide && is(key, "userAgent")) {
        add(value);
      }
      break;
    case 'r':
      if (is(key, "resources")) {
        resources(value);
      } else if (!wide) {
        break;
      } else if (is(key, "requestParameters")) {
        members(value, [&](Key name, Value leaf) {
          if (parameters.has(name)) add(leaf);
        });
      } else if (is(key, "responseElements")) {
        members(value, [&](Key name, Value inner) { response(name, inner); });
      } else if (is(key, "recipientAccountId")) {
        add(value);
      }
      break;
    case 's':
      if (wide && (is(key, "sourceIPAddress") || is(key, "sharedEventID"))) add(value);
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
      if (is(name, "authentication.kubernetes.io/credential-id") ||
          (wide && (is(name, "authentication.kubernetes.io/pod-uid") || is(name, "accessKeyId") || is(name, "arn") ||
                    is(name, "canonicalArn")))) {
        first(inner, [&](Value &leaf) { add(leaf); });
      }
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
      if (is(key, "auditID") || (wide && is(key, "apiVersion"))) {
        add(value);
      } else if (wide && is(key, "annotations")) {
        members(value, [&](Key name, Value leaf) {
          if (is(name, "authorization.k8s.io/decision") || is(name, "authentication.kubernetes.io/issued-credential-id")) {
            add(leaf);
          }
        });
      }
      break;
    case 'k':
      if (wide && is(key, "kind")) add(value);
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
      if (is(key, "stage")) {
        add(value);
      } else if (wide && is(key, "sourceIPs")) {
        each(value, [&](Value &leaf) { add(leaf); });
      }
      break;
    case 'u':
      if (wide && is(key, "userAgent")) add(value);
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

/// `host ident user [time] "request" status bytes "referer" "agent"`
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
      bool has_all = field(' ', wide) && field(' ', false) && field(' ', true) && field('[', false) && field(']', true) &&
                     field('"', false) && field(' ', true) && field(' ', true) && field('"', false) && field(' ', false) &&
                     field(' ', true);
      if (wide) {
        has_all = has_all && field(' ', true) && field('"', false) && field('"', false) && field('"', false) && field('"', true);
      }
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

extern "C" int64_t muster_projection_run(muster_projection *projection, muster_shape shape, bool wide, const uint8_t *text,
                                         size_t length, uint64_t *bytes) {
  Trail trail;
  Audit audit;
  Access access;
  trail.wide = audit.wide = access.wide = wide;
  int64_t count = -1;
  switch (shape) {
  case muster_shape_cloudtrail: count = trail.run(projection->parser, text, length); break;
  case muster_shape_kubernetes: count = audit.run(projection->parser, text, length); break;
  case muster_shape_access_log: count = access.run(text, length); break;
  }
  *bytes += trail.bytes + audit.bytes + access.bytes;
  return count;
}
