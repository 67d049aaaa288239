//! Debug text of a bounded length.

use crate::gc_box::Object;
use crate::heap::Space;
use std::cell::Cell;
use std::fmt::{self, Write as _};

/// No text is longer than this, in bytes, less what says that something is missing.
const LONGEST: usize = 200;

/// What the value's `Debug` writes, cut off where it gets long. The caller has a handle to the
/// object, so that its value is alive, and nobody has a unique reference to that.
pub(super) fn of<S: Space>(object: Object<S>) -> Option<String> {
    let value = Value { object, silent: Cell::new(false) };
    let mut text = Bounded { text: String::new(), full: false };
    // It fails where the text is full, and where the value's `Debug` does: then there is as much
    // as was written.
    let _ = write!(text, "{value}");
    (!value.silent.get()).then(|| text.finish())
}

/// The value of an object, as `of` was given it.
struct Value<S: Space> {
    object: Object<S>,
    /// It has no text.
    silent: Cell<bool>,
}

impl<S: Space> fmt::Display for Value<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // SAFETY: as the caller of `of` promises.
        let written = unsafe { self.object.debug(f) };
        self.silent.set(written.is_none());
        written.unwrap_or(Ok(()))
    }
}

/// A text that takes so much and then fails, which ends the `Debug` that writes it.
struct Bounded {
    text: String,
    full: bool,
}

impl Bounded {
    fn finish(mut self) -> String {
        if self.full {
            self.text.push('…');
        }
        self.text
    }
}

impl fmt::Write for Bounded {
    fn write_str(&mut self, more: &str) -> fmt::Result {
        if self.full {
            return Err(fmt::Error);
        }
        let end = more.floor_char_boundary(LONGEST - self.text.len());
        self.text.push_str(&more[..end]);
        self.full = end < more.len();
        if self.full { Err(fmt::Error) } else { Ok(()) }
    }
}
