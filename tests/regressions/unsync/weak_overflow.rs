//! As many weak handles as there can be: a collection has room for its own share.

use gc_core::unsync::{self, Gc};
use gc_tests::process::{aborted, is_child, respawn};
use gc_tests::unsync::{alone, self_loop};
use gc_tests::{Event, Log};
use std::hint::black_box;

/// The most that an object can have.
const MOST: u32 = u32::MAX - 2;

#[test]
#[cfg_attr(debug_assertions, ignore = "4 billion steps take a minute without optimization")]
fn a_collection_that_found_no_room_for_its_share_left_candidates_dangling() {
    if !is_child() {
        let test = "a_collection_that_found_no_room_for_its_share_left_candidates_dangling";
        let output = respawn(&format!("unsync::weak_overflow::{test}"));
        let words = String::from_utf8_lossy(&output.stderr);
        assert!(aborted(&output), "{}: {words}", output.status);
        assert!(words.contains("collected") && !words.contains("too far"), "{words}");
        return;
    }
    alone(|| {
        let log = Log::new();
        let normal = self_loop(0, &log);
        let full = self_loop(1, &log);
        let weak = Gc::downgrade(&full);
        for _ in 1..MOST {
            std::mem::forget(black_box(&weak).clone());
        }
        // The first candidate was captured when there was no room for the second.
        drop((normal.clone(), full.clone()));
        for _ in 0..2 {
            assert_eq!(unsync::collect().total(), 0);
            assert_eq!(weak.weak_count(), MOST as usize);
        }
        drop(normal);
        assert_eq!(unsync::collect().collected, 1);
        assert_eq!(log.take(), [Event::Finalized(0), Event::Dropped(0)]);
        drop(full);
        assert_eq!(unsync::collect().collected, 1);
        assert_eq!((log.dropped(), weak.strong_count()), (vec![1], 0));

        let last = Gc::new(1);
        let weak = Gc::downgrade(&last);
        for _ in 1..MOST {
            std::mem::forget(black_box(&weak).clone());
        }
        eprintln!("collected");
        let _one_too_many = weak.clone();
        eprintln!("too far");
    });
}
