private import CMemory

/// Has blocks of memory from 8 MiB on go back to the system when they are free, in all of the process.
///
/// The C library takes blocks from 128 KiB on from the system, but after the first one that is freed it keeps ever larger ones among the
/// small: between these, what is free cannot be given back. Smaller blocks are not worth a call of the system each.
///
/// The heaps of threads grow by 4 MiB at a time: each growth is a call of the system that holds up the other threads.
package func giveBackLargeBlocks() {
  _ = mallopt(M_MMAP_THRESHOLD, 8 << 20)
  _ = mallopt(M_TOP_PAD, 4 << 20)
}
