//! Rows of a list that the document has but one example for.

use super::demand::{Demand, Root};
use super::maker::Maker;
use super::names::{Apart, tells_apart, told_in_list};
use super::place::Place;
use serde_json::Value;

/// How the value of a row has to do with the examples that its schema has.
pub(super) enum Row {
    /// It is one of them.
    Given,
    /// It is like one of them.
    Like(Value),
    /// It is made as if there were none.
    Made,
}

impl<'d> Maker<'d> {
    /// How the value of a row differs from those of the rows before it, where these have all the
    /// examples there are: as things do that are told apart by it.
    pub(super) fn row(&self, demand: &Demand<'d>, roots: &[Root], place: &Place<'_>) -> Row {
        let given = demand.said.len();
        if given == 0 || place.index < given || place.wish.is_some() {
            return Row::Given;
        }
        let example = demand.said[place.index % given].value();
        if example.is_object() && place.is_row {
            return Row::Made;
        }
        let apart = place.path.last().and_then(|name| tells_apart(name));
        let (Some(apart), false) = (apart, place.is_row) else {
            return Row::Given;
        };
        let numbered = numbered(&example, place.index, apart);
        match numbered.filter(|value| self.fits(roots, value)) {
            Some(value) => Row::Like(value),
            None if apart == Apart::Name && example.is_string() => Row::Made,
            None => Row::Given,
        }
    }
}

impl<'d> Maker<'d> {
    /// A list that was made up, as its name tells that it is, where it may be so.
    pub(super) fn told_in_list(&self, roots: &[Root], place: &Place<'_>, made: Value) -> Value {
        let items = made.as_array().filter(|_| place.wish.is_none());
        let name = place.path.last();
        let told = items.zip(name).and_then(|(items, name)| {
            let mut draw = place.draw.fork("told");
            told_in_list(name, items, place.persona, &mut draw)
        });
        let told = told.map(Value::Array);
        told.filter(|told| self.fits(roots, told)).unwrap_or(made)
    }
}

/// What comes so many after an example: a number further on, or a text with its last number so.
/// Nothing where a text is of words, as names of people are.
fn numbered(example: &Value, by: usize, apart: Apart) -> Option<Value> {
    let text = match example {
        Value::Number(number) => {
            let by = i64::try_from(by).ok()?;
            return number.as_i64()?.checked_add(by).map(Value::from);
        }
        Value::String(text) if !text.is_empty() && !text.contains([' ', '@']) => text,
        _ => return None,
    };
    let end = text.rfind(|c: char| c.is_ascii_digit()).map(|at| at + 1);
    let is_word = text.starts_with(char::is_uppercase) || !text.is_ascii();
    let Some(end) = end else {
        let is_key = apart == Apart::Key || !is_word;
        let (stem, ending) = text.split_at(text.rfind('.').unwrap_or(text.len()));
        return is_key.then(|| format!("{stem}-{}{ending}", by + 1).into());
    };
    let digits = text[..end].bytes().rev();
    // Of a long number the end is enough.
    let width = digits.take_while(u8::is_ascii_digit).take(9).count();
    let (before, number) = text[..end].split_at(end - width);
    let number = number.parse::<usize>().ok()?.checked_add(by)?;
    let number = number % 10_usize.pow(u32::try_from(width).ok()?);
    Some(format!("{before}{number:0width$}{}", &text[end..]).into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_comes_after_an_example_is_like_it() {
        for (example, next) in [
            (json!(7), Some(json!(9))),
            (json!("usr_8a07b"), Some(json!("usr_8a09b"))),
            (json!("2024-99"), Some(json!("2024-01"))),
            (json!("us-east"), Some(json!("us-east-3"))),
            (json!("logo.png"), Some(json!("logo-3.png"))),
            (
                json!("0000000000000000000007"),
                Some(json!("0000000000000000000009")),
            ),
            (json!("Ann Lee"), None),
            (json!("a1@example.com"), None),
            (json!("Rex"), None),
            (json!(""), None),
            (json!(i64::MAX), None),
            (json!(1.5), None),
        ] {
            assert_eq!(numbered(&example, 2, Apart::Name), next, "{example}");
        }
        assert_eq!(numbered(&json!("ABC"), 1, Apart::Key), Some(json!("ABC-2")));
    }
}
