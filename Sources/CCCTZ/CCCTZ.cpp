#include "CCCTZ.h"
#include <cctz/time_zone.h>
#include <chrono>
#include <string>

static bool load(const char *name, cctz::time_zone *zone) {
  // A name is never a path of the caller's choosing.
  std::string text(name);
  if (text.empty() || text[0] == '/' || text.find("..") != std::string::npos) return false;
  return cctz::load_time_zone(text, zone);
}

int muster_zone_exists(const char *name) {
  cctz::time_zone zone;
  return load(name, &zone) ? 1 : 0;
}

int32_t muster_zone_offset(const char *name, int64_t epoch_seconds) {
  cctz::time_zone zone;
  if (!load(name, &zone)) return 0;
  auto at = std::chrono::time_point<std::chrono::system_clock, cctz::seconds>(cctz::seconds(epoch_seconds));
  return zone.lookup(at).offset;
}
