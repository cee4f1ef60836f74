use super::prepared::Contents;
use super::update::{belongs, check_parents, key_text};
use super::{Binding, PreparedContent, Rejection, project};
use crate::decode::Parameters;
use crate::store::State;
use crate::validate::View;
use serde_json::{Map, Value};

/// The body of a list: the items of the collection that hang on the path's parents and fit the
/// query parameters of the same names as their properties.
pub fn list(
    contents: Contents<'_>,
    binding: &Binding,
    content: Option<&PreparedContent>,
    parameters: &Parameters,
    state: &State,
) -> Result<Value, Rejection> {
    check_parents(binding, parameters, state)?;
    let filters: Vec<(&String, &Value)> = binding
        .filters
        .iter()
        .filter_map(|name| parameters.query.get_key_value(name))
        .filter(|(_, wanted)| !wanted.is_object())
        .collect();
    let collection = state.collection(&binding.collection);
    let items: Vec<Value> = collection
        .into_iter()
        .flat_map(|collection| collection.iter())
        .map(|(_, item)| item.value.as_ref())
        .filter(|item| {
            let mut parents = binding.parents.iter();
            parents.all(|parent| belongs(item, &parent.parameter, parameters))
                && filters
                    .iter()
                    .all(|(name, wanted)| fits(item, name, wanted))
        })
        .cloned()
        .collect();
    let body = match &binding.envelope {
        None => Value::Array(items),
        Some(name) => {
            let mut body = Map::new();
            for total in &binding.totals {
                body.insert(total.clone(), items.len().into());
            }
            body.insert(name.clone(), Value::Array(items));
            Value::Object(body)
        }
    };
    Ok(project(
        contents.shapes,
        content.and_then(|content| content.shape),
        &body,
        View::Reply,
    ))
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
