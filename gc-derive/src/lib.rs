//! `#[derive(Trace)]` for gc-core.
use proc_macro::TokenStream;

/// Being written.
#[proc_macro_derive(Trace, attributes(trace))]
pub fn derive_trace(input: TokenStream) -> TokenStream {
    let _ = input;
    TokenStream::new()
}
