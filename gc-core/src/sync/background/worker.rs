//! The mechanism: a thread that sleeps until there is something to collect.
//!
//! Everything is decided under one lock, but for one word in front of it, the *bell*, which is
//! all that a mutator touches. Who changes it, and when:
//!
//! | bell | the thread | who sets it |
//! |---|---|---|
//! | `ABSENT` | is not there, or is asked to stop | `close`, `begin_stop`, under the lock |
//! | `AWAKE` | works, and looks at the bell before it sleeps | the thread, under the lock |
//! | `ASLEEP` | sleeps, and must be notified | the thread, under the lock, only from `AWAKE` |
//! | `RUNG` | has been told to look at the thresholds | `wake`, from `AWAKE` or `ASLEEP`, **without** the lock; `open` and `resume`, under it |
//! | `PAUSED` | does not listen to mutators | `pause`, under the lock |
//!
//! *No wake-up is lost.* A mutator counts (its candidates pass the threshold), fences, and reads
//! the bell. The thread sets the bell to `AWAKE`, fences, and reads the counts. If the mutator's
//! fence comes first, the thread reads its counts. If the thread's comes first, the mutator reads
//! `AWAKE` or something later: `AWAKE` it turns into `RUNG`, which the thread finds when it tries
//! to go from `AWAKE` to `ASLEEP`; from `ASLEEP` it turns it into `RUNG` as well, and notifies. The
//! thread sets `ASLEEP` under the lock and gives the lock back only by waiting, and the mutator
//! takes the lock between ringing and notifying, so the notification meets it waiting. A mutator
//! that reads an earlier `RUNG` or `PAUSED` is in the first case: whatever ends those states is
//! followed by the thread's `AWAKE` and fence.

use super::figures::{Figures, Outcome};
use super::ticket::{Request, Ticket, ticket};
use super::{Config, StartError};
use crate::heap::{Generation, Report};
use crate::primitive::Ordering::{Relaxed, SeqCst};
use crate::primitive::thread::{self, JoinHandle};
use crate::primitive::{
    AtomicU32, Condvar, Mutex, MutexGuard, const_fn, fence, lock, mutated, per_thread, wait_until,
};
use crate::unraisable::{self, UserCode};
use scopeguard::ScopeGuard;
use std::cell::Cell;
use std::fmt;
use std::io;
use std::mem;
use std::ops::{ControlFlow, Deref};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::{Duration, Instant};

/// What the thread runs.
pub(super) trait Collects: Send + 'static {
    /// The generation that the schedule says is due. It is asked on the thread alone, after the
    /// counts of all who woke it can be seen.
    fn due(&mut self) -> Option<Generation>;

    /// Whether a collection may start that nobody asked for.
    fn is_automatic(&mut self) -> bool;

    /// Runs one collection that begins now, and returns when it has ended. If another is going
    /// on, it waits for that one and then runs its own.
    fn collect(&mut self, generation: Generation) -> Report;
}

/// Values of the bell.
mod bell {
    pub(super) const ABSENT: u32 = 0;
    pub(super) const AWAKE: u32 = 1;
    pub(super) const ASLEEP: u32 = 2;
    pub(super) const RUNG: u32 = 3;
    pub(super) const PAUSED: u32 = 4;
}

/// The state that a thread and those who talk to it share; the thread is there between
/// [`start`] and the end of its [`Owner`].
pub(super) struct Worker {
    bell: AtomicU32,
    state: Mutex<State>,
    /// Only the thread waits for it.
    alarm: Condvar,
}

struct State {
    phase: Phase,
    pauses: usize,
    requests: Vec<Request>,
    figures: Figures,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Phase {
    Absent,
    Running,
    /// The owner is gone: it serves the requests that are there, and ends.
    Stopping,
}

/// Why the thread works this time.
struct Round {
    requests: Vec<Request>,
    /// It may collect what nobody asked for.
    automatic: bool,
    /// An interval is over.
    timed: bool,
}

/// When the thread works though nobody wakes it.
struct Timer {
    interval: Option<Duration>,
    generation: Generation,
    next: Option<Instant>,
}

impl Timer {
    fn new(config: &Config) -> Timer {
        let generation = config.interval_generation;
        let mut timer = Timer { interval: config.interval, generation, next: None };
        timer.restart();
        timer
    }

