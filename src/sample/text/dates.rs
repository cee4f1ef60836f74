//! Dates and times, all within 2024 and 2025: no clock is read.

use super::pattern::Bounds;
use crate::sample::draw::Draw;
use chrono::format::{Parsed, StrftimeItems};
use chrono::{NaiveDate, NaiveDateTime, TimeDelta};

fn moment(draw: &mut Draw) -> Option<NaiveDateTime> {
    let year = 2024 + draw.below(2) as i32;
    let month = 1 + draw.below(12) as u32;
    let day = 1 + draw.below(28) as u32;
    let (hour, minute) = (draw.below(24) as u32, draw.below(60) as u32);
    NaiveDate::from_ymd_opt(year, month, day)?.and_hms_opt(hour, minute, draw.below(60) as u32)
}

/// The writings of a format, the usual ones first; those with a fraction may have any number of
/// digits.
fn writings(format: &str) -> Option<(&'static str, &'static [&'static str])> {
    Some(match format {
        "date" | "full-date" | "iso-date" => ("%Y-%m-%d", &[""]),
        "date-time" | "datetime" | "timestamp" | "google-datetime" | "rfc3339" | "iso8601"
        | "iso-8601" | "iso-date-time" | "date-time-rfc3339" => (
            "%Y-%m-%dT%H:%M:%S",
            &["Z", ".Z", "+00:00", "+02:00", ".+00:00"],
        ),
        "date-time-local" | "datetime-local" | "local-date-time" => {
            ("%Y-%m-%dT%H:%M:%S", &["", "."])
        }
        "time" | "full-time" | "iso-time" => ("%H:%M:%S", &["Z", "+00:00", ".Z", "+02:00"]),
        "time-local" | "partial-time" | "local-time" => ("%H:%M:%S", &["", "."]),
        "http-date" | "date-time-rfc1123" | "datetime-rfc1123" | "rfc1123" | "rfc7231" => {
            ("%a, %d %b %Y %H:%M:%S GMT", &[""])
        }
        _ => return None,
    })
}

/// Whether a text is written as such a format has it; nothing where it's none of these.
pub(super) fn is_like(format: &str, text: &str) -> Option<bool> {
    let (start, ends) = writings(format)?;
    let is_read = |start_of: &str| {
        let mut parsed = Parsed::new();
        chrono::format::parse(&mut parsed, start_of, StrftimeItems::new(start)).is_ok()
    };
    let mut ends = ends.iter();
    Some(ends.any(|end| text.strip_suffix(end).is_some_and(is_read)))
}

/// A text of such a format.
pub(super) fn made(
    format: &str,
    bounds: Bounds,
    attempt: usize,
    draw: &mut Draw,
) -> Option<String> {
    let (start, ends) = writings(format)?;
    let start = moment(draw)?.format(start).to_string();
    let fits = ends.iter().filter_map(|end| {
        let Some(zone) = end.strip_prefix('.') else {
            let text = format!("{start}{end}");
            return bounds.has(text.len()).then_some(text);
        };
        // Milliseconds, or as many digits as there must be.
        let around = start.len() + 1 + zone.len();
        let least = bounds.least.saturating_sub(around).max(1);
        let most = bounds.most.checked_sub(around)?;
        let digits = 3.clamp(least, most.max(least));
        let text = (0..digits).fold(format!("{start}."), |mut text, _| {
            text.push(char::from(b'0' + draw.below(10) as u8));
            text
        });
        let text = text + zone;
        bounds.has(text.len()).then_some(text)
    });
    let fits: Vec<String> = fits.collect();
    fits.get(attempt % fits.len().max(1)).cloned()
}

/// Texts of such a format one after another, each a day, or a second, further on than the one
/// before, from the `turn`th on; nothing where it's none of these.
pub(super) fn in_turn(format: &str, turn: u64) -> Option<Box<dyn Iterator<Item = String>>> {
    let (start, ends) = writings(format)?;
    let first = NaiveDate::from_ymd_opt(2024, 1, 1)?.and_hms_opt(0, 0, 0)?;
    let unit = match start.contains("%H") {
        true => TimeDelta::seconds(1),
        false => TimeDelta::days(1),
    };
    let moment = move |turn: u64| {
        let turn = i32::try_from(turn).ok()?;
        let moment = first.checked_add_signed(unit.checked_mul(turn)?)?;
        Some(format!("{}{}", moment.format(start), ends[0]))
    };
    Some(Box::new((turn..).map_while(moment)))
}
