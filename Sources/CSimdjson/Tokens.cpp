#include "Tokens.hpp"

namespace muster {

static int hex4(const uint8_t *p, const uint8_t *end) {
  if (end - p < 4) return -1;
  int value = 0;
  for (int k = 0; k < 4; k++) {
    uint8_t c = p[k], low = c | 0x20;
    if (c - '0' < 10u) value = value * 16 + (c - '0');
    else if (low >= 'a' && low <= 'f') value = value * 16 + (low - 'a' + 10);
    else return -1;
  }
  return value;
}

static void append(std::vector<uint8_t> &out, uint32_t c) {
  if (c < 0x80) {
    out.push_back(uint8_t(c));
  } else if (c < 0x800) {
    out.insert(out.end(), {uint8_t(0xC0 | c >> 6), uint8_t(0x80 | (c & 63))});
  } else if (c < 0x10000) {
    out.insert(out.end(), {uint8_t(0xE0 | c >> 12), uint8_t(0x80 | (c >> 6 & 63)), uint8_t(0x80 | (c & 63))});
  } else {
    out.insert(out.end(), {uint8_t(0xF0 | c >> 18), uint8_t(0x80 | (c >> 12 & 63)), uint8_t(0x80 | (c >> 6 & 63)),
                           uint8_t(0x80 | (c & 63))});
  }
}

bool unescape(const uint8_t *p, uint32_t length, std::vector<uint8_t> &out) {
  const uint8_t *end = p + length;
  bool whole = true;
  while (p < end) {
    if (*p != '\\' || p + 1 == end) {
      out.push_back(*p++);
      continue;
    }
    uint8_t c = p[1];
    p += 2;
    switch (c) {
    case '"': case '\\': case '/': out.push_back(c); break;
    case 'b': out.push_back('\b'); break;
    case 'f': out.push_back('\f'); break;
    case 'n': out.push_back('\n'); break;
    case 'r': out.push_back('\r'); break;
    case 't': out.push_back('\t'); break;
    case 'u': {
      int high = hex4(p, end);
      if (high < 0) {
        whole = false;
        out.insert(out.end(), {'\\', 'u'});
        break;
      }
      p += 4;
      uint32_t value = uint32_t(high);
      if (value >= 0xD800 && value < 0xE000) {
        int low = value < 0xDC00 && end - p >= 6 && p[0] == '\\' && p[1] == 'u' ? hex4(p + 2, end) : -1;
        if (low >= 0xDC00 && low < 0xE000) {
          value = 0x10000 + ((value - 0xD800) << 10) + (uint32_t(low) - 0xDC00);
          p += 6;
        } else {
          whole = false;
          value = 0xFFFD;
        }
      }
      append(out, value);
      break;
    }
    default:
      whole = false;
      out.insert(out.end(), {'\\', c});
    }
  }
  return whole;
}

Cursor::Sound Cursor::skip_sound() {
  using G = Grammar;
  std::vector<uint8_t> closing;
  uint8_t last = G::comma;
  bool name_follows = false;
  uint32_t token = i;
  auto kind_of = [&](uint32_t token) { return grammar.kind[text[at[token]]]; };
  auto failed = [&](uint32_t token) { return at[token] >= length ? Sound::unfinished : Sound::broken; };
  do {
    uint8_t kind = kind_of(token);
    if (!(grammar.follows[last] >> kind & 1) || kind == G::colon) return failed(token);
    if (name_follows && kind != G::close_object) {
      if (kind != G::string) return failed(token);
      if (kind_of(token + 1) != G::colon) return failed(token + 1);
      token += 2, last = G::colon, name_follows = false;
      continue;
    }
    if (kind == G::open_object || kind == G::open_array) {
      closing.push_back(kind == G::open_object ? G::close_object : G::close_array);
    } else if (kind == G::close_object || kind == G::close_array) {
      if (closing.back() != kind) return Sound::broken;
      closing.pop_back();
    }
    name_follows = kind == G::open_object || (kind == G::comma && closing.back() == G::close_object);
    token++, last = kind;
  } while (!closing.empty());
  return i = token, Sound::whole;
}

}  // namespace muster
