//! Where the compiler says that something is which the macro has written.

use proc_macro2::{Group, Span, TokenStream, TokenTree};
use syn::spanned::Spanned;

/// The place of `tokens`, in what this macro has written.
pub(crate) fn at(tokens: &impl Spanned) -> Span {
    Span::call_site().located_at(tokens.span())
}

/// The same tokens, all of them at one place; what their names mean stays.
pub(crate) fn moved(tokens: TokenStream, place: Span) -> TokenStream {
    let token = |mut token: TokenTree| {
        if let TokenTree::Group(group) = &token {
            token = Group::new(group.delimiter(), moved(group.stream(), place)).into();
        }
        token.set_span(token.span().located_at(place));
        token
    };
    tokens.into_iter().map(token).collect()
}
