#pragma once
// The functions of libgit2 that Muster uses, found at run time. Linking libgit2 would cost each start of the program 2 ms
// for its own dependencies (TLS, SSH, HTTP); most runs of most commands never need it.

#include <git2.h>
#include <git2/sys/repository.h>

#if defined(__clang__)
#define CGIT2_NONNULL _Nonnull
#define CGIT2_NULLABLE _Nullable
#else
#define CGIT2_NONNULL
#define CGIT2_NULLABLE
#endif

#define CGIT2_FUNCTIONS(X)                                                                                             \
  X(git_libgit2_init)                                                                                                  \
  X(git_libgit2_version)                                                                                               \
  X(git_error_last)                                                                                                    \
  X(git_buf_dispose)                                                                                                   \
  X(git_config_add_file_ondisk)                                                                                        \
  X(git_config_find_global)                                                                                            \
  X(git_config_find_system)                                                                                            \
  X(git_config_find_xdg)                                                                                               \
  X(git_config_free)                                                                                                   \
  X(git_config_get_path)                                                                                               \
  X(git_config_get_string)                                                                                             \
  X(git_config_new)                                                                                                    \
  X(git_graph_descendant_of)                                                                                           \
  X(git_index_add)                                                                                                     \
  X(git_index_conflict_remove)                                                                                         \
  X(git_index_entrycount)                                                                                              \
  X(git_index_find_prefix)                                                                                             \
  X(git_index_free)                                                                                                    \
  X(git_index_get_byindex)                                                                                             \
  X(git_index_get_bypath)                                                                                              \
  X(git_index_open)                                                                                                    \
  X(git_index_path)                                                                                                    \
  X(git_index_remove)                                                                                                  \
  X(git_index_write)                                                                                                   \
  X(git_merge_base)                                                                                                    \
  X(git_message_trailer_array_free)                                                                                    \
  X(git_message_trailers)                                                                                              \
  X(git_object_free)                                                                                                   \
  X(git_object_id)                                                                                                     \
  X(git_object_peel)                                                                                                   \
  X(git_odb_add_disk_alternate)                                                                                        \
  X(git_odb_exists)                                                                                                    \
  X(git_odb_free)                                                                                                      \
  X(git_odb_hash)                                                                                                      \
  X(git_odb_object_data)                                                                                               \
  X(git_odb_object_free)                                                                                               \
  X(git_odb_object_size)                                                                                               \
  X(git_odb_object_type)                                                                                               \
  X(git_odb_open)                                                                                                      \
  X(git_odb_read)                                                                                                      \
  X(git_odb_read_header)                                                                                               \
  X(git_odb_write)                                                                                                     \
  X(git_reference_dwim)                                                                                                \
  X(git_reference_free)                                                                                                \
  X(git_reference_iterator_free)                                                                                       \
  X(git_reference_iterator_glob_new)                                                                                   \
  X(git_reference_lookup)                                                                                              \
  X(git_reference_name_is_valid)                                                                                       \
  X(git_reference_next_name)                                                                                           \
  X(git_reference_symbolic_target)                                                                                     \
  X(git_reference_target)                                                                                              \
  X(git_repository_commondir)                                                                                          \
  X(git_repository_config_snapshot)                                                                                    \
  X(git_repository_free)                                                                                               \
  X(git_repository_index)                                                                                              \
  X(git_repository_is_bare)                                                                                            \
  X(git_repository_odb)                                                                                                \
  X(git_repository_open_ext)                                                                                           \
  X(git_repository_path)                                                                                               \
  X(git_repository_set_config)                                                                                         \
  X(git_repository_set_index)                                                                                          \
  X(git_repository_set_odb)                                                                                            \
  X(git_repository_set_workdir)                                                                                        \
  X(git_repository_state)                                                                                              \
  X(git_repository_workdir)                                                                                            \
  X(git_revparse_single)                                                                                               \
  X(git_signature_free)                                                                                                \
  X(git_signature_new)

typedef struct {
#define X(name) __typeof__(name) *CGIT2_NONNULL name;
  CGIT2_FUNCTIONS(X)
#undef X
} cgit2_functions;

// Loads and starts libgit2 once. NULL when it is ready, else what is wrong (a text that lives as long as the program).
const char *CGIT2_NULLABLE cgit2_start(void);

// The functions. Only to be called after cgit2_start() has given NULL.
const cgit2_functions *CGIT2_NONNULL cgit2(void);

// As cgit2_start(), from other library names and into other memory; for tests of what goes wrong.
int cgit2_load(const char *CGIT2_NONNULL first, const char *CGIT2_NULLABLE second,
               cgit2_functions *CGIT2_NONNULL functions, char *CGIT2_NONNULL error, size_t size);
