//! CPython's `test_gc`, scenario by scenario (see `tests/README.md` for the list).

use super::gc::{self, Gc, Node, Plain, Slot, Weak, alone, ring, self_loop};
use gc_core::{Generation, Thresholds, Trace};
use gc_tests::{Event, Log};
use std::collections::HashMap;

#[test]
fn test_001_list() {
    alone(|| {
        type List = Slot<Vec<Gc<Items>>>;
        #[derive(Trace)]
        struct Items(List);

        let list = Gc::new(Items(Slot::new(Vec::new())));
        let me = list.clone();
        list.0.with_mut(|items| items.push(me));
        drop(list);
        assert_eq!(gc::collect().collected, 1);
        assert_eq!(gc::live(), 0);
    });
}

#[test]
fn test_002_dict() {
    alone(|| {
        #[derive(Trace)]
        struct Dict(Slot<HashMap<u32, Gc<Dict>>>);

        let dict = Gc::new(Dict(Slot::new(HashMap::new())));
        let me = dict.clone();
        dict.0.with_mut(|entries| drop(entries.insert(1, me)));
        drop(dict);
        assert_eq!(gc::collect().collected, 1);
        assert_eq!(gc::live(), 0);
    });
}

#[test]
fn test_006_instance() {
    alone(|| {
        let log = Log::new();
        drop(self_loop(0, &log));
        assert_eq!(gc::collect().collected, 1);
        assert_eq!(log.take(), [Event::Finalized(0), Event::Dropped(0)]);
    });
}

#[test]
fn test_007_newinstance() {
    alone(|| {
        #[derive(Trace)]
        struct Base(Slot<Option<Gc<Derived>>>);
        #[derive(Trace)]
        struct Derived {
            base: Base,
        }
        #[derive(Trace)]
        enum Either {
            #[expect(dead_code, reason = "a variant without a handle")]
            Left(u32),
            Right { me: Slot<Option<Gc<Either>>> },
        }
        trait Object: Trace + gc::Value {
            fn own(&self, me: Gc<dyn Object>);
        }
        #[derive(Trace)]
        struct Erased(Slot<Option<Gc<dyn Object>>>);
        impl Object for Erased {
            fn own(&self, me: Gc<dyn Object>) {
                self.0.set(Some(me));
            }
        }

        let derived = Gc::new(Derived { base: Base(Slot::new(None)) });
        derived.base.0.set(Some(derived.clone()));
        drop(derived);
        assert_eq!(gc::collect().collected, 1, "through an embedded struct");

        let either = Gc::new(Either::Right { me: Slot::new(None) });
        if let Either::Right { me } = &*either {
            me.set(Some(either.clone()));
        }
        drop(either);
        assert_eq!(gc::collect().collected, 1, "through a variant of an enum");

        let erased: Gc<dyn Object> = gc_core::coerce!(Gc::new(Erased(Slot::new(None))));
        erased.own(erased.clone());
        drop(erased);
        assert_eq!(gc::collect().collected, 1, "through a trait object");
        assert_eq!(gc::live(), 0);
    });
}

/// What has a finalizer and is in a cycle is no special case: nothing is left in the garbage list.
#[test]
fn test_009_legacy_finalizer() {
    alone(|| {
        let log = Log::new();
        let with_finalizer = self_loop(0, &log);
        let plain = Plain::new(1, &log);
        plain.link(&plain);
        drop((with_finalizer, plain));
        let report = gc::collect();
        assert_eq!((report.collected, report.uncollectable), (2, 0));
        assert_eq!((log.finalized(), log.dropped().len()), (vec![0], 2));
        assert_eq!((gc::garbage().len(), gc::live()), (0, 0));
    });
}

#[test]
fn test_011_function() {
    alone(|| {
        #[derive(Trace)]
        struct Env(Slot<HashMap<String, Gc<Closure>>>);
        #[derive(Trace)]
        struct Closure {
            globals: Gc<Env>,
        }

        let env = Gc::new(Env(Slot::new(HashMap::new())));
        let f = Gc::new(Closure { globals: env.clone() });
        env.0.with_mut(|globals| drop(globals.insert("f".into(), f.clone())));
        assert!(Gc::ptr_eq(&f.globals, &env));
        assert_eq!(gc::collect().collected, 0);
        drop((env, f));
        assert_eq!(gc::collect().collected, 2);
        assert_eq!(gc::live(), 0);
    });
}

