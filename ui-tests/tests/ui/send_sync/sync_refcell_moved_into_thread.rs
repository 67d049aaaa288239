use gc_core::sync::Gc;
use std::cell::RefCell;

fn send(gc: Gc<RefCell<u8>>) {
    std::thread::spawn(move || drop(gc));
}

fn main() {
    let _ = send;
}
