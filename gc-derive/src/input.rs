//! The type that is derived for, as the other modules want to see it.

use crate::attr::{self, Attr};
use crate::errors::Errors;
use crate::place::at;
use proc_macro2::TokenStream;
use syn::parse::Parser;
use syn::punctuated::Punctuated;
use syn::{Data, DataUnion, DeriveInput, Expr, ExprLit, ExprPath, Fields, Ident, Index, Lit};
use syn::{GenericArgument, LitStr, Member, Path, PathArguments, PathSegment, Token, Type};
use syn::{WherePredicate, parse_quote};

/// A struct, an enum, or (an error that `valid` reports) a union.
#[derive(Debug)]
pub(crate) struct Input<'a> {
    /// What the compiler gave us.
    pub(crate) original: &'a DeriveInput,
    /// The items on the type.
    pub(crate) attrs: Vec<Attr>,
    /// A struct counts as one variant without a name.
    pub(crate) variants: Vec<Variant<'a>>,
}

/// One variant of an enum, or a struct's fields.
#[derive(Debug)]
pub(crate) struct Variant<'a> {
    /// Its name, where it is an enum's.
    pub(crate) name: Option<&'a Ident>,
    /// The items on the variant.
    pub(crate) attrs: Vec<Attr>,
    /// Its fields, in order.
    pub(crate) fields: Vec<Field<'a>>,
}

/// One field.
#[derive(Debug)]
pub(crate) struct Field<'a> {
    /// What the compiler gave us.
    pub(crate) original: &'a syn::Field,
    /// The items on the field.
    pub(crate) attrs: Vec<Attr>,
    /// What stands before the colon in a pattern: a name or a number.
    pub(crate) member: Member,
}

/// An `unsafe(with = path)`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct With<'a> {
    /// The keyword that makes the promise.
    pub(crate) promise: Token![unsafe],
    /// The function.
    pub(crate) path: &'a ExprPath,
}

impl<'a> Input<'a> {
    /// Reads `original`; attributes that cannot be read are noted in `errors`.
    pub(crate) fn new(original: &'a DeriveInput, errors: &mut Errors) -> Self {
        let attrs = attr::collect(&original.attrs, errors);
        let variants = match &original.data {
            Data::Struct(data) => {
                let fields = Field::all(&data.fields, errors);
                vec![Variant { name: None, attrs: Vec::new(), fields }]
            }
            Data::Enum(data) => {
                data.variants.iter().map(|variant| Variant::new(variant, errors)).collect()
            }
            Data::Union(_) => Vec::new(),
        };
        Input { original, attrs, variants }
    }

    /// The union, if it is one.
    pub(crate) fn union(&self) -> Option<&'a DataUnion> {
        match &self.original.data {
            Data::Union(data) => Some(data),
            _ => None,
        }
    }

    /// Whether the type owns no handles that are traced.
    pub(crate) fn is_leaf(&self) -> bool {
        find(&self.attrs, "leaf").is_some()
    }

    /// The `finalize`, where the type has a hook of its own.
    pub(crate) fn finalize(&self) -> Option<&Attr> {
        find(&self.attrs, "finalize")
    }

    /// The keyword of `unsafe(drop)`, where the type may implement `Drop`.
    pub(crate) fn may_drop(&self) -> Option<Token![unsafe]> {
        find(&self.attrs, "drop")?.promise
    }

    /// The predicates of `bound`, which take the place of ours.
    pub(crate) fn bound(&self) -> Option<Vec<WherePredicate>> {
        let value = find(&self.attrs, "bound")?.value.as_ref()?;
        predicates(string(value)?).ok()
    }

    /// The path of the crate: `::gc_core` if nothing else is asked for.
    pub(crate) fn krate(&self) -> Path {
        let renamed = find(&self.attrs, "crate").and_then(|attr| path(attr.value.as_ref()?));
        renamed.map_or_else(|| parse_quote!(::gc_core), |renamed| renamed.path.clone())
    }

    /// The variants that are looked into: none of a leaf, none that is skipped.
    pub(crate) fn traced_variants(&self) -> impl Iterator<Item = &Variant<'a>> {
        let leaf = self.is_leaf();
        self.variants.iter().filter(move |variant| !leaf && !variant.is_skipped())
    }

    /// The fields that are looked into, by whatever means.
    pub(crate) fn traced_fields(&self) -> impl Iterator<Item = &Field<'a>> {
        self.traced_variants().flat_map(Variant::traced_fields)
    }
}