    /// An interval that no clock can measure never ends.
    fn restart(&mut self) {
        self.next = self.interval.and_then(|interval| Instant::now().checked_add(interval));
    }

    fn is_over(&self) -> bool {
        self.next.is_some_and(|next| Instant::now() >= next)
    }
}

per_thread! {
    #[allow(clippy::missing_const_for_thread_local, reason = "loom's macro takes no const block")]
    static ON_A_WORKER: Cell<bool> = Cell::new(false);
}

/// Whether this is a thread of a worker's: it must not wait for itself.
pub(super) fn on_a_worker() -> bool {
    ON_A_WORKER.with(Cell::get)
}

impl Worker {
    const_fn! {
        /// One without a thread.
        pub(super) fn new() -> Self {
            let state = State {
                phase: Phase::Absent,
                pauses: 0,
                requests: Vec::new(),
                figures: Figures::ZERO,
            };
            Worker {
                bell: AtomicU32::new(bell::ABSENT),
                state: Mutex::new(state),
                alarm: Condvar::new(),
            }
        }
    }

    /// Tells the thread to look at the thresholds; `false` if there is none.
    ///
    /// It costs a fence and a load unless the thread has to be told; then a compare-exchange, and
    /// only if it sleeps the lock, which is held for a few loads and stores at a time.
    pub(super) fn wake(&self) -> bool {
        // Without a thread nothing is lost: the caller collects. Relaxed: a guess about now.
        if self.bell.load(Relaxed) == bell::ABSENT {
            return false;
        }
        if !mutated!("background_wake_without_fence") {
            // SeqCst: pairs with the fence in `hear`, see the top of the file.
            fence(SeqCst);
        }
        // Relaxed, here and in the exchange: the fences order what matters.
        let mut seen = self.bell.load(Relaxed);
        while seen == bell::AWAKE || seen == bell::ASLEEP {
            match self.bell.compare_exchange(seen, bell::RUNG, Relaxed, Relaxed) {
                Ok(_) => {
                    if seen == bell::ASLEEP {
                        self.rouse();
                    }
                    return true;
                }
                Err(now) => seen = now,
            }
        }
        seen != bell::ABSENT
    }

    /// Notifies the thread, which set `ASLEEP` under the lock and waits, or is about to.
    #[cold]
    fn rouse(&self) {
        if !mutated!("background_rouse_without_lock") {
            drop(lock(&self.state));
        }
        self.alarm.notify_one();
    }

    /// Asks for a collection. If there is no thread, or this is it, the answer is there at once.
    pub(super) fn request(&self, generation: Generation) -> Ticket {
        let (ticket, request) = ticket(generation);
        if on_a_worker() {
            return ticket;
        }
        let mut state = lock(&self.state);
        if state.phase == Phase::Absent {
            // Before `request`, whose drop is the answer.
            drop(state);
            return ticket;
        }
        state.requests.push(request);
        drop(state);
        if !mutated!("background_request_silent") {
            self.alarm.notify_one();
        }
        ticket
    }

    /// One more pause.
    pub(super) fn pause(&self) {
        let mut state = lock(&self.state);
        state.pauses += 1;
        if state.phase == Phase::Running {
            // Relaxed: what was rung for is looked at when the pause ends.
            self.bell.store(bell::PAUSED, Relaxed);
        }
    }

    /// One less. After the last the thread looks at what it did not hear meanwhile.
    pub(super) fn resume(&self) {
        let mut state = lock(&self.state);
        state.pauses -= 1;
        if state.pauses > 0 || state.phase != Phase::Running {
            return;
        }
        if mutated!("background_resume_forgets") {
            self.bell.store(bell::AWAKE, Relaxed);
            return;
        }
        // Relaxed: the thread reads it under the lock.
        self.bell.store(bell::RUNG, Relaxed);
        drop(state);
        self.alarm.notify_one();
    }

    pub(super) fn is_paused(&self) -> bool {
        lock(&self.state).pauses > 0
    }

    /// Whether the thread is there, or is to be there in a moment, or has not ended yet.
    pub(super) fn is_running(&self) -> bool {
        lock(&self.state).phase != Phase::Absent
    }

