//! Scenarios of CPython's `test_weakref.FinalizeTestCase`, by their numbers in the list of them.

use super::gc::{self, Gc, Node, Shared, Slot, alone, self_loop};
use gc_tests::{Event, Log, bang, caught, unraisable};

#[test]
fn test_147_finalize() {
    alone(|| {
        let log = Log::new();
        let sums = Shared::new(Slot::new(Vec::new()));
        let add = || {
            let sums = sums.clone();
            move || {
                sums.with_mut(|sums| sums.push(67 + 43 + 89));
                67 + 43 + 89
            }
        };

        // Called once, by hand.
        let a = Node::new(0, &log);
        let f = gc::finalize(&a, add());
        assert!(f.is_alive());
        assert!(Gc::ptr_eq(&f.peek().expect("alive"), &a));
        assert_eq!(f.call(), Some(199));
        assert!(f.call().is_none() && f.call().is_none());
        assert!(f.peek().is_none() && f.detach().is_none() && !f.is_alive());
        drop(a);
        assert_eq!(sums.take(), [199]);

        // Detached: whoever gets it may call it.
        let a = Node::new(0, &log);
        let f = gc::finalize(&a, add());
        let (object, function) = f.detach().expect("alive");
        assert!(Gc::ptr_eq(&object, &a));
        assert!(!f.is_alive() && f.call().is_none() && f.peek().is_none() && f.detach().is_none());
        drop((a, object));
        assert_eq!((sums.take(), function(), sums.take()), (vec![], 199, vec![199]));

        // Called by the object's death.
        let a = Node::new(0, &log);
        let f = gc::finalize(&a, add());
        drop(a);
        assert!(!f.is_alive() && f.call().is_none() && f.peek().is_none() && f.detach().is_none());
        assert_eq!(sums.take(), [199]);
    });
}

#[test]
fn test_149_order() {
    alone(|| {
        let log = Log::new();
        let a = Gc::new(5);
        let note = |remark| {
            let log = log.clone();
            gc::finalize(&a, move || log.note(remark))
        };
        let (_, f2, f3) = (note("f1"), note("f2"), note("f3"));
        // Those without a handle stay alive.
        drop(note("f4"));
        let f5 = note("f5");
        assert!(f2.is_alive() && f3.is_alive() && f5.is_alive());

        assert!(f5.detach().is_some());
        assert!(!f5.is_alive());
        assert!(f5.call().is_none());
        log.note("A");
        assert!(f3.call().is_some());
        assert!(!f3.is_alive());
        log.note("B");
        assert!(f3.call().is_none());
        log.note("C");
        drop(a);
        assert_eq!(log.take(), ["A", "f3", "B", "C", "f4", "f2", "f1"].map(Event::Note));
        assert!(!f2.is_alive());
    });
}

#[test]
#[cfg_attr(miri, ignore = "starts a process")]
fn test_151_atexit() {
    gc::at_exit(module_path!(), "test_151_atexit", || {
        unraisable::listen();
        let guard = gc::exit_guard();
        let log = Log::new();
        let object = Gc::new(5);
        let note = |remark| {
            let log = log.clone();
            gc::finalize(&object, move || log.note(remark))
        };
        let f1 = note("f1");
        let f2 = note("f2");
        let (inner, onto) = (object.clone(), log.clone());
        let other = Gc::new(6);
        let f3 = gc::finalize(&other, move || {
            let again = onto.clone();
            gc::finalize(&inner, move || again.note("g1"));
            onto.note("f3 error");
            gc_tests::bang("divided by zero");
        });
        let f4 = note("f4");
        assert!(f1.at_exit() && f2.at_exit() && f3.at_exit() && f4.at_exit());
        f2.set_at_exit(false);
        assert!(!f2.at_exit());
        drop(guard);
        assert_eq!(log.take(), ["f4", "f3 error", "g1", "f1"].map(Event::Note));
        let heard = unraisable::heard();
        assert_eq!(heard.len(), 1);
        assert_eq!(heard[0].message.as_deref(), Some("divided by zero"));

        // `_shutdown`: neither what is left nor what is new runs.
        let late = note("late");
        assert!(f2.is_alive() && late.is_alive());
        assert!(late.call().is_none() && !late.is_alive());
        note("later");
        drop(object);
        assert_eq!(log.take(), []);
        assert!(!f2.is_alive(), "taken, and dropped without a word");
    });
}

/// A cycle with a function of `finalize`, which logs its name.
fn told_of_the_end(name: usize, log: &Log) -> Gc<Node> {
    let node = self_loop(name, log);
    let inner = log.clone();
    gc::finalize(&node, move || inner.push(Event::Called(name)));
    node
}

/// A cycle that is alive at the end. (What a thread's own heap does without a guard is in
/// `unsync/thread_exit.rs`.)
#[test]
#[cfg_attr(miri, ignore = "starts a process")]
fn test_031_gc_main_module_at_shutdown() {
    gc::at_exit(module_path!(), "test_031_gc_main_module_at_shutdown", || {
        let log = Log::new();
        let guard = gc::exit_guard();
        let module = told_of_the_end(0, &log);
        drop(guard);
        assert_eq!(log.take(), [Event::Called(0)]);
        drop(module);
        assert_eq!(gc::collect().collected, 1);
        assert_eq!(log.take(), [Event::Finalized(0), Event::Dropped(0)]);
    });
}

/// The same for what a panic leaves behind, as garbage or held.
#[test]
#[cfg_attr(miri, ignore = "starts a process")]
fn test_033_global_del_system_exit() {
    gc::at_exit(module_path!(), "test_033_global_del_system_exit", || {
        let log = Log::new();
        let module = Shared::new(Slot::new(None));
        let word = caught(|| {
            let _guard = gc::exit_guard();
            module.set(Some(told_of_the_end(0, &log)));
            let _garbage = told_of_the_end(1, &log);
            bang("SystemExit");
        });
        assert_eq!(word, Some("SystemExit"));
        assert_eq!(log.take(), [Event::Called(1), Event::Called(0)]);
        drop(module.take());
        assert_eq!(gc::collect().collected, 2);
        assert_eq!(log.called(), [], "once");
    });
}
