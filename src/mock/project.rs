use crate::spec::{ShapeId, Shapes};
use crate::validate::View;
use serde_json::{Map, Value};

/// What of a value belongs to a shape: the declared properties in the declared order, and others
/// only where the shape is open. Of a request, `readOnly` properties are left out; of a reply,
/// `writeOnly` ones. So a client can't set what isn't its own, and a reply shows no bookkeeping.
pub fn project(shapes: &Shapes, id: Option<ShapeId>, value: &Value, view: View) -> Value {
    let Some(id) = id else {
        return value.clone();
    };
    let shape = shapes.get(id);
    match value {
        Value::Object(members) if !shape.properties.is_empty() => {
            let mut out = Map::new();
            for (name, property) in &shape.properties {
                let id = shapes.of_property(property);
                let inner = shapes.get(id);
                let hidden = match view {
                    View::Request => inner.read_only,
                    View::Reply => inner.write_only,
                };
                if !hidden && let Some(value) = members.get(name) {
                    let value = project(shapes, Some(id), value, view);
                    out.insert(name.clone(), value);
                }
            }
            if shape.is_open() {
                for (name, value) in members {
                    if !shape.properties.contains_key(name) {
                        out.insert(name.clone(), value.clone());
                    }
                }
            }
            Value::Object(out)
        }
        Value::Object(_) if !shape.is_open() => Value::Object(Map::new()),
        Value::Array(items) => match shapes.of_items(shape) {
            Some(id) => items
                .iter()
                .map(|item| project(shapes, Some(id), item, view))
                .collect(),
            None => value.clone(),
        },
        _ => value.clone(),
    }
}

/// Takes out of a value what its side may not send, and leaves all else as it is.
pub fn withhold(shapes: &Shapes, id: ShapeId, value: &mut Value, view: View) {
    let shape = shapes.get(id);
    match value {
        Value::Object(members) => members.retain(|name, value| {
            let Some(property) = shape.properties.get(name) else {
                return true;
            };
            let id = shapes.of_property(property);
            let inner = shapes.get(id);
            let hidden = match view {
                View::Request => inner.read_only,
                View::Reply => inner.write_only,
            };
            if !hidden {
                withhold(shapes, id, value, view);
            }
            !hidden
        }),
        Value::Array(items) => {
            if let Some(id) = shapes.of_items(shape) {
                items
                    .iter_mut()
                    .for_each(|item| withhold(shapes, id, item, view));
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
            project(&shapes, Some(id), &value, View::Request),
            json!({"secret": "s", "tags": [{"name": "a"}], "free": {"x": 1}})
        );
        assert_eq!(
            project(&shapes, Some(id), &value, View::Reply).to_string(),
            r#"{"id":"7","tags":[{"name":"a"}],"free":{"x":1}}"#,
            "in the declared order"
        );
    }
}
