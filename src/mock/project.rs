use crate::spec::{Shape, ShapeId, Shapes};
use crate::validate::View;
use serde_json::{Map, Value};
use std::borrow::Cow;

/// What of a value belongs to a shape: the declared properties in the declared order, and others
/// only where the shape is open or speaks of them. Of a request, `readOnly` properties are left out; of a reply,
/// `writeOnly` ones. So a client can't set what isn't its own, and a reply shows no bookkeeping.
///
/// Most values are so already, and are given back as they are.
pub fn project<'v>(
    shapes: &Shapes,
    id: Option<ShapeId>,
    value: &'v Value,
    view: View,
) -> Cow<'v, Value> {
    match id.filter(|id| !is_projected(shapes, *id, value, view)) {
        Some(id) => Cow::Owned(projected(shapes, id, value, view)),
        None => Cow::Borrowed(value),
    }
}

fn is_hidden(shape: &Shape, view: View) -> bool {
    match view {
        View::Request => shape.read_only,
        View::Reply => shape.write_only,
    }
}

/// Whether a value has what belongs to its shape, in the declared order, and nothing else.
fn is_projected(shapes: &Shapes, id: ShapeId, value: &Value, view: View) -> bool {
    let shape = shapes.get(id);
    match value {
        Value::Object(members) if !shape.properties.is_empty() => {
            let mut declared = shape.properties.iter();
            members.iter().all(|(name, value)| {
                let Some((_, property)) = declared.find(|(known, _)| *known == name) else {
                    return shape.admits(name)
                        && !shape.properties.contains_key(name)
                        && is_shown_undeclared(shapes, shape, (name, value), view);
                };
                let id = shapes.of_property(property);
                !is_hidden(shapes.get(id), view) && is_projected(shapes, id, value, view)
            })
        }
        Value::Object(members) => {
            let is_right = |member: (&String, &Value)| {
                shape.admits(member.0) && is_shown_undeclared(shapes, shape, member, view)
            };
            members.iter().all(is_right)
        }
        Value::Array(items) => {
            let says_items = shape.has_items() || shape.has_prefix();
            let is_right = |(index, item): (usize, &Value)| {
                let id = shapes.of_item(shape, index);
                id.is_none_or(|id| is_projected(shapes, id, item, view))
            };
            !says_items || items.iter().enumerate().all(is_right)
        }
        _ => true,
    }
}

/// Whether a property that isn't declared by its name is one of this side, and has what belongs to it.
fn is_shown_undeclared(
    shapes: &Shapes,
    shape: &Shape,
    (name, value): (&String, &Value),
    view: View,
) -> bool {
    shapes
        .of_undeclared(shape, name)
        .is_none_or(|id| !is_hidden(shapes.get(id), view) && is_projected(shapes, id, value, view))
}

fn projected(shapes: &Shapes, id: ShapeId, value: &Value, view: View) -> Value {
    let shape = shapes.get(id);
    match value {
        Value::Object(members) => {
            let mut out = Map::with_capacity(members.len());
            for (name, property) in &shape.properties {
                let id = shapes.of_property(property);
                if !is_hidden(shapes.get(id), view)
                    && let Some(value) = members.get(name)
                {
                    out.insert(name.clone(), projected(shapes, id, value, view));
                }
            }
            for (name, value) in members {
                if shape.properties.contains_key(name) || !shape.admits(name) {
                    continue;
                }
                match shapes.of_undeclared(shape, name) {
                    Some(id) if is_hidden(shapes.get(id), view) => {}
                    Some(id) => {
                        out.insert(name.clone(), projected(shapes, id, value, view));
                    }
                    None => {
                        out.insert(name.clone(), value.clone());
                    }
                }
            }
            Value::Object(out)
        }
        Value::Array(items) => {
            let items = items.iter().enumerate();
            let items = items.map(|(index, item)| match shapes.of_item(shape, index) {
                Some(id) => projected(shapes, id, item, view),
                None => item.clone(),
            });
            items.collect()
        }
        _ => value.clone(),
    }
}

/// Takes out of a value what its side may not send, and leaves all else as it is.
pub fn withhold(shapes: &Shapes, id: ShapeId, value: &mut Value, view: View) {
    let shape = shapes.get(id);
    match value {
        Value::Object(members) => members.retain(|name, value| {
            let declared = shape.properties.get(name);
            let declared = declared.map(|property| shapes.of_property(property));
            let Some(id) = declared.or_else(|| shapes.of_undeclared(shape, name)) else {
                return true;
            };
            let is_shown = !is_hidden(shapes.get(id), view);
            if is_shown {
                withhold(shapes, id, value, view);
            }
            is_shown
        }),
        Value::Array(items) => {
            for (index, item) in items.iter_mut().enumerate() {
                if let Some(id) = shapes.of_item(shape, index) {
                    withhold(shapes, id, item, view);
                }
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_is_not_declared_is_left_out_on_every_level() {
        let root = json!({"properties": {
            "id": {"type": "string", "readOnly": true},
            "secret": {"type": "string", "writeOnly": true},
            "tags": {"type": "array", "items": {"properties": {"name": {"type": "string"}}}},
            "free": {"type": "object"},
        }});
        let (shapes, id) = Shapes::of_schema(&root);
        let value = json!({"free": {"x": 1}, "tags": [{"name": "a", "n": 2}], "other": 1,
                           "secret": "s", "id": "7"});
        assert_eq!(
            *project(&shapes, Some(id), &value, View::Request),
            json!({"secret": "s", "tags": [{"name": "a"}], "free": {"x": 1}})
        );
        assert_eq!(
            project(&shapes, Some(id), &value, View::Reply).to_string(),
            r#"{"id":"7","tags":[{"name":"a"}],"free":{"x":1}}"#,
            "in the declared order"
        );
        let own = json!({"id": "7", "tags": [{"name": "a"}], "free": {"x": 1}});
        let shown = project(&shapes, Some(id), &own, View::Reply);
        assert!(
            matches!(shown, Cow::Borrowed(_)),
            "no copy of what is right"
        );
    }

    #[test]
    fn what_is_required_and_declared_nowhere_belongs() {
        let root = json!({
            "required": ["id", "maker"],
            "properties": {"name": {"type": "string"}},
            "allOf": [{"properties": {"id": {"type": "string"}}}],
        });
        let (shapes, id) = Shapes::of_schema(&root);
        let value = json!({"name": "Mug", "id": "7", "maker": "Northwind", "other": 1});
        assert_eq!(
            *project(&shapes, Some(id), &value, View::Reply),
            json!({"name": "Mug", "id": "7", "maker": "Northwind"})
        );
        assert!(
            shapes.get(id).properties["id"].required,
            "as said before it"
        );
    }
}