impl<'a> Variant<'a> {
    fn new(original: &'a syn::Variant, errors: &mut Errors) -> Self {
        Variant {
            name: Some(&original.ident),
            attrs: attr::collect(&original.attrs, errors),
            fields: Field::all(&original.fields, errors),
        }
    }

    /// Whether the variant is left out.
    pub(crate) fn is_skipped(&self) -> bool {
        find(&self.attrs, "skip").is_some()
    }

    /// The fields that are looked into.
    pub(crate) fn traced_fields(&self) -> impl Iterator<Item = &Field<'a>> {
        self.fields.iter().filter(|field| {
            let left_out = field.is_skipped() || is_function(&field.original.ty);
            !left_out || field.with().is_some()
        })
    }
}

impl<'a> Field<'a> {
    fn all(fields: &'a Fields, errors: &mut Errors) -> Vec<Self> {
        let field = |(number, original): (usize, &'a syn::Field)| Field {
            original,
            attrs: attr::collect(&original.attrs, errors),
            member: match &original.ident {
                Some(name) => Member::Named(name.clone()),
                None => Member::Unnamed(Index::from(number)),
            },
        };
        fields.iter().enumerate().map(field).collect()
    }

    /// Whether the field is left out.
    pub(crate) fn is_skipped(&self) -> bool {
        find(&self.attrs, "skip").is_some()
    }

    /// The function that traces the field, if one is named.
    pub(crate) fn with(&self) -> Option<With<'_>> {
        let attr = find(&self.attrs, "with")?;
        Some(With { promise: attr.promise?, path: path(attr.value.as_ref()?)? })
    }
}

/// Whether `ty` is a function pointer, which owns nothing, or an option of one.
///
/// No implementation can speak for all of them: `fn(&T)` is a type for every lifetime at once.
fn is_function(ty: &Type) -> bool {
    match ty {
        Type::BareFn(_) => true,
        Type::Array(array) => is_function(&array.elem),
        Type::Group(group) => is_function(&group.elem),
        Type::Paren(paren) => is_function(&paren.elem),
        Type::Path(path) => path.path.segments.last().is_some_and(|last| {
            let mut arguments = type_arguments(last);
            last.ident == "Option" && arguments.next().is_some_and(is_function)
        }),
        _ => false,
    }
}

/// The types between the angle brackets of `segment`.
pub(crate) fn type_arguments(segment: &PathSegment) -> impl Iterator<Item = &Type> {
    let arguments = match &segment.arguments {
        PathArguments::AngleBracketed(arguments) => Some(&arguments.args),
        _ => None,
    };
    arguments.into_iter().flatten().filter_map(|argument| match argument {
        GenericArgument::Type(ty) => Some(ty),
        GenericArgument::AssocType(assoc) => Some(&assoc.ty),
        _ => None,
    })
}

/// The item called `name`.
pub(crate) fn find<'a>(attrs: &'a [Attr], name: &str) -> Option<&'a Attr> {
    attrs.iter().find(|attr| attr.is(name))
}

/// The path that `value` is, if it is one; it may begin with `<Self as ...>`.
pub(crate) fn path(value: &Expr) -> Option<&ExprPath> {
    match value {
        Expr::Path(path) => Some(path),
        _ => None,
    }
}

/// The string that `value` is, if it is one.
pub(crate) fn string(value: &Expr) -> Option<&LitStr> {
    match value {
        Expr::Lit(ExprLit { lit: Lit::Str(text), .. }) => Some(text),
        _ => None,
    }
}

/// The where-predicates that stand in `text`.
///
/// For the compiler the macro has written them: to what the user wrote it would
/// suggest changes, and put them outside the string.
pub(crate) fn predicates(text: &LitStr) -> syn::Result<Vec<WherePredicate>> {
    let written = text.parse::<TokenStream>()?;
    let ours = written.into_iter().map(|mut token| {
        token.set_span(at(text));
        token
    });
    let parser = Punctuated::<WherePredicate, Token![,]>::parse_terminated;
    Ok(parser.parse2(ours.collect())?.into_iter().collect())
}
