use gc_core::handle::{Coerce, Kind, Local, Space, Whole};
use gc_core::unsync::Gc;

struct Mine;

// SAFETY: there is none.
unsafe impl Kind for Mine {
    type Handle<T: ?Sized, S: Space> = gc_core::handle::Gc<T, S>;

    unsafe fn put_together<T: ?Sized, S: Space>(_: Whole<T, S>) -> Self::Handle<T, S> {
        unimplemented!()
    }
}

impl Coerce for Mine {
    type Kind = Mine;
    type Target = u8;
    type Space = Local;

    fn take_apart(self) -> (Mine, Whole<u8, Local>) {
        unimplemented!()
    }
}

fn main() {
    let _: Gc<dyn Send> = gc_core::coerce!(Mine);
}
