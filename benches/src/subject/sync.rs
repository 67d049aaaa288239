//! `gc_core::sync`, with the collector in its three places: where it is due, on a thread of its
//! own, and nowhere.

use super::shapes::{shape_methods, shapes, weak_methods};
use super::slot::{Handle as _, Slot, plain_handle};
use super::{Collections, Parallel, Subject, Sweeping, Swept, Weakly};
use gc_core::sync::background::{self, Background};
use gc_core::sync::{self, Gc, Weak};
use gc_core::{Report, Trace};
use std::any::Any;
use std::sync::Mutex;
use std::time::Duration;

shapes! {
    traced: { #[derive(Trace)] },
    handle: Gc,
    cell: Mutex,
    up: Gc,
}

plain_handle!(Gc, Send + std::marker::Sync);

fn swept(report: &Report) -> Swept {
    Swept { visited: report.visited, collected: report.collected }
}

/// The subjects differ in what is `attended` only.
macro_rules! subject {
    ($(#[$doc:meta])* $name:ident, $text:literal, $attended:expr) => {
        $(#[$doc])*
        #[derive(Debug)]
        pub(crate) enum $name {}

        impl Subject for $name {
            const NAME: &'static str = $text;
            const COLLECTS: bool = true;
            const REPORTS: bool = true;

            shape_methods! {
                handle: Gc,
                make: Gc::new,
                cell: Mutex,
                to_up: Gc::clone,
                sum: sum_by_reference,
            }

            fn attended() -> Option<Box<dyn Any>> {
                $attended
            }

            fn collect_beside(attended: &dyn Any) -> Option<Sweeping> {
                let ticket = attended.downcast_ref::<Background>()?.collect_now();
                Some(Box::new(move || ticket.wait_timeout(Duration::ZERO).as_ref().map(swept)))
            }

            fn collect() -> Swept {
                swept(&sync::collect())
            }

            fn quietly<R>(f: impl FnOnce() -> R) -> R {
                let _pause = sync::pause();
                f()
            }

            fn collections() -> Collections {
                sync::stats().iter().fold(Collections::default(), |sum, generation| Collections {
                    count: sum.count + generation.collections,
                    time: sum.time + generation.duration,
                })
            }
        }

        impl Weakly for $name {
            weak_methods! { weak: Weak, downgrade: Gc::downgrade, }
        }

        impl Parallel for $name {}
    };
}

subject! {
    /// Collections run in the `new` that finds one due.
    Sync, "sync", None
}

subject! {
    /// A background collector runs them; its time is in no figure of the thread's.
    SyncBackground, "sync bg", {
        let background = background::start(background::Config::default());
        Some(Box::new(background.expect("there is one at a time")))
    }
}

subject! {
    /// No collection runs unless it is asked for.
    SyncOff, "sync off", Some(Box::new(sync::pause()))
}
