use gc_core::unsync::Gc;

fn main() {
    let weak = Gc::downgrade(&Gc::new(1));
    std::thread::spawn(move || weak.upgrade().is_none());
}
