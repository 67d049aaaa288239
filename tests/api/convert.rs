//! Handles from values, boxes, vectors, and iterators of all kinds.

use super::gc::{self, Canary, Gc, Node, UniqueGc, alone};
use gc_tests::{Event, Log, bang, caught};
use std::iter;

#[test]
fn from_values_and_boxes() {
    alone(|| {
        let log = Log::new();
        let from: Gc<i32> = 5.into();
        assert_eq!(*from, 5);
        let boxed: Gc<Node> = Gc::from(Box::new(Node::value(1, &log)));
        assert_eq!((boxed.name(), gc::live()), (1, 2));
        boxed.link(&boxed);
        drop(boxed);
        assert_eq!(gc::collect().collected, 1);
        assert_eq!(log.take(), [Event::Finalized(1), Event::Dropped(1)]);
        let unique: Gc<i32> = UniqueGc::new(6).into();
        assert_eq!(*unique, 6);
    });
}

#[test]
fn slices_from_everything() {
    alone(|| {
        let expected = [1, 2, 3];
        assert_eq!(*Gc::<[i32]>::from(vec![1, 2, 3]), expected);
        assert_eq!(*Gc::<[i32]>::from(&[1, 2, 3][..]), expected);
        assert_eq!(*Gc::<[i32]>::from([1, 2, 3]), expected);
        assert_eq!(*Gc::<[i32]>::from(vec![1, 2, 3].into_boxed_slice()), expected);
        assert_eq!(*(1..=3).collect::<Gc<[i32]>>(), expected);
        assert_eq!(Gc::<[i32]>::from(Vec::new()).len(), 0);
        let mut roomy = Vec::with_capacity(1000);
        roomy.extend(expected);
        assert_eq!(*Gc::<[i32]>::from(roomy), expected);
    });
}

#[test]
fn the_elements_move_and_are_dropped_once() {
    alone(|| {
        let log = Log::new();
        let canaries = |n: usize| (0..n).map(|name| Canary::new(name, &log)).collect::<Vec<_>>();
        let slices: [Gc<[Canary]>; 3] = [
            canaries(3).into(),
            canaries(3).into_boxed_slice().into(),
            canaries(3).into_iter().collect(),
        ];
        assert_eq!(log.take(), []);
        for slice in slices {
            assert_eq!(slice[2].name(), 2);
            drop(slice);
            assert_eq!(log.take(), [0, 1, 2].map(Event::Dropped));
        }
        assert_eq!(gc::live(), 0);
    });
}

/// An iterator that says what it likes about its length.
struct Hinted<I>(I, (usize, Option<usize>));

impl<I: Iterator> Iterator for Hinted<I> {
    type Item = I::Item;

    fn next(&mut self) -> Option<I::Item> {
        self.0.next()
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.1
    }
}

#[test]
fn size_hints_are_only_hints() {
    alone(|| {
        let hints = [(0, None), (5, Some(5)), (100, Some(100)), (2, Some(3)), (0, Some(0))];
        for hint in hints {
            let slice: Gc<[i32]> = Hinted(0..5, hint).collect();
            assert_eq!(*slice, [0, 1, 2, 3, 4], "with the hint {hint:?}");
        }
        let filtered: Gc<[i32]> = (0..100).filter(|n| n % 10 == 0).collect();
        assert_eq!((filtered.len(), filtered[9]), (10, 90));
    });
}

#[test]
fn an_iterator_that_panics_loses_nothing() {
    alone(|| {
        for inexact in [false, true] {
            let log = Log::new();
            let items = (0..5).map(|name| match name {
                3 => bang("no fourth"),
                _ => Canary::new(name, &log),
            });
            let word = caught(|| {
                let slice: Gc<[Canary]> =
                    if inexact { items.filter(|_| true).collect() } else { items.collect() };
                drop(slice);
            });
            assert_eq!(word, Some("no fourth"));
            assert_eq!(log.dropped(), [0, 1, 2], "what was made has been dropped");
            assert_eq!((gc::live(), gc::counts()[0]), (0, 0));
        }
    });
}

#[test]
fn an_iterator_that_makes_and_collects_objects() {
    alone(|| {
        let log = Log::new();
        let slice: Gc<[Gc<Node>]> = iter::from_fn(|| Some(gc::self_loop(0, &log)))
            .take(3)
            .inspect(|_| assert_eq!(gc::collect().collected, 0))
            .collect();
        assert_eq!((gc::live(), slice.len()), (4, 3));
        drop(slice);
        assert_eq!(gc::collect().collected, 3);
        assert_eq!(gc::live(), 0);
    });
}
