//! Takes the lines that `DebugFlags` ask for, thread by thread.
//!
//! The sink is one for the process and tests run side by side, so the one sink
//! that is ever set files a line under the thread that it hears it on.

use gc_core::set_debug_sink;
use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Once;

type OnLine = Rc<dyn Fn(&str)>;

thread_local! {
    static TOLD: RefCell<Vec<String>> = const { RefCell::new(Vec::new()) };
    static ON_LINE: RefCell<Option<OnLine>> = const { RefCell::new(None) };
}

/// Starts to listen, if nobody has before.
pub fn listen() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| set_debug_sink(Some(Box::new(hear))));
}

/// What this thread has been told since the last call.
#[must_use]
pub fn told() -> Vec<String> {
    TOLD.take()
}

/// What the sink does with each line that this thread is told, after it is filed.
pub fn on_line(f: impl Fn(&str) + 'static) {
    ON_LINE.set(Some(Rc::new(f)));
}

fn hear(line: &str) {
    // A thread that ends may have lost its list already.
    let _ = TOLD.try_with(|told| told.borrow_mut().push(line.to_owned()));
    let on_line = ON_LINE.try_with(|on_line| on_line.borrow().clone());
    if let Ok(Some(on_line)) = on_line {
        on_line(line);
    }
}
