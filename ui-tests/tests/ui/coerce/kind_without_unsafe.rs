use gc_core::handle::{Gc, Kind, Space, Whole};

struct Mine;

impl Kind for Mine {
    type Handle<T: ?Sized, S: Space> = Gc<T, S>;

    unsafe fn put_together<T: ?Sized, S: Space>(_: Whole<T, S>) -> Gc<T, S> {
        unimplemented!()
    }
}

fn main() {}