    pub(super) fn figures(&self) -> Figures {
        lock(&self.state).figures
    }

    /// Begins anew for a thread that is about to be made.
    fn open(&self) -> Result<(), StartError> {
        let mut state = lock(&self.state);
        if state.phase != Phase::Absent {
            return Err(StartError::AlreadyRunning);
        }
        state.phase = Phase::Running;
        state.pauses = 0;
        state.figures = Figures::ZERO;
        // Relaxed: the thread starts by looking, whoever else reads it.
        self.bell.store(bell::RUNG, Relaxed);
        Ok(())
    }

    /// Undoes [`open`](Worker::open) where no thread could be made.
    fn close(&self) {
        let requests = {
            let mut state = lock(&self.state);
            state.phase = Phase::Absent;
            // Relaxed: who still reads something else is told that a thread will look, and
            // comes by again.
            self.bell.store(bell::ABSENT, Relaxed);
            mem::take(&mut state.requests)
        };
        drop(requests);
    }

    /// Asks the thread to end, and returns the figures so far.
    fn begin_stop(&self) -> Figures {
        let mut state = lock(&self.state);
        state.phase = Phase::Stopping;
        // Relaxed: as in `close`.
        self.bell.store(bell::ABSENT, Relaxed);
        let figures = state.figures;
        drop(state);
        if !mutated!("background_stop_silent") {
            self.alarm.notify_one();
        }
        figures
    }
}

/// The thread's own part.
impl Worker {
    fn run(&self, mut timer: Timer, mut collects: impl Collects) -> Figures {
        ON_A_WORKER.with(|on| on.set(true));
        loop {
            match self.next_round(&timer) {
                ControlFlow::Continue(round) => self.carry_out(round, &mut timer, &mut collects),
                ControlFlow::Break(figures) => return figures,
            }
        }
    }

    /// Waits for work; breaks, with the thread declared gone, when there will be none.
    fn next_round(&self, timer: &Timer) -> ControlFlow<Figures, Round> {
        let mut state = lock(&self.state);
        loop {
            let stops_first = mutated!("background_stop_forgets_requests");
            if !(stops_first && state.phase == Phase::Stopping)
                && let Some(round) = self.take_round(&mut state, timer)
            {
                return ControlFlow::Continue(round);
            }
            if state.phase == Phase::Stopping {
                // Under the same lock as the look at the requests: none comes too late.
                state.phase = Phase::Absent;
                return ControlFlow::Break(state.figures);
            }
            state = self.sleep(state, timer);
        }
    }

    fn take_round(&self, state: &mut State, timer: &Timer) -> Option<Round> {
        let automatic = state.is_automatic();
        let rung = automatic && self.hear();
        let timed = automatic && timer.is_over();
        if !rung && !timed && state.requests.is_empty() {
            return None;
        }
        Some(Round { requests: mem::take(&mut state.requests), automatic, timed })
    }

    /// Whether the bell was rung. From here on it can be rung again.
    fn hear(&self) -> bool {
        // Relaxed: the fence orders it.
        let rung = self.bell.swap(bell::AWAKE, Relaxed) == bell::RUNG;
        if !mutated!("background_hear_without_fence") {
            // SeqCst: pairs with the fence in `wake`: who did not see AWAKE has counted before
            // this, and `due` sees it.
            fence(SeqCst);
        }
        rung
    }

