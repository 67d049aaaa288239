use gc_core::{Trace, unsync::Gc};

#[derive(Clone, Trace)]
struct Text<'a>(&'a str);

fn write<'a>(gc: &mut Gc<Text<'a>>, text: &'a str) {
    *Gc::make_mut(gc) = Text(text);
}

fn main() {}
