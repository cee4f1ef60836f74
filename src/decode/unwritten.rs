//! What a reply says by saying nothing. A list without an element around it, or of a field for
//! each item, has none where it is empty: of a reply, whose sender is known, the list is taken for
//! there and empty where it must be there at all. A client is held to what it writes.

use super::media::Kind;
use super::raw::{Form, item_shape, member_shape};
use super::xml_value::is_unwrapped;
use crate::spec::{ShapeId, Shapes};
use serde_json::Value;

/// Adds the empty lists that a body of a media type has no way to write.
pub(super) fn add_lists(value: &mut Value, kind: Kind, shapes: &Shapes, id: Option<ShapeId>) {
    match value {
        Value::Object(members) if matches!(kind, Kind::Form | Kind::Xml) => {
            let properties = id.map(|id| &shapes.get(id).properties);
            for (name, property) in properties.into_iter().flatten() {
                if !property.required || members.contains_key(name) {
                    continue;
                }
                let shape = shapes.get(shapes.of_property(property));
                let is_list = Form::of(shape) == Form::Array;
                if is_list && (kind == Kind::Form || is_unwrapped(shape)) {
                    members.insert(name.clone(), Value::Array(Vec::new()));
                }
            }
            for (name, value) in members.iter_mut().filter(|_| kind == Kind::Xml) {
                add_lists(value, kind, shapes, member_shape(shapes, id, name));
            }
        }
        Value::Array(items) if kind == Kind::Xml => {
            let item = item_shape(shapes, id);
            for value in items {
                add_lists(value, kind, shapes, item);
            }
        }
        _ => {}
    }
}
