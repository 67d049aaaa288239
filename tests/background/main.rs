//! The background collector of the process: a binary of its own, as there is only one.

use gc_core::sync::background::{self, Background, Config, StartError};
use gc_core::sync::{self, ExternalMemory};
use gc_core::{Generation, Phase};
use gc_tests::process::{is_child, respawn};
use std::sync::mpsc::TryRecvError;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// One test at a time.
fn alone() -> MutexGuard<'static, ()> {
    static ALONE: Mutex<()> = Mutex::new(());
    ALONE.lock().unwrap_or_else(PoisonError::into_inner)
}

fn started() -> Background {
    background::start(Config::default()).expect("nothing else runs")
}

#[test]
fn it_runs_from_start_to_drop() {
    let _alone = alone();
    assert!(!background::is_running());
    let first = started();
    assert!(background::is_running());
    let second = background::start(Config::default());
    assert!(matches!(second, Err(StartError::AlreadyRunning)));
    drop(first);
    assert!(!background::is_running());
    assert_eq!(started().stop().collections, 0);
}

#[test]
fn it_collects_when_it_is_asked_also_in_a_pause() {
    let _alone = alone();
    let background = started();
    let report = background.collect_now().wait();
    assert_eq!(report.generation, Generation::Old);
    let (outer, inner) = (background.pause(), background.pause());
    drop(outer);
    assert!(background.is_paused());
    let report = background.collect_now_generation(Generation::Middle).wait();
    assert_eq!(report.generation, Generation::Middle);
    drop(inner);
    assert!(!background.is_paused());
    let figures = background.figures();
    assert_eq!((figures.collections, figures.last), (2, Some(report)));
}

#[test]
fn several_threads_ask_at_once() {
    let _alone = alone();
    let background = started();
    std::thread::scope(|scope| {
        for generation in Generation::ALL {
            let background = &background;
            scope.spawn(move || {
                let report = background.collect_now_generation(generation).wait();
                assert!(report.generation >= generation);
            });
        }
    });
    assert!((1..=3).contains(&background.stop().collections));
}

#[test]
fn errors_say_what_is_wrong() {
    let _alone = alone();
    let _background = started();
    let error = background::start(Config::default()).expect_err("one runs");
    assert_eq!(error.to_string(), "a background collector is running already");
}

/// Starts one that is always at work and is not stopped.
fn keep_busy() {
    let config = Config::default().interval(Duration::ZERO).interval_generation(Generation::Old);
    let background = background::start(config).expect("nothing else runs");
    while background.figures().collections == 0 {
        std::thread::yield_now();
    }
    std::mem::forget(background);
}

#[test]
#[cfg_attr(miri, ignore = "starts a process")]
fn a_process_that_returns_from_main_does_not_wait_for_it() {
    let _alone = alone();
    if is_child() {
        return keep_busy();
    }
    let output = respawn("a_process_that_returns_from_main_does_not_wait_for_it");
    assert!(output.status.success(), "{output:?}");
    assert!(String::from_utf8_lossy(&output.stdout).contains("1 passed"), "{output:?}");
}

#[test]
#[cfg_attr(miri, ignore = "starts a process")]
fn a_process_that_calls_exit_does_not_wait_for_it() {
    let _alone = alone();
    if is_child() {
        keep_busy();
        std::process::exit(7);
    }
    let output = respawn("a_process_that_calls_exit_does_not_wait_for_it");
    assert_eq!(output.status.code(), Some(7), "{output:?}");
}

#[test]
fn memory_outside_of_the_heap_wakes_it_and_hooks_hear_of_it_there() {
    let _alone = alone();
    let (to, from) = std::sync::mpsc::channel();
    let to = Mutex::new(to);
    let hook = sync::on_collect(move |phase, report| {
        let name = std::thread::current().name().map(str::to_owned);
        let to = to.lock().unwrap_or_else(PoisonError::into_inner);
        to.send((phase, report.generation, name)).expect("somebody waits");
    });
    let background = started();
    let memory = ExternalMemory::new(sync::external_threshold());
    assert_eq!(from.try_recv(), Err(TryRecvError::Empty));
    memory.set(sync::external_threshold() + 1);
    let name = Some("gc-background".to_owned());
    for phase in [Phase::Start, Phase::Stop] {
        assert_eq!(from.recv(), Ok((phase, Generation::Young, name.clone())));
    }
    drop(hook);
    assert_eq!(background.stop().collections, 1);
}
