#include "CloudTrail.h"
#include "RecordScan.hpp"
#include "WholeNumber.hpp"
#include <cstddef>
#include <new>

// Fields and their places: CloudTrail User Guide, "CloudTrail record contents" and "userIdentity element".

namespace {

using muster::Cursor;
using muster::Text;
using muster::Walked;

/// The kind of a parameter by its key; a table by length and three bytes, so that most keys cost one look.
struct Parameters {
  struct Entry {
    const char *name = nullptr;
    uint8_t length = 0;
    uint8_t kind = 0;
  };
  Entry table[512];

  static uint32_t slot(const uint8_t *key, uint32_t length) {
    uint32_t h = length * 0x9E3779B1u ^ key[0] * 0x85EBCA6Bu ^ key[length - 1] * 0xC2B2AE35u ^ key[length / 2] * 0x27D4EB2Fu;
    return h >> 23;
  }
  void add(const char *name, uint8_t kind) {
    uint8_t length = uint8_t(strlen(name));
    uint32_t at = slot(reinterpret_cast<const uint8_t *>(name), length);
    while (table[at].name) at = (at + 1) & 511;
    table[at] = {name, length, kind};
  }
  Parameters() {
#define MUSTER_PARAMETER(name) add(#name, muster_mention_##name);
    MUSTER_PARAMETERS(MUSTER_PARAMETER)
#undef MUSTER_PARAMETER
  }
  /// 0 for a key that names nothing.
  uint8_t kind(Text key) const {
    if (key.length == 0 || key.length > 32) return 0;
    for (uint32_t at = slot(key.bytes, key.length); table[at].name; at = (at + 1) & 511) {
      if (table[at].length == key.length && !memcmp(table[at].name, key.bytes, key.length)) return table[at].kind;
    }
    return 0;
  }
};

const Parameters parameters;

/// What a field must be. What AWS itself writes must be text, or who did what is not known; what callers write is mended, so
/// that nobody can hide a call by what it carries.
enum class Need { text, loose, caller };

}  // namespace

struct muster_trail final : muster::RecordReader {
  muster::RecordScan scanner{*this};
  std::vector<muster_trail_event> events;
  std::vector<muster_mention> mentions;
  std::vector<muster_bad_record> faults;

  muster_trail() { list_keys = {"Records", "records"}; }

  Walked read(Cursor &c, uint32_t bias, bool may_hold_list, bool repaired) override;
  void place(uint32_t begin, uint32_t end, uint32_t) override { events.back().begin = begin, events.back().end = end; }
  void bad(muster::Fault f) override {
    faults.push_back({f.begin, f.place, muster_bad_reason(f.reason), uint32_t(events.size())});
  }

private:
  Cursor *cursor = nullptr;
  muster_trail_event *event = nullptr;
  uint32_t bias = 0;
  bool may_hold_list = false, is_list = false, repaired = false;
  muster_slice collected = {0, 0};  // `@timestamp`
  bool has_envelope = false;  // the record's fields were read from inside an envelope

  bool refuse(Cursor &c, uint32_t place, muster_bad_reason reason) {
    c.fault = place, fault_reason = reason;
    return false;
  }
  bool take(muster_slice &slot, Need need);
  bool top(Text key, bool is_inner);
  bool identity(Text key);
  bool session(Text key);
  bool parameter(Text key);
  bool mention(uint8_t kind);
  bool instances();
  bool resource();
  bool response(Text key);
  template <size_t N> bool issued_session(const char (&name)[N]);
  bool extra(Text key);
  bool envelope();
};

