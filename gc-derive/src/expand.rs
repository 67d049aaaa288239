//! The implementation, as tokens.

use crate::bounds;
use crate::input::{Field, Input, Variant};
use crate::place::{at, moved};
use proc_macro2::{Delimiter, Group, Ident, Span, TokenStream};
use quote::{format_ident, quote, quote_spanned};
use std::collections::HashSet;
use syn::{Path, Token, Type};

/// All that the derive gives back for an input that is right.
pub(crate) fn expand(input: &Input<'_>) -> TokenStream {
    let krate = input.krate();
    let ident = &input.original.ident;
    let (impl_generics, ty_generics, _) = input.original.generics.split_for_impl();
    let where_clause = bounds::where_clause(input);
    let promise = input.may_drop().unwrap_or_default();
    let check = drop_check(input, &krate);
    let methods = [
        Some(trace(input, &krate)),
        is_leaf(input, &krate),
        may_finalize(input, &krate),
        finalize_within(input, &krate),
        Some(debug_within(&krate)),
        measure(input, &krate),
    ];
    let body = braced(promise, quote!(#(#methods)*));
    quote! {
        const _: () = {
            #check

            #[automatically_derived]
            #[allow(deprecated, unused_qualifications)]
            #promise impl #impl_generics #krate::Trace for #ident #ty_generics #where_clause #body
        };
    }
}

/// An error where the type implements `Drop`.
///
/// This stands in an implementation with the bounds of the type alone, which
/// are the bounds of its `Drop`: so the answer is the same for every argument.
fn drop_check(input: &Input<'_>, krate: &Path) -> Option<TokenStream> {
    if input.is_leaf() || input.may_drop().is_some() {
        return None;
    }
    let ident = &input.original.ident;
    let (impl_generics, ty_generics, where_clause) = input.original.generics.split_for_impl();
    let probe = quote! {
        #krate::__private::MayDerive::<Self>::check(
            #krate::__private::DropProbe::<Self>::NEW.__gc_drop(),
        );
    };
    let probe = moved(probe, at(ident));
    Some(quote! {
        #[automatically_derived]
        #[allow(deprecated, unused_qualifications)]
        impl #impl_generics #krate::__private::DropCheck for #ident #ty_generics #where_clause {
            fn check() {
                #[allow(unused_imports)]
                use #krate::__private::LacksDrop as _;
                #probe
            }
        }
    })
}

