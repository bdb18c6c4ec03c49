// Routes: paths of requests without what names single things.
#pragma once
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// Writes the path with what names single things replaced by `{}`: numbers, UUIDs, hexadecimal ids, long words with digits. `route` has
/// room for twice the path. The number of bytes written.
size_t muster_path_route(const uint8_t *path, size_t length, uint8_t *route);

/// Writes what the request `<method> <path>[?…] [HTTP/…]` calls: `http:<method> <route>`; `action` has room for 70 bytes and twice the
/// request, after which 64 bytes must be readable. The number of bytes written, and where the path stands; 0 for what is no such
/// request.
size_t muster_request_action(const uint8_t *request, size_t length, uint8_t *action, size_t *path, size_t *path_length);

#ifdef __cplusplus
}
#endif
