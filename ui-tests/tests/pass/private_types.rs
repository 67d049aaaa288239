//! Types that nobody else can name, in every kind of scope.

mod outer {
    mod inner {
        use gc_core::Trace;

        #[derive(Trace)]
        struct Hidden(u8);

        #[derive(Trace)]
        pub(super) struct Shown {
            hidden: Option<Hidden>,
        }

        impl Shown {
            pub(super) fn new() -> Self {
                Shown { hidden: Some(Hidden(1)) }
            }
        }
    }

    pub fn is_leaf() -> bool {
        fn of<T: gc_core::Trace>(_: &T) -> bool {
            T::is_leaf(gc_core::Depth::START)
        }
        of(&inner::Shown::new())
    }
}

fn main() {
    use gc_core::{Trace, unsync::Gc};

    #[derive(Trace)]
    struct Local<T>(T);

    #[derive(Trace)]
    struct Owner {
        local: Local<u8>,
    }

    let owner = Gc::new(Owner { local: Local(1) });
    assert!(outer::is_leaf() && owner.local.0 == 1);
}
