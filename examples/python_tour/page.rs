//! What a snippet prints: collected line by line, so that finalizers can print as well.

use std::cell::RefCell;
use std::fmt::Display;

thread_local!(static LINES: RefCell<Vec<String>> = const { RefCell::new(Vec::new()) });

/// Prints a line of this thread's snippet.
pub(crate) fn print(text: impl Display) {
    let line = text.to_string();
    LINES.with_borrow_mut(|lines| lines.push(line));
}

/// What this thread has printed.
pub(crate) fn take() -> Vec<String> {
    LINES.take()
}