/// The text at the cursor into the slot. A null leaves it empty.
bool muster_trail::take(muster_slice &slot, Need need) {
  Cursor &c = *cursor;
  uint32_t here = c.here();
  Text text;
  if (c.peek() == '"') {
    text = c.string();
    if (slot.offset) return has_envelope || refuse(c, here, muster_bad_duplicate);
    if (c.has_escape(text)) {
      uint32_t start = uint32_t(arena.size());
      bool whole = muster::unescape(text.bytes, text.length, arena);
      if (!whole && need != Need::caller) return refuse(c, here, muster_bad_text);
      slot = {start | muster_slice_in_arena, uint32_t(arena.size()) - start};
    } else {
      slot = {uint32_t(text.bytes - c.text) + bias, text.length};
    }
    if (repaired && need != Need::caller && memmem(text.bytes, text.length, "\xEF\xBF\xBD", 3)) {
      return refuse(c, here, muster_bad_text);
    }
    return true;
  }
  if (muster::grammar.kind[c.peek()] != muster::Grammar::scalar) {
    if (need == Need::text && !c.ended() && (c.peek() == '{' || c.peek() == '[')) return refuse(c, here, muster_bad_type);
    return c.skip();
  }
  text = c.scalar();
  if (text.is("null")) return true;
  if (need == Need::text) return refuse(c, here, muster_bad_type);
  if (slot.offset) return has_envelope || refuse(c, here, muster_bad_duplicate);
  uint32_t start = uint32_t(arena.size());
  bool is_whole = muster::append_whole(text, arena);
  slot = is_whole ? muster_slice{start | muster_slice_in_arena, uint32_t(arena.size()) - start}
                  : muster_slice{uint32_t(text.bytes - c.text) + bias, text.length};
  return true;
}

bool muster_trail::session(Text key) {
  Cursor &c = *cursor;
  if (key.is("sessionIssuer")) {
    return c.object_if_any([&](Text k) { return k.is("arn") ? take(event->issuer, Need::text) : c.skip(); });
  }
  if (key.is("attributes")) {
    return c.object_if_any([&](Text k) { return k.is("creationDate") ? take(event->created, Need::loose) : c.skip(); });
  }
  if (key.is("sourceIdentity")) return take(event->source_identity, Need::caller);
  return c.skip();
}

bool muster_trail::identity(Text key) {
  Cursor &c = *cursor;
  switch (key.length) {
  case 3: if (key.is("arn")) return take(event->arn, Need::text); break;
  case 4: if (key.is("type")) return take(event->identity_type, Need::text); break;
  case 8: if (key.is("userName")) return take(event->user, Need::caller); break;
  case 9:
    if (key.is("accountId")) return take(event->identity_account, Need::loose);
    if (key.is("invokedBy")) return take(event->invoked_by, Need::loose);
    break;
  case 10:
    if (key.is("onBehalfOf")) {
      return c.object_if_any([&](Text k) {
        if (k.is("userId")) return take(event->behalf_user, Need::loose);
        if (k.is("identityStoreArn")) return take(event->behalf_store, Need::loose);
        return c.skip();
      });
    }
    break;
  case 11:
    if (key.is("principalId")) return take(event->principal, Need::loose);
    if (key.is("accessKeyId")) return take(event->key, Need::loose);
    break;
  case 14:
    if (key.is("sessionContext")) return c.object_if_any([&](Text k) { return session(k); });
    break;
  }
  return c.skip();
}

bool muster_trail::parameter(Text key) {
  uint8_t kind = parameters.kind(key);
  if (!kind) return cursor->skip();
  if (cursor->peek() == '[') return cursor->array([&] { return mention(kind); });
  if (kind == muster_mention_instancesSet) return instances();
  return mention(kind);
}

/// The value at the cursor as a mention, where it is a text.
bool muster_trail::mention(uint8_t kind) {
  if (cursor->peek() != '"') return cursor->skip();
  mentions.push_back({{0, 0}, kind});
  return take(mentions.back().text, Need::caller);
}

/// EC2's way to list instances.
bool muster_trail::instances() {
  Cursor &c = *cursor;
  return c.object_if_any([&](Text key) {
    if (!key.is("items") || c.peek() != '[') return c.skip();
    return c.array([&] {
      return c.object_if_any([&](Text k) {
        if (k.is("instanceId")) return mention(muster_mention_instanceId);
        return k.is("imageId") ? mention(muster_mention_imageId) : c.skip();
      });
    });
  });
}

