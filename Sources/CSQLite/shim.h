#include <sqlite3.h>

// Macros that Swift does not see. Bytes and texts are copied by SQLite: they need not outlive the call.
static inline int muster_bind_text(sqlite3_stmt *statement, int index, const char *text, int length) {
  return sqlite3_bind_text(statement, index, text, length, SQLITE_TRANSIENT);
}
static inline int muster_bind_blob(sqlite3_stmt *statement, int index, const void *bytes, int length) {
  return sqlite3_bind_blob(statement, index, bytes, length, SQLITE_TRANSIENT);
}

// Without statistics of memory, whose lock each allocation would take. Before the first file is opened.
static inline int muster_sqlite_count_no_memory(void) { return sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0); }
