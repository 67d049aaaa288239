//! The two hooks of the process, for panics that were swallowed and for all of them,
//! as hooks of the calling thread.

use gc_core::{UserCode, set_unraisable_hook};
use std::cell::RefCell;
use std::sync::Once;

type Hook = Box<dyn FnMut()>;

thread_local! {
    static HEARD: RefCell<Vec<(UserCode, String)>> = const { RefCell::new(Vec::new()) };
    static ON_UNRAISABLE: RefCell<Option<Hook>> = const { RefCell::new(None) };
    static ON_PANIC: RefCell<Option<Hook>> = const { RefCell::new(None) };
}

/// Which hook a test hangs its code on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Which {
    /// `gc_core::set_unraisable_hook`.
    Unraisable,
    /// `std::panic::set_hook`.
    Panic,
}

impl Which {
    pub(crate) const BOTH: [Which; 2] = [Which::Unraisable, Which::Panic];

    /// Calls `f` whenever the hook is called on this thread. A panic is then not
    /// reported on standard error.
    pub(crate) fn calls(self, f: impl FnMut() + 'static) {
        listen();
        let slot = if self == Which::Panic { &ON_PANIC } else { &ON_UNRAISABLE };
        slot.set(Some(Box::new(f)));
    }
}

/// Whose panics were swallowed on this thread since the last call.
pub(crate) fn heard() -> Vec<UserCode> {
    HEARD.take().into_iter().map(|(code, _)| code).collect()
}

/// The messages of the panics that were swallowed on this thread since the last call.
pub(crate) fn messages() -> Vec<String> {
    HEARD.take().into_iter().map(|(_, message)| message).collect()
}

/// Starts to listen, if nobody has before.
pub(crate) fn listen() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        set_unraisable_hook(Some(Box::new(|event| {
            let message = event.message().unwrap_or("another payload").to_owned();
            // A thread that ends may have lost its list already.
            let _ = HEARD.try_with(|heard| heard.borrow_mut().push((event.code, message)));
            call(&ON_UNRAISABLE);
        })));
        let default = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |info| {
            if !call(&ON_PANIC) {
                default(info);
            }
        }));
    });
}

/// Calls the hook, if there is one that is not running.
fn call(slot: &'static std::thread::LocalKey<RefCell<Option<Hook>>>) -> bool {
    let Ok(Some(mut hook)) = slot.try_with(RefCell::take) else { return false };
    hook();
    slot.set(Some(hook));
    true
}
