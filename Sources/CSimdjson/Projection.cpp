#include "Projection.h"
#include <simdjson.h>
#include <string_view>

// What simdjson's own on-demand interface takes to get at the fields that a rollup needs: the limit that it is measured against.

namespace {

using namespace simdjson;
using std::string_view;

struct Sum {
  uint64_t records = 0, bytes = 0;

  void add(ondemand::value &value) {
    string_view text;
    if (!value.get_string().get(text)) bytes += text.size();
  }

  template <class F> void members(ondemand::value &value, F &&each) {
    ondemand::object object;
    if (value.get_object().get(object)) return;
    for (auto member : object) {
      string_view key;
      ondemand::value inner;
      if (member.unescaped_key().get(key) || member.value().get(inner)) return;
      each(key, inner);
    }
  }

  void identity(string_view key, ondemand::value &value) {
    if (key == "type" || key == "arn" || key == "principalId" || key == "accountId" || key == "accessKeyId" ||
        key == "invokedBy" || key == "userName") {
      add(value);
    } else if (key == "sessionContext") {
      members(value, [&](string_view part, ondemand::value &inner) {
        if (part != "sessionIssuer" && part != "attributes") return;
        members(inner, [&](string_view name, ondemand::value &leaf) {
          if (name == "arn" || name == "creationDate") add(leaf);
        });
      });
    }
  }

  void resources(ondemand::value &value) {
    ondemand::array array;
    if (value.get_array().get(array)) return;
    for (auto element : array) {
      ondemand::value resource;
      if (element.get(resource)) return;
      members(resource, [&](string_view key, ondemand::value &leaf) {
        if (key == "ARN") add(leaf);
      });
    }
  }

  void field(string_view key, ondemand::value &value) {
    if (key == "eventTime" || key == "eventID" || key == "eventSource" || key == "eventName" || key == "awsRegion" ||
        key == "sourceIPAddress" || key == "userAgent" || key == "errorCode" || key == "recipientAccountId") {
      add(value);
    } else if (key == "userIdentity") {
      members(value, [&](string_view name, ondemand::value &inner) { identity(name, inner); });
    } else if (key == "resources") {
      resources(value);
    }
  }
};

}  // namespace

struct muster_projection {
  ondemand::parser parser;
};

extern "C" muster_projection *muster_projection_open(void) { return new (std::nothrow) muster_projection; }
extern "C" void muster_projection_close(muster_projection *projection) { delete projection; }

extern "C" int64_t muster_projection_run(muster_projection *projection, const uint8_t *text, size_t length, uint64_t *bytes) {
  Sum sum;
  ondemand::document document;
  ondemand::array records;
  if (projection->parser.iterate(text, length, length + SIMDJSON_PADDING).get(document)) return -1;
  if (document["Records"].get_array().get(records)) return -1;
  for (auto element : records) {
    ondemand::value record;
    if (element.get(record)) return -1;
    sum.records++;
    sum.members(record, [&](string_view key, ondemand::value &value) { sum.field(key, value); });
  }
  *bytes += sum.bytes;
  return int64_t(sum.records);
}
