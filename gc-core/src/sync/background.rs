//! A thread that collects the shared heap, so that the program's threads need not.
//!
//! Without one, the thread whose `new` finds that a collection is due runs it, and waits for it
//! and for what it runs: finalizers, callbacks, destructors. With one, `new` only wakes it, and all
//! this happens on its thread while the others go on.
//!
//! ```
//! use gc_core::sync::background::{self, Config};
//! use std::time::Duration;
//!
//! let background = background::start(Config::default().interval(Duration::from_secs(10)))?;
//! // … the program …
//! println!("{}", background.stop());
//! # Ok::<(), background::StartError>(())
//! ```
//!
//! # When it collects
//!
//! - When the heap's thresholds are passed, which whoever calls `new` notices; it collects the
//!   generation that the schedule says is due, as `new` would.
//! - When an [interval](Config::interval) is over, if there is one.
//! - When it is [asked](Background::collect_now).
//!
//! The first two stop while it is [paused](Background::pause), and while automatic collections
//! are switched off for the whole heap (`sync::disable`, `sync::pause`). **A background collector
//! that is paused means no automatic collections at all**: `new` neither collects nor wakes it.
//! `sync::collect` and [`collect_now`](Background::collect_now) always work.
//!
//! Nothing slows down a program that makes garbage faster than one thread collects it, or whose
//! finalizers block: its memory grows. [`Figures::busy`] tells how near that is.
//!
//! # The thread that user code runs on
//!
//! Finalizers, callbacks and destructors of what it finds run on its thread, one after another,
//! and the next collection waits for them. There are no thread-locals of the program's there.
//! Inside them:
//!
//! - `collect_now` and [`Ticket::wait`] return an empty report at once, as `sync::collect` does
//!   inside a collection;
//! - the [`Background`] itself may be dropped; the thread then ends after them.
//!
//! # Panics
//!
//! Panics of finalizers, callbacks, destructors and `trace` go where they always go: to the
//! [hook](crate::set_unraisable_hook). If one should end a collection all the same, the hook hears
//! of it too, and it is counted in [`Figures::panics`]. The thread goes on.
//!
//! # The end of the process
//!
//! A process that exits does not wait for the thread, nor for a finalizer that runs on it. Who
//! wants that stops it before, as in [the guide](crate::docs::threads#the-end-of-the-process). To
//! keep one for as long as the process runs, leak the guard: `std::mem::forget(background)`.
//!
//! # Fork
//!
//! A process made by `fork` has one thread, and it is not this one; but the guard, and the flag
//! that says that the thread is there, are copied, and so are locks that it held. So between
//! `fork` and `exec` do only what is async-signal-safe: make no objects, drop no handles, and
//! do not drop the [`Background`], which would wait for a thread that does not exist, or panic. A
//! process that is to go on after a `fork` starts its background collector after it, in each of
//! the two.

mod figures;
mod ticket;
mod worker;

#[cfg(all(any(loom, shuttle), test))]
mod models;
#[cfg(all(not(any(loom, shuttle)), test))]
mod tests;

use crate::heap::{Generation, Heap, Report, Space};
use crate::primitive::global;
use crate::sharing::Shared;
use std::error::Error;
use std::fmt;
use std::io;
use std::time::Duration;
use worker::{Collects, Owner, Worker};

pub use figures::Figures;
pub use ticket::Ticket;

global! {
    /// The process's.
    fn worker() -> &'static Worker { Worker::new() }
}

/// What the thread runs: collections of the shared heap.
struct SharedHeap;

impl Collects for SharedHeap {
    fn due(&mut self) -> Option<Generation> {
        super::due()
    }

    fn is_automatic(&mut self) -> bool {
        super::is_automatic()
    }

    fn collect(&mut self, generation: Generation) -> Report {
        // What ends here was made elsewhere, and what comes next is, too.
        Shared::with_heap(Heap::serve_others);
        super::collect_generation(generation)
    }
}

/// Tells the background collector that a collection is due; `false` if there is none, and the
/// caller has to collect.
pub(crate) fn wake_if_running() -> bool {
    worker().wake()
}

