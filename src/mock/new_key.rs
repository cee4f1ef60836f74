//! The key of a new item: one that is free, and that both its property and its path take.

use super::KeyFrom;
use super::find::key_text;
use super::standin::forms;
use super::write::Write;
use crate::sample::{Order, sample};
use crate::spec::{At, Location, Parameter};
use crate::store::State;
use crate::validate::View;
use serde_json::Value;

/// How many keys are drawn before there is none that is free.
const DRAWS: usize = 100;

impl Write<'_, '_> {
    /// A key as the schema of its property takes it: a number, where the path has it as a text.
    /// Nothing where it takes none such: the path then goes by something else.
    pub(super) fn fitting(&self, key: Value) -> Option<Value> {
        let contents = self.standins.contents;
        let Some(schema) = self.key_schema() else {
            return Some(key);
        };
        let schema = contents.schemas.at(View::Reply, schema);
        let mut forms = forms(&key).into_iter();
        forms.find(|key| contents.schemas.is_valid(schema, key))
    }

    /// A key that is free, such as the schema of the property asks for. What is drawn goes by the
    /// collection's last write, so that the draws of the writes before it aren't gone through again.
    pub(super) fn new_key(
        &self,
        last: u64,
        highest: &dyn Fn() -> i64,
        is_taken: &dyn Fn(&str) -> bool,
    ) -> Value {
        let contents = self.standins.contents;
        let schema = self.key_schema();
        let types = schema.map(|at| contents.shapes.get(contents.shapes.of(at)).types);
        let is_whole = types.is_some_and(|types| types.has("integer") || types.has("number"));
        if is_whole {
            let after = highest().checked_add(1);
            let last = i64::try_from(last).unwrap_or(0);
            let others = (last + 1..).take(DRAWS).chain((1..).take(DRAWS));
            let mut keys = after.into_iter().chain(others).map(Value::from);
            let is_good = |key: &Value| !is_taken(&key_text(Some(key))) && self.takes(key);
            if let Some(key) = keys.find(is_good) {
                return key;
            }
        }
        let (document, schemas) = (contents.document, contents.schemas);
        let names = [self.binding.key.as_str()];
        for number in (last + 1..).take(DRAWS) {
            let seed = format!(
                "{}{} {number}",
                contents.sampling.seed, self.binding.collection
            );
            let order = schema.map(|schema| Order {
                schema,
                view: View::Reply,
                seed: &seed,
                is_dynamic: true,
                locale: contents.sampling.locale(document),
                names: &names,
                hint: None,
                wish: None,
            });
            let drawn = order.and_then(|order| sample(document, schemas, &order).ok());
            let drawn = drawn.unwrap_or_else(|| number.to_string().into());
            if drawn.is_null() {
                continue;
            }
            let drawn = self.addressable(drawn, &seed);
            if !is_taken(&key_text(Some(&drawn))) {
                return drawn;
            }
            // Words come to an end; with a number behind them they don't.
            let apart = drawn
                .as_str()
                .map(|text| numbered(text, number as usize).into());
            let is_good = |key: &Value| !is_taken(&key_text(Some(key))) && self.takes(key);
            if let Some(apart) = apart.filter(is_good) {
                return apart;
            }
        }
        highest().saturating_add(1).to_string().into()
    }

    /// A key that the path of an item takes: this one, else one that its parameter's schema gives.
    fn addressable(&self, key: Value, seed: &str) -> Value {
        let Some(schema) = self.path_schema().filter(|_| !self.is_addressable(&key)) else {
            return key;
        };
        let contents = self.standins.contents;
        let order = Order {
            schema,
            view: View::Request,
            seed,
            is_dynamic: true,
            locale: contents.sampling.locale(contents.document),
            names: &[&self.binding.key],
            hint: None,
            wish: None,
        };
        let drawn = sample(contents.document, contents.schemas, &order).ok();
        let text = drawn.map(|drawn| key_text(Some(&drawn)).into());
        let fits = text.and_then(|text| self.fitting(text));
        fits.unwrap_or(key)
    }

    /// Whether a key is one of both the property that holds it and the path of an item.
    fn takes(&self, key: &Value) -> bool {
        let contents = self.standins.contents;
        let is_of_property = self.key_schema().is_none_or(|schema| {
            let schema = contents.schemas.at(View::Reply, schema);
            contents.schemas.is_valid(schema, key)
        });
        is_of_property && self.is_addressable(key)
    }

    /// Whether the path of an item takes a key.
    fn is_addressable(&self, key: &Value) -> bool {
        let contents = self.standins.contents;
        self.path_schema().is_none_or(|schema| {
            let schema = contents.schemas.at(View::Request, schema);
            let mut forms = forms(key).into_iter();
            forms.any(|form| contents.schemas.is_valid(schema, &form))
        })
    }

    /// The schema of the path parameter that names an item.
    fn path_schema(&self) -> Option<At> {
        let reader = self.standins.operations.get(self.binding.reader?);
        let KeyFrom::Path(name) = &reader.binding.as_ref()?.key_from else {
            return None;
        };
        let mut parameters = reader.parameters.iter().map(|reader| &reader.parameter);
        let at = |p: &&Parameter| p.location == Location::Path && p.name == *name;
        parameters.find(at)?.schema
    }

    /// The schema of the property that holds the key.
    fn key_schema(&self) -> Option<At> {
        let contents = self.standins.contents;
        let (binding, content) = self.shower()?;
        let item = contents.shapes.get(self.item_shape(binding, content)?);
        let property = item.properties.get(&self.binding.key)?;
        Some(
            contents
                .shapes
                .schema(contents.shapes.of_property(property)),
        )
    }
}

/// A text that differs from another by a number: as long as it and padded as it, where it is
/// padded as base64 is, or is a UUID.
pub(super) fn numbered(text: &str, number: usize) -> String {
    let core = text.trim_end_matches('=');
    let digits = number.to_string();
    let is_hex = |part: &str| part.bytes().all(|octet| octet.is_ascii_hexdigit());
    let lengths = text.split('-').map(str::len);
    let is_uuid = lengths.eq([8, 4, 4, 4, 12]) && text.split('-').all(is_hex);
    match core.len().checked_sub(digits.len()) {
        Some(at) if (core.len() < text.len() || is_uuid) && core.is_ascii() => {
            format!("{}{digits}{}", &core[..at], &text[core.len()..])
        }
        _ => format!("{text}{digits}"),
    }
}

/// The highest number that is, or was, a key of a collection.
pub(super) fn highest(state: &State, place: &str, rows: &[(String, Value)]) -> Option<i64> {
    let stored = state.collection(place).into_iter().flat_map(|all| {
        let keys = all.iter().map(|(key, _)| key);
        keys.chain(all.buried())
    });
    let keys = stored.chain(rows.iter().map(|(key, _)| key.as_str()));
    keys.filter_map(|key| key.parse().ok()).max()
}
