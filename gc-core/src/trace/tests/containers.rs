//! What collections and wrappers show, and in which order.

use super::{Probe, Untouchable, check, edges, hooks, probe};
use crate::{Depth, Finalizing, Trace, Tracer};
use std::borrow::Cow;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, BinaryHeap, HashMap, HashSet, LinkedList, VecDeque};
use std::hash::{BuildHasherDefault, DefaultHasher};
use std::io::{self, BufReader, BufWriter, Cursor, LineWriter, Read as _, Write};
use std::mem::ManuallyDrop;
use std::num::{Saturating, Wrapping};
use std::ops::{Bound, ControlFlow, Deref};
use std::panic::AssertUnwindSafe;
use std::pin::Pin;
use std::sync::mpsc::{SendError, TrySendError};
use std::task::Poll;

/// A collection of `count` elements, the first with number 1.
fn of<C: FromIterator<Probe>>(count: usize) -> C {
    (1..=count).map(probe).collect()
}

/// Checks a collection that keeps its elements in order.
fn check_collection<C: FromIterator<Probe> + Trace>() {
    check(&of::<C>(0), &[]);
    check(&of::<C>(1), &[1]);
    check(&of::<C>(4), &[1, 2, 3, 4]);
}

#[test]
fn collections_show_each_element_once_and_in_order() {
    check_collection::<Vec<Probe>>();
    check_collection::<VecDeque<Probe>>();
    check_collection::<LinkedList<Probe>>();
    check_collection::<BTreeSet<Probe>>();
    check_collection::<Box<[Probe]>>();

    let heap: BinaryHeap<Reverse<Probe>> = (1..=3).map(|n| Reverse(probe(n))).collect();
    check(&heap, &[1, 2, 3]);
    check(&BinaryHeap::<Probe>::new(), &[]);
}

#[test]
fn a_deque_that_wraps_around_shows_both_halves() {
    let mut deque = VecDeque::with_capacity(8);
    deque.extend([probe(1), probe(2)]);
    deque.push_front(probe(3));
    let (front, back) = deque.as_slices();
    assert!(!front.is_empty() && !back.is_empty(), "it does wrap around");
    check(&deque, &[3, 1, 2]);
}

#[test]
fn iterators_show_what_is_left() {
    let mut rest = of::<Vec<Probe>>(3).into_iter();
    rest.next();
    check(&rest, &[2, 3]);

    let mut rest = [probe(1), probe(2), probe(3)].into_iter();
    rest.next_back();
    check(&rest, &[1, 2]);
}

#[test]
fn arrays_of_any_length() {
    let none: [Probe; 0] = [];
    check(&none, &[]);
    check(&[probe(1)], &[1]);
    check(&std::array::from_fn::<Probe, 100, _>(|n| probe(n + 1)), &Vec::from_iter(1..=100));
}

#[test]
fn slices_show_each_element() {
    let vec: Vec<Probe> = of(3);
    assert_eq!(edges(&vec[1..]), [2, 3]);
    assert_eq!(hooks(&vec[1..]), [2, 3]);
}

#[test]
fn maps_show_keys_and_values() {
    let map: BTreeMap<Probe, Probe> = (1..=3).map(|n| (probe(n), probe(n + 10))).collect();
    check(&map, &[1, 11, 2, 12, 3, 13]);
    check(&BTreeMap::<Probe, Probe>::new(), &[]);
    let keys: BTreeMap<Probe, Untouchable> = BTreeMap::from([(probe(1), unlike(2))]);
    assert!(!<BTreeMap<Probe, Untouchable>>::is_leaf(Depth::START));
    assert!(!<BTreeMap<Untouchable, Probe>>::is_leaf(Depth::START));
    drop(keys);

    check(&HashMap::from([(probe(1), probe(2))]), &[1, 2]);
    check(&HashMap::from([(1, probe(2))]), &[2]);
    check(&HashMap::from([(probe(1), 2)]), &[1]);
    check(&HashMap::<Probe, Probe>::new(), &[]);
    check(&HashSet::from([probe(7)]), &[7]);

    let many: HashMap<Probe, Probe> = (1..=50).map(|n| (probe(n), probe(n + 50))).collect();
    let mut shown = edges(&many);
    shown.sort_unstable();
    assert_eq!(shown, Vec::from_iter(1..=100));
}

