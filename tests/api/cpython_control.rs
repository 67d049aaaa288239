//! Scenarios of CPython's `test_gc` about freezing, generations and hooks.

use super::gc::{self, Gc, Plain, Shared, Slot, alone, lock};
use gc_core::{Generation, Phase, Report, Trace};
use gc_tests::Log;

#[derive(Trace)]
struct Loop(gc::Lock<Option<Gc<Loop>>>);

fn looped() -> Gc<Loop> {
    let node = Gc::new(Loop(gc::Lock::new(None)));
    *lock(&node.0) = Some(node.clone());
    node
}

#[test]
fn test_035_freeze() {
    alone(|| {
        let kept = looped();
        gc::freeze();
        assert!(gc::frozen_count() > 0);
        gc::unfreeze();
        assert_eq!(gc::frozen_count(), 0);
        drop(kept);
        assert_eq!(gc::collect().total(), 1);
    });
}

/// There is no list of all objects to look one up in: the object says where it is.
#[test]
fn test_036_get_objects() {
    alone(|| {
        let _ = gc::collect();
        let object = Plain::new(0, &Log::new());
        object.link(&object);
        drop(object.clone());
        assert_eq!(Gc::generation(&object), Generation::Young);
        for (collected, expected) in [
            (Generation::Young, Generation::Middle),
            (Generation::Middle, Generation::Old),
            (Generation::Old, Generation::Old),
        ] {
            let _ = gc::collect_generation(collected);
            assert_eq!(Gc::generation(&object), expected);
        }
    });
}

#[test]
fn test_042_collect() {
    alone(|| {
        let visit = Shared::new(Slot::new(Vec::new()));
        let hook = |name: usize| {
            let visit = visit.clone();
            gc::on_collect(move |phase, info| {
                visit.with_mut(|visit| visit.push((name, phase, *info)));
            })
        };
        let hooks = [hook(1), hook(2)];
        drop(looped());
        let report = gc::collect();
        let visit = visit.take();
        // Two hooks, two phases.
        let order: Vec<_> = visit.iter().map(|&(name, phase, _)| (name, phase)).collect();
        let (start, stop) = (Phase::Start, Phase::Stop);
        assert_eq!(order, [(1, start), (2, start), (1, stop), (2, stop)]);
        for (_, phase, info) in visit {
            assert_eq!(info.generation, Generation::Old);
            let expected = if phase == start { Report::empty(Generation::Old) } else { report };
            assert_eq!(info, expected);
        }
        assert_eq!((report.collected, report.uncollectable), (1, 0));
        drop(hooks);
    });
}
