//! Which moment of two is the later by their names, and how long it is in between.

use super::moments::{self, Step};
use super::words::{Remembered, Words, singular};
use chrono::{DateTime, NaiveDate, NaiveTime, Timelike};
use serde_json::{Map, Number, Value};

const DAY: i64 = 86_400;

/// What tells of the time between a beginning and an end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Span {
    /// How many dates lie between.
    Nights,
    /// How many thousandths of a second.
    Thousandths,
    /// The same of what was done, and not of what it was done about.
    Took,
    /// How long it is, in one of these units of so many seconds.
    Of(&'static [i64]),
}

thread_local! {
    static RANKS: Remembered<Option<usize>> = Remembered::default();
}

/// Which in the order of what happens to a thing a moment is; nothing where a name tells of none.
pub fn rank(name: &str) -> Option<usize> {
    RANKS.with(|ranks| ranks.of(name, || ranked(&Words::of(name))))
}

fn ranked(words: &Words) -> Option<usize> {
    // Alone these may be places, which no text of a moment is.
    match words.all() {
        "from" | "since" => return Some(Step::Begin as usize),
        "to" | "until" => return Some(Step::End as usize),
        _ => {}
    }
    let is_moment = moments::told(words).or_else(|| moments::told_in_text(words));
    let step = moments::step(words).filter(|_| !moments::is_of_birth(words));
    is_moment.and(step).map(|step| step as usize)
}

/// In which order an object's moments are: who stays arrives before they depart, and who travels
/// departs before they arrive.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Course {
    is_stay: bool,
}

/// What is beside the ends of a stay.
const BESIDE_STAY: [&str; 8] = [
    "nights", "night", "room", "rooms", "guest", "guests", "adults", "children",
];
/// What is beside those of a way.
const BESIDE_WAY: [&str; 9] = [
    "origin",
    "destination",
    "flight",
    "airline",
    "airport",
    "carrier",
    "vessel",
    "train",
    "port",
];
/// What a stay is called.
const STAYS: [&str; 6] = [
    "stay",
    "hotel",
    "reservation",
    "accommodation",
    "lodging",
    "apartment",
];

impl Course {
    /// That of an object, by what its properties are called and what it is called itself.
    pub fn of<'n>(
        mut names: impl Iterator<Item = &'n str> + Clone,
        called: Option<&str>,
    ) -> Course {
        let mut beside = names.clone();
        let is_called = |called| STAYS.contains(&singular(Words::of(called).last()).as_str());
        let is_stay =
            called.is_some_and(is_called) || beside.any(|name| Words::of(name).has(&BESIDE_STAY));
        Course {
            is_stay: is_stay && !names.any(|name| Words::of(name).has(&BESIDE_WAY)),
        }
    }

    /// That of an object, as its moments show it.
    pub fn shown(members: &Map<String, Value>) -> Course {
        let at = |step: Step| {
            let mut moments = members.iter().filter(|(name, _)| is_of_way(name));
            moments.find_map(|(name, value)| {
                let is_it = rank(name) == Some(step as usize);
                seconds(value.as_str().filter(|_| is_it)?)
            })
        };
        let ends = at(Step::Begin).zip(at(Step::End));
        Course {
            is_stay: ends.is_some_and(|(departure, arrival)| arrival < departure),
        }
    }

    /// Which in the order of what happens to the object a moment is; nothing where a name tells of
    /// none.
    pub fn rank(self, name: &str) -> Option<usize> {
        let rank = rank(name)?;
        let (begin, end) = (Step::Begin as usize, Step::End as usize);
        Some(match self.is_stay && is_of_way(name) {
            true if rank == begin => end,
            true if rank == end => begin,
            _ => rank,
        })
    }

    /// Whether a moment is one of those that tell a stay from a way.
    pub fn turns(self, name: &str) -> bool {
        self.is_stay && is_of_way(name)
    }
}

fn is_of_way(name: &str) -> bool {
    Words::of(name).has(&["arrival", "arrives", "departure", "departs"])
}

