//! A collection that was asked for, seen from both sides: [`Ticket`] and [`Request`].

use super::worker::on_a_worker;
use crate::heap::{Generation, Report};
use crate::primitive::{Condvar, Mutex, lock, wait_until};
use std::fmt;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// A collection that was asked for with
/// [`collect_now`](super::Background::collect_now), to be waited for.
///
/// One that is dropped changes nothing: the collection runs all the same.
#[must_use = "the collection has not run yet; `let _ = collect_now()` if nobody is to wait for it"]
pub struct Ticket {
    generation: Generation,
    answer: Arc<Answer>,
}

/// What the two sides share.
struct Answer {
    report: Mutex<Option<Report>>,
    given: Condvar,
}

/// The thread's side of a ticket. Whatever becomes of it, the ticket gets its answer.
pub(super) struct Request {
    pub(super) generation: Generation,
    answer: Arc<Answer>,
}

/// The two sides of one.
pub(super) fn ticket(generation: Generation) -> (Ticket, Request) {
    let answer = Arc::new(Answer { report: Mutex::new(None), given: Condvar::new() });
    let request = Request { generation, answer: Arc::clone(&answer) };
    (Ticket { generation, answer }, request)
}

impl Ticket {
    /// Waits until the collection has ended, its finalizers, callbacks and destructors included.
    ///
    /// The report is that of the collection that served the request. It may have served others
    /// as well, and then its generation is the oldest that anybody asked for. The report is
    /// [empty](Report::empty) if a panic ended the collection (see the
    /// [module](super#panics)), and, at once, on the background thread itself: in a finalizer, a
    /// callback or a destructor that it runs.
    ///
    /// # Deadlocks
    ///
    /// It waits for user code. Whoever waits while holding a lock (or the only place in a
    /// channel, or a borrow) that a finalizer, a callback or a destructor of some garbage wants
    /// waits for ever. [`wait_timeout`](Ticket::wait_timeout) gives up.
    ///
    /// # Examples
    ///
    /// ```
    /// use gc_core::{Generation, sync::background};
    ///
    /// let background = background::start(Default::default())?;
    /// let report = background.collect_now().wait();
    /// assert_eq!(report.generation, Generation::Old);
    /// # Ok::<(), background::StartError>(())
    /// ```
    pub fn wait(&self) -> Report {
        self.wait_until(None).unwrap_or(Report::empty(self.generation))
    }

    /// The same, for at most so long: `None` if the collection has not ended by then.
    ///
    /// With a timeout of zero it only looks.
    ///
    /// # Examples
    ///
    /// ```
    /// use gc_core::sync::background;
    /// use std::time::Duration;
    ///
    /// let background = background::start(Default::default())?;
    /// let ticket = background.collect_now();
    /// match ticket.wait_timeout(Duration::from_secs(1)) {
    ///     Some(report) => println!("{report}"),
    ///     None => println!("still at it"),
    /// }
    /// # Ok::<(), background::StartError>(())
    /// ```
    pub fn wait_timeout(&self, timeout: Duration) -> Option<Report> {
        // A deadline that no clock can show is none.
        self.wait_until(Instant::now().checked_add(timeout))
    }

    fn wait_until(&self, deadline: Option<Instant>) -> Option<Report> {
        let mut report = lock(&self.answer.report);
        loop {
            if report.is_some() {
                return *report;
            }
            if on_a_worker() {
                return Some(Report::empty(self.generation));
            }
            if deadline.is_some_and(|deadline| Instant::now() >= deadline) {
                return None;
            }
            report = wait_until(&self.answer.given, report, deadline);
        }
    }
}

impl fmt::Debug for Ticket {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let report = *lock(&self.answer.report);
        f.debug_struct("Ticket")
            .field("generation", &self.generation)
            .field("report", &report)
            .finish_non_exhaustive()
    }
}

impl Request {
    /// Answers the ticket with the report of a collection.
    pub(super) fn answer(self, report: Report) {
        self.give(report);
    }

    fn give(&self, report: Report) {
        lock(&self.answer.report).get_or_insert(report);
        self.answer.given.notify_all();
    }
}

impl Drop for Request {
    /// Nobody waits for what will not happen.
    fn drop(&mut self) {
        self.give(Report::empty(self.generation));
    }
}
