//! Dates and times that patterns ask for, looked for among those that there are: the years that a
//! pattern tells of first, then those near the ones of other dates.

use super::TextDemand;
use crate::sample::draw::Draw;
use crate::sample::effort::work;
use chrono::{Days, NaiveDate};

/// How many are judged before the time is looked at.
const AT_ONCE: usize = 32;

/// A text of one of the formats of RFC 3339 §5.6 that is good; nothing where none was found in
/// time, or it's another format.
pub(super) fn searched(
    formats: &[&str],
    demand: &TextDemand,
    draw: &mut Draw,
    is_good: &dyn Fn(&String) -> bool,
) -> Option<String> {
    let (has_day, has_time) = match formats {
        ["date"] => (true, false),
        ["date-time"] => (true, true),
        ["time"] => (false, true),
        _ => return None,
    };
    let written = demand.patterns.join(" ");
    let (few, all) = times(&written, draw);
    let ends = ends(&written);
    let from = match demand.crowd {
        0 => draw.below(366) as u64,
        // Each of many begins where the one before it did not.
        crowd => crowd as u64,
    };
    let effort = demand.effort();
    let mut judged = 0;
    for times in [few, all] {
        let days: Box<dyn Iterator<Item = String>> = match has_day {
            true => Box::new(days(&written, from)),
            false => Box::new(std::iter::once(String::new())),
        };
        for day in days {
            let texts: Box<dyn Iterator<Item = String>> = match has_time {
                true => Box::new(times.iter().flat_map(|time| {
                    let start = match has_day {
                        true => format!("{day}T{time}"),
                        false => time.clone(),
                    };
                    ends.iter().map(move |end| format!("{start}{end}"))
                })),
                false => Box::new(std::iter::once(day)),
            };
            for text in texts {
                if is_good(&text) {
                    return Some(text);
                }
                judged += 1;
                work(1);
                if judged % AT_ONCE == 0 && effort.is_spent() {
                    return None;
                }
            }
        }
    }
    None
}

/// The days of one year after another, each from one on and round.
fn days(written: &str, from: u64) -> impl Iterator<Item = String> {
    let told = like(written, "dddd");
    let told = told.iter().filter_map(|year| year.parse::<i32>().ok());
    let mut years: Vec<i32> = told.collect();
    years.extend([2024, 2025]);
    years.extend((2026..2040).chain(2000..2024).chain(1970..2000));
    let turn = (from / 366) as usize % years.len();
    years.rotate_left(turn);
    years.into_iter().flat_map(move |year| {
        let first = NaiveDate::from_ymd_opt(year, 1, 1);
        let days = (0..366).map(move |day| Days::new((from + day) % 366));
        let days = days.filter_map(move |day| first?.checked_add_days(day));
        days.map(|day| day.format("%Y-%m-%d").to_string())
    })
}

/// The times of a day that a pattern tells of and a few others, and then those of all hours.
fn times(written: &str, draw: &mut Draw) -> (Vec<String>, Vec<String>) {
    let mut few = like(written, "dd:dd:dd");
    let minutes = like(written, "dd:dd");
    few.extend(minutes.into_iter().map(|time| time + ":00"));
    let (hour, minute) = (8 + draw.below(10), 5 * draw.below(12));
    few.push(format!("{hour:02}:{minute:02}:00"));
    few.extend(["00:00:00", "23:59:59"].map(str::to_owned));
    let hours = (0..24).map(|hour| format!("{hour:02}:{minute:02}:00"));
    let all = hours.chain((0..60).map(|minute| format!("{hour:02}:{minute:02}:00")));
    (few, all.collect())
}

/// What may stand behind a time: offsets that a pattern tells of, and fractions of a second.
fn ends(written: &str) -> Vec<String> {
    let mut offsets = vec!["Z".to_owned()];
    offsets.extend(like(written, "sdd:dd"));
    offsets.extend(["+00:00", "+02:00"].map(str::to_owned));
    let fractions = offsets.iter().map(|offset| format!(".125{offset}"));
    let mut fractions: Vec<String> = fractions.collect();
    // So many digits as a pattern counts.
    for count in (1..=9).filter(|count| written.contains(&format!("{{{count}}}"))) {
        let digits = &"125000000"[..count];
        fractions.extend(offsets.iter().map(|offset| format!(".{digits}{offset}")));
    }
    offsets.extend(fractions);
    offsets
}

/// What of a text looks so: `d` is for a digit, `s` for a sign.
fn like(text: &str, shape: &str) -> Vec<String> {
    let is_like = |part: &&[u8]| {
        let mut both = part.iter().zip(shape.bytes());
        both.all(|(octet, shape)| match shape {
            b'd' => octet.is_ascii_digit(),
            b's' => matches!(octet, b'+' | b'-'),
            shape => *octet == shape,
        })
    };
    let parts = text.as_bytes().windows(shape.len()).filter(is_like);
    let parts = parts.map(|part| String::from_utf8_lossy(part).into_owned());
    parts.take(8).collect()
}