#[test]
fn test_015_del() {
    alone(|| {
        gc::enable();
        gc::set_thresholds(Thresholds { young: 1, middle: 1, old: 1 });
        let log = Log::new();
        for name in 0..100 {
            let node = self_loop(name, &log);
            // The finalizer allocates, which is where collections start.
            let inner = log.clone();
            node.on_finalize(move |_, _| drop((0..5).map(|n| self_loop(1000 + n, &inner)).collect::<Vec<_>>()));
        }
        while gc::collect().collected > 0 {}
        assert_eq!(gc::live(), 0);
        assert_eq!(log.dropped().iter().filter(|&&name| name < 100).count(), 100);
        assert_eq!(log.dropped().len(), 100 + 100 * 5);
        assert_eq!(log.finalized(), log.dropped());
        assert!(gc::stats()[0].collections > 0, "some of it was automatic");
    });
}

#[test]
fn test_018_collect_generations() {
    alone(|| {
        let log = Log::new();
        let x = self_loop(0, &log);
        drop(x.clone());
        assert_eq!((gc::counts(), Gc::generation(&x)), ([1, 0, 0], Generation::Young));
        let _ = gc::collect_generation(Generation::Young);
        assert_eq!((gc::counts(), Gc::generation(&x)), ([0, 1, 0], Generation::Middle));
        let _ = gc::collect_generation(Generation::Middle);
        assert_eq!((gc::counts(), Gc::generation(&x)), ([0, 0, 1], Generation::Old));
        let _ = gc::collect();
        assert_eq!((gc::counts(), Gc::generation(&x)), ([0, 0, 0], Generation::Old));
    });
}

#[test]
fn test_019_trashcan() {
    alone(|| {
        let log = Log::new();
        let collections = gc::stats()[2].collections;
        let mut outer = Node::new(0, &log);
        for name in 1..150 {
            let node = Node::new(name, &log);
            node.link(&outer);
            if name % 17 == 0 {
                node.on_finalize(|_, _| assert_eq!(gc::collect().collected, 0));
            }
            outer = node;
        }
        drop(outer);
        assert_eq!(log.dropped(), (0..150).collect::<Vec<_>>());
        assert_eq!(gc::stats()[2].collections - collections, 8, "one for each 17th");
        assert_eq!(gc::live(), 0);
    });
}

#[test]
fn test_026_is_tracked() {
    alone(|| {
        #[derive(Trace)]
        struct Numbers {
            pair: (u64, f64),
            text: Option<String>,
        }

        assert!(!Gc::is_tracked(&Gc::new(5)));
        assert!(!Gc::is_tracked(&Gc::new(String::new())));
        assert!(!Gc::is_tracked(&Gc::new(Vec::<u8>::new())));
        assert!(!Gc::is_tracked(&Gc::new(Numbers { pair: (1, 2.0), text: None })));
        assert!(!Gc::is_tracked(&Gc::<str>::from("text")));
        let weak = Gc::new(Weak::<Node>::new());
        assert!(!Gc::is_tracked(&weak), "a weak handle owns nothing");
        assert!(Gc::is_tracked(&Gc::new(None::<Gc<u8>>)), "although nothing is in it");
        assert!(Gc::is_tracked(&Gc::new(Vec::<Gc<u8>>::new())));
        assert!(Gc::is_tracked(&Node::new(0, &Log::new())));
    });
}

#[test]
fn test_028_bug1055820b() {
    alone(|| {
        let log = Log::new();
        let nodes = [self_loop(0, &log), self_loop(1, &log)];
        let weak = nodes.each_ref().map(Gc::downgrade);
        let callbacks = nodes.each_ref().map(|node| {
            let (log, weak) = (log.clone(), weak.clone());
            let name = node.name();
            Gc::downgrade_with(node, move || {
                assert!(weak.iter().all(|weak| weak.upgrade().is_none()));
                log.push(Event::Called(name));
            })
        });
        drop(nodes);
        assert_eq!(gc::collect().collected, 2);
        let mut called = log.called();
        called.sort_unstable();
        assert_eq!(called, [0, 1], "both, and both saw that both are dead");
        drop(callbacks);
    });
}

#[test]
fn test_029_bug21435() {
    alone(|| {
        let log = Log::new();
        let a = self_loop(0, &log);
        let b = self_loop(1, &log);
        a.link(&b);
        b.link(&a);
        // Rebinding drops an edge to a sibling and makes another.
        a.on_finalize(|a, _| {
            let b = a.edge(1);
            a.unlink();
            a.link(&b);
            a.link(&b);
        });
        drop((a, b));
        let mut collected = 0;
        while gc::live() > 0 {
            collected += gc::collect().collected;
        }
        assert_eq!(collected, 2);
        assert_eq!((log.finalized(), log.dropped()), (vec![0, 1], vec![0, 1]));
    });
}

