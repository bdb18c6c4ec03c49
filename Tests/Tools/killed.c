// Loaded before a program (LD_PRELOAD), kills it just before its nth change of a file: MUSTER_KILL_AT=n. Without that, the
// number of changes is written to the file that MUSTER_KILL_COUNT names. Programs that it starts are left alone.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static atomic_long changes;
static long last;
static const char *report;

__attribute__((constructor)) static void begin(void) {
  const char *at = getenv("MUSTER_KILL_AT");
  last = at ? atol(at) : 0;
  report = getenv("MUSTER_KILL_COUNT");
  unsetenv("LD_PRELOAD");
}

__attribute__((destructor)) static void end(void) {
  FILE *file = report ? fopen(report, "w") : NULL;
  if (file == NULL)
    return;
  fprintf(file, "%ld\n", (long)changes);
  fclose(file);
}

static void change(void) {
  if (atomic_fetch_add(&changes, 1) + 1 == last)
    kill(getpid(), SIGKILL);
}

#define NEXT(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

#define OPEN(name)                                                                                                     \
  int name(const char *path, int flags, ...) {                                                                         \
    va_list rest;                                                                                                      \
    va_start(rest, flags);                                                                                             \
    int mode = flags & O_CREAT ? va_arg(rest, int) : 0;                                                                \
    va_end(rest);                                                                                                      \
    if (flags & (O_CREAT | O_TRUNC))                                                                                   \
      change();                                                                                                        \
    return NEXT(name)(path, flags, mode);                                                                              \
  }
OPEN(open)
OPEN(open64)

ssize_t write(int file, const void *bytes, size_t count) {
  if (file > 2)
    change();
  return NEXT(write)(file, bytes, count);
}

#define PWRITE(name)                                                                                                   \
  ssize_t name(int file, const void *bytes, size_t count, off_t at) {                                                  \
    change();                                                                                                          \
    return NEXT(name)(file, bytes, count, at);                                                                         \
  }
PWRITE(pwrite)
PWRITE(pwrite64)

int ftruncate(int file, off_t length) {
  change();
  return NEXT(ftruncate)(file, length);
}

int ftruncate64(int file, off_t length) {
  change();
  return NEXT(ftruncate64)(file, length);
}

int rename(const char *from, const char *to) {
  change();
  return NEXT(rename)(from, to);
}

int link(const char *from, const char *to) {
  change();
  return NEXT(link)(from, to);
}

int unlink(const char *path) {
  change();
  return NEXT(unlink)(path);
}

int mkdir(const char *path, mode_t mode) {
  change();
  return NEXT(mkdir)(path, mode);
}
