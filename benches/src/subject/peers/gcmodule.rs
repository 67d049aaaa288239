//! gcmodule 0.3: counts, and CPython's algorithm over every object that is tracked. It collects only when it is
//! told to, so it is told to from time to time, see `SELDOM`.
//!
//! It goes through live objects by recursion. `ThreadedCc` is followed through a guard, which holds a
//! lock that a collection takes for itself alone. Of weak handles this release has none.

use super::is_time;
use crate::subject::shapes::{shape_methods, shapes};
use crate::subject::slot::{Handle, Slot, plain_handle};
use crate::subject::{Parallel, Subject, Swept};
use ::gcmodule::{Trace, Tracer};

pub(crate) use local::Gcmodule;
pub(crate) use shared::GcmoduleSync;

/// Types that lead to themselves want their `Trace` by hand.
macro_rules! traced {
    ($($Type:ident: $($field:ident)*;)*) => { $(
        impl Trace for $Type {
            fn trace(&self, tracer: &mut Tracer<'_>) {
                $(self.$field.trace(tracer);)*
            }

            fn is_type_tracked() -> bool {
                true
            }
        }
    )* };
}

macro_rules! all_traced {
    () => {
        traced! {
            List: tail;
            Node: next previous;
            Branch: children;
            Member: parent children;
            Level: edges;
        }
    };
}

mod local {
    use super::*;
    use ::gcmodule::{Cc, collect_thread_cycles};
    use std::cell::RefCell;

    /// `gcmodule::Cc`.
    #[derive(Debug)]
    pub(crate) enum Gcmodule {}

    shapes! { traced: {}, handle: Cc, cell: RefCell, up: Cc, }
    all_traced!();

    plain_handle!(Cc, Trace);

    impl Subject for Gcmodule {
        const NAME: &'static str = "gcmodule";
        const COLLECTS: bool = true;

        shape_methods! {
            handle: Cc,
            make: Cc::new,
            cell: RefCell,
            to_up: Cc::clone,
            sum: sum_by_reference,
        }

        fn collect() -> Swept {
            Swept { visited: 0, collected: collect_thread_cycles() }
        }

        #[inline]
        fn let_go(objects: usize) {
            if is_time(objects) {
                collect_thread_cycles();
            }
        }
    }
}

mod shared {
    use super::*;
    use ::gcmodule::{ThreadedCc, ThreadedObjectSpace};
    use std::sync::{LazyLock, Mutex};

    /// `gcmodule::ThreadedCc`.
    #[derive(Debug)]
    pub(crate) enum GcmoduleSync {}

    shapes! { traced: {}, handle: ThreadedCc, cell: Mutex, up: ThreadedCc, }
    all_traced!();

    static SPACE: LazyLock<ThreadedObjectSpace> = LazyLock::new(ThreadedObjectSpace::default);

    impl<T: 'static> Handle for ThreadedCc<T> {
        type Value = T;

        #[inline]
        fn look<R>(&self, f: impl FnOnce(&T) -> R) -> R {
            f(&self.borrow())
        }
    }

    fn make<T: Trace + Send + Sync>(value: T) -> ThreadedCc<T> {
        SPACE.create(value)
    }

    impl Subject for GcmoduleSync {
        const NAME: &'static str = "gcmodule sync";
        const COLLECTS: bool = true;

        shape_methods! {
            handle: ThreadedCc,
            make: make,
            cell: Mutex,
            to_up: ThreadedCc::clone,
            sum: sum_by_guard,
        }

        fn collect() -> Swept {
            Swept { visited: 0, collected: SPACE.collect_cycles() }
        }

        #[inline]
        fn let_go(objects: usize) {
            if is_time(objects) {
                SPACE.collect_cycles();
            }
        }
    }

    impl Parallel for GcmoduleSync {}
}
