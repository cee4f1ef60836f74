//! Which moment of two is the later by their names, and how long it is in between.

use super::moments::{self, Step};
use super::words::Words;
use chrono::{DateTime, NaiveDate};
use serde_json::{Map, Value};

const DAY: i64 = 86_400;

/// A number's unit, where it tells of the time between a beginning and an end, in seconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span(i64);

/// Which in the order of what happens to a thing a moment is; nothing where a name tells of none.
pub fn rank(name: &str) -> Option<usize> {
    let words = Words::of(name);
    let is_moment = moments::told(&words).or_else(|| moments::told_in_text(&words));
    let step = moments::step(&words).filter(|_| !moments::is_of_birth(&words));
    is_moment.and(step).map(|step| step as usize)
}

/// A date, or a date and time, so many days later.
pub fn shifted(text: &str, days: i64) -> Option<String> {
    let later = seconds(text)? + days * DAY;
    Some(match text.len() {
        10 => moments::date(later),
        _ => moments::instant(later),
    })
}

/// The unit in which a name tells how long something takes from its beginning to its end.
pub fn span(name: &str) -> Option<Span> {
    Some(Span(match Words::of(name).all() {
        "nights" | "number of nights" | "night count" => DAY,
        "duration days" | "duration in days" => DAY,
        "duration hours" | "duration in hours" => 3_600,
        "duration minutes" | "duration in minutes" | "duration mins" => 60,
        "duration seconds" | "duration in seconds" => 1,
        _ => return None,
    }))
}

impl Span {
    /// How many of them it is from the beginning to the end that an object has, where that is one
    /// or more.
    pub fn between(self, members: &Map<String, Value>) -> Option<i64> {
        let at = |step: Step| {
            let mut members = members.iter().filter_map(|(name, value)| {
                let is_it = rank(name) == Some(step as usize);
                seconds(value.as_str().filter(|_| is_it)?)
            });
            members.next()
        };
        let between = at(Step::End)?.checked_sub(at(Step::Begin)?)? / self.0;
        (between > 0).then_some(between)
    }
}

fn seconds(text: &str) -> Option<i64> {
    let day = NaiveDate::parse_from_str(text, "%Y-%m-%d").ok();
    let day = day.and_then(|day| Some(day.and_hms_opt(0, 0, 0)?.and_utc().timestamp()));
    day.or_else(|| Some(DateTime::parse_from_rfc3339(text).ok()?.timestamp()))
}
