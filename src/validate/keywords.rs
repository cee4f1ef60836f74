//! The keywords of our own that compiled schemas have, and how schemas are compiled.

use super::costly::{COSTLY_PATTERN, costly_pattern};
use super::link::{Alternatives, Link};
use super::number_format::number_format;
use super::units::Units;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use jsonschema::paths::Location;
use jsonschema::{
    Draft, EmailOptions, Keyword, PatternOptions, ValidationError, ValidationOptions,
};
use serde_json::{Map, Value};
use std::sync::Weak;

/// Leads from one unit to another in a compiled schema: the number of the unit, and whether null
/// is taken beside it.
pub(super) const LINK: &str = "x-counterpart-link";
/// The same for a `$dynamicRef`, which may stand beside a `$ref`.
pub(super) const DYNAMIC_LINK: &str = "x-counterpart-dynamic-link";
/// Leads to the alternatives of `anyOf` and `oneOf`: the numbers of their units.
pub(super) const ANY_OF: &str = "x-counterpart-any-of";
pub(super) const ONE_OF: &str = "x-counterpart-one-of";
/// Carries the bounds of `int32`, `int64` and `float` into the compiled schema: formats of numbers,
/// of which JSON Schema's own `format` knows nothing.
pub(super) const NUMBER_FORMAT: &str = "x-counterpart-number-format";
/// How often a pattern may backtrack: worth some 50 ms.
pub(super) const BACKTRACK_LIMIT: usize = 200_000;

/// A keyword of ours, compiled.
type Made<'a> = Result<Box<dyn for<'i> Keyword<'i>>, ValidationError<'a>>;

/// What compiles a link among units.
fn links(
    units: Weak<Units>,
) -> impl for<'a> Fn(&'a Map<String, Value>, &'a Value, Location) -> Made<'a> {
    move |_, value, _| {
        Link::read(&units, value)
            .map(|link| Box::new(link) as Box<dyn for<'i> Keyword<'i>>)
            .ok_or_else(|| ValidationError::custom("not a link"))
    }
}

/// What compiles alternatives among units.
fn alternatives(
    units: Weak<Units>,
    just_one: bool,
) -> impl for<'a> Fn(&'a Map<String, Value>, &'a Value, Location) -> Made<'a> {
    move |_, value, _| {
        Alternatives::read(&units, value, just_one)
            .map(|link| Box::new(link) as Box<dyn for<'i> Keyword<'i>>)
            .ok_or_else(|| ValidationError::custom("not alternatives"))
    }
}

/// How every unit is compiled.
pub(super) fn options(units: &Weak<Units>) -> ValidationOptions<'static> {
    jsonschema::options()
        .with_draft(Draft::Draft202012)
        .should_validate_formats(true)
        .with_pattern_options(PatternOptions::fancy_regex().backtrack_limit(BACKTRACK_LIMIT))
        .with_email_options(EmailOptions::default().without_display_text())
        .with_format("byte", |text: &str| STANDARD.decode(text).is_ok())
        .with_keyword(NUMBER_FORMAT, number_format)
        .with_keyword(COSTLY_PATTERN, costly_pattern)
        .with_keyword(LINK, links(Weak::clone(units)))
        .with_keyword(DYNAMIC_LINK, links(Weak::clone(units)))
        .with_keyword(ANY_OF, alternatives(Weak::clone(units), false))
        .with_keyword(ONE_OF, alternatives(Weak::clone(units), true))
}
