//! JSON.

use crate::trace::Sizer;
use crate::trace::memory::{array, indexed, tree};
use crate::trace::visit::leaf;
use serde_json::{Error, Map, Number, Value};
use std::collections::BTreeMap;

leaf! {
    Value => |this, sizer| measure(this, sizer),
    Number,
    Map<String, Value> => |this, sizer| measure_map(this, sizer),
    /// A leaf: the error that it may wrap cannot be seen.
    Error,
}

/// As deep as the value nests, as its destructor.
fn measure(value: &Value, sizer: &mut Sizer<'_>) {
    match value {
        Value::String(text) => sizer.add(text.capacity()),
        Value::Array(values) => {
            sizer.add(array::<Value>(values.capacity()));
            values.iter().for_each(|value| measure(value, sizer));
        }
        Value::Object(map) => measure_map(map, sizer),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// A feature of serde_json decides which kind of map it is: only its size tells.
fn measure_map(map: &Map<String, Value>, sizer: &mut Sizer<'_>) {
    let is_tree = size_of_val(map) == size_of::<BTreeMap<String, Value>>();
    sizer.add(match is_tree {
        true => tree::<String, Value>(map.keys()),
        false => indexed::<(usize, String, Value)>(map.len()),
    });
    for (key, value) in map {
        sizer.add(key.capacity());
        measure(value, sizer);
    }
}
