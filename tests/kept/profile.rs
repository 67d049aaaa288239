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
                // No boxes are kept then: all that is made is allocated.
                assert_eq!(gc::collect().total(), 0);
                let profiler = Profiler::start("all kinds");
                let before = crate::HELD.get();
                let make = || {
                    (
                        (Gc::new(1_u8), Gc::new(()), Gc::new([1_u64; 100]), Gc::new(Aligned)),
                        (Gc::<str>::from("a string"), Gc::<[u16]>::from(vec![1, 2, 3])),
                        (Gc::<[Aligned]>::from(vec![Aligned, Aligned]), UniqueGc::new(1_u32)),
                        Gc::new_cyclic(|_| 1_u16),
                    )
                };
                let handles = make();
                let held = crate::HELD.get() - before;
                let made = profiler.so_far();
                assert_eq!((made.objects.alive(), made.bytes.alive()), (9, held));

                drop(handles);
                let profile = profiler.stop();
                assert_eq!((profile.objects.alive(), profile.bytes.alive()), (0, 0));
                let left = crate::HELD.get();
                drop(make());
                assert_eq!(crate::HELD.get(), left, "nothing is left but boxes for the next ones");
                let _ = gc::collect();
            });
        }
    };
}

bytes_are_the_allocators!(of_unsync, unsync);
bytes_are_the_allocators!(of_sync, sync);
