//! A made-up body that follows what a client said, where putting that into one that was made
//! before doesn't do: of alternatives another may be meant, and items may need more than was sent.

use super::prepared::Contents;
use super::{PreparedContent, project};
use crate::sample::{Order, sample};
use crate::spec::{Node, ShapeId};
use crate::validate::View;
use serde_json::{Map, Value};

impl PreparedContent {
    /// A valid body that says what another says as far as the schema lets it, and all else that
    /// must be there.
    pub fn like(&self, contents: Contents<'_>, body: &Value, seed: &str) -> Option<Value> {
        let order = Order {
            schema: self.declared.schema?,
            view: View::Reply,
            seed: &format!("{}{seed}", contents.sampling.seed),
            is_dynamic: false,
            locale: contents.sampling.locale(contents.document),
            names: &[],
            hint: None,
            wish: Some(body),
        };
        sample(contents.document, contents.schemas, &order).ok()
    }

    /// The same for what the client said of the object at `at` in a body, where the body as it is
    /// `told` lost some of that, or may be of another alternative than the client's.
    pub(super) fn followed(
        &self,
        contents: Contents<'_>,
        (at, shape): (&str, ShapeId),
        told: &Value,
        said: &Map<String, Value>,
    ) -> Option<Value> {
        let said = Value::Object(said.clone());
        let said = project(contents.shapes, Some(shape), &said, View::Reply).into_owned();
        let Value::Object(mut said) = said else {
            return None;
        };
        let properties = &contents.shapes.get(shape).properties;
        said.retain(|name, value| properties.contains_key(name.as_str()) && !value.is_null());
        let says = |body: &Value| {
            let item = body.pointer(at).unwrap_or(&Value::Null);
            let all = said.iter();
            all.filter(|(name, value)| item.get(*name).is_some_and(|item| contains(item, value)))
                .count()
        };
        let kept = says(told);
        let at_schema = self.declared.schema.map(|at| contents.document.node(at));
        let is_varied = || at_schema.is_some_and(|schema| has_alternatives(contents, schema));
        if said.is_empty() || kept == said.len() && !is_varied() {
            return None;
        }
        let mut wish = told.clone();
        *wish.pointer_mut(at)? = Value::Object(said.clone());
        let made = self.like(contents, &wish, "follow")?;
        (says(&made) >= kept).then_some(made)
    }
}

/// Whether a schema is one of several, itself or where it leads.
fn has_alternatives(contents: Contents<'_>, schema: Node<'_>) -> bool {
    let led_to = contents.document.referred(schema.at());
    let nodes = [schema, contents.document.node(led_to)];
    let mut names = ["oneOf", "anyOf"].iter();
    names.any(|name| nodes.iter().any(|node| node.get(name).is_some()))
        || !contents.document.derived(nodes[1]).is_empty()
}

/// Whether a value says all that another says: members and items may say more.
fn contains(value: &Value, said: &Value) -> bool {
    match (value, said) {
        (Value::Object(value), Value::Object(said)) => said
            .iter()
            .all(|(name, said)| value.get(name).is_some_and(|value| contains(value, said))),
        (Value::Array(value), Value::Array(said)) => {
            let mut both = value.iter().zip(said);
            value.len() == said.len() && both.all(|(value, said)| contains(value, said))
        }
        (value, said) => value == said,
    }
}
