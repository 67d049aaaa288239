//! Short strings.

use crate::trace::memory::counted;
use crate::trace::visit::leaf;
use smol_str::{SmolStr, SmolStrBuilder};

leaf! {
    /// A long one is shared.
    SmolStr => |this, sizer| if this.is_heap_allocated() {
        sizer.add_shared(this.as_ptr().cast(), counted(this.as_str()));
    },
    /// It does not tell what it has allocated.
    SmolStrBuilder,
}
