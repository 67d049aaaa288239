//! Every rule about the input, and what is said where it is broken.

use crate::attr::Attr;
use crate::errors::Errors;
use crate::input::{self, Field, Input, Variant, find};
use std::fmt;
use syn::{Meta, Token, punctuated::Punctuated};

/// Where an item can stand.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Site {
    Type,
    Variant,
    Field,
}

/// What an item's value must be.
#[derive(Clone, Copy)]
enum Form {
    /// There is none.
    Word,
    /// A path to something.
    Path,
    /// A string of where-predicates.
    Predicates,
}

/// One item that exists.
struct Rule {
    name: &'static str,
    site: Site,
    /// Whether it stands in `unsafe(...)`.
    promise: bool,
    form: Form,
}

impl Rule {
    const fn new(name: &'static str, site: Site, promise: bool, form: Form) -> Self {
        Rule { name, site, promise, form }
    }
}

const RULES: [Rule; 8] = [
    Rule::new("leaf", Site::Type, false, Form::Word),
    Rule::new("finalize", Site::Type, false, Form::Word),
    Rule::new("bound", Site::Type, false, Form::Predicates),
    Rule::new("crate", Site::Type, false, Form::Path),
    Rule::new("drop", Site::Type, true, Form::Word),
    Rule::new("skip", Site::Variant, false, Form::Word),
    Rule::new("skip", Site::Field, false, Form::Word),
    Rule::new("with", Site::Field, true, Form::Path),
];

/// As it is written, to be copied from a help line.
impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let value = match self.form {
            Form::Word => "",
            Form::Path => " = path",
            Form::Predicates => " = \"T: Trace\"",
        };
        match self.promise {
            true => write!(f, "unsafe({}{value})", self.name),
            false => write!(f, "{}{value}", self.name),
        }
    }
}

impl fmt::Display for Site {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Site::Type => "a type",
            Site::Variant => "a variant",
            Site::Field => "a field",
        })
    }
}

/// Checks all of it; what is wrong is noted in `errors`.
pub(crate) fn check(input: &Input<'_>, errors: &mut Errors) {
    if let Some(union) = input.union() {
        let help = "make it an enum, or write `unsafe impl Trace` by hand";
        errors.at(union.union_token, "a union does not tell which of its fields is alive", help);
    }
    items(&input.attrs, Site::Type, errors);
    leaf(input, errors);
    packed(input, errors);
    for variant in &input.variants {
        items(&variant.attrs, Site::Variant, errors);
        skipped_variant(variant, errors);
        for field in &variant.fields {
            items(&field.attrs, Site::Field, errors);
            skipped_field(field, errors);
        }
    }
}

/// What can be said of each item by itself, and that none is there twice.
fn items(attrs: &[Attr], site: Site, errors: &mut Errors) {
    for (number, attr) in attrs.iter().enumerate() {
        if attrs.iter().take(number).any(|earlier| earlier.name == attr.name) {
            let message = format!("`{}` is given twice", attr.name);
            errors.at(attr, message, "remove one of the two");
            continue;
        }
        match RULES.iter().find(|rule| rule.site == site && attr.is(rule.name)) {
            Some(rule) => {
                promise(attr, rule, errors);
                value(attr, rule, errors);
            }
            None => unknown(attr, site, errors),
        }
    }
}

/// `unsafe(...)` stands around what is a promise and around nothing else.
fn promise(attr: &Attr, rule: &Rule, errors: &mut Errors) {
    match attr.promise {
        None if rule.promise => {
            let message = format!("`{}` is a promise that the compiler cannot check", rule.name);
            errors.at(attr, message, format!("write `#[trace({rule})]` if you can keep it"));
        }
        Some(keyword) if !rule.promise => {
            let message = format!("`{}` promises nothing", rule.name);
            errors.at(keyword, message, format!("write `#[trace({rule})]`"));
        }
        _ => {}
    }
}

/// The value is there where there must be one, and it is of the right kind.
fn value(attr: &Attr, rule: &Rule, errors: &mut Errors) {
    let usage = format!("write `#[trace({rule})]`");
    let Some(value) = &attr.value else {
        if !matches!(rule.form, Form::Word) {
            errors.at(attr, format!("`{}` lacks its value", rule.name), usage);
        }
        return;
    };
    match rule.form {
        Form::Word => errors.at(value, format!("`{}` takes no value", rule.name), usage),
        Form::Path if input::path(value).is_some() => {}
        Form::Path => errors.at(value, format!("`{}` takes a path", rule.name), usage),
        Form::Predicates => match input::string(value).map(input::predicates) {
            None => errors.at(value, "`bound` takes a string of where-predicates", usage),
            Some(Err(error)) => {
                errors.at(value, format!("these are no where-predicates: {error}"), usage);
            }
            Some(Ok(_)) => {}
        },
    }
}

/// An item that does not exist, or not at this site.
fn unknown(attr: &Attr, site: Site, errors: &mut Errors) {
    let name = attr.name.to_string();
    let sites = RULES.iter().filter(|rule| rule.name == name).map(|rule| rule.site.to_string());
    let sites: Vec<String> = sites.collect();
    if !sites.is_empty() {
        let message = format!("`{name}` goes on {}, not on {site}", sites.join(" or "));
        errors.at(attr, message, elsewhere(&name, site));
        return;
    }
    let here = || RULES.iter().filter(|rule| rule.site == site);
    let nearest = here().map(|rule| (distance(rule.name, &name), rule)).min_by_key(|near| near.0);
    let help = match nearest {
        Some((steps, rule)) if steps * 2 <= rule.name.len() => format!("did you mean `{rule}`?"),
        _ => {
            let known: Vec<String> = here().map(|rule| format!("`{rule}`")).collect();
            format!("{site} can have {}", known.join(", "))
        }
    };
    errors.at(attr, format!("unknown attribute `{name}`"), help);
}