/// Whether a moment is when a thing was last changed.
pub fn is_last_change(name: &str) -> bool {
    rank(name) == Some(Step::Updated as usize)
}

/// Whether it is when it came to an end, which is a change too.
pub fn is_end_of_all(name: &str) -> bool {
    rank(name) == Some(Step::Gone as usize)
}

/// Whether it is when something was begun.
pub fn is_beginning(name: &str) -> bool {
    rank(name) == Some(Step::Started as usize)
}

/// Whether it is when something was done.
pub fn is_ending(name: &str) -> bool {
    rank(name) == Some(Step::Finished as usize)
}

/// Whether it is when something is planned to begin.
pub fn begins(name: &str) -> bool {
    rank(name) == Some(Step::Begin as usize)
}

/// Whether it is when that is planned to end.
pub fn ends(name: &str) -> bool {
    rank(name) == Some(Step::End as usize)
}

/// Whether a name is of a moment, and leaves it to what is around it what happens then: `date`,
/// `dateTime`, or the `scheduled` one.
pub fn tells_no_step(name: &str) -> bool {
    let words = Words::of(name);
    let is_vague = matches!(words.all(), "timestamp" | "ts" | "epoch");
    let step = moments::step(&words);
    is_vague || matches!(step, None | Some(Step::Begin | Step::Due))
}

/// Whether a name says itself that it is in thousandths of a second.
pub fn says_thousandths(name: &str) -> bool {
    Words::of(name).has(&["ms", "millis", "milliseconds"])
}

/// A date, or a date and time, so many days later.
pub fn shifted(text: &str, days: i64) -> Option<String> {
    later(text, days * DAY)
}

/// The same so many seconds later.
pub fn later(text: &str, by: i64) -> Option<String> {
    let later = seconds(text)? + by;
    Some(match text.len() {
        10 => moments::date(later),
        _ => moments::instant(later),
    })
}

/// The unit in which a name tells how long something takes from its beginning to its end.
pub fn span(name: &str) -> Option<Span> {
    Some(match Words::of(name).all() {
        "nights" | "number of nights" | "night count" | "total nights" | "days"
        | "number of days" | "day count" | "total days" | "num days" | "num nights" => Span::Nights,
        "duration days" | "duration in days" => Span::Of(&[DAY]),
        "duration ms"
        | "duration in ms"
        | "duration millis"
        | "duration milliseconds"
        | "duration in milliseconds" => Span::Thousandths,
        "elapsed ms"
        | "elapsed millis"
        | "took ms"
        | "runtime ms"
        | "execution time ms"
        | "elapsed milliseconds" => Span::Took,
        "duration hours" | "duration in hours" | "hours" | "total hours" | "hours worked" => {
            Span::Of(&[3_600])
        }
        "duration minutes"
        | "duration in minutes"
        | "duration mins"
        | "minutes"
        | "total minutes"
        | "duration min"
        | "length minutes" => Span::Of(&[60]),
        "duration seconds"
        | "duration in seconds"
        | "duration sec"
        | "duration secs"
        | "duration s" => Span::Of(&[1]),
        "duration" => Span::Of(&[1, 60, 3_600]),
        _ => return None,
    })
}

impl Span {
    /// How many of them it is from the beginning to the end that an object has, in each unit that
    /// may be meant; or, for a text, how long it is as ISO 8601 writes it. None where it is no time.
    pub fn between(self, members: &Map<String, Value>, is_text: bool) -> Vec<Value> {
        let course = Course::shown(members);
        let at = |step: Step| {
            let mut members = members.iter().filter_map(|(name, value)| {
                let is_it = course.rank(name) == Some(step as usize);
                let text = value.as_str().filter(|_| is_it)?;
                seconds(text).or_else(|| clock(text))
            });
            members.next()
        };
        let planned = || at(Step::Begin).zip(at(Step::End));
        let done = || at(Step::Started).zip(at(Step::Finished));
        let ends = match self {
            Span::Thousandths => done().or_else(planned),
            Span::Took => done(),
            _ => planned().or_else(done),
        };
        let Some((begin, end)) = ends else {
            return Vec::new();
        };
        let between = match self {
            Span::Nights => (end.div_euclid(DAY) - begin.div_euclid(DAY)) * DAY,
            Span::Of(_) | Span::Thousandths | Span::Took => end - begin,
        };
        let units = match self {
            Span::Nights => &[DAY],
            Span::Thousandths | Span::Took => &[1],
            Span::Of(units) => units,
        };
        match between > 0 {
            true if matches!(self, Span::Thousandths | Span::Took) => {
                vec![(between * 1_000).into()]
            }
            true if is_text => vec![lasting(between).into()],
            true => units
                .iter()
                .flat_map(|unit| counted(between, *unit))
                .collect(),
            false => Vec::new(),
        }
    }
}

