//! `ExternalMemory` that several threads change at once.

use gc_core::sync::{self, ExternalMemory};
use gc_tests::sync::alone;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

/// What one thread had reported was taken away by another before it was counted, and the sum was
/// a huge number until it was.
#[test]
fn the_sum_is_never_less_than_nothing() {
    const BYTES: usize = 1 << 20;
    alone(|| {
        sync::set_external_threshold(0);
        let (memory, over) = (ExternalMemory::new(0), AtomicBool::new(false));
        let most = thread::scope(|scope| {
            for _ in 0..3 {
                scope.spawn(|| {
                    for _ in 0..if cfg!(miri) { 100 } else { 1_000_000 } {
                        memory.set(BYTES);
                        memory.set(0);
                    }
                    over.store(true, Ordering::Relaxed);
                });
            }
            let mut most = 0;
            while !over.load(Ordering::Relaxed) {
                most = most.max(sync::external_bytes());
            }
            most
        });
        assert!(most <= 4 * BYTES, "{most}");
        assert_eq!(sync::external_bytes(), 0);
    });
}