/// What to do instead of `name` at `site`.
fn elsewhere(name: &str, site: Site) -> &'static str {
    match (name, site) {
        ("skip", Site::Type) => "`#[trace(leaf)]` leaves out all that is in a type",
        ("with", Site::Variant) => "name the function on each field that needs it",
        ("with", _) => "for a whole type, write `unsafe impl Trace` by hand",
        ("leaf", _) => "`#[trace(skip)]` leaves this out",
        ("finalize", _) => "the hook is the type's, and found wherever the type is nested",
        _ => "move it to the `#[trace(...)]` above the type",
    }
}

/// Nothing else is said of what is in a leaf.
fn leaf(input: &Input<'_>, errors: &mut Errors) {
    if !input.is_leaf() {
        return;
    }
    let help = "nothing in it is looked at: remove this or the `leaf`";
    for attr in input.attrs.iter().filter(|attr| attr.is("bound") || attr.is("drop")) {
        let message = match attr.is("drop") {
            true => "a `leaf` may implement `Drop` as it is",
            false => "a `leaf` needs no bounds",
        };
        errors.at(attr, message, help);
    }
    for variant in &input.variants {
        inside("a `leaf`", &variant.attrs, Site::Variant, help, errors);
        for field in &variant.fields {
            inside("a `leaf`", &field.attrs, Site::Field, help, errors);
        }
    }
}

/// Nothing else is said of what is in a skipped variant.
fn skipped_variant(variant: &Variant<'_>, errors: &mut Errors) {
    if variant.is_skipped() {
        let help = "nothing in it is looked at: remove this or the variant's `skip`";
        for field in &variant.fields {
            inside("a skipped variant", &field.attrs, Site::Field, help, errors);
        }
    }
}

/// No item that would be right elsewhere stands where nothing is looked at.
fn inside(whole: &str, attrs: &[Attr], site: Site, help: &str, errors: &mut Errors) {
    let known = |attr: &&Attr| RULES.iter().any(|rule| rule.site == site && attr.is(rule.name));
    for attr in attrs.iter().filter(known) {
        errors.at(attr, format!("`{}` means nothing in {whole}", attr.name), help);
    }
}

/// A field is left out or traced by a function, not both.
fn skipped_field(field: &Field<'_>, errors: &mut Errors) {
    if let (true, Some(with)) = (field.is_skipped(), find(&field.attrs, "with")) {
        errors.at(with, "this field is skipped", "remove the `with` or the `skip`");
    }
}

/// References to the fields of a packed struct would be unaligned.
fn packed(input: &Input<'_>, errors: &mut Errors) {
    if input.traced_fields().next().is_none() {
        return;
    }
    for attribute in input.original.attrs.iter().filter(|attr| attr.path().is_ident("repr")) {
        let items = attribute.parse_args_with(Punctuated::<Meta, Token![,]>::parse_terminated);
        for item in items.into_iter().flatten().filter(|item| item.path().is_ident("packed")) {
            let message = "the fields of a packed struct cannot be borrowed";
            errors.at(item.path(), message, "remove it, or `#[trace(skip)]` every field");
        }
    }
}

/// How many letters must be put in, taken out or changed to get from `a` to `b`.
fn distance(a: &str, b: &str) -> usize {
    let mut row: Vec<usize> = (0..=b.chars().count()).collect();
    for (i, from) in a.chars().enumerate() {
        let mut diagonal = i;
        let mut left = i + 1;
        for (cell, to) in row.iter_mut().skip(1).zip(b.chars()) {
            let changed = diagonal + usize::from(from != to);
            diagonal = *cell;
            left = changed.min(left + 1).min(*cell + 1);
            *cell = left;
        }
        if let Some(first) = row.first_mut() {
            *first = i + 1;
        }
    }
    row.last().copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The first line of each message for this input.
    fn mistakes(text: &str) -> Vec<String> {
        let original = syn::parse_str(text).expect("the input parses");
        let mut errors = Errors::default();
        let input = Input::new(&original, &mut errors);
        check(&input, &mut errors);
        errors.messages().iter().filter_map(|text| text.lines().next()).map(String::from).collect()
    }

    #[test]
    fn all_mistakes_are_told_at_once() {
        let told = mistakes(
            "#[trace(leef)] #[trace(bound = \"T Trace\")] #[repr(C, packed(2))]
             struct Type<T> { #[trace(skip, skip)] a: T, #[trace(with = f)] b: T }",
        );
        assert_eq!(
            told,
            [
                "unknown attribute `leef`",
                "these are no where-predicates: expected `:`",
                "the fields of a packed struct cannot be borrowed",
                "`skip` is given twice",
                "`with` is a promise that the compiler cannot check",
            ]
        );
    }

    #[test]
    fn what_is_right_is_not_complained_of() {
        for text in [
            "#[trace(leaf, finalize)] struct Type<T>(T);",
            "#[trace(unsafe(drop), finalize, bound = \"\", crate = a::b)] struct Type<T>(T);",
            "#[repr(packed)] struct Type(#[trace(skip)] u8);",
            "enum Type { #[trace(skip)] A(u8), B(#[trace(unsafe(with = <T as U>::f))] u8) }",
        ] {
            assert_eq!(mistakes(text), [""; 0], "{text}");
        }
    }

    #[test]
    fn each_letter_counts_in_a_distance() {
        for (a, b, steps) in [("", "", 0), ("", "ab", 2), ("leaf", "leef", 1), ("skip", "kips", 2)]
        {
            assert_eq!((distance(a, b), distance(b, a)), (steps, steps), "{a} {b}");
        }
    }
}
