//! bacon_rajan_cc 0.4: counts, and Bacon and Rajan's trial deletion. It collects only when it is told to, so it is
//! told to from time to time, see `SELDOM`.
//!
//! It goes through objects by recursion, when it drops them and when it collects.

use super::is_time;
use crate::subject::shapes::{shape_methods, shapes, weak_methods};
use crate::subject::slot::{Handle as _, Slot, plain_handle};
use crate::subject::{Subject, Swept, Weakly};
use ::bacon_rajan_cc::{Cc, Trace, Tracer, Weak, collect_cycles};
use std::cell::RefCell;

/// `bacon_rajan_cc::Cc`.
#[derive(Debug)]
pub(crate) enum Bacon {}

shapes! { traced: {}, handle: Cc, cell: RefCell, up: Cc, }

/// There is no derive.
macro_rules! traced {
    ($($Type:ident: $($field:ident)*;)*) => { $(
        impl Trace for $Type {
            fn trace(&self, tracer: &mut Tracer<'_>) {
                $(self.$field.trace(tracer);)*
            }
        }
    )* };
}

traced! {
    List: tail;
    Node: next previous;
    Branch: children;
    Member: parent children;
    Level: edges;
}

plain_handle!(Cc, Trace);

impl Subject for Bacon {
    const NAME: &'static str = "bacon_rajan_cc";
    const COLLECTS: bool = true;

    shape_methods! {
        handle: Cc,
        make: Cc::new,
        cell: RefCell,
        to_up: Cc::clone,
        sum: sum_by_reference,
    }

    fn collect() -> Swept {
        collect_cycles();
        Swept::default()
    }

    #[inline]
    fn let_go(objects: usize) {
        if is_time(objects) {
            collect_cycles();
        }
    }
}

impl Weakly for Bacon {
    weak_methods! { weak: Weak, downgrade: Cc::downgrade, }
}