/// How a background collector is to run.
///
/// # Examples
///
/// ```
/// use gc_core::{Generation, sync::background::Config};
/// use std::time::Duration;
///
/// let config = Config::default()
///     .interval(Duration::from_secs(60))
///     .interval_generation(Generation::Old)
///     .name("my-gc");
/// assert_eq!(config.interval, Some(Duration::from_secs(60)));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Config {
    /// How long after one collection by the clock the next one comes; `None`, the default, for
    /// none. It is measured from end to beginning, so long collections do not run into each
    /// other, and other collections do not put it off. One that falls into a pause comes at
    /// the pause's end.
    pub interval: Option<Duration>,
    /// What a collection by the clock collects at least; it collects an older generation if the
    /// schedule says that one is due. [`Young`](Generation::Young) is the default.
    pub interval_generation: Generation,
    /// The thread's name, `gc-background` unless set. Systems show the beginning of it, Linux
    /// 15 bytes.
    pub name: String,
    /// The size of its stack in bytes, std's default for threads if `None`. Collections do not
    /// recurse; what needs room is the finalizers and destructors that it runs.
    pub stack_size: Option<usize>,
}

impl Default for Config {
    /// Only the heap's thresholds wake it.
    fn default() -> Self {
        Config {
            interval: None,
            interval_generation: Generation::Young,
            name: "gc-background".into(),
            stack_size: None,
        }
    }
}

impl Config {
    /// Sets [`interval`](Config::interval).
    #[must_use]
    pub fn interval(mut self, interval: impl Into<Option<Duration>>) -> Self {
        self.interval = interval.into();
        self
    }

    /// Sets [`interval_generation`](Config::interval_generation).
    #[must_use]
    pub fn interval_generation(mut self, generation: Generation) -> Self {
        self.interval_generation = generation;
        self
    }

    /// Sets [`name`](Config::name).
    #[must_use]
    pub fn name(mut self, name: impl Into<String>) -> Self {
        self.name = name.into();
        self
    }

    /// Sets [`stack_size`](Config::stack_size).
    #[must_use]
    pub fn stack_size(mut self, size: impl Into<Option<usize>>) -> Self {
        self.stack_size = size.into();
        self
    }
}

/// Why no background collector was started.
#[derive(Debug)]
#[non_exhaustive]
pub enum StartError {
    /// There is one. A guard that was dropped on the background thread itself leaves it there
    /// until the collection that runs on it has ended.
    AlreadyRunning,
    /// The thread could not be made.
    Spawn(io::Error),
}

impl fmt::Display for StartError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            StartError::AlreadyRunning => f.write_str("a background collector is running already"),
            StartError::Spawn(_) => f.write_str("the background collector's thread did not start"),
        }
    }
}

impl Error for StartError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            StartError::AlreadyRunning => None,
            StartError::Spawn(error) => Some(error),
        }
    }
}

/// Starts the process's background collector. It runs until the guard is dropped.
///
/// The first thing it does is to look whether a collection is due.
///
/// # Errors
///
/// [`AlreadyRunning`](StartError::AlreadyRunning) if there is one; [`Spawn`](StartError::Spawn)
/// if the system refuses the thread, or the name contains a NUL.
///
/// # Examples
///
/// ```
/// use gc_core::sync::background::{self, StartError};
///
/// let background = background::start(Default::default())?;
/// let second = background::start(Default::default());
/// assert!(matches!(second, Err(StartError::AlreadyRunning)));
///
/// drop(background);
/// let third = background::start(Default::default());
/// assert!(third.is_ok());
/// # Ok::<(), StartError>(())
/// ```
pub fn start(config: Config) -> Result<Background, StartError> {
    let owner = worker::start(worker(), &config, SharedHeap)?;
    Ok(Background { owner })
}

/// Whether the process has a background collector: from [`start`] until its thread has ended.
///
/// # Examples
///
/// ```
/// use gc_core::sync::background;
///
/// assert!(!background::is_running());
/// let background = background::start(Default::default())?;
/// assert!(background::is_running());
/// drop(background);
/// assert!(!background::is_running());
/// # Ok::<(), background::StartError>(())
/// ```
#[must_use]
pub fn is_running() -> bool {
    worker().is_running()
}

