#include "CGit2.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>

// Debian's libgit2 reads all of the system's certificates when it starts: 3 ms of each run, for TLS connections that this
// program never opens. Its call of Mbed TLS finds this function first, because the program exports it (Package.swift); where
// it does not, nothing but the time is lost.
int mbedtls_x509_crt_parse_file(void *chain, const char *path);

__attribute__((used, visibility("default"))) int mbedtls_x509_crt_parse_file(void *chain, const char *path) {
  (void)chain;
  (void)path;
  return 0;
}

static cgit2_functions loaded;
static char failure[512];
static pthread_once_t once = PTHREAD_ONCE_INIT;

// A function pointer is filled through memcpy: ISO C has no conversion from dlsym's `void *`.
static int find(void *library, const char *name, void *function, size_t size, char *error, size_t error_size) {
  void *symbol = dlsym(library, name);
  if (symbol == NULL) {
    snprintf(error, error_size, "the installed libgit2 has no function %s", name);
    return -1;
  }
  memcpy(function, &symbol, size);
  return 0;
}

int cgit2_load(const char *first, const char *second, cgit2_functions *functions, char *error, size_t size) {
  void *library = dlopen(first, RTLD_NOW | RTLD_LOCAL);
  if (library == NULL && second != NULL)
    library = dlopen(second, RTLD_NOW | RTLD_LOCAL);
  if (library == NULL) {
    snprintf(error, size, "libgit2 is not installed");
    return -1;
  }
#define X(name)                                                                                                        \
  if (find(library, #name, &functions->name, sizeof functions->name, error, size) < 0) {                               \
    dlclose(library);                                                                                                  \
    return -1;                                                                                                         \
  }
  CGIT2_FUNCTIONS(X)
#undef X
  // Structures change between minor versions: a library of another one than the header's would be misread.
  int major = 0, minor = 0, patch = 0;
  functions->git_libgit2_version(&major, &minor, &patch);
  if (major != LIBGIT2_VER_MAJOR || minor != LIBGIT2_VER_MINOR) {
    snprintf(error, size, "libgit2 %d.%d is installed, and this program was built for %d.%d", major, minor,
             LIBGIT2_VER_MAJOR, LIBGIT2_VER_MINOR);
    dlclose(library);
    return -1;
  }
  if (functions->git_libgit2_init() < 0) {
    const git_error *last = functions->git_error_last();
    snprintf(error, size, "libgit2 does not start: %s", last != NULL ? last->message : "no reason given");
    dlclose(library);
    return -1;
  }
  return 0;
}

static void start(void) {
  cgit2_load("libgit2.so." LIBGIT2_SOVERSION, "libgit2.so", &loaded, failure, sizeof failure);
}

const char *cgit2_start(void) {
  pthread_once(&once, start);
  return failure[0] == 0 ? NULL : failure;
}

const cgit2_functions *cgit2(void) { return &loaded; }
