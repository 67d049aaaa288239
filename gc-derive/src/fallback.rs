//! What the derive gives back for an input that is wrong.

use crate::input::Input;
use proc_macro2::TokenStream;
use quote::quote;

/// The errors, and an implementation all the same: so the user reads of the
/// mistake and not of every place where the type is used.
pub(crate) fn expand(input: &Input<'_>, errors: TokenStream) -> TokenStream {
    let krate = input.krate();
    let ident = &input.original.ident;
    let (impl_generics, ty_generics, where_clause) = input.original.generics.split_for_impl();
    quote! {
        #errors

        #[automatically_derived]
        // SAFETY: it shows no edge, which is always sound; and it never compiles.
        unsafe impl #impl_generics #krate::Trace for #ident #ty_generics #where_clause {
            fn trace(&self, _: &mut #krate::Tracer<'_>) {}
        }
    }
}
