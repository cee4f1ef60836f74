//! What nobody gave a new item: it isn't there, as far as replies can do without it.

use super::echo::meant;
use super::key::alike;
use super::stamps::{HOLDERS, is_of_new};
use super::tie::trimmed;
use super::write::Write;
use super::{Binding, PreparedContent};
use crate::sample::{Role, role};
use crate::spec::{Property, ShapeId};
use crate::validate::View;
use crate::wire::{Method, Pointer};
use serde_json::Value;

/// What lists of links lead to is there from the first.
const LEADING: [&str; 2] = ["links", "_links"];

impl Write<'_, '_> {
    /// Takes out of a new item what a client could have sent and didn't, or gives it later.
    pub(super) fn without_unsent(
        &self,
        (binding, content): (&Binding, &PreparedContent),
        whole: &mut Value,
        sent: &Value,
        fits: &dyn Fn(&Value) -> bool,
    ) {
        let shapes = self.standins.contents.shapes;
        let is_free = |p: &&Property| !shapes.get(shapes.of_property(p)).read_only;
        let taken = self.shape.map(|id| shapes.get(id));
        let shown = self.item_shape(binding, content).map(|id| shapes.get(id));
        let is_sendable = |name: &str| {
            let property = taken.and_then(|taken| taken.properties.get(meant(taken, name)?));
            property.filter(is_free).is_some()
        };
        let later = self.given_later();
        let comes_later = |name: &str, value: &Value| {
            let property = shown.and_then(|shown| shown.properties.get(name));
            let property = property.filter(is_free).filter(|p| !p.required);
            let is_later = || {
                role(name) == Some(Role::Discount) || later.iter().any(|later| alike(later, name))
            };
            property.is_some_and(|property| {
                is_later() && self.says_something(shapes.of_property(property), name, value)
            })
        };
        let members = whole.as_object().into_iter().flatten();
        let unsent = members.filter(|(name, value)| {
            let is_sent = sent.get(name.as_str()).is_some();
            !is_sent && (is_sendable(name) || comes_later(name, value))
        });
        let unsent: Vec<String> = unsent.map(|(name, _)| name.clone()).collect();
        for name in unsent {
            let mut without = whole.clone();
            if let Some(members) = without.as_object_mut() {
                members.shift_remove(&name);
            }
            if fits(&without) {
                *whole = without;
            }
        }
    }

    /// Whether no client has a part in a property that items have: neither in making them nor later.
    pub(super) fn is_servers(&self, property: &Property, name: &str) -> bool {
        let shapes = self.standins.contents.shapes;
        let Some(taken) = self.shape.map(|id| shapes.get(id)) else {
            return false;
        };
        let types = shapes.get(shapes.of_property(property)).types;
        let mut kinds = ["string", "number", "integer", "boolean"].iter();
        let is_plain = kinds.any(|kind| types.has(kind));
        let is_sendable = || taken.properties.is_empty() || meant(taken, name).is_some();
        let is_later = || {
            let mut later = self.given_later().into_iter();
            role(name) == Some(Role::Discount) || later.any(|later| alike(&later, name))
        };
        is_plain && !is_sendable() && !is_later()
    }

    /// Has no rows in the lists of a new item that the client didn't send. Gives the names of those
    /// at its top.
    pub(super) fn without_rows(
        &self,
        whole: &mut Value,
        sent: &Value,
        fits: &dyn Fn(&Value) -> bool,
    ) -> Vec<String> {
        let held = HOLDERS.iter().map(|name| Pointer::root().child(name));
        let mut emptied = Vec::new();
        for at in std::iter::once(Pointer::root()).chain(held) {
            let own = at.get(sent);
            let members = at.get(whole).and_then(Value::as_object);
            let lists = members.into_iter().flatten().filter(|(name, value)| {
                let is_sent = own.is_some_and(|own| own.get(name.as_str()).is_some());
                let has_rows = value.as_array().is_some_and(|rows| !rows.is_empty());
                has_rows && !is_sent && !LEADING.contains(&name.as_str())
            });
            let lists: Vec<String> = lists.map(|(name, _)| name.clone()).collect();
            for name in lists {
                let place = at.child(&name);
                let mut without = whole.clone();
                place.set(&mut without, Value::Array(Vec::new()));
                if fits(&without) {
                    *whole = without;
                    emptied.extend((at == Pointer::root()).then_some(name));
                }
            }
        }
        emptied
    }

    /// Whether a value of a property is one that somebody must have given: it is none of a few, no
    /// flag, and nothing that the server keeps.
    fn says_something(&self, shape: ShapeId, name: &str, value: &Value) -> bool {
        let contents = self.standins.contents;
        let shown = contents.shapes.get(shape);
        let is_one_of_few = || {
            let schema = contents
                .schemas
                .at(View::Reply, contents.shapes.schema(shape));
            let any = Value::from("any text at all");
            value.is_string() && !contents.schemas.is_valid(schema, &any)
        };
        let is_moment = is_of_new(name);
        let is_plain = value.is_boolean() || value.is_array() || shown.default.is_some();
        !is_plain && !is_moment && !is_one_of_few()
    }

    /// What is said of an item when it is there: by what changes it, or by paths below it.
    fn given_later(&self) -> Vec<String> {
        let operations = self.standins.operations;
        let Some(tie) = operations.ties().named(&self.binding.collection) else {
            return Vec::new();
        };
        let mut names: Vec<String> = tie.sent(operations).into_iter().collect();
        let stubs = operations.stubs().iter();
        let below = stubs.filter_map(|stub| {
            let is_given = [Method::PUT, Method::POST].contains(&stub.method);
            let rest = trimmed(&stub.path).strip_prefix(&*tie.item_path)?;
            let word = rest.strip_prefix('/').filter(|_| is_given)?;
            (!word.contains('/')).then(|| word.to_owned())
        });
        names.extend(below);
        names
    }
}