bool muster_trail::resource() {
  Cursor &c = *cursor;
  return c.object_if_any([&](Text k) {
    bool is_arn = k.is("ARN") || k.is("arn");
    if ((!is_arn && !k.is("ARNPrefix")) || c.peek() != '"') return c.skip();
    mentions.push_back({{0, 0}, uint32_t(is_arn ? muster_mention_arn : muster_mention_arn_prefix)});
    return take(mentions.back().text, Need::caller);
  });
}

bool muster_trail::response(Text key) {
  Cursor &c = *cursor;
  switch (key.length) {
  case 9:
    if (key.is("accessKey")) {
      return c.object_if_any([&](Text k) {
        if (k.is("accessKeyId")) return take(event->made_key, Need::loose);
        return k.is("userName") ? take(event->made_key_user, Need::caller) : c.skip();
      });
    }
    break;
  case 10:
    // The sign-in services say Failure here and nowhere else.
    if (key.is("SwitchRole")) return take(event->login, Need::loose);
    if (key.is("subjectArn")) return take(event->subject, Need::caller);
    break;
  case 11:
    if (key.is("credentials")) {
      return c.object_if_any([&](Text k) { return k.is("accessKeyId") ? take(event->issued_key, Need::loose) : c.skip(); });
    }
    break;
  case 12:
    if (key.is("ConsoleLogin")) return take(event->login, Need::loose);
    if (key.is("instancesSet")) return instances();
    break;
  case 13:
    if (key.is("federatedUser")) return issued_session("federatedUserId");
    if (key.is("credentialSet") && c.peek() == '[') {
      // Roles Anywhere: the first one of one.
      bool is_first = true;
      return c.array([&] {
        if (!is_first) return c.skip();
        is_first = false;
        return c.object_if_any([&](Text k) { return response(k); });
      });
    }
    break;
  case 15: if (key.is("assumedRoleUser")) return issued_session("assumedRoleId"); break;
  }
  return c.skip();
}

/// The session's id under that key of the object at the cursor.
template <size_t N> bool muster_trail::issued_session(const char (&name)[N]) {
  return cursor->object_if_any([&](Text k) { return k.is(name) ? take(event->issued_session, Need::caller) : cursor->skip(); });
}

bool muster_trail::extra(Text key) {
  if (key.is("bytesTransferredIn")) return take(event->bytes_in, Need::loose);
  if (key.is("bytesTransferredOut")) return take(event->bytes_out, Need::loose);
  return cursor->skip();
}

/// The event inside an EventBridge or CloudTrail Lake envelope. Both may have fields of the same name: those inside count, for they say
/// what happened, not how it was recorded.
bool muster_trail::envelope() {
  constexpr size_t count = (offsetof(muster_trail_event, bytes_out) - offsetof(muster_trail_event, time)) / sizeof(muster_slice) + 1;
  muster_slice *fields = &event->time, outer[count];
  memcpy(outer, fields, sizeof outer);
  memset(fields, 0, sizeof outer);
  if (has_envelope) return refuse(*cursor, cursor->here(), muster_bad_duplicate);
  if (!cursor->object_if_any([&](Text k) { return top(k, true); })) return false;
  has_envelope = true;
  for (size_t i = 0; i < count; i++) {
    if (!fields[i].offset) fields[i] = outer[i];
  }
  return true;
}

