//! Takes the figures of a heap twice.

use super::memory::{ProcessMemory, process_memory};
use super::report::{Flow, Profile};
use crate::handle::Gc;
use crate::heap::{GenerationStats, Space, Tally};
use std::marker::PhantomData;
use std::time::Instant;

/// Measures what a stretch of the program allocates, from [`start`](Profiler::start) to
/// [`stop`](Profiler::stop).
///
/// It reads the heap's counters twice and looks at no object: it costs the same however large the
/// heap is, and nothing in between. Several may run at a time, within each other or not.
///
/// In `unsync` it is about the calling thread's heap, and belongs to the thread. In `sync` it is
/// about that of the process: what other threads allocate meanwhile is in it too, and it is exact
/// if they are at rest at both ends.
///
/// # Examples
///
/// ```
/// use gc_core::unsync::{Gc, Profiler};
///
/// let older = Gc::new([0_u8; 100]);
/// let profiler = Profiler::start("build");
/// let numbers: Vec<_> = (0..10_u64).map(Gc::new).collect();
/// drop(older);
/// let profile = profiler.stop();
/// assert_eq!((profile.objects.allocated, profile.objects.freed), (10, 1));
/// assert_eq!(profile.bytes.allocated, 10 * (16 + 8)); // 16 stand before each value
/// assert_eq!(profile.bytes.alive(), 10 * (16 + 8) - (16 + 100));
/// println!("{profile}");
/// # drop(numbers);
/// ```
#[derive(Debug)]
#[must_use = "`stop` gives what it has measured"]
#[doc(alias = "memory_profiler.profile")]
pub struct Profiler<S: Space> {
    label: String,
    started: Instant,
    memory: Option<ProcessMemory>,
    figures: Figures,
    /// It belongs to the heap that such handles lead to.
    heap: PhantomData<Gc<(), S>>,
}

/// The counters of a heap at one moment.
#[derive(Debug)]
struct Figures {
    tally: Tally,
    generations: [GenerationStats; 3],
}

impl Figures {
    fn now<S: Space>() -> Figures {
        S::with_heap(|heap| Figures { generations: heap.stats(), tally: heap.tally() })
    }
}

impl<S: Space> Profiler<S> {
    /// Begins to measure. The label is for whom the profile is shown to.
    pub fn start(label: impl Into<String>) -> Self {
        let (label, memory) = (label.into(), process_memory());
        // The time first: it is to hold the rest, and not the reading of the process's figures.
        let started = Instant::now();
        Profiler { label, started, memory, figures: Figures::now::<S>(), heap: PhantomData }
    }

    /// What there was since the start.
    ///
    /// # Examples
    ///
    /// ```
    /// use gc_core::unsync::{Gc, Profiler};
    ///
    /// let profiler = Profiler::start("steps");
    /// let mut kept = Vec::new();
    /// for step in 1..=3 {
    ///     kept.push(Gc::new(step));
    ///     assert_eq!(profiler.so_far().objects.alive(), step);
    /// }
    /// ```
    pub fn so_far(&self) -> Profile {
        let Figures { tally, generations } = Figures::now::<S>();
        let duration = self.started.elapsed();
        let (before, older) = (&self.figures.tally, &self.figures.generations);
        Profile {
            label: self.label.clone(),
            objects: flow((before.made, before.ended), (tally.made, tally.ended)),
            bytes: flow(
                (before.bytes_made, before.bytes_ended),
                (tally.bytes_made, tally.bytes_ended),
            ),
            generations: std::array::from_fn(|index| generations[index] - older[index]),
            duration,
            memory_before: self.memory,
            memory_after: process_memory(),
        }
    }

    /// Ends the stretch.
    pub fn stop(self) -> Profile {
        self.so_far()
    }
}

/// What was counted between two readings of sums that may wrap.
fn flow(before: (usize, usize), after: (usize, usize)) -> Flow {
    Flow { allocated: after.0.wrapping_sub(before.0), freed: after.1.wrapping_sub(before.1) }
}
