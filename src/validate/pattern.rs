use super::costly::{COSTLY_PATTERN, costly_pattern, is_costly};
use super::ecma::translated;
use super::keywords::BACKTRACK_LIMIT;
use super::link::Visit;
use jsonschema::{PatternOptions, Validator};
use serde_json::{Value, json};

/// A pattern that stands in no schema, as ECMA-262 means it, compiled.
#[derive(Debug)]
pub struct Pattern(Validator);

impl Pattern {
    /// Compiles a pattern; nothing where it is no regular expression.
    pub fn compile(pattern: &str) -> Option<Pattern> {
        let schema = match translated(pattern) {
            pattern if is_costly(&pattern) => json!({COSTLY_PATTERN: pattern}),
            pattern => json!({"pattern": pattern}),
        };
        let validator = jsonschema::options()
            .with_pattern_options(PatternOptions::fancy_regex().backtrack_limit(BACKTRACK_LIMIT))
            .with_keyword(COSTLY_PATTERN, costly_pattern)
            .build(&schema);
        validator.ok().map(Pattern)
    }

    /// Whether it is found in a text. Where that is too costly to know, it isn't.
    pub fn is_match(&self, text: &str) -> bool {
        let _visit = Visit::begin();
        self.0.is_valid(&Value::from(text))
    }
}