#[test]
fn test_038_resurrection_only_happens_once_per_object() {
    alone(|| {
        let log = Log::new();
        let shelf = gc::Shared::new(Slot::new(Vec::new()));
        let node = self_loop(0, &log);
        node.resurrect_to(&shelf);
        drop(node);
        let report = gc::collect();
        assert_eq!((report.collected, report.resurrected), (0, 1));
        assert_eq!(log.take(), [Event::Finalized(0)]);
        assert!(Gc::is_finalized(&shelf.with(|nodes| nodes[0].clone())));

        shelf.with(|nodes| nodes[0].resurrect_to(&shelf));
        drop(shelf.take());
        let report = gc::collect();
        assert_eq!((report.collected, report.resurrected), (1, 0));
        assert_eq!(log.take(), [Event::Dropped(0)], "no second finalizer");
    });
}

#[test]
fn test_039_resurrection_is_transitive() {
    alone(|| {
        let log = Log::new();
        let shelf = gc::Shared::new(Slot::new(Vec::new()));
        // other -> laz -> cargo, and a loop at other: laz keeps what it reaches.
        let other = self_loop(0, &log);
        let laz = self_loop(1, &log);
        let cargo = self_loop(2, &log);
        other.link(&laz);
        laz.link(&cargo);
        laz.resurrect_to(&shelf);
        drop((other, laz, cargo));
        let report = gc::collect();
        assert_eq!((report.collected, report.resurrected), (1, 2));
        assert_eq!(log.dropped(), [0]);
        let laz = shelf.with_mut(Vec::pop).expect("it is back");
        assert_eq!((laz.name(), laz.names()), (1, vec![1, 2]));
        assert_eq!(laz.edge(1).names(), [2], "and its cargo is whole");
        assert_eq!(log.finalized(), [0, 1, 2]);
        drop(laz);
        assert_eq!(gc::collect().collected, 2);
    });
}

#[test]
fn test_041_trash_weakref_clear() {
    alone(|| {
        let log = Log::new();
        // c hides its handle to a from the collector; a and b are a cycle, and b
        // watches a. Nothing may run for a before a is dead.
        let ab = ring(2, &log);
        let watch = {
            let log = log.clone();
            Gc::downgrade_with(&ab[0], move || log.push(Event::Called(0)))
        };
        ab[1].callbacks.with_mut(|callbacks| callbacks.push(watch));
        let c = self_loop(2, &log);
        c.hidden.with_mut(|hidden| hidden.push(ab[0].clone()));
        drop(ab);
        assert_eq!(gc::collect().collected, 0, "c holds them");
        drop(c);
        assert_eq!(gc::collect().collected, 1, "c; a lost a handle by that");
        assert_eq!(gc::collect().collected, 2);
        assert_eq!(log.called(), [], "the callback was part of the garbage");
    });
}

#[test]
fn test_047_bug1055820d() {
    alone(|| {
        let log = Log::new();
        let shelf = gc::Shared::new(Slot::new(Vec::new()));
        // An outer object, reachable only through a weak handle, dies with a cycle;
        // the cycle's finalizer tries to have it back. It may: weak handles work
        // until all finalizers have run.
        let c0 = self_loop(0, &log);
        let c1 = self_loop(1, &log);
        let c0_again = Gc::downgrade(&c0);
        let onto = shelf.clone();
        c1.on_finalize(move |_, _| onto.with_mut(|nodes| nodes.extend(c0_again.upgrade())));
        drop((c0, c1));
        let report = gc::collect();
        assert_eq!((report.collected, report.resurrected), (1, 1));
        assert_eq!((log.dropped(), log.finalized()), (vec![1], vec![0, 1]));
        let c0 = shelf.with_mut(Vec::pop).expect("it is back");
        assert_eq!((c0.name(), c0.names()), (0, vec![0]));
    });
}

#[test]
fn the_classes_of_a_plain_cycle_die_without_a_word() {
    alone(|| {
        let log = Log::new();
        let a = Plain::new(0, &log);
        let b = Plain::new(1, &log);
        a.link(&b);
        b.link(&a);
        assert!(!Gc::is_finalized(&a), "it has no finalizer");
        drop((a, b));
        assert_eq!(gc::collect().collected, 2);
        assert_eq!((log.finalized(), log.dropped()), (vec![], vec![0, 1]));
    });
}
