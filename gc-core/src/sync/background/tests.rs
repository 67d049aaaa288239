//! The worker with a stand-in for the heap. Nothing here sleeps: threads wait for each other.

use super::figures::Outcome;
use super::worker::{Collects, Owner, Worker, start};
use super::{Background, Config, Figures, PauseGuard, StartError, Ticket};
use crate::heap::{Generation, Report};
use crate::unraisable::{UserCode, set_unraisable_hook};
use std::error::Error;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, Ordering::SeqCst};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

/// A heap of which a test says what is due and what a collection does.
struct Stub<F> {
    switches: Arc<Switches>,
    collect: F,
}

#[derive(Default)]
struct Switches {
    due: Mutex<Option<Generation>>,
    disabled: AtomicBool,
}

impl<F: FnMut(Generation) -> Report + Send + 'static> Collects for Stub<F> {
    fn due(&mut self) -> Option<Generation> {
        *self.switches.due.lock().unwrap()
    }

    fn is_automatic(&mut self) -> bool {
        !self.switches.disabled.load(SeqCst)
    }

    fn collect(&mut self, generation: Generation) -> Report {
        self.switches.due.lock().unwrap().take_if(|due| *due <= generation);
        (self.collect)(generation)
    }
}

/// A worker and what belongs to it.
struct Rig {
    worker: Arc<Worker>,
    switches: Arc<Switches>,
    owner: Owner<Arc<Worker>>,
}

fn rig_of(config: &Config, collect: impl FnMut(Generation) -> Report + Send + 'static) -> Rig {
    let worker = Arc::new(Worker::new());
    let switches = Arc::new(Switches::default());
    let stub = Stub { switches: Arc::clone(&switches), collect };
    let owner = start(Arc::clone(&worker), config, stub).unwrap();
    Rig { worker, switches, owner }
}

fn rig(collect: impl FnMut(Generation) -> Report + Send + 'static) -> Rig {
    rig_of(&Config::default(), collect)
}

/// A collection that tells of itself.
fn telling() -> (impl FnMut(Generation) -> Report + Send + 'static, Receiver<Generation>) {
    let (tell, told) = channel();
    let collect = move |generation| {
        // The test may not listen any more.
        let _ = tell.send(generation);
        found(generation, 1)
    };
    (collect, told)
}