#[test]
fn maps_may_have_any_hasher() {
    type Plain = BuildHasherDefault<DefaultHasher>;
    let mut map: HashMap<u8, Probe, Plain> = HashMap::default();
    map.insert(1, probe(2));
    check(&map, &[2]);
    let mut set: HashSet<Probe, Plain> = HashSet::default();
    set.insert(probe(3));
    check(&set, &[3]);

    /// No `BuildHasher`, no `Trace`.
    struct Nothing;
    check(&HashMap::<u8, Probe, _>::with_hasher(Nothing), &[]);
    check(&HashSet::<Probe, _>::with_hasher(Nothing), &[]);
}

fn unlike(number: usize) -> Untouchable {
    Untouchable(Box::new(number))
}

#[test]
fn leaves_are_not_walked_over() {
    fn check<C: Trace>(collection: &C) {
        assert!(C::is_leaf(Depth::START));
        assert!(!C::may_finalize(Depth::START));
        assert_eq!(edges(collection), []);
        assert_eq!(hooks(collection), []);
    }
    fn of<C: FromIterator<Untouchable>>() -> C {
        (1..=3).map(unlike).collect()
    }
    check(&of::<Vec<_>>());
    check(&of::<Vec<_>>().into_iter());
    check(&of::<VecDeque<_>>());
    check(&of::<LinkedList<_>>());
    check(&of::<BinaryHeap<_>>());
    check(&of::<BTreeSet<_>>());
    check(&of::<HashSet<_>>());
    check(&[unlike(1), unlike(2)]);
    check(&BTreeMap::from([(unlike(1), unlike(2))]));
    check(&HashMap::from([(unlike(1), unlike(2))]));
    check(&std::sync::Mutex::new(unlike(1)));
    check(&std::sync::RwLock::new(unlike(1)));
}

#[test]
fn boxes_show_their_contents() {
    check(&Box::new(probe(1)), &[1]);
    let object: Box<dyn Trace> = Box::new(vec![probe(1), probe(2)]);
    check(&object, &[1, 2]);
    check(&Box::new(Box::new(probe(3))), &[3]);
}

#[test]
fn enums_show_what_they_hold() {
    check(&Some(probe(1)), &[1]);
    check(&None::<Probe>, &[]);
    check(&Ok::<_, Probe>(probe(1)), &[1]);
    check(&Err::<Probe, _>(probe(2)), &[2]);
    check(&Ok::<u8, Probe>(1), &[]);
    check(&Err::<Probe, u8>(1), &[]);
    check(&ControlFlow::<_, Probe>::Break(probe(1)), &[1]);
    check(&ControlFlow::<Probe, _>::Continue(probe(2)), &[2]);
    check(&Poll::Ready(probe(1)), &[1]);
    check(&Poll::<Probe>::Pending, &[]);
    check(&Bound::Included(probe(1)), &[1]);
    check(&Bound::Excluded(probe(2)), &[2]);
    check(&Bound::<Probe>::Unbounded, &[]);
    check(&TrySendError::Full(probe(1)), &[1]);
    check(&TrySendError::Disconnected(probe(2)), &[2]);
}

#[test]
fn cows_show_what_they_own() {
    let owned: Cow<'static, [Probe]> = Cow::Owned(of(2));
    check(&owned, &[1, 2]);
    let elsewhere = [probe(1)];
    check(&Cow::Borrowed(&elsewhere[..]), &[]);
}

#[test]
fn newtypes_show_their_value() {
    check(&Wrapping(probe(1)), &[1]);
    check(&Saturating(probe(2)), &[2]);
    check(&Reverse(probe(3)), &[3]);
    check(&AssertUnwindSafe(probe(4)), &[4]);
    check(&SendError(probe(5)), &[5]);
    let mut kept = ManuallyDrop::new(probe(6));
    check(&kept, &[6]);
    // SAFETY: not used any more.
    unsafe { ManuallyDrop::drop(&mut kept) };
}

#[test]
fn ranges_show_their_ends() {
    check(&(probe(1)..probe(2)), &[1, 2]);
    check(&(probe(1)..=probe(2)), &[1, 2]);
    check(&(probe(1)..), &[1]);
    check(&(..probe(2)), &[2]);
    check(&(..=probe(2)), &[2]);
}