/// The process's background collector. Dropping it stops it.
///
/// The drop waits for the thread's end: a collection that is running is finished, and those that
/// were asked for are run. Like [`Ticket::wait`] it therefore waits for user code, with the
/// same hazard for whoever holds a lock. On the background thread itself
/// (a finalizer may own the guard) it does not wait; the thread ends a little later.
#[derive(Debug)]
#[must_use = "the collector stops when this is dropped"]
pub struct Background {
    owner: Owner<&'static Worker>,
}

impl Background {
    /// Asks for a full collection that begins after this call, and does not wait for it.
    ///
    /// It works in a pause as well. Requests that come together may be served by one collection.
    ///
    /// # Examples
    ///
    /// ```
    /// use gc_core::sync::background;
    ///
    /// let background = background::start(Default::default())?;
    /// let ticket = background.collect_now();
    /// // … something else meanwhile …
    /// println!("{}", ticket.wait());
    /// # Ok::<(), background::StartError>(())
    /// ```
    pub fn collect_now(&self) -> Ticket {
        self.collect_now_generation(Generation::Old)
    }

    /// The same for the generations up to `generation`, at least.
    ///
    /// # Examples
    ///
    /// ```
    /// use gc_core::{Generation, sync::background};
    ///
    /// let background = background::start(Default::default())?;
    /// let report = background.collect_now_generation(Generation::Middle).wait();
    /// assert!(report.generation >= Generation::Middle);
    /// # Ok::<(), background::StartError>(())
    /// ```
    pub fn collect_now_generation(&self, generation: Generation) -> Ticket {
        self.owner.worker().request(generation)
    }

    /// Keeps it from collecting unasked for as long as the guard lives; and with it `new`.
    ///
    /// A collection that has begun goes on. Guards may nest. To say the same for the whole heap
    /// where this value is not at hand there is `sync::pause`.
    ///
    /// # Examples
    ///
    /// ```
    /// use gc_core::sync::background;
    ///
    /// let background = background::start(Default::default())?;
    /// let quiet = background.pause();
    /// assert!(background.is_paused());
    /// let _ = background.collect_now().wait();
    /// drop(quiet);
    /// assert!(!background.is_paused());
    /// # Ok::<(), background::StartError>(())
    /// ```
    #[must_use = "it goes on when the guard is dropped"]
    pub fn pause(&self) -> PauseGuard<'_> {
        let worker = self.owner.worker();
        worker.pause();
        PauseGuard { worker }
    }

    /// Whether some [`pause`](Background::pause) holds.
    #[must_use]
    pub fn is_paused(&self) -> bool {
        self.owner.worker().is_paused()
    }

    /// What it did so far. A collection counts when it has ended, and before its tickets are
    /// answered.
    ///
    /// # Examples
    ///
    /// ```
    /// use gc_core::sync::background;
    ///
    /// let background = background::start(Default::default())?;
    /// let report = background.collect_now().wait();
    /// assert_eq!(background.figures().last, Some(report));
    /// # Ok::<(), background::StartError>(())
    /// ```
    #[must_use]
    pub fn figures(&self) -> Figures {
        self.owner.worker().figures()
    }

    /// Stops it, as the drop does, and says what it did.
    ///
    /// On the background thread itself the figures are those so far.
    ///
    /// # Examples
    ///
    /// ```
    /// use gc_core::sync::background;
    ///
    /// let background = background::start(Default::default())?;
    /// let _ = background.collect_now();
    /// // What was asked for is still done.
    /// assert!(background.stop().collections >= 1);
    /// # Ok::<(), background::StartError>(())
    /// ```
    #[must_use = "the figures are all that is left of it; `drop` if they do not matter"]
    pub fn stop(mut self) -> Figures {
        self.owner.stop()
    }
}

/// Keeps the background collector from collecting unasked, see [`Background::pause`].
#[derive(Debug)]
pub struct PauseGuard<'a> {
    worker: &'a Worker,
}

impl Drop for PauseGuard<'_> {
    fn drop(&mut self) {
        self.worker.resume();
    }
}