/// A collection that tells of itself and then waits to be let on.
fn gated() -> (impl FnMut(Generation) -> Report + Send + 'static, Receiver<Generation>, Sender<()>)
{
    let ((tell, told), (let_on, gate)) = (channel(), channel());
    let collect = move |generation| {
        let _ = tell.send(generation);
        let _ = gate.recv();
        found(generation, 1)
    };
    (collect, told, let_on)
}

fn found(generation: Generation, collected: usize) -> Report {
    Report { collected, ..Report::empty(generation) }
}

impl Rig {
    fn make_due(&self, generation: Generation) {
        *self.switches.due.lock().unwrap() = Some(generation);
    }
}

fn wait_until_gone(worker: &Worker) {
    while worker.is_running() {
        thread::yield_now();
    }
}

#[test]
fn a_request_gets_the_report_and_the_figures_have_it() {
    let mut rig = rig(|generation| found(generation, 3));
    let report = rig.worker.request(Generation::Middle).wait();
    assert_eq!(report, found(Generation::Middle, 3));
    let figures = rig.worker.figures();
    assert_eq!((figures.collections, figures.collected), (1, 3));
    assert_eq!(figures.last, Some(report));
    assert_eq!(rig.owner.stop().collections, 1);
}

#[test]
fn a_ticket_can_be_dropped() {
    let (collect, told) = telling();
    let rig = rig(collect);
    drop(rig.worker.request(Generation::Old));
    assert_eq!(told.recv(), Ok(Generation::Old));
}

#[test]
fn a_request_is_not_served_by_the_collection_that_is_running() {
    let (collect, told, let_on) = gated();
    let rig = rig(collect);
    let first = rig.worker.request(Generation::Young);
    assert_eq!(told.recv(), Ok(Generation::Young));

    let second = rig.worker.request(Generation::Old);
    assert_eq!(second.wait_timeout(Duration::ZERO), None);
    let_on.send(()).unwrap();
    assert_eq!(first.wait().generation, Generation::Young);
    assert_eq!(told.recv(), Ok(Generation::Old));
    assert_eq!(second.wait_timeout(Duration::ZERO), None);
    let_on.send(()).unwrap();
    assert_eq!(second.wait_timeout(Duration::MAX), Some(found(Generation::Old, 1)));
}

#[test]
fn requests_that_come_together_share_the_oldest_generation() {
    let (collect, told, let_on) = gated();
    let mut rig = rig(collect);
    let _ = rig.worker.request(Generation::Young);
    told.recv().unwrap();
    let tickets: [Ticket; 3] = [Generation::Young, Generation::Middle, Generation::Young]
        .map(|generation| rig.worker.request(generation));
    let_on.send(()).unwrap();
    let_on.send(()).unwrap();
    for ticket in tickets {
        assert_eq!(ticket.wait().generation, Generation::Middle);
    }
    assert_eq!(rig.owner.stop().collections, 2);
}

#[test]
fn a_wake_up_collects_what_is_due() {
    let (collect, told) = telling();
    let rig = rig(collect);
    for generation in [Generation::Old, Generation::Young, Generation::Middle] {
        rig.make_due(generation);
        assert!(rig.worker.wake());
        assert_eq!(told.recv(), Ok(generation));
    }
}

#[test]
fn a_wake_up_that_finds_nothing_due_collects_nothing() {
    let mut rig = rig(|generation| found(generation, 1));
    assert!(rig.worker.wake());
    let _ = rig.worker.request(Generation::Young).wait();
    let figures = rig.owner.stop();
    assert_eq!(figures.collections, 1);
    assert!(figures.wakeups >= 1);
}

#[test]
fn in_a_pause_only_requests_are_served() {
    let (collect, told) = telling();
    let rig = rig(collect);
    rig.worker.pause();
    rig.worker.pause();
    // What had begun before is over when this is.
    let _ = rig.worker.request(Generation::Young).wait();
    assert_eq!(told.recv(), Ok(Generation::Young));
    rig.make_due(Generation::Old);
    assert!(rig.worker.wake());
    rig.worker.resume();
    assert!(rig.worker.is_paused());
    let report = rig.worker.request(Generation::Young).wait();
    assert_eq!(report.generation, Generation::Young);
    assert_eq!(told.recv(), Ok(Generation::Young));

    rig.make_due(Generation::Middle);
    rig.worker.resume();
    assert!(!rig.worker.is_paused());
    assert_eq!(told.recv(), Ok(Generation::Middle));
}

#[test]
fn a_pause_that_was_leaked_ends_with_the_thread() {
    let mut first = rig(|generation| found(generation, 1));
    first.worker.pause();
    let _ = first.owner.stop();
    let (collect, told) = telling();
    let stub = Stub { switches: Arc::clone(&first.switches), collect };
    first.make_due(Generation::Middle);
    let _second = start(Arc::clone(&first.worker), &Config::default(), stub).unwrap();
    assert!(!first.worker.is_paused());
    assert_eq!(told.recv(), Ok(Generation::Middle));
}

#[test]
fn it_looks_at_the_thresholds_when_it_starts() {
    let (collect, told) = telling();
    let switches =
        Arc::new(Switches { due: Mutex::new(Some(Generation::Middle)), ..Switches::default() });
    let stub = Stub { switches, collect };
    let _owner = start(Arc::new(Worker::new()), &Config::default(), stub).unwrap();
    assert_eq!(told.recv(), Ok(Generation::Middle));
}

#[test]
fn while_the_heap_is_disabled_only_requests_are_served() {
    let (collect, told) = telling();
    let rig = rig_of(&Config::default().interval(Duration::ZERO), collect);
    // What had begun before is over when the second of these is.
    rig.switches.disabled.store(true, SeqCst);
    let _ = rig.worker.request(Generation::Young).wait();
    let _ = rig.worker.request(Generation::Young).wait();
    while told.try_recv().is_ok() {}
    rig.make_due(Generation::Old);
    assert!(rig.worker.wake());
    let _ = rig.worker.request(Generation::Middle).wait();
    assert_eq!(told.try_iter().collect::<Vec<_>>(), [Generation::Middle]);
}

#[test]
fn an_interval_collects_again_and_again() {
    let (collect, told) = telling();
    let config = Config::default().interval(Duration::from_millis(1));
    let rig = rig_of(&config, collect);
    assert_eq!(told.iter().take(3).collect::<Vec<_>>(), [Generation::Young; 3]);
    drop(rig);
}

#[test]
fn an_interval_collects_the_generation_it_is_told_or_an_older_one_that_is_due() {
    let (collect, told) = telling();
    let config = Config::default().interval(Duration::ZERO).interval_generation(Generation::Middle);
    let rig = rig_of(&config, collect);
    assert_eq!(told.recv(), Ok(Generation::Middle));
    rig.make_due(Generation::Old);
    assert!(told.iter().any(|generation| generation == Generation::Old));
    rig.make_due(Generation::Young);
    assert!(told.iter().take(3).all(|generation| generation == Generation::Middle));
}

#[test]
fn an_interval_beyond_the_clock_never_ends() {
    let mut rig =
        rig_of(&Config::default().interval(Duration::MAX), |generation| found(generation, 1));
    let _ = rig.worker.request(Generation::Young).wait();
    assert_eq!(rig.owner.stop().collections, 1);
}

#[test]
fn a_panic_is_reported_and_the_thread_goes_on() {
    const MESSAGE: &str = "a_panic_is_reported_and_the_thread_goes_on";
    let (tell, told) = channel();
    let tell = Mutex::new(tell);
    set_unraisable_hook(Some(Box::new(move |event| {
        if event.message() == Some(MESSAGE) {
            let _ = tell.lock().unwrap().send(event.code);
        }
    })));
    let mut rig = rig(|generation| match generation {
        Generation::Old => panic!("{MESSAGE}"),
        _ => found(generation, 1),
    });
    let ticket = rig.worker.request(Generation::Old);
    assert_eq!(ticket.wait(), Report::empty(Generation::Old));
    // It was told before the answer came.
    assert_eq!(told.try_recv(), Ok(UserCode::Trace));
    set_unraisable_hook(None);
    assert_eq!(rig.worker.request(Generation::Young).wait(), found(Generation::Young, 1));
    let figures = rig.owner.stop();
    assert_eq!((figures.panics, figures.collections), (1, 1));
}

#[test]
fn a_stop_finishes_what_runs_and_what_was_asked_for() {
    let (tell, told) = channel();
    let worker = Arc::new(Worker::new());
    let its = Arc::clone(&worker);
    let mut first = true;
    let collect = move |generation| {
        if std::mem::take(&mut first) {
            tell.send(()).unwrap();
            // Until it has been asked to stop.
            while its.wake() {
                thread::yield_now();
            }
        }
        found(generation, 1)
    };
    let stub = Stub { switches: Arc::default(), collect };
    let mut owner = start(Arc::clone(&worker), &Config::default(), stub).unwrap();
    let running = worker.request(Generation::Young);
    told.recv().unwrap();
    let outstanding = worker.request(Generation::Old);
    assert_eq!(owner.stop().collections, 2);
    assert_eq!(running.wait_timeout(Duration::ZERO), Some(found(Generation::Young, 1)));
    assert_eq!(outstanding.wait_timeout(Duration::ZERO), Some(found(Generation::Old, 1)));
}

#[test]
fn a_request_without_a_thread_is_answered_at_once() {
    let worker = Worker::new();
    assert_eq!(worker.request(Generation::Middle).wait(), Report::empty(Generation::Middle));
    assert!(!worker.wake());
}

#[test]
fn its_owner_may_be_dropped_on_its_thread() {
    let slot: Arc<Mutex<Option<Owner<Arc<Worker>>>>> = Arc::default();
    let its = Arc::clone(&slot);
    let Rig { worker, owner, .. } = rig(move |generation| {
        drop(its.lock().unwrap().take());
        found(generation, 1)
    });
    *slot.lock().unwrap() = Some(owner);
    // It does not wait for itself, and still answers.
    assert_eq!(worker.request(Generation::Old).wait(), found(Generation::Old, 1));
    wait_until_gone(&worker);
    let stub = Stub { switches: Arc::default(), collect: |generation| found(generation, 2) };
    let _again = start(Arc::clone(&worker), &Config::default(), stub).unwrap();
    assert_eq!(worker.request(Generation::Old).wait(), found(Generation::Old, 2));
}

#[test]
fn on_its_own_thread_nobody_waits() {
    let worker = Arc::new(Worker::new());
    let its = Arc::clone(&worker);
    let (hand_over, tickets) = channel::<Ticket>();
    let (tell, told) = channel();
    let collect = move |generation| {
        let own = its.request(Generation::Middle).wait();
        // One that was made elsewhere and has no answer yet.
        let other = tickets.recv().map(|ticket| ticket.wait());
        let _ = tell.send((own, other));
        found(generation, 1)
    };
    let stub = Stub { switches: Arc::default(), collect };
    let owner = start(Arc::clone(&worker), &Config::default(), stub).unwrap();
    let ticket = worker.request(Generation::Young);
    hand_over.send(worker.request(Generation::Old)).unwrap();
    // The second collection gets none.
    drop(hand_over);
    let empty = (Report::empty(Generation::Middle), Ok(Report::empty(Generation::Old)));
    assert_eq!(told.recv(), Ok(empty));
    assert_eq!(ticket.wait().collected, 1);
    drop(owner);
}

#[test]
fn there_is_one_thread_at_a_time() {
    let mut rig = rig(|generation| found(generation, 1));
    let again = || {
        let stub = Stub { switches: Arc::default(), collect: |generation| found(generation, 2) };
        start(Arc::clone(&rig.worker), &Config::default(), stub)
    };
    assert!(matches!(again(), Err(StartError::AlreadyRunning)));
    let _ = rig.owner.stop();
    assert!(!rig.worker.is_running());
    let _second = again().unwrap();
    assert_eq!(rig.worker.request(Generation::Old).wait(), found(Generation::Old, 2));
    assert_eq!(rig.worker.figures().collections, 1, "figures begin anew");
}

#[test]
#[cfg_attr(miri, ignore = "its threads have any stack")]
fn a_thread_that_cannot_be_made_is_an_error_and_nothing_is_left_behind() {
    let worker = Arc::new(Worker::new());
    let try_with = |config: Config| {
        let stub = Stub { switches: Arc::default(), collect: |generation| found(generation, 1) };
        start(Arc::clone(&worker), &config, stub)
    };
    for config in [Config::default().stack_size(1 << 60), Config::default().name("a\0b")] {
        let error = try_with(config).unwrap_err();
        assert!(matches!(error, StartError::Spawn(_)), "{error}");
        assert!(error.source().is_some());
        assert!(!worker.is_running() && !worker.wake());
    }
    assert!(try_with(Config::default()).is_ok());
}

#[test]
fn it_stops_when_its_owner_is_dropped_by_a_panic() {
    let rig = rig(|generation| found(generation, 1));
    let (worker, owner) = (Arc::clone(&rig.worker), rig.owner);
    let unwound = catch_unwind(AssertUnwindSafe(|| {
        let _owner = owner;
        panic!("on purpose");
    }));
    assert!(unwound.is_err());
    assert!(!worker.is_running());
}

#[test]
#[cfg_attr(miri, ignore = "three megabytes byte by byte")]
fn the_thread_has_its_name_and_its_stack() {
    let (tell, told) = channel();
    let config = Config::default().name("by-name").stack_size(16 << 20);
    let rig = rig_of(&config, move |generation| {
        // More than std's default.
        let room = [1_u8; 3 << 20];
        let room = std::hint::black_box(&room);
        let name = thread::current().name().map(str::to_owned);
        tell.send((name, room[usize::from(room[0])])).unwrap();
        found(generation, 1)
    });
    let _ = rig.worker.request(Generation::Young).wait();
    assert_eq!(told.recv(), Ok((Some("by-name".to_owned()), 1)));
}

#[test]
fn figures_add_up_and_say_so() {
    let mut figures = Figures::ZERO;
    assert_eq!(figures, Figures::default());
    figures.add(Outcome::Idle, Duration::from_secs(9));
    let report = Report { resurrected: 1, uncollectable: 2, ..found(Generation::Old, 4) };
    figures.add(Outcome::Collected(report), Duration::from_millis(3));
    figures.add(Outcome::Collected(report), Duration::from_millis(1));
    assert_eq!(
        figures.to_string(),
        "3 wake-ups, 2 collections: 8 collected, 2 resurrected, 4 uncollectable; \
         busy for 4ms, longest 3ms"
    );
    figures.add(Outcome::Panicked, Duration::from_millis(5));
    assert!(figures.to_string().ends_with("busy for 9ms, longest 5ms, 1 ended by a panic"));
}

#[test]
fn the_handles_cross_threads() {
    fn crosses<T: Send + Sync + 'static>() {}
    crosses::<Background>();
    crosses::<Ticket>();
    crosses::<PauseGuard<'static>>();
    crosses::<StartError>();
}
