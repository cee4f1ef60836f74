use super::echo::meant;
use crate::rules::Merge;
use crate::spec::{ShapeId, Shapes};
use serde_json::{Map, Value};

/// The item as it would become. A whole replacement takes away only what a client could have
/// sent: what the shape of the body declares and isn't `readOnly`, and of a map whatever it has.
pub fn merge(
    how: Merge,
    stored: &Value,
    body: &Value,
    shapes: &Shapes,
    declared: Option<ShapeId>,
) -> Value {
    let mut next = stored.clone();
    match how {
        Merge::Deep => merge_patch(&mut next, body),
        Merge::Properties => replace_members(&mut next, body),
        Merge::Whole => {
            if let (Value::Object(next), Value::Object(body)) = (&mut next, body) {
                let declared = declared.map(|id| shapes.get(id));
                let is_clients = |id: ShapeId| !shapes.get(id).read_only;
                let sendable = |name: &String| {
                    declared.is_some_and(|shape| match meant(shape, name) {
                        Some(known) => {
                            let property = shape.properties.get(known);
                            property.is_some_and(|it| is_clients(shapes.of_property(it)))
                        }
                        None if shape.properties.is_empty() || shape.has_pattern_of(name) => {
                            let undeclared = shapes.of_undeclared(shape, name);
                            undeclared.map_or(shape.mentions(name), is_clients)
                        }
                        None => shape.mentions(name),
                    })
                };
                next.retain(|name, _| !sendable(name));
                next.extend(body.clone());
            }
        }
    }
    next
}

fn replace_members(target: &mut Value, body: &Value) {
    if let (Value::Object(target), Value::Object(body)) = (target, body) {
        for (name, value) in body {
            match value {
                Value::Null => target.shift_remove(name),
                value => target.insert(name.clone(), value.clone()),
            };
        }
    }
}

/// RFC 7396 §2.
fn merge_patch(target: &mut Value, patch: &Value) {
    let Value::Object(patch) = patch else {
        *target = patch.clone();
        return;
    };
    if !target.is_object() {
        *target = Value::Object(Map::new());
    }
    if let Value::Object(target) = target {
        for (name, value) in patch {
            match value {
                Value::Null => {
                    target.shift_remove(name);
                }
                value => merge_patch(target.entry(name.clone()).or_insert(Value::Null), value),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn given_properties_replace_whole_and_null_removes() {
        let stored = json!({"a": {"x": 1}, "b": [1], "c": 1});
        let body = json!({"a": {"y": null}, "b": null});
        let next = merge(
            Merge::Properties,
            &stored,
            &body,
            &Shapes::of_schema(&json!({})).0,
            None,
        );
        assert_eq!(next, json!({"a": {"y": null}, "c": 1}));
    }

    /// The test cases of RFC 7396, appendix A.
    #[test]
    fn merge_patches_do_as_the_rfcs_table_says() {
        for (original, patch, result) in [
            (json!({"a": "b"}), json!({"a": "c"}), json!({"a": "c"})),
            (
                json!({"a": "b"}),
                json!({"b": "c"}),
                json!({"a": "b", "b": "c"}),
            ),
            (json!({"a": "b"}), json!({"a": null}), json!({})),
            (
                json!({"a": "b", "b": "c"}),
                json!({"a": null}),
                json!({"b": "c"}),
            ),
            (json!({"a": ["b"]}), json!({"a": "c"}), json!({"a": "c"})),
            (json!({"a": "c"}), json!({"a": ["b"]}), json!({"a": ["b"]})),
            (
                json!({"a": {"b": "c"}}),
                json!({"a": {"b": "d", "c": null}}),
                json!({"a": {"b": "d"}}),
            ),
            (
                json!({"a": [{"b": "c"}]}),
                json!({"a": [1]}),
                json!({"a": [1]}),
            ),
            (json!(["a", "b"]), json!(["c", "d"]), json!(["c", "d"])),
            (json!({"a": "b"}), json!(["c"]), json!(["c"])),
            (json!({"a": "foo"}), json!(null), json!(null)),
            (json!({"a": "foo"}), json!("bar"), json!("bar")),
            (
                json!({"e": null}),
                json!({"a": 1}),
                json!({"e": null, "a": 1}),
            ),
            (
                json!([1, 2]),
                json!({"a": "b", "c": null}),
                json!({"a": "b"}),
            ),
            (
                json!({}),
                json!({"a": {"bb": {"ccc": null}}}),
                json!({"a": {"bb": {}}}),
            ),
        ] {
            assert_eq!(
                merge(
                    Merge::Deep,
                    &original,
                    &patch,
                    &Shapes::of_schema(&json!({})).0,
                    None
                ),
                result,
                "{patch}"
            );
        }
    }
}
