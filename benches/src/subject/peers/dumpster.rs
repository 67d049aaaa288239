//! dumpster 2.1: counts, and trial deletion over what lost handles. Both of its modules collect by themselves,
//! when more handles were dropped since the last time than there are.
//!
//! It goes through objects by recursion, when it drops them and when it collects, so long lists overflow the
//! stack. Two threads that change one graph stand still now and then: each waits in `collect_all` for
//! `collecting_lock` (seen with gdb in one of two runs of some hundred batches), which the table calls `slow`.
//! It has no weak handles. Its derive does not work on types that a macro declares.

use crate::subject::shapes::{shape_methods, shapes};
use crate::subject::slot::{Handle as _, Slot, plain_handle};
use crate::subject::{Parallel, Subject, Swept};
use ::dumpster::{Trace, TraceWith, Visitor};

pub(crate) use local::Dumpster;
pub(crate) use shared::DumpsterSync;

/// What the derive would give.
macro_rules! traced {
    ($($Type:ident: $($field:ident)*;)*) => { $(
        // SAFETY: every field that holds handles is visited.
        unsafe impl<V: Visitor> TraceWith<V> for $Type {
            fn accept(&self, visitor: &mut V) -> Result<(), ()> {
                $(self.$field.accept(visitor)?;)*
                Ok(())
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
    use ::dumpster::unsync::{self, Gc, default_collect_condition, set_collect_condition};
    use std::cell::RefCell;

    /// `dumpster::unsync::Gc`.
    #[derive(Debug)]
    pub(crate) enum Dumpster {}

    shapes! { traced: {}, handle: Gc, cell: RefCell, up: Gc, }
    all_traced!();

    plain_handle!(Gc, Trace);

    impl Subject for Dumpster {
        const NAME: &'static str = "dumpster";
        const COLLECTS: bool = true;

        shape_methods! {
            handle: Gc,
            make: Gc::new,
            cell: RefCell,
            to_up: Gc::clone,
            sum: sum_by_reference,
        }

        fn collect() -> Swept {
            unsync::collect();
            Swept::default()
        }

        fn quietly<R>(f: impl FnOnce() -> R) -> R {
            set_collect_condition(|_| false);
            let result = f();
            set_collect_condition(default_collect_condition);
            result
        }
    }
}

mod shared {
    use super::*;
    use ::dumpster::sync::{self, Gc, default_collect_condition, set_collect_condition};
    use std::sync::Mutex;

    /// `dumpster::sync::Gc`.
    #[derive(Debug)]
    pub(crate) enum DumpsterSync {}

    shapes! { traced: {}, handle: Gc, cell: Mutex, up: Gc, }
    all_traced!();

    plain_handle!(Gc, Trace + Send + Sync);

    impl Subject for DumpsterSync {
        const NAME: &'static str = "dumpster sync";
        const COLLECTS: bool = true;

        shape_methods! {
            handle: Gc,
            make: Gc::new,
            cell: Mutex,
            to_up: Gc::clone,
            sum: sum_by_reference,
        }

        fn collect() -> Swept {
            sync::collect();
            Swept::default()
        }

        fn quietly<R>(f: impl FnOnce() -> R) -> R {
            set_collect_condition(|_| false);
            let result = f();
            set_collect_condition(default_collect_condition);
            result
        }
    }

    impl Parallel for DumpsterSync {}
}
