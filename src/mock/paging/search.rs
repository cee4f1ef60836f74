//! Query parameters that search the items' texts.

use super::measure::Measure;
use serde_json::Value;

/// How many words are looked for.
const WORDS: usize = 16;
/// How deep an item is looked through.
const DEPTH: usize = 16;

/// The words of a text that is searched for, in lower case.
pub(super) fn wanted(value: &Value) -> Vec<String> {
    let text = value.as_str().unwrap_or_default().to_lowercase();
    text.split_whitespace()
        .take(WORDS)
        .map(str::to_owned)
        .collect()
}

/// Whether every word is part of some text in an item.
pub(super) fn holds(words: &[String], item: &Value) -> bool {
    words.iter().all(|word| has(item, word, DEPTH))
}

fn has(value: &Value, word: &str, depth: usize) -> bool {
    match value {
        // When something was is no text to be found: all but every item has a `T` and a `Z` then.
        Value::String(text) => {
            let is_moment = || matches!(Measure::of(value), Some(Measure::Moment(..)));
            text.to_lowercase().contains(word) && !is_moment()
        }
        Value::Array(values) if depth > 0 => values.iter().any(|v| has(v, word, depth - 1)),
        Value::Object(members) if depth > 0 => members.values().any(|v| has(v, word, depth - 1)),
        _ => false,
    }
}
