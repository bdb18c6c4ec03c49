private import CMalloc

/// Has large blocks of memory go back to the system when they are free, in all of the process.
///
/// The C library takes blocks from 128 KiB on from the system, but after the first one that is freed it keeps ever larger ones among the
/// small: between these, what is free cannot be given back. Reading 80,000 small logs into a catalog took 670 MB, 260 with this.
package func giveBackLargeBlocks() { _ = mallopt(M_MMAP_THRESHOLD, 128 << 10) }
