//! Which breaches of an item as it would become are none of the client's.

use super::echo::{meant, takes};
use super::standin::forms;
use super::write::Write;
use super::{Binding, PreparedContent, render_item};
use crate::spec::{ShapeId, Types};
use crate::validate::Violation;
use crate::wire::Pointer;
use serde_json::Value;

impl Write<'_, '_> {
    /// Whether a breach is none of the client's: something is lacking that it didn't take away,
    /// or is there that it didn't say, or the whole isn't as replies have it though all that it
    /// said is documented. Replies then say what they can. What a client said is never given up
    /// for what is made up, unless replies have that in another form.
    pub(super) fn is_excused(
        &self,
        judging: (&Binding, &PreparedContent),
        violation: &Violation,
        next: &Value,
    ) -> bool {
        let Some(place) = violation.in_body() else {
            return false;
        };
        let shapes = self.standins.contents.shapes;
        let declared = self.shape.map(|id| shapes.get(id));
        // A reply that is no such object at all shows no member of it, taken away or not.
        let is_whole = place.tokens().next().is_none();
        let is_documented = |(name, value): (&String, &Value)| {
            (is_whole || !value.is_null())
                && declared.is_some_and(|shape| meant(shape, name).is_some())
        };
        match (violation.rule.as_str(), self.body) {
            _ if self.is_taken_away(place) => false,
            ("required", _) => true,
            ("additionalProperties" | "unevaluatedProperties" | "discriminator", said)
                if place.get(said).is_none() =>
            {
                true
            }
            ("discriminator" | "type" | "anyOf" | "oneOf", Value::Object(said)) => {
                let is_sayable = match is_whole {
                    true => self.is_said_again(judging, next),
                    false => place.get(self.body).is_none() || self.has_other_form(judging, place),
                };
                is_sayable && said.iter().all(is_documented)
            }
            // The request's schema lists it, and the reply's doesn't.
            ("enum" | "const", said) if !is_whole => {
                let own = self.declared_at(self.shape, place);
                place.get(said).is_some()
                    && own.is_some_and(|id| {
                        ["enum", "const"]
                            .iter()
                            .any(|k| shapes.says(id, k).is_some())
                    })
            }
            _ => false,
        }
    }

    /// Whether a valid reply that says of an item what it can says all that the client said, as far
    /// as it has a word for it.
    fn is_said_again(
        &self,
        (binding, content): (&Binding, &PreparedContent),
        next: &Value,
    ) -> bool {
        let shapes = self.standins.contents.shapes;
        let body = render_item(shapes, binding, Some(content), next).into_owned();
        let Some(made) = self.standins.like(content, body, "") else {
            return false;
        };
        let shown = binding.unwrapped(&made);
        let mut said = self.body.as_object().into_iter().flatten();
        said.all(|(name, said)| {
            let shown = shown.and_then(|shown| shown.get(name));
            let place = Pointer::root().child(name);
            shown.is_none_or(|shown| says(shown, said))
                || self.has_other_form((binding, content), &place)
        })
    }

    /// The shape that a schema has at a place.
    fn declared_at(&self, root: Option<ShapeId>, place: &Pointer) -> Option<ShapeId> {
        let shapes = self.standins.contents.shapes;
        place.tokens().try_fold(root?, |id, token| {
            let shape = shapes.get(id);
            let property = meant(shape, &token);
            let property = property.and_then(|name| shape.properties.get(name));
            let property = property.map(|property| shapes.of_property(property));
            property.or_else(|| shapes.of_items(shape))
        })
    }

    /// Whether the request's schema has a place in a type that replies can't have there, or what was
    /// said is of such a type: that is how the contract wants it.
    fn has_other_form(
        &self,
        (binding, content): (&Binding, &PreparedContent),
        place: &Pointer,
    ) -> bool {
        let shapes = self.standins.contents.shapes;
        let types = |root: Option<ShapeId>| {
            let types = shapes.get(self.declared_at(root, place)?).types;
            Some(types).filter(|types| !types.is_unsaid())
        };
        let said = place.get(self.body);
        let is_other = |own: Types, shown: Types| {
            !own.shares(shown) || said.is_some_and(|said| takes(own, said) && !takes(shown, said))
        };
        let shown = types(self.item_shape(binding, content));
        types(self.shape).is_some_and(|own| shown.is_none_or(|shown| is_other(own, shown)))
    }
}

/// Whether what is shown is what was said, in the types that it may be meant as, with more perhaps.
fn says(shown: &Value, said: &Value) -> bool {
    match (shown, said) {
        (Value::Object(shown), Value::Object(said)) => said
            .iter()
            .all(|(name, said)| shown.get(name).is_none_or(|shown| says(shown, said))),
        (Value::Array(shown), Value::Array(said)) => {
            shown.len() == said.len() && shown.iter().zip(said).all(|(one, other)| says(one, other))
        }
        (Value::Number(shown), Value::Number(said)) => shown.as_f64() == said.as_f64(),
        (shown, said) => said.is_null() || forms(said).contains(shown),
    }
}
