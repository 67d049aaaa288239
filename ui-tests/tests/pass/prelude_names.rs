//! Types named like what the expansion needs, and no prelude at all.
#![no_implicit_prelude]
#![allow(non_camel_case_types, non_upper_case_globals)]

mod names {
    #[derive(::gc_core::Trace)]
    pub struct Option<T>(pub T);

    #[derive(::gc_core::Trace)]
    pub struct Some;

    #[derive(::gc_core::Trace)]
    pub struct bool;

    #[derive(::gc_core::Trace)]
    pub enum Self_ {
        None,
        Ok(Option<Some>),
        Err { core: core::Tracer<u8>, std: Trace<bool> },
    }

    #[derive(::gc_core::Trace)]
    pub struct Trace<T>(pub T);

    pub mod core {
        #[derive(::gc_core::Trace)]
        #[trace(finalize)]
        pub struct Tracer<Depth> {
            pub depth: Depth,
        }

        impl<Depth> ::gc_core::Finalize for Tracer<Depth> {
            fn finalize(&self, _: &::gc_core::Finalizing<'_>) {}
        }
    }

    pub mod gc_core {}

    // A pattern that is a name means a constant of that name.
    pub const tracer: u8 = 1;
    pub const depth: u8 = 1;
    pub const cx: u8 = 1;
}

/// In scope for every method call, and for every type.
trait Clash {
    fn trace(&self) {}
    fn is_leaf(self) -> u8
    where
        Self: ::std::marker::Sized,
    {
        1
    }
    fn check(self)
    where
        Self: ::std::marker::Sized,
    {
    }
    fn deeper(self)
    where
        Self: ::std::marker::Sized,
    {
    }
    fn run(&self) {}
}

impl<T: ?::std::marker::Sized> Clash for T {}

#[derive(::gc_core::Trace)]
struct Own<T> {
    value: T,
    names: names::Option<names::Self_>,
}

fn main() {
    let own = Own { value: names::bool, names: names::Option(names::Self_::None) };
    Clash::trace(&own);
    ::std::mem::drop(::gc_core::unsync::Gc::new(own));
}
