//! Patterns that no linear engine takes: those with look-around or back-references. They may go
//! back, and a long text costs each step its length, so that work is bounded, not steps alone.

use super::link::Visit;
use fancy_regex::{Regex, RegexBuilder};
use jsonschema::paths::Location;
use jsonschema::{Keyword, ValidationError};
use serde_json::{Map, Value};
use std::sync::OnceLock;
use std::time::Instant;

/// Carries such a pattern into the compiled schema.
pub(super) const COSTLY_PATTERN: &str = "x-counterpart-costly-pattern";

/// Up to how many bytes a text has, and how often a pattern may go back in one of them: worth some
/// 50 ms. A longer text is too costly to be matched.
const BOUNDS: [(usize, usize); 3] = [(128, 200_000), (1_024, 20_000), (16_384, 1_000)];

/// Whether a pattern is sound, and looks around or back.
pub(super) fn is_costly(pattern: &str) -> bool {
    looks_around(pattern) && Regex::new(pattern).is_ok()
}

/// Whether a pattern has a look-around or a back-reference. One that only seems to is judged no
/// otherwise for it.
pub(super) fn looks_around(pattern: &str) -> bool {
    let around = ["(?=", "(?!", "(?<=", "(?<!", r"\k<"];
    let is_back = |(at, _): (usize, &str)| {
        let digit = pattern.as_bytes().get(at + 1);
        digit.is_some_and(|digit| (b'1'..=b'9').contains(digit))
    };
    around.iter().any(|sign| pattern.contains(sign)) || pattern.match_indices('\\').any(is_back)
}

struct CostlyPattern {
    pattern: String,
    engines: [OnceLock<Option<Regex>>; 3],
}

/// Compiles the keyword.
pub(super) fn costly_pattern<'a>(
    _: &'a Map<String, Value>,
    value: &'a Value,
    _: Location,
) -> Result<Box<dyn for<'i> Keyword<'i>>, ValidationError<'a>> {
    match value.as_str() {
        Some(pattern) => Ok(Box::new(CostlyPattern {
            pattern: pattern.to_owned(),
            engines: Default::default(),
        })),
        None => Err(ValidationError::custom("not a pattern")),
    }
}

impl CostlyPattern {
    /// Whether a text matches; nothing where that is too costly to know.
    fn matches(&self, text: &str) -> Option<bool> {
        let bounds = BOUNDS.iter().zip(&self.engines);
        let ((_, limit), engine) = bounds
            .into_iter()
            .find(|((most, _), _)| text.len() <= *most)?;
        let engine = engine.get_or_init(|| {
            let mut builder = RegexBuilder::new(&self.pattern);
            builder.backtrack_limit(*limit).build().ok()
        });
        if !Visit::has_time() {
            return None;
        }
        let started = Instant::now();
        let found = engine.as_ref()?.is_match(text).ok();
        Visit::spend(started.elapsed());
        found
    }
}

impl<'i> Keyword<'i> for CostlyPattern {
    fn validate(&self, instance: &'i Value) -> Result<(), ValidationError<'i>> {
        match instance.as_str().map(|text| self.matches(text)) {
            None | Some(Some(true)) => Ok(()),
            Some(Some(false)) => Err(ValidationError::custom("")),
            Some(None) => Err(ValidationError::custom(
                "is too costly to match against its pattern",
            )),
        }
    }

    fn is_valid(&self, instance: &'i Value) -> bool {
        let text = instance.as_str();
        text.is_none_or(|text| self.matches(text) == Some(true))
    }
}
