//! The memory of the process, as the system counts it.

/// How much memory the process has, in bytes: see [`process_memory`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ProcessMemory {
    /// Bytes in physical memory, shared pages included: psutil's `rss`.
    pub resident: usize,
    /// Bytes of address space that are mapped: psutil's `vms`.
    pub virtual_size: usize,
}

/// How much memory the process has just now, or `None` where the system does not tell: psutil's
/// `Process().memory_info()`.
///
/// That is the whole process, with what the allocator keeps of memory that was freed. For what the
/// objects take see [`profile`](crate::unsync::profile). On Linux it reads `/proc/self/statm`,
/// which counts in pages and may lag by some of them for each processor.
///
/// # Examples
///
/// ```
/// use gc_core::process_memory;
///
/// if let Some(memory) = process_memory() {
///     assert!(memory.resident > 0 && memory.resident <= memory.virtual_size);
/// }
/// ```
#[doc(alias = "psutil.Process.memory_info")]
#[must_use]
pub fn process_memory() -> Option<ProcessMemory> {
    memory_stats::memory_stats().map(|stats| ProcessMemory {
        resident: stats.physical_mem,
        virtual_size: stats.virtual_mem,
    })
}
