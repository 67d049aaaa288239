//! Buffers of bytes.

use crate::trace::visit::leaf;
use bytes::{Bytes, BytesMut};

leaf! {
    /// A leaf, whatever owner the bytes were made from: buffers share it, and it cannot be seen.
    Bytes,
    BytesMut,
}
