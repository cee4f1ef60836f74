//! The query parameters of an operation, taken apart: a deepObject `page` is `page[size]`,
//! `page[number]` and so on, as if each were declared for itself.

use super::name::plain;
use super::told;
use crate::decode::ParameterReader;
use crate::spec::{Location, Shape, ShapeId, Shapes, Style};
use serde_json::{Map, Value};

/// How many parameters of an operation are read.
const MOST: usize = 200;

/// Where a value stands among the decoded ones of a query, and what it is called on the wire.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Field {
    name: String,
    member: Option<String>,
    /// Its name in a query.
    pub(super) wire: String,
}

impl Field {
    /// What a request says there: nothing where it says null or an empty text.
    pub(super) fn of<'q>(&self, query: &'q Map<String, Value>) -> Option<&'q Value> {
        let value = query.get(&self.name)?;
        let value = match &self.member {
            Some(member) => value.get(member)?,
            None => value,
        };
        let is_empty = value.is_null() || value.as_str() == Some("");
        (!is_empty).then_some(value)
    }

    /// The parameter that is declared for it.
    pub(super) fn parameter(&self) -> &str {
        &self.name
    }
}

/// A parameter as its role is read from it.
#[derive(Debug)]
pub(super) struct Lead<'s> {
    pub(super) field: Field,
    /// Its name without case and signs.
    pub(super) plain: String,
    pub(super) description: String,
    pub(super) shape: Option<(ShapeId, &'s Shape)>,
    /// What its parameter has as examples.
    examples: Vec<Value>,
    shapes: &'s Shapes,
}

impl<'s> Lead<'s> {
    /// All of them, in document order.
    pub(super) fn all(readers: &[ParameterReader], shapes: &'s Shapes) -> Vec<Lead<'s>> {
        let in_query = |reader: &&ParameterReader| reader.parameter.location == Location::Query;
        let mut leads = Vec::new();
        for reader in readers.iter().filter(in_query) {
            let declared = &reader.parameter;
            let described = shapes.document().node(declared.at).get("description");
            let described = described.and_then(|text| Some(text.text()?.into_owned()));
            let shape = reader.shape.map(|id| (id, shapes.get(id)));
            let is_object = shape.is_some_and(|(_, shape)| shape.types.has("object"))
                && declared.media_type.is_none();
            for (name, property) in shape
                .filter(|_| is_object)
                .iter()
                .flat_map(|(_, shape)| &shape.properties)
            {
                let wire = match declared.style {
                    Style::DeepObject => format!("{}[{name}]", declared.name),
                    _ if declared.explode => name.clone(),
                    // Written in one with others it has no name of its own.
                    _ => continue,
                };
                let id = shapes.of_property(property);
                let field = Field {
                    name: declared.name.clone(),
                    member: Some(name.clone()),
                    wire,
                };
                leads.push(Lead::new(field, None, (Some(id), &[]), shapes));
            }
            let field = Field {
                name: declared.name.clone(),
                member: None,
                wire: declared.name.clone(),
            };
            let typed = (reader.shape, &*declared.examples);
            leads.push(Lead::new(field, described, typed, shapes));
        }
        leads.truncate(MOST);
        leads
    }

    fn new(
        field: Field,
        described: Option<String>,
        (id, examples): (Option<ShapeId>, &[Value]),
        shapes: &'s Shapes,
    ) -> Lead<'s> {
        let own = || {
            let description = shapes.says(id?, "description")?;
            Some(description.text()?.into_owned())
        };
        // A writer of names like `page.size` means the same.
        let plain = plain(&field.wire);
        Lead {
            plain,
            description: described.or_else(own).unwrap_or_default(),
            shape: id.map(|id| (id, shapes.get(id))),
            examples: examples.to_vec(),
            shapes,
            field,
        }
    }

    /// Whether it may have this type; one that isn't said may be any.
    pub(super) fn may_be(&self, name: &str) -> bool {
        self.shape
            .is_none_or(|(_, shape)| shape.types.is_unsaid() || shape.types.has(name))
    }

    /// Whether it counts, or may be a text that does.
    pub(super) fn may_count(&self) -> bool {
        !self.is_moment()
            && ["integer", "number", "string"]
                .iter()
                .any(|name| self.may_be(name))
    }

