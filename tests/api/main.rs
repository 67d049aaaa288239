//! The contracts of the interface, one file each.
//!
//! A contract names its heap only as `super::gc` and stands once in `suite!`, which is
//! called for each kind of heap. Each runs inside of `gc::alone`: on a heap that is as good
//! as new, and that nobody else uses meanwhile.

#![allow(clippy::duplicate_mod, reason = "the same text for each kind of heap")]

/// All contracts, for the kind of heap whose tools are in the module named.
macro_rules! suite {
    ($($gc:ident)::+) => {
        pub(crate) use $($gc)::+ as gc;

        #[path = "bad_trace.rs"]
        mod bad_trace;
        #[path = "callbacks.rs"]
        mod callbacks;
        #[path = "collect_hooks.rs"]
        mod collect_hooks;
        #[path = "control.rs"]
        mod control;
        #[path = "convert.rs"]
        mod convert;
        #[path = "cpython_control.rs"]
        mod cpython_control;
        #[path = "cpython_finalization.rs"]
        mod cpython_finalization;
        #[path = "cpython_finalize.rs"]
        mod cpython_finalize;
        #[path = "cpython_gc.rs"]
        mod cpython_gc;
        #[path = "cpython_weak_values.rs"]
        mod cpython_weak_values;
        #[path = "cpython_weak_keys.rs"]
        mod cpython_weak_keys;
        #[path = "cpython_weakref.rs"]
        mod cpython_weakref;
        #[path = "cpython_weakset.rs"]
        mod cpython_weakset;
        #[path = "cyclic.rs"]
        mod cyclic;
        #[path = "external_memory.rs"]
        mod external_memory;
        #[path = "finalize.rs"]
        mod finalize;
        #[path = "debugging.rs"]
        mod debugging;
        #[path = "finalizers.rs"]
        mod finalizers;
        #[path = "freeze.rs"]
        mod freeze;
        #[path = "generations.rs"]
        mod generations;
        #[path = "inspect.rs"]
        mod inspect;
        #[path = "layout.rs"]
        mod layout;
        #[path = "panics.rs"]
        mod panics;
        #[path = "panics_in_drop.rs"]
        mod panics_in_drop;
        #[path = "pointer.rs"]
        mod pointer;
        #[path = "profile.rs"]
        mod profile;
        #[path = "raw.rs"]
        mod raw;
        #[path = "reentrancy.rs"]
        mod reentrancy;
        #[path = "sizes.rs"]
        mod sizes;
        #[path = "traits.rs"]
        mod traits;
        #[path = "unsized_values.rs"]
        mod unsized_values;
        #[path = "weak.rs"]
        mod weak;
        #[path = "weak_key_map.rs"]
        mod weak_key_map;
        #[path = "weak_collections.rs"]
        mod weak_collections;
        #[path = "weak_key_map_user_code.rs"]
        mod weak_key_map_user_code;
    };
}

mod sync;
mod unsync;
