//! Addresses on the web.

use crate::trace::Trace;
use crate::trace::visit::{Visit as _, leaf, owner};
use url::{Host, OpaqueOrigin, Origin, ParseError, Position, SyntaxViolation, Url};

owner! {
    /// A domain may be of any type.
    {S: Trace} Host<S> => [S], |this, visit| if let Host::Domain(domain) = this {
        visit.one(domain);
    };
}

leaf! {
/// It does not tell how large its buffer is: counts the text.
Url => |this, sizer| sizer.add(this.as_str().len()),
Origin, OpaqueOrigin, ParseError, Position, SyntaxViolation }