    /// Whether it is a number, and no text.
    pub(super) fn is_number(&self) -> bool {
        self.shape.is_some_and(|(_, shape)| {
            (shape.types.has("integer") || shape.types.has("number")) && !shape.types.has("string")
        })
    }

    /// Whether it says that it is a date.
    pub(super) fn is_moment(&self) -> bool {
        let format = self.text("format");
        ["date", "date-time"].contains(&format.as_str())
    }

    /// Whether it is a date, or its description tells of one and of nothing else that is next to
    /// a page.
    pub(super) fn tells_of_time(&self) -> bool {
        let mentions = |words: &[&str]| told::mentions(&self.description, words);
        let is_told = mentions(&[
            "timestamp",
            "date",
            "iso 8601",
            "iso8601",
            "iso-8601",
            "rfc 3339",
            "rfc3339",
            "the time",
            "given time",
            "a time,",
        ]);
        self.is_moment() || is_told && !mentions(&["cursor", "token", " id ", "ids "])
    }

    /// The values that it is one of, as texts; none where it is open.
    pub(super) fn choices(&self) -> Vec<String> {
        let of = |id: ShapeId| self.shapes.says(id, "enum");
        let own = self.shape.and_then(|(id, _)| of(id));
        let of_items = || {
            let (_, shape) = self.shape?;
            of(self.shapes.of_items(shape)?)
        };
        let listed = own.or_else(of_items);
        let values = listed.into_iter().flat_map(|listed| listed.items());
        values
            .filter_map(|value| Some(value.text()?.into_owned()))
            .collect()
    }

    /// A count that its schema says under a keyword.
    pub(super) fn count(&self, keyword: &str) -> Option<usize> {
        let (id, _) = self.shape?;
        count(&self.shapes.says(id, keyword)?.value())
    }

    /// A text that its schema says under a keyword.
    pub(super) fn text(&self, keyword: &str) -> String {
        let found = self.shape.and_then(|(id, _)| self.shapes.says(id, keyword));
        let text = found.and_then(|text| Some(text.text()?.into_owned()));
        text.unwrap_or_default()
    }

    /// The values that the document writes out for it: examples and the default.
    pub(super) fn written(&self) -> Vec<Value> {
        let said = |keyword| self.shape.and_then(|(id, _)| self.shapes.says(id, keyword));
        let listed = said("examples")
            .into_iter()
            .flat_map(|listed| listed.items());
        let alone = ["example", "default"].into_iter().filter_map(said);
        let of_schema = listed.chain(alone).map(|node| node.value());
        self.examples.iter().cloned().chain(of_schema).collect()
    }

    /// The default, by its schema.
    pub(super) fn default(&self) -> Option<&'s Value> {
        self.shape.and_then(|(_, shape)| shape.default.as_ref())
    }
}

/// A value as a count: one that is too large is the largest, a fraction or what is below zero
/// is none.
pub(super) fn count(value: &Value) -> Option<usize> {
    let text = match value {
        Value::Number(number) => number.as_str(),
        Value::String(text) => text.trim(),
        _ => return None,
    };
    let digits = text.strip_suffix(".0").unwrap_or(text);
    if digits.is_empty() || !digits.bytes().all(|octet| octet.is_ascii_digit()) {
        let number: f64 = text.parse().ok()?;
        let is_count = number >= 0.0 && number.fract() == 0.0;
        // Those that are out of range are the largest.
        return is_count.then_some(number as usize);
    }
    Some(digits.parse().unwrap_or(usize::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn counts_are_read_from_any_value_and_have_an_end() {
        let huge: Value = serde_json::from_str("1e30").expect("a number");
        for (value, wanted) in [
            (json!(7), Some(7)),
            (json!("7"), Some(7)),
            (json!(7.0), Some(7)),
            (huge, Some(usize::MAX)),
            (json!("999999999999999999999999999999"), Some(usize::MAX)),
            (json!(-1), None),
            (json!(1.5), None),
            (json!("x"), None),
            (json!("inf"), None),
            (json!("nan"), None),
            (json!(null), None),
        ] {
            assert_eq!(count(&value), wanted, "{value}");
        }
    }
}
