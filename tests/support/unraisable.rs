//! Hears of the panics that gc-core swallows, thread by thread.
//!
//! The hook is one for the process and tests run side by side, so the one hook
//! that is ever set files what it hears under the thread it hears it on.

use gc_core::{Unraisable, UserCode, set_unraisable_hook};
use std::cell::{Cell, RefCell};
use std::sync::Once;

/// A panic that was swallowed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Heard {
    /// What was running.
    pub code: UserCode,
    /// For which type.
    pub type_name: &'static str,
    /// With what message.
    pub message: Option<String>,
}

thread_local! {
    static HEARD: RefCell<Vec<Heard>> = const { RefCell::new(Vec::new()) };
    static PANICS: Cell<bool> = const { Cell::new(false) };
}

/// Starts to listen, if nobody has before.
pub fn listen() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| set_unraisable_hook(Some(Box::new(hear))));
}

/// What this thread has heard since the last call.
#[must_use]
pub fn heard() -> Vec<Heard> {
    HEARD.take()
}

/// Makes the hook itself panic on this thread, or no longer.
pub fn hook_panics(yes: bool) {
    PANICS.set(yes);
}

fn hear(event: &Unraisable<'_>) {
    let message = event.message().map(str::to_owned);
    let heard = Heard { code: event.code, type_name: event.type_name, message };
    // A thread that ends may have lost its list already.
    let _ = HEARD.try_with(|list| list.borrow_mut().push(heard));
    if PANICS.get() {
        crate::bang("the hook itself");
    }
}
