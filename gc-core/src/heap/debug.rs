//! What collections say of themselves, and to whom.

use crate::unraisable::{Setting, UserCode, guarded};
use bitflags::bitflags;

bitflags! {
    /// What a heap's collections tell of, and whether they keep what they find: the flags of
    /// Python's `gc.set_debug`, with its values.
    ///
    /// What is told goes to [`set_debug_sink`](crate::set_debug_sink). [The
    /// guide](crate::docs::leaks) has a worked example.
    ///
    /// # Examples
    ///
    /// ```
    /// use gc_core::{DebugFlags, unsync as gc};
    ///
    /// gc::set_debug(DebugFlags::STATS | DebugFlags::SAVE_ALL);
    /// assert_eq!(gc::debug().bits(), 33);
    /// gc::set_debug(DebugFlags::empty());
    /// ```
    #[doc(alias = "gc.set_debug")]
    #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
    pub struct DebugFlags: u32 {
        /// Each collection tells what it begins with and what it has found:
        ///
        /// ```text
        /// gc: collecting generation 2...
        /// gc: candidates in each generation: 12 0 3
        /// gc: done, 5 unreachable, 0 uncollectable, 0.0001s elapsed
        /// ```
        ///
        /// Where CPython counts the objects of each generation, these are the objects that the
        /// collection starts from.
        #[doc(alias = "gc.DEBUG_STATS")]
        const STATS = 1;

        /// A line for each object in a garbage cycle, before any of their values is dropped:
        /// `gc: collectable <server::Request 0x7f0e54000b90>`. The address is that of
        /// [`Gc::as_ptr`](crate::unsync::Gc::as_ptr).
        ///
        /// What a finalizer has resurrected is not among them, as finalizers run before.
        #[doc(alias = "gc.DEBUG_COLLECTABLE")]
        const COLLECTABLE = 2;

        /// A line for each object of [`Report::uncollectable`](crate::Report::uncollectable):
        /// `gc: uncollectable <server::Request 0x7f0e54000b90>`. Its value has been dropped.
        #[doc(alias = "gc.DEBUG_UNCOLLECTABLE")]
        const UNCOLLECTABLE = 4;

        /// Garbage is kept in [`garbage`](crate::unsync::garbage), to be looked at.
        ///
        /// The finalizers have run by then. Weak handles go on to work, and their callbacks do not
        /// run, as the objects are alive (CPython clears weak references first).
        #[doc(alias = "gc.DEBUG_SAVEALL")]
        const SAVE_ALL = 32;

        /// What is needed to look for leaks: `COLLECTABLE`, `UNCOLLECTABLE` and `SAVE_ALL`.
        #[doc(alias = "gc.DEBUG_LEAK")]
        const LEAK = 38;
    }
}

static SINK: Setting<dyn Fn(&str) + Send + Sync> = Setting::new();

/// Sets what takes the lines that [`DebugFlags`] ask for, of all heaps of the process. `None` is the
/// default: standard error.
///
/// It is called once for each line, without the line's end, on the thread that collects, and may use
/// every heap, but collections of the one that it hears of. A panic in it goes to
/// [`set_unraisable_hook`](crate::set_unraisable_hook)'s hook.
///
/// # Examples
///
/// ```
/// use gc_core::{DebugFlags, set_debug_sink, unsync as gc};
/// use std::sync::mpsc;
///
/// let (lines, told) = mpsc::channel();
/// set_debug_sink(Some(Box::new(move |line| lines.send(line.to_string()).unwrap())));
/// gc::set_debug(DebugFlags::STATS);
/// let _ = gc::collect();
/// gc::set_debug(DebugFlags::empty());
/// set_debug_sink(None);
/// assert_eq!(told.iter().next().unwrap(), "gc: collecting generation 2...");
/// ```
#[doc(alias = "gc.set_debug")]
#[allow(clippy::type_complexity, reason = "the type is the documentation")]
pub fn set_debug_sink(sink: Option<Box<dyn Fn(&str) + Send + Sync>>) {
    SINK.set(sink);
}

/// Gives a line to the sink, which is user code.
#[cold]
pub(crate) fn tell(line: &str) {
    let sink = SINK.get();
    guarded(
        UserCode::Hook,
        || "the debug sink",
        || match sink {
            Some(sink) => sink(line),
            None => eprintln!("{line}"),
        },
    );
}