/// How many units it is: with a fraction too, where it is no whole number of them.
fn counted(seconds: i64, unit: i64) -> impl Iterator<Item = Value> {
    let whole = seconds / unit;
    let fraction = (seconds % unit != 0).then(|| {
        let hundredths = (seconds as f64 / unit as f64 * 100.0).round();
        Number::from_f64(hundredths / 100.0).map(Value::Number)
    });
    let whole = (whole > 0).then(|| Value::from(whole));
    fraction.flatten().into_iter().chain(whole)
}

/// `PT1H30M` (RFC 3339 appendix A `duration`).
fn lasting(seconds: i64) -> String {
    let parts = [(3_600, 'H'), (60, 'M'), (1, 'S')];
    let (mut rest, mut text) = (seconds, "PT".to_owned());
    for (unit, letter) in parts {
        if rest >= unit {
            text.push_str(&format!("{}{letter}", rest / unit));
        }
        rest %= unit;
    }
    text
}

/// Whether a name is of until when something may be done that has to be before what it is for.
pub fn is_deadline(name: &str) -> bool {
    moments::is_before_beginning(&Words::of(name))
}

/// What of a row may be done until something begins, as the object around it tells when: until the
/// day before that.
pub fn deadlines(row: &Map<String, Value>, around: &Map<String, Value>) -> Vec<(String, Value)> {
    let asked = row.iter().filter_map(|(name, value)| {
        let text = value.as_str()?;
        let is_deadline = moments::is_before_beginning(&Words::of(name));
        Some((name, text, seconds(text).filter(|_| is_deadline)?))
    });
    let course = Course::shown(around);
    let mut begins = around.iter().filter_map(|(name, value)| {
        let is_begin = course.rank(name) == Some(Step::Begin as usize);
        seconds(value.as_str().filter(|_| is_begin)?)
    });
    let mut asked = asked.peekable();
    let begin = asked.peek().and_then(|_| begins.next());
    let told = asked.filter_map(|(name, text, at)| {
        let before = begin.filter(|begin| at > *begin)? - DAY;
        let text = match text.len() {
            10 => moments::date(before),
            _ => moments::instant(before),
        };
        Some((name.clone(), text.into()))
    });
    told.collect()
}

/// The moment of a date, or of a date and time.
pub fn seconds(text: &str) -> Option<i64> {
    let day = NaiveDate::parse_from_str(text, "%Y-%m-%d").ok();
    let day = day.and_then(|day| Some(day.and_hms_opt(0, 0, 0)?.and_utc().timestamp()));
    day.or_else(|| Some(DateTime::parse_from_rfc3339(text).ok()?.timestamp()))
}

/// Whether a text is a time of a day.
pub fn is_time(text: &str) -> bool {
    text.len() < 20 && seconds(text).is_none() && clock(text).is_some()
}

/// The second of the day of a time: `09:30`, `09:30:00Z`. Offsets are taken to be the same.
pub(super) fn clock(text: &str) -> Option<i64> {
    let time = text.get(..8).or_else(|| text.get(..5))?;
    let forms = ["%H:%M:%S", "%H:%M"].into_iter();
    let mut times = forms.filter_map(|form| NaiveTime::parse_from_str(time, form).ok());
    times
        .next()
        .map(|time| i64::from(time.num_seconds_from_midnight()))
}
