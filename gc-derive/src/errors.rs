//! The errors of one derive, gathered so that all of them are reported at once.

use proc_macro2::TokenStream;
use quote::ToTokens;
use std::fmt::Display;

/// What is wrong with the input, in the order it was found.
#[derive(Debug, Default)]
pub(crate) struct Errors(Option<syn::Error>);

impl Errors {
    /// Notes an error at `tokens`; `help` says what to write instead.
    pub(crate) fn at(&mut self, tokens: impl ToTokens, message: impl Display, help: impl Display) {
        let text = format!("{message}\n= help: {help}");
        self.push(syn::Error::new_spanned(tokens, text));
    }

    /// Notes that an attribute does not have the form that it must have.
    pub(crate) fn syntax(&mut self, error: &syn::Error) {
        let text =
            format!("{error}\n= help: the form is `#[trace(name, name = value, unsafe(name))]`");
        self.push(syn::Error::new(error.span(), text));
    }

    fn push(&mut self, error: syn::Error) {
        match &mut self.0 {
            Some(errors) => errors.combine(error),
            None => self.0 = Some(error),
        }
    }

    /// The `compile_error!` calls, or `None` where nothing is wrong.
    pub(crate) fn finish(self) -> Option<TokenStream> {
        self.0.map(|errors| errors.to_compile_error())
    }

    /// The messages, for the tests of the rules.
    #[cfg(test)]
    pub(crate) fn messages(self) -> Vec<String> {
        self.0.into_iter().flatten().map(|error| error.to_string()).collect()
    }
}