#[test]
fn a_pinned_pointer_is_traced_as_the_pointer() {
    /// A handle: what it shows is not what its target would show.
    struct Handle(Probe, [Probe; 1]);

    impl Deref for Handle {
        type Target = [Probe; 1];
        fn deref(&self) -> &[Probe; 1] {
            &self.1
        }
    }

    // SAFETY: it leaves out a part.
    unsafe impl Trace for Handle {
        fn trace(&self, tracer: &mut Tracer<'_>) {
            self.0.trace(tracer);
        }
        fn may_finalize(_: Depth) -> bool {
            true
        }
        fn finalize_within(&self, cx: &Finalizing<'_>) {
            self.0.finalize_within(cx);
        }
    }

    check(&Box::pin(probe(1)), &[1]);
    check(&Pin::new(Handle(probe(2), [probe(3)])), &[2]);
    let elsewhere = probe(4);
    assert_eq!(edges(&Pin::new(&elsewhere)), []);
}

#[test]
fn readers_show_what_they_read_from() {
    struct Source(Probe);

    impl io::Read for Source {
        fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
            Ok(0)
        }
    }

    // SAFETY: it shows what it owns.
    unsafe impl Trace for Source {
        fn trace(&self, tracer: &mut Tracer<'_>) {
            self.0.trace(tracer);
        }
        fn may_finalize(depth: Depth) -> bool {
            Probe::may_finalize(depth)
        }
        fn finalize_within(&self, cx: &Finalizing<'_>) {
            self.0.finalize_within(cx);
        }
    }

    check(&BufReader::new(Source(probe(1))), &[1]);
    check(&Cursor::new(probe(2)), &[2]);
    check(&Source(probe(3)).take(1), &[3]);
    check(&Source(probe(4)).chain(Source(probe(5))), &[4, 5]);
}

/// Their destructors write, which may follow a handle: what they own must count
/// as referred to from outside.
#[test]
fn buffered_writers_show_nothing() {
    struct Sink(Probe);

    impl Write for Sink {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            Ok(bytes.len().min(*self.0.0))
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    assert_eq!(edges(&BufWriter::new(Sink(probe(1)))), []);
    assert_eq!(edges(&LineWriter::new(Sink(probe(1)))), []);
}

#[test]
fn tuples_up_to_twelve() {
    check(&(probe(1),), &[1]);
    check(&(probe(1), probe(2)), &[1, 2]);
    check(&(0, probe(1), "text", probe(2)), &[1, 2]);
    let p = probe;
    let twelve = (p(1), p(2), p(3), p(4), p(5), p(6), p(7), p(8), p(9), p(10), p(11), p(12));
    check(&twelve, &Vec::from_iter(1..=12));
}

#[test]
fn nested_values_are_found_in_order() {
    let nested = vec![
        (Some(Box::new(probe(1))), BTreeMap::from([(1, vec![probe(2), probe(3)])])),
        (None, BTreeMap::from([(1, vec![]), (2, vec![probe(4)])])),
    ];
    check(&nested, &[1, 2, 3, 4]);
}

/// What the derive writes for a type that contains itself.
struct Tree(Probe, Vec<Tree>, BTreeMap<u8, Tree>);

// SAFETY: each part is shown once.
unsafe impl Trace for Tree {
    fn trace(&self, tracer: &mut Tracer<'_>) {
        self.0.trace(tracer);
        self.1.trace(tracer);
        self.2.trace(tracer);
    }

    fn is_leaf(depth: Depth) -> bool {
        depth.deeper().is_some_and(|depth| {
            // The probe's part is left out, or the question would end there.
            <Vec<Tree>>::is_leaf(depth) && <BTreeMap<u8, Tree>>::is_leaf(depth)
        })
    }

    fn may_finalize(depth: Depth) -> bool {
        depth.deeper().is_none_or(|depth| {
            <Vec<Tree>>::may_finalize(depth) || <BTreeMap<u8, Tree>>::may_finalize(depth)
        })
    }

    fn finalize_within(&self, cx: &Finalizing<'_>) {
        self.0.finalize_within(cx);
        self.1.finalize_within(cx);
        self.2.finalize_within(cx);
    }
}

#[test]
fn questions_about_recursive_types_come_to_an_end() {
    let leaf = |number| Tree(probe(number), vec![], BTreeMap::new());
    let tree = Tree(probe(1), vec![leaf(2), leaf(3)], BTreeMap::from([(0, leaf(4))]));
    check(&tree, &[1, 2, 3, 4]);
}
