#pragma once
#include <stdint.h>
#ifdef __cplusplus
extern "C" {
#endif
/// 1 when the IANA name can be loaded from the system's database, else 0.
int muster_zone_exists(const char *name);
/// Seconds to add to UTC for local time at the given epoch second; 0 for an unknown zone.
int32_t muster_zone_offset(const char *name, int64_t epoch_seconds);
#ifdef __cplusplus
}
#endif
