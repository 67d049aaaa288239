use gc_core::sync::Gc;
use std::rc::Rc;

fn send(gc: Gc<Rc<u8>>) {
    std::thread::spawn(move || Rc::clone(&gc));
}

fn main() {
    let _ = send;
}
