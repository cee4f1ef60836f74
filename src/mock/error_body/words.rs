//! The status, codes and reasons of what went wrong, as the schemas of their members take them.

use super::codes::{canonical, chosen, is_failure, spelled};
use super::fill::{About, Beside, Filler, flags, numbers, texts};
use super::names_value;
use super::place::sentence;
use crate::mock::prepared::Contents;
use crate::spec::{Node, ShapeId};
use crate::validate::View;
use crate::wire::ProblemError;
use serde_json::Value;

impl Filler<'_> {
    /// The status, as a number or in words.
    pub(super) fn status(
        &self,
        id: ShapeId,
        trusted: Option<&Value>,
        beside: &Beside,
        about: About,
    ) -> Option<Value> {
        let (shape, status) = (self.shape(id), self.problem.status);
        let number = Value::from(status.as_u16());
        if numbers(shape) {
            return Some(number).filter(|number| self.fits(id, number));
        }
        if flags(shape) && !texts(shape) {
            return Some(false.into());
        }
        if !texts(shape) {
            return None;
        }
        if trusted.is_some() {
            return trusted.cloned();
        }
        if let Some(own) = self.exemplar(id).filter(|own| is_failure(own)) {
            return Some(own.into());
        }
        let listed = self.listed(id);
        if let Some(chosen) = chosen(&listed, status, None) {
            return Some(chosen.into());
        }
        if beside.code && !about.is_row {
            return self.text(id, [canonical(status)]);
        }
        let digits = number.to_string();
        let spelled = spelled(status, None);
        let words = spelled.iter().map(String::as_str);
        let failures = ["error", "fail"].into_iter();
        self.text(
            id,
            std::iter::once(digits.as_str())
                .chain(words)
                .chain(failures),
        )
    }

    /// What went wrong in one word or number: that of the document, the rule that was broken, or
    /// the status.
    pub(super) fn code(
        &self,
        id: ShapeId,
        trusted: Option<&Value>,
        entry: Option<&ProblemError>,
        usual: Option<String>,
    ) -> Option<Value> {
        if trusted.is_some() {
            return trusted.cloned();
        }
        let (shape, status) = (self.shape(id), self.problem.status);
        if numbers(shape) {
            let number = Value::from(status.as_u16());
            return Some(number).filter(|number| self.fits(id, number));
        }
        if !texts(shape) {
            return None;
        }
        let listed = self.listed(id);
        if let Some(chosen) = chosen(&listed, status, entry) {
            return Some(chosen.into());
        }
        let rule = entry.map(|entry| entry.rule.clone());
        let like = self.exemplar(id);
        let all = rule.into_iter().chain(usual);
        let all: Vec<String> = all.chain(spelled(status, like.as_deref())).collect();
        self.text(id, all.iter().map(String::as_str))
    }

    /// What went wrong, in words: of all, or of one violation.
    pub(super) fn told(&self, about: About) -> String {
        let entry = about.entry.and_then(|index| self.problem.errors.get(index));
        match entry {
            Some(entry) if about.is_placed => entry.detail.clone(),
            Some(entry) => sentence(entry),
            None => self.words.to_owned(),
        }
    }

    /// The first of some texts that a schema takes.
    pub(super) fn text<'t>(
        &self,
        id: ShapeId,
        texts: impl IntoIterator<Item = &'t str>,
    ) -> Option<Value> {
        let shape = self.shape(id);
        let is_text = shape.types.is_unsaid() || shape.types.has("string");
        let mut texts = texts.into_iter().filter(|_| is_text).map(Value::from);
        texts.find(|text| self.fits(id, text))
    }

    pub(super) fn fits(&self, id: ShapeId, value: &Value) -> bool {
        let Contents {
            shapes, schemas, ..
        } = self.contents;
        schemas.is_valid(schemas.at(View::Reply, shapes.schema(id)), value)
    }

    /// The texts that a schema lists.
    pub(super) fn listed(&self, id: ShapeId) -> Vec<String> {
        let listed = self.contents.shapes.says(id, "enum");
        let listed = listed.into_iter().flat_map(Node::items);
        listed
            .filter_map(|value| Some(value.text()?.into_owned()))
            .collect()
    }

    /// A text that a document writes for a schema.
    pub(super) fn exemplar(&self, id: ShapeId) -> Option<String> {
        let says = |keyword| self.contents.shapes.says(id, keyword);
        let own = ["const", "example", "default"]
            .iter()
            .find_map(|word| says(word));
        let own = own.or_else(|| says("examples")?.items().next());
        Some(own?.text()?.into_owned())
    }

    /// Whether a schema says itself what its value is.
    pub(super) fn is_named(&self, id: ShapeId) -> bool {
        let shapes = self.contents.shapes;
        names_value(self.contents.document, shapes.schema(id)) && self.listed(id).len() < 2
    }
}
