//! The grammar of `#[trace(...)]`, without its meaning.
//!
//! ```text
//! attribute := "#[trace(" item ("," item)* ","? ")]"
//! item      := word | "unsafe(" word ")"
//! word      := name | name "=" expression
//! ```

use crate::errors::Errors;
use proc_macro2::TokenStream;
use quote::ToTokens;
use syn::ext::IdentExt;
use syn::parse::{Parse, ParseStream};
use syn::punctuated::Punctuated;
use syn::{Attribute, Expr, Ident, Meta, Token, parenthesized};

/// One item of a `#[trace(...)]`.
#[derive(Debug)]
pub(crate) struct Attr {
    /// The keyword, where the item stands in `unsafe(...)`.
    pub(crate) promise: Option<Token![unsafe]>,
    /// What is asked for.
    pub(crate) name: Ident,
    /// What stands after the `=`.
    pub(crate) value: Option<Expr>,
}

impl Attr {
    /// Whether this is the item `name`.
    pub(crate) fn is(&self, name: &str) -> bool {
        self.name == name
    }
}

impl Parse for Attr {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        if !input.peek(Token![unsafe]) {
            return word(None, input);
        }
        let promise = input.parse()?;
        let inner;
        parenthesized!(inner in input);
        let attr = word(Some(promise), &inner)?;
        if inner.is_empty() { Ok(attr) } else { Err(inner.error("one item in each `unsafe(...)`")) }
    }
}

/// A name and its value, if it has one.
fn word(promise: Option<Token![unsafe]>, input: ParseStream<'_>) -> syn::Result<Attr> {
    let name = input.call(Ident::parse_any)?;
    let value = match input.parse::<Option<Token![=]>>()? {
        Some(_) => Some(ungrouped(input.parse()?)),
        None => None,
    };
    Ok(Attr { promise, name, value })
}

/// The expression without the invisible delimiters of a `macro_rules!` variable.
fn ungrouped(expr: Expr) -> Expr {
    match expr {
        Expr::Group(group) => ungrouped(*group.expr),
        other => other,
    }
}

impl ToTokens for Attr {
    /// The item's name, which is where errors about the whole item point.
    fn to_tokens(&self, tokens: &mut TokenStream) {
        self.name.to_tokens(tokens);
    }
}

/// All items of all `#[trace(...)]` among `attributes`.
pub(crate) fn collect(attributes: &[Attribute], errors: &mut Errors) -> Vec<Attr> {
    let mut found = Vec::new();
    for attribute in attributes.iter().filter(|attribute| attribute.path().is_ident("trace")) {
        let Meta::List(list) = &attribute.meta else {
            errors.at(
                &attribute.meta,
                "`trace` says nothing by itself",
                "write `#[trace(...)]`, with what is meant",
            );
            continue;
        };
        if list.tokens.is_empty() {
            errors.at(&attribute.meta, "`trace()` says nothing", "remove it");
        }
        match list.parse_args_with(Punctuated::<Attr, Token![,]>::parse_terminated) {
            Ok(items) => found.extend(items),
            Err(error) => errors.syntax(&error),
        }
    }
    found
}