    /// Sleeps until somebody notifies, if nobody has rung.
    fn sleep<'a>(&self, state: MutexGuard<'a, State>, timer: &Timer) -> MutexGuard<'a, State> {
        let automatic = state.is_automatic();
        if automatic {
            // Relaxed: the lock orders it towards `rouse`.
            let asleep = self.bell.compare_exchange(bell::AWAKE, bell::ASLEEP, Relaxed, Relaxed);
            if mutated!("background_sleep_unchecked") {
                self.bell.store(bell::ASLEEP, Relaxed);
            } else if asleep.is_err() {
                return state;
            }
        }
        let deadline = if automatic { timer.next } else { None };
        let state = wait_until(&self.alarm, state, deadline);
        // Relaxed: fails where somebody rang, paused or stopped it meanwhile.
        let _ = self.bell.compare_exchange(bell::ASLEEP, bell::AWAKE, Relaxed, Relaxed);
        state
    }

    /// Collects what the round is about and answers those who asked.
    fn carry_out(&self, round: Round, timer: &mut Timer, collects: &mut impl Collects) {
        let started = Instant::now();
        // What a panic leaves behind, the collector has to be able to stand anyway: its own
        // callers may catch it as well.
        let outcome = catch_unwind(AssertUnwindSafe(|| match round.generation(timer, collects) {
            Some(generation) => Outcome::Collected(collects.collect(generation)),
            None => Outcome::Idle,
        }));
        let took = started.elapsed();
        let outcome = outcome.unwrap_or_else(|payload| {
            unraisable::report(UserCode::Trace, "some object of the shared heap", payload);
            Outcome::Panicked
        });
        if round.timed {
            timer.restart();
        }
        let mut requests = round.requests;
        let mut state = lock(&self.state);
        // Before the answers: who has waited finds the collection in the figures.
        state.figures.add(outcome, took);
        if mutated!("background_answers_late_requests") {
            requests.append(&mut state.requests);
        }
        drop(state);
        if let Outcome::Collected(report) = outcome {
            requests.into_iter().for_each(|request| request.answer(report));
        }
    }
}

impl State {
    /// Whether the thread listens to the bell and the clock.
    fn is_automatic(&self) -> bool {
        self.phase == Phase::Running && (self.pauses == 0 || mutated!("background_pause_unheeded"))
    }
}

impl Round {
    /// The oldest generation that there is a reason to collect.
    fn generation(&self, timer: &Timer, collects: &mut impl Collects) -> Option<Generation> {
        let asked = self.requests.iter().map(|request| request.generation).max();
        if !self.automatic || !collects.is_automatic() {
            return asked;
        }
        let timed = self.timed.then_some(timer.generation);
        asked.max(timed).max(collects.due())
    }
}

/// Who owns the thread: it ends before the owner does, unless the owner ends on it.
pub(super) struct Owner<W: Deref<Target = Worker>> {
    worker: W,
    /// `None` when it has been stopped.
    thread: Option<JoinHandle<Figures>>,
}

/// Makes the worker's thread.
pub(super) fn start<W>(
    worker: W,
    config: &Config,
    collects: impl Collects,
) -> Result<Owner<W>, StartError>
where
    W: Deref<Target = Worker> + Clone + Send + 'static,
{
    if config.name.contains('\0') {
        // std's builder panics.
        let error = io::Error::new(io::ErrorKind::InvalidInput, "NUL in the name of a thread");
        return Err(StartError::Spawn(error));
    }
    let mut builder = thread::Builder::new().name(config.name.clone());
    if let Some(size) = config.stack_size {
        builder = builder.stack_size(size);
    }
    worker.open()?;
    // Also if `spawn` panics.
    let undo = scopeguard::guard(&worker, |worker| worker.close());
    let (its, timer) = (worker.clone(), Timer::new(config));
    let thread = builder.spawn(move || its.run(timer, collects)).map_err(StartError::Spawn)?;
    let _ = ScopeGuard::into_inner(undo);
    Ok(Owner { worker, thread: Some(thread) })
}

impl<W: Deref<Target = Worker>> Owner<W> {
    pub(super) fn worker(&self) -> &Worker {
        &self.worker
    }

    /// Ends the thread and waits for its end, unless this is it. The figures are its last, or
    /// those so far.
    pub(super) fn stop(&mut self) -> Figures {
        let Some(thread) = self.thread.take() else {
            return Figures::ZERO;
        };
        let so_far = self.worker.begin_stop();
        if on_a_worker() {
            // Its handle is dropped: it ends by itself when what runs here has ended.
            return so_far;
        }
        thread.join().unwrap_or(so_far)
    }
}

impl<W: Deref<Target = Worker>> Drop for Owner<W> {
    fn drop(&mut self) {
        if self.thread.is_some() {
            let _ = self.stop();
        }
    }
}

impl<W: Deref<Target = Worker>> fmt::Debug for Owner<W> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.worker.fmt(f)
    }
}

impl fmt::Debug for Worker {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let state = lock(&self.state);
        f.debug_struct("Worker")
            .field("paused", &(state.pauses > 0))
            .field("figures", &state.figures)
            .finish_non_exhaustive()
    }
}
