//! Buffers of bytes.

use crate::trace::visit::leaf;
use bytes::{Bytes, BytesMut};

leaf! {
    /// A leaf, whatever owner the bytes were made from: buffers share it, and it cannot be seen. It
    /// is in no size either.
    Bytes,
    /// Several share an allocation, too: each counts as much of it as it may write to.
    BytesMut => |this, sizer| sizer.add(this.capacity()),
}