fn trace(input: &Input<'_>, krate: &Path) -> TokenStream {
    let body = each_field(input, |field, binding| match field.with() {
        Some(with) => {
            let (promise, path, ty) = (with.promise, with.path, &field.original.ty);
            let pointer = quote_spanned! {at(ty)=> unsafe fn(&#ty, &mut #krate::Tracer<'_>) };
            let call = braced(promise, quote!(__with(#binding, __tracer)));
            Some(quote! {
                let __with: #pointer = #path;
                #promise #call
            })
        }
        None => {
            let method = of_trace(field, krate, "trace");
            Some(quote! { #method(#binding, __tracer); })
        }
    });
    quote! {
        #[inline]
        fn trace(&self, __tracer: &mut #krate::Tracer<'_>) {
            #body
        }
    }
}

fn is_leaf(input: &Input<'_>, krate: &Path) -> Option<TokenStream> {
    // `false` is what the trait answers by itself.
    if input.traced_fields().any(|field| field.with().is_some()) {
        return None;
    }
    let answers = questions(input, krate, "is_leaf");
    let body = match answers.is_empty() {
        true => quote!(true),
        false => ask_deeper(krate, &quote!(#(#answers)&&*), false),
    };
    Some(question(krate, "is_leaf", &body))
}

fn may_finalize(input: &Input<'_>, krate: &Path) -> Option<TokenStream> {
    let answers = questions(input, krate, "may_finalize");
    let body = match input.finalize() {
        Some(_) => quote!(true),
        None if answers.is_empty() => return None,
        None => ask_deeper(krate, &quote!(#(#answers)||*), true),
    };
    Some(question(krate, "may_finalize", &body))
}

fn finalize_within(input: &Input<'_>, krate: &Path) -> Option<TokenStream> {
    let own = input
        .finalize()
        .map(|attr| moved(quote! { #krate::Finalizing::run(__cx, self); }, at(&attr.name)));
    let body = each_field(input, |field, binding| {
        let method = field.with().is_none().then(|| of_trace(field, krate, "finalize_within"))?;
        Some(quote! { #method(#binding, __cx); })
    });
    if own.is_none() && body.is_empty() {
        return None;
    }
    Some(quote! {
        fn finalize_within(&self, __cx: &#krate::Finalizing<'_>) {
            #own
            #body
        }
    })
}

/// What the type's own `Debug` says, where it has one under the bounds of `Trace`.
fn debug_within(krate: &Path) -> TokenStream {
    quote! {
        fn debug_within(
            &self,
            __f: &mut ::core::fmt::Formatter<'_>,
        ) -> ::core::option::Option<::core::fmt::Result> {
            #[allow(unused_imports)]
            use #krate::__private::LacksDebug as _;
            #krate::__private::DebugProbe(self).__gc_debug(__f)
        }
    }
}

fn measure(input: &Input<'_>, krate: &Path) -> Option<TokenStream> {
    let body = each_field(input, |field, binding| {
        let method = field.with().is_none().then(|| of_trace(field, krate, "measure"))?;
        Some(quote! { #method(#binding, __sizer); })
    });
    if body.is_empty() {
        return None;
    }
    Some(quote! {
        fn measure(&self, __sizer: &mut #krate::Sizer<'_>) {
            #body
        }
    })
}

/// A match on `self` that does `action` to the traced fields of the variant
/// that is alive; nothing where there is nothing to do for any of them.
fn each_field(
    input: &Input<'_>,
    action: impl Fn(&Field<'_>, &Ident) -> Option<TokenStream>,
) -> TokenStream {
    let arms: Vec<TokenStream> =
        input.traced_variants().filter_map(|variant| arm(variant, &action)).collect();
    if arms.is_empty() {
        return TokenStream::new();
    }
    let rest = (arms.len() < input.variants.len()).then(|| quote!(_ => {}));
    quote! {
        match self {
            #(#arms)*
            #rest
        }
    }
}

/// One arm: `Self::Name { 0: __f0, 1: __f1, .. } => { ... }`, which is how named,
/// unnamed and no fields are written alike.
fn arm(
    variant: &Variant<'_>,
    action: impl Fn(&Field<'_>, &Ident) -> Option<TokenStream>,
) -> Option<TokenStream> {
    let mut patterns = Vec::new();
    let mut actions = Vec::new();
    for (number, field) in variant.traced_fields().enumerate() {
        let binding = format_ident!("__f{number}");
        if let Some(tokens) = action(field, &binding) {
            let member = &field.member;
            patterns.push(quote!(#member: #binding));
            actions.push(tokens);
        }
    }
    let name = variant.name.map(|name| quote!(::#name));
    (!patterns.is_empty()).then(|| {
        quote! {
            Self #name { #(#patterns,)* .. } => { #(#actions)* }
        }
    })
}

/// The answers of the fields' types to `name`, each type asked once.
fn questions(input: &Input<'_>, krate: &Path, name: &str) -> Vec<TokenStream> {
    let mut seen = HashSet::new();
    let last = input.variants.iter().filter(|variant| variant.name.is_none());
    let last = last.flat_map(|variant| variant.fields.last()).map(|field| &field.member).next();
    input
        .traced_fields()
        .filter(|field| field.with().is_none() && seen.insert(&field.original.ty))
        .map(|field| match Some(&field.member) == last {
            true => of_unsized(&field.original.ty, krate, name),
            false => {
                let method = of_trace(field, krate, name);
                quote!(#method(__depth))
            }
        })
        .collect()
}

/// The question `name` to a struct's last field, which may be unsized.
fn of_unsized(ty: &Type, krate: &Path, name: &str) -> TokenStream {
    let method = Ident::new(&format!("__gc_{name}"), at(ty));
    quote_spanned! {at(ty)=> #krate::__private::Ask::<#ty>::NEW.#method(__depth) }
}

/// `<FieldType as Trace>::name`; an error in it points to the field's type.
fn of_trace(field: &Field<'_>, krate: &Path, name: &str) -> TokenStream {
    let ty = &field.original.ty;
    let method = Ident::new(name, at(ty));
    quote_spanned! {at(ty)=> <#ty as #krate::Trace>::#method }
}

/// The answer of the fields where the bound on the depth is not yet reached.
fn ask_deeper(krate: &Path, answer: &TokenStream, careful: bool) -> TokenStream {
    quote! {
        #[allow(unused_imports)]
        use #krate::__private::AskUnsized as _;
        match #krate::Depth::deeper(__depth) {
            ::core::option::Option::Some(__depth) => #answer,
            ::core::option::Option::None => #careful,
        }
    }
}

/// The method `name` that answers with `body`. It is asked of sized types alone,
/// but saying so here is an error for a type that is never sized.
fn question(krate: &Path, name: &str, body: &TokenStream) -> TokenStream {
    let name = Ident::new(name, Span::call_site());
    quote! {
        #[inline]
        fn #name(__depth: #krate::Depth) -> ::core::primitive::bool {
            #body
        }
    }
}

/// `tokens` in braces that stand, like `promise` itself, where the user wrote
/// `unsafe`: so the lint `unsafe_code` sees a promise, and only a promise.
fn braced(promise: Token![unsafe], tokens: TokenStream) -> Group {
    let mut braces = Group::new(Delimiter::Brace, tokens);
    braces.set_span(promise.span);
    braces
}

#[cfg(test)]
mod tests {
    #[test]
    fn another_name_of_the_crate_is_used_throughout() {
        for data in ["struct S<T> { a: T, b: u8 }", "enum E { A { x: u8 }, B(S) }"] {
            let text = format!("#[trace(crate = other, finalize)] {data}");
            let original = syn::parse_str(&text).expect("the input parses");
            let tokens = crate::derive(&original).to_string();
            assert!(!tokens.contains("gc_core") && tokens.contains("other"), "{tokens}");
        }
    }
}
