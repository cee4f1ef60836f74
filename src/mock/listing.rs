use super::find::{belongs, key_text};
use super::prepared::Contents;
use super::{Binding, PreparedContent, project};
use crate::decode::Parameters;
use crate::store::State;
use crate::validate::View;
use serde_json::Value;

/// The body of a list: the items of the collection that hang on the path's parents and fit the
/// query parameters of the same names as their properties.
pub fn list(
    contents: Contents<'_>,
    binding: &Binding,
    content: Option<&PreparedContent>,
    parameters: &Parameters,
    state: &State,
) -> Value {
    let filters: Vec<(&String, &Value)> = binding
        .filters
        .iter()
        .filter_map(|name| parameters.query.get_key_value(name))
        .filter(|(_, wanted)| !wanted.is_object())
        .collect();
    let collection = state.collection(&binding.place(parameters));
    let items: Vec<Value> = collection
        .into_iter()
        .flat_map(|collection| collection.iter())
        .map(|(_, item)| item.value.as_ref())
        .filter(|item| {
            let mut parents = binding.parents.iter();
            (!binding.is_seeded
                || parents.all(|parent| belongs(item, &parent.parameter, parameters)))
                && filters
                    .iter()
                    .all(|(name, wanted)| fits(item, name, wanted))
        })
        .cloned()
        .collect();
    let total = items.len();
    let mut body = binding.wrapped(Value::Array(items));
    if let Some(body) = body.as_object_mut() {
        for name in &binding.totals {
            body.insert(name.clone(), total.into());
        }
    }
    project(
        contents.shapes,
        content.and_then(|content| content.shape),
        &body,
        View::Reply,
    )
}

/// A list of wanted values is a choice among them; a property that is a list fits where it has
/// the value.
fn fits(item: &Value, name: &str, wanted: &Value) -> bool {
    let is = |value: &Value, wanted: &Value| key_text(Some(value)) == key_text(Some(wanted));
    let any = |value: &Value| match wanted {
        Value::Array(choices) => choices.iter().any(|choice| is(value, choice)),
        wanted => is(value, wanted),
    };
    match item.get(name) {
        None => false,
        Some(Value::Array(values)) => values.iter().any(any),
        Some(value) => any(value),
    }
}
