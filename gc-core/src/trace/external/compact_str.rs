//! Short strings.

use crate::trace::visit::leaf;
use compact_str::CompactString;

leaf! {
    CompactString => |this, sizer| if this.is_heap_allocated() {
        sizer.add(this.capacity());
    },
}
