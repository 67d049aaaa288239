//! The bytes of a profile are those that the allocator is asked for.

/// For values that own nothing outside of their boxes.
macro_rules! bytes_are_the_allocators {
    ($name:ident, $gc:ident) => {
        #[test]
        fn $name() {
            use gc_core::$gc as gc;
            use gc_core::$gc::{Gc, Profiler, UniqueGc};
            gc_tests::$gc::alone(|| {
                #[derive(gc_core::Trace)]
                #[trace(leaf)]
                #[repr(align(128))]
                struct Aligned;

                // The thread's part of the heap is there, and the figures of the process were read.
                drop(Gc::new(1));
                let _ = Profiler::start("warm").stop();
                let profiler = Profiler::start("all kinds");
                let before = crate::HELD.get();
                let handles = (
                    (Gc::new(1_u8), Gc::new(()), Gc::new([1_u64; 100]), Gc::new(Aligned)),
                    (Gc::<str>::from("a string"), Gc::<[u16]>::from(vec![1, 2, 3])),
                    (Gc::<[Aligned]>::from(vec![Aligned, Aligned]), UniqueGc::new(1_u32)),
                    Gc::new_cyclic(|_| 1_u16),
                );
                let held = crate::HELD.get() - before;
                let made = profiler.so_far();
                assert_eq!((made.objects.alive(), made.bytes.alive()), (9, held));

                let before = crate::HELD.get();
                drop(handles);
                let given_back = before - crate::HELD.get();
                let profile = profiler.stop();
                assert_eq!((profile.objects.alive(), profile.bytes.alive()), (0, 0));
                assert_eq!(given_back, held, "nothing was kept");
                let _ = gc::collect();
            });
        }
    };
}

bytes_are_the_allocators!(of_unsync, unsync);
bytes_are_the_allocators!(of_sync, sync);
