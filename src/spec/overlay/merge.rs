//! How an `update` is merged (Overlay 1.1.0 §4.4.3).

use serde_json::Value;

/// What can't be merged: where in the update, and why.
pub(super) struct Incompatible {
    pub(super) inner: String,
    pub(super) message: String,
}

/// Merges an update onto a target that an action selects. A list takes a list's items, and
/// anything else as one more item. 1.0 would append a list as one item; no tool does, and its
/// successor says otherwise.
pub(super) fn onto(target: &mut Value, update: &Value) -> Result<(), Incompatible> {
    match (target, update) {
        (Value::Array(items), Value::Array(more)) => items.extend(more.iter().cloned()),
        (Value::Array(items), one) => items.push(one.clone()),
        (target, update) => merge(target, update, &mut String::new())?,
    }
    Ok(())
}

fn merge(target: &mut Value, update: &Value, inner: &mut String) -> Result<(), Incompatible> {
    match (target, update) {
        (Value::Object(target), Value::Object(update)) => {
            for (name, value) in update {
                match target.get_mut(name) {
                    None => {
                        target.insert(name.clone(), value.clone());
                    }
                    Some(old) => {
                        let length = inner.len();
                        inner.push('/');
                        inner.push_str(&name.replace('~', "~0").replace('/', "~1"));
                        merge(old, value, inner)?;
                        inner.truncate(length);
                    }
                }
            }
        }
        (Value::Array(target), Value::Array(update)) => target.extend(update.iter().cloned()),
        (target, update) if is_plain(target) && is_plain(update) => *target = update.clone(),
        (target, update) => {
            let message = format!("{} can't be merged onto {}", what(update), what(target));
            return Err(Incompatible {
                inner: inner.clone(),
                message,
            });
        }
    }
    Ok(())
}

fn is_plain(value: &Value) -> bool {
    !value.is_object() && !value.is_array()
}

fn what(value: &Value) -> &'static str {
    match value {
        Value::Object(_) => "an object",
        Value::Array(_) => "a list",
        _ => "a plain value",
    }
}

/// About how many bytes a value takes.
pub(super) fn size(value: &Value) -> usize {
    const NODE: usize = 32;
    NODE + match value {
        Value::String(text) => text.len(),
        Value::Array(items) => items.iter().map(size).sum(),
        Value::Object(map) => map
            .iter()
            .map(|(name, value)| name.len() + size(value))
            .sum(),
        _ => 0,
    }
}

/// How deep a value is; 0 for one that holds nothing.
pub(super) fn depth(value: &Value) -> usize {
    match value {
        Value::Array(items) => items.iter().map(depth).max().map_or(0, |depth| depth + 1),
        Value::Object(map) => map.values().map(depth).max().map_or(0, |depth| depth + 1),
        _ => 0,
    }
}