bool muster_trail::top(Text key, bool is_inner) {
  Cursor &c = *cursor;
  switch (key.length) {
  case 3: if (is_inner && key.is("UID")) return take(event->id, Need::loose); break;
  case 6: if (!is_inner && key.is("detail")) return envelope(); break;
  case 7:
    if (key.is("eventID")) return take(event->id, Need::loose);
    if (!is_inner && may_hold_list && holds_list(key)) return is_list = true, false;
    break;
  case 8: if (!is_inner && key.is("logFiles")) event->flags |= muster_trail_digest; break;
  case 9:
    if (key.is("eventTime")) return take(event->time, Need::text);
    if (key.is("eventName")) return take(event->name, Need::text);
    if (key.is("eventType")) return take(event->type, Need::loose);
    if (key.is("awsRegion")) return take(event->region, Need::text);
    if (key.is("userAgent")) return take(event->agent, Need::caller);
    if (key.is("errorCode")) return take(event->error, Need::loose);
    if (key.is("resources") && c.peek() == '[') return c.array([&] { return resource(); });
    if (!is_inner && key.is("eventData")) return envelope();
    break;
  case 10:
    if (key.is("@timestamp") && !collected.offset) return take(collected, Need::caller);
    break;
  case 11: if (key.is("eventSource")) return take(event->source, Need::text); break;
  case 12:
    if (key.is("userIdentity")) {
      if (c.peek() == '"') event->flags |= muster_trail_identity_hidden;
      return c.object_if_any([&](Text k) { return identity(k); });
    }
    break;
  case 13:
    if (key.is("eventCategory")) return take(event->category, Need::loose);
    if (key.is("sharedEventID")) return take(event->shared_id, Need::loose);
    break;
  case 15:
    if (key.is("sourceIPAddress")) return take(event->address, Need::loose);
    if (key.is("managementEvent") && c.peek() == 'f') event->flags |= muster_trail_data_event;
    if (!is_inner && key.is("digestStartTime")) event->flags |= muster_trail_digest;
    break;
  case 16: if (key.is("responseElements")) return c.object_if_any([&](Text k) { return response(k); }); break;
  case 17: if (key.is("requestParameters")) return c.object_if_any([&](Text k) { return parameter(k); }); break;
  case 18: if (key.is("recipientAccountId")) return take(event->account, Need::loose); break;
  case 19: if (key.is("additionalEventData")) return c.object_if_any([&](Text k) { return extra(k); }); break;
  }
  return c.skip();
}

Walked muster_trail::read(Cursor &c, uint32_t bias, bool may_hold_list, bool repaired) {
  cursor = &c;
  this->bias = bias, this->may_hold_list = may_hold_list, this->repaired = repaired;
  is_list = has_envelope = false;
  collected = {0, 0};
  events.emplace_back();
  event = &events.back();
  event->first_mention = uint32_t(mentions.size());
  event->flags = repaired ? muster_trail_repaired : 0;
  uint32_t begin = c.here();
  bool is_whole = c.object([&](Text key) { return top(key, false); });
  if (!is_whole) {
    mentions.resize(event->first_mention);
    events.pop_back();
    return is_list ? Walked::list : Walked::failed;
  }
  // Logstash moves the time there; others put there when they got the record.
  if (!event->time.offset) event->time = collected;
  event->mentions = uint32_t(mentions.size()) - event->first_mention;
  first_keys.learn(c.text + begin, c.text + c.length);
  return Walked::record;
}

extern "C" muster_trail *muster_trail_open(void) { return new (std::nothrow) muster_trail; }

extern "C" void muster_trail_close(muster_trail *trail) { delete trail; }

extern "C" void muster_trail_restart(muster_trail *trail) {
  trail->first_keys.clear();
  trail->scanner.restart();
}

extern "C" void muster_trail_scan(muster_trail *trail, uint8_t *text, size_t length, bool last, muster_trail_batch *batch) {
  trail->events.clear(), trail->mentions.clear(), trail->faults.clear(), trail->arena.clear();
  size_t consumed = trail->scanner.scan(text, length, last);
  *batch = {trail->events.data(),   trail->events.size(), trail->mentions.data(), trail->arena.data(),
            trail->faults.data(), trail->faults.size(), consumed};
}

extern "C" void muster_trail_pass_over(muster_trail *trail) { trail->scanner.pass_over(); }
