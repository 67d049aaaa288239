use gc_core::{Trace, unsync::Gc};

#[derive(Trace)]
struct Text<'a>(&'a str);

fn main() {
    let gc: Gc<Text<'static>> = Gc::new(Text("long"));
    let text = String::from("short");
    let mut gc: Gc<Text<'_>> = gc;
    *Gc::get_mut(&mut gc).unwrap() = Text(&text);
}
