//! Time, as a batch takes it of itself.

use rustix::time::{ClockId, Timespec, clock_gettime};
use std::hint::black_box;
use std::time::Duration;

/// What a batch has found.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Sample {
    /// Nanoseconds for one operation, or bytes for one object.
    pub(crate) figure: f64,
    /// How many operations the batch has.
    pub(crate) operations: u64,
}

impl Sample {
    /// So many operations have taken this time in all.
    pub(crate) fn of_time(time: Duration, operations: usize) -> Self {
        Sample {
            figure: time.as_secs_f64() * 1e9 / operations as f64,
            operations: operations as u64,
        }
    }

    /// So many objects have taken this room in all.
    pub(crate) fn of_bytes(bytes: usize, objects: usize) -> Self {
        Sample { figure: bytes as f64 / objects as f64, operations: objects as u64 }
    }
}

/// Measures `f`, which does so many operations, in CPU time of all threads of this process: so a collector
/// that has threads of its own is counted as well. A batch has one such part.
pub(crate) fn timed<R>(operations: usize, f: impl FnOnce() -> R) -> Sample {
    timed_by(ClockId::ProcessCPUTime, operations, f)
}

/// The same in CPU time of this thread.
pub(crate) fn timed_here<R>(operations: usize, f: impl FnOnce() -> R) -> Sample {
    timed_by(ClockId::ThreadCPUTime, operations, f)
}

fn timed_by<R>(clock: ClockId, operations: usize, f: impl FnOnce() -> R) -> Sample {
    let started = read(clock);
    let result = timed_region(f);
    let time = read(clock).saturating_sub(started);
    // Whatever the part has made is dropped outside of it.
    drop(black_box(result));
    Sample::of_time(time, operations)
}

/// Only what runs in here is counted under callgrind, which finds it by its name.
#[inline(never)]
fn timed_region<R>(f: impl FnOnce() -> R) -> R {
    f()
}

/// The CPU time of this thread.
pub(crate) fn thread_time() -> Duration {
    read(ClockId::ThreadCPUTime)
}

fn read(clock: ClockId) -> Duration {
    let Timespec { tv_sec, tv_nsec } = clock_gettime(clock);
    Duration::new(tv_sec.unsigned_abs(), u32::try_from(tv_nsec).unwrap_or(0))
}
