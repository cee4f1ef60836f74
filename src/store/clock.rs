use chrono::{DateTime, Datelike, SecondsFormat, TimeDelta, Utc};
use std::fmt;
use std::str::FromStr;
use std::sync::atomic::{AtomicI64, Ordering};

/// What an API's present moment is made of. As text it is `real`, `2024-01-15T11:00:00Z` (RFC
/// 3339), `@2024-01-15T11:00:00Z`, `+3d12h` or `-90m`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ClockSetting {
    /// The machine's clock.
    #[default]
    Real,
    /// The machine's clock, so much later or earlier.
    Offset(TimeDelta),
    /// A moment that time goes on from.
    From(DateTime<Utc>),
    /// A moment that time stands still at.
    Still(DateTime<Utc>),
}

impl ClockSetting {
    /// The same, so much later, or earlier where that is negative.
    ///
    /// # Errors
    /// [`NoClock`] where no calendar has that moment.
    pub fn advanced(self, by: TimeDelta) -> Result<ClockSetting, NoClock> {
        let later = |moment: DateTime<Utc>| moment.checked_add_signed(by).ok_or(RANGE);
        Ok(match self {
            ClockSetting::Real => ClockSetting::Offset(by),
            ClockSetting::Offset(offset) => {
                ClockSetting::Offset(offset.checked_add(&by).ok_or(RANGE)?)
            }
            ClockSetting::From(moment) => ClockSetting::From(later(moment)?),
            ClockSetting::Still(moment) => ClockSetting::Still(later(moment)?),
        })
    }
}

/// Why a text is no [`ClockSetting`], or a clock can't be put there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoClock(&'static str);

const HELP: NoClock = NoClock(
    "a clock is a moment to stand still at (2024-01-15T11:00:00Z), one to go on from \
     (@2024-01-15T11:00:00Z), what the machine's is ahead or behind (+3d12h, -90m), or real",
);
/// An HTTP date (RFC 9110 §5.6.7) has four digits for the year, and the machine's time begins in
/// 1970.
const RANGE: NoClock = NoClock("an HTTP date has a year from 1970 to 9999");

impl fmt::Display for NoClock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

impl std::error::Error for NoClock {}

impl FromStr for ClockSetting {
    type Err = NoClock;

    fn from_str(text: &str) -> Result<ClockSetting, NoClock> {
        if text == "real" {
            return Ok(ClockSetting::Real);
        }
        if text.starts_with(['+', '-']) {
            return period(text).map(ClockSetting::Offset).ok_or(HELP);
        }
        let (is_ticking, moment) = match text.strip_prefix('@') {
            Some(moment) => (true, moment),
            None => (false, text),
        };
        let moment = DateTime::parse_from_rfc3339(moment).map_err(|_| HELP)?;
        let moment = moment.to_utc();
        in_range(moment)?;
        Ok(match is_ticking {
            true => ClockSetting::From(moment),
            false => ClockSetting::Still(moment),
        })
    }
}

impl fmt::Display for ClockSetting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let written = |moment: &DateTime<Utc>| moment.to_rfc3339_opts(SecondsFormat::AutoSi, true);
        match self {
            ClockSetting::Real => f.write_str("real"),
            ClockSetting::Still(moment) => f.write_str(&written(moment)),
            ClockSetting::From(moment) => write!(f, "@{}", written(moment)),
            ClockSetting::Offset(offset) => write_period(*offset, f),
        }
    }
}

/// A length of time: numbers with `d`, `h`, `m`, `s` and `ms` after them, from the largest to the
/// smallest, and a sign before all of them; none is later.
pub fn period(text: &str) -> Option<TimeDelta> {
    const UNITS: [(&str, i64); 5] = [
        ("d", 86_400_000),
        ("h", 3_600_000),
        ("ms", 1),
        ("m", 60_000),
        ("s", 1_000),
    ];
    let is_back = text.starts_with('-');
    let mut rest = text.strip_prefix(['+', '-']).unwrap_or(text);
    let mut total: i64 = 0;
    let mut last = i64::MAX;
    if rest.is_empty() {
        return None;
    }
    while !rest.is_empty() {
        let digits = rest.find(|c: char| !c.is_ascii_digit())?;
        let (number, unit) = rest.split_at(digits);
        let (name, size) = UNITS.iter().find(|(name, _)| unit.starts_with(name))?;
        // Each once, in order: what is said twice was meant otherwise.
        if *size >= last {
            return None;
        }
        last = *size;
        let part = number.parse::<i64>().ok()?.checked_mul(*size)?;
        total = total.checked_add(part)?;
        rest = &unit[name.len()..];
    }
    TimeDelta::try_milliseconds(if is_back { -total } else { total })
}

fn write_period(offset: TimeDelta, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    f.write_str(if offset < TimeDelta::zero() { "-" } else { "+" })?;
    let mut left = offset.abs().num_milliseconds();
    if left == 0 {
        return f.write_str("0s");
    }
    for (size, unit) in [
        (86_400_000, "d"),
        (3_600_000, "h"),
        (60_000, "m"),
        (1_000, "s"),
        (1, "ms"),
    ] {
        if left >= size {
            write!(f, "{}{unit}", left / size)?;
            left %= size;
        }
    }
    Ok(())
}

fn in_range(moment: DateTime<Utc>) -> Result<(), NoClock> {
    match (1970..=9999).contains(&moment.year()) {
        true => Ok(()),
        false => Err(RANGE),
    }
}

/// What time it is for those who use a store. It is read without waiting, and set while others
/// read it. It is told the machine's time and never asks for it.
#[derive(Debug)]
pub struct Clock {
    /// Microseconds twice, and one more where they are a moment that time stands still at; what
    /// they are else is how far it is ahead of the machine's clock. One number holds both, so that
    /// no reader sees half of what was set.
    hand: AtomicI64,
}

/// The last second of the year 9999.
const LAST: DateTime<Utc> = match DateTime::from_timestamp_secs(253_402_300_799) {
    Some(last) => last,
    None => DateTime::<Utc>::MAX_UTC,
};

/// The hand of a clock that isn't set.
const UNSET: i64 = i64::MIN;

impl Clock {
    /// A clock that isn't set, so that another is to be asked.
    pub fn unset() -> Clock {
        Clock {
            hand: AtomicI64::new(UNSET),
        }
    }

    /// A clock that is set, where it is `real` by the machine's.
    ///
    /// # Errors
    /// [`NoClock`] where it would show no year of an HTTP date.
    pub fn new(setting: ClockSetting, real: DateTime<Utc>) -> Result<Clock, NoClock> {
        let clock = Clock::unset();
        clock.set(setting, real)?;
        Ok(clock)
    }

    /// Sets it, where it is `real` by the machine's.
    ///
    /// # Errors
    /// [`NoClock`] where it would show no year of an HTTP date: it is as it was.
    pub fn set(&self, setting: ClockSetting, real: DateTime<Utc>) -> Result<(), NoClock> {
        let hand = match setting {
            ClockSetting::Real => 0,
            ClockSetting::Offset(offset) => ahead(offset, real)?,
            ClockSetting::From(moment) => {
                in_range(moment)?;
                ahead(in_micros(moment - real), real)?
            }
            ClockSetting::Still(moment) => {
                in_range(moment)?;
                moment.timestamp_micros() * 2 + 1
            }
        };
        self.hand.store(hand, Ordering::Relaxed);
        Ok(())
    }

    /// Sets it back to not being set.
    pub fn clear(&self) {
        self.hand.store(UNSET, Ordering::Relaxed);
    }

    /// What it shows where it is `real` by the machine's; nothing where it isn't set. One that goes
    /// on stops at the end of the year 9999, as it does in 1970 where the machine's was set back.
    pub fn at(&self, real: DateTime<Utc>) -> Option<DateTime<Utc>> {
        match self.hand.load(Ordering::Relaxed) {
            UNSET => None,
            0 => Some(real),
            hand if hand & 1 == 1 => DateTime::from_timestamp_micros(hand >> 1),
            hand => {
                let by = TimeDelta::microseconds(hand >> 1);
                // What can't be shown any more, or not yet, isn't: the hand stops at that end.
                let end = match by < TimeDelta::zero() {
                    true => DateTime::UNIX_EPOCH,
                    false => LAST,
                };
                let shown = real.checked_add_signed(by);
                Some(shown.filter(|at| in_range(*at).is_ok()).unwrap_or(end))
            }
        }
    }

    /// What it is set to: what goes on from a moment is told by what it is ahead or behind.
    pub fn setting(&self) -> Option<ClockSetting> {
        match self.hand.load(Ordering::Relaxed) {
            UNSET => None,
            0 => Some(ClockSetting::Real),
            hand if hand & 1 == 1 => {
                DateTime::from_timestamp_micros(hand >> 1).map(ClockSetting::Still)
            }
            hand => Some(ClockSetting::Offset(TimeDelta::microseconds(hand >> 1))),
        }
    }
}

/// As many microseconds, or the next one: a clock never shows what is before the moment that it
/// was to go on from.
fn in_micros(offset: TimeDelta) -> TimeDelta {
    match offset.subsec_nanos() % 1_000 {
        nanos if nanos > 0 => offset + TimeDelta::nanoseconds(i64::from(1_000 - nanos)),
        _ => offset,
    }
}

fn ahead(offset: TimeDelta, real: DateTime<Utc>) -> Result<i64, NoClock> {
    let shown = real.checked_add_signed(offset).ok_or(RANGE)?;
    in_range(shown)?;
    let micros = offset.num_microseconds().ok_or(RANGE)?;
    micros.checked_mul(2).ok_or(RANGE)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn moment(text: &str) -> DateTime<Utc> {
        text.parse().expect("a moment")
    }

    #[test]
    fn what_is_written_is_read_again() {
        for text in [
            "real",
            "2024-01-15T11:00:00Z",
            "@2024-01-15T11:00:00.250Z",
            "+3d12h",
            "-1h30m",
            "+1d2h3m4s5ms",
            "+0s",
        ] {
            let setting: ClockSetting = text.parse().expect("a clock");
            assert_eq!(setting.to_string(), text);
        }
        let zoned: ClockSetting = "2024-01-15T12:00:00+01:00".parse().expect("a clock");
        assert_eq!(zoned.to_string(), "2024-01-15T11:00:00Z");
    }

    #[test]
    fn what_is_no_clock_is_refused() {
        for text in [
            "",
            "now",
            "2024-01-15",
            "+",
            "+3",
            "+d",
            "3d",
            "+1m2h",
            "+1h1h",
            "+99999999999999999999d",
            "+999999999999999d",
            "@",
            "1969-12-31T23:59:59Z",
            "@+10000-01-01T00:00:00Z",
        ] {
            assert!(text.parse::<ClockSetting>().is_err(), "{text}");
        }
    }

    #[test]
    fn each_setting_shows_its_time() {
        let real = moment("2026-03-01T10:00:00.123456789Z");
        let later = moment("2026-03-01T10:00:05.123456789Z");
        for (text, first, second) in [
            (
                "real",
                "2026-03-01T10:00:00.123456789Z",
                "2026-03-01T10:00:05.123456789Z",
            ),
            (
                "2024-01-15T11:00:00Z",
                "2024-01-15T11:00:00Z",
                "2024-01-15T11:00:00Z",
            ),
            (
                "-1d",
                "2026-02-28T10:00:00.123456789Z",
                "2026-02-28T10:00:05.123456789Z",
            ),
            (
                "@1999-12-31T23:59:58Z",
                "1999-12-31T23:59:58Z",
                "2000-01-01T00:00:03Z",
            ),
        ] {
            let clock = Clock::new(text.parse().expect("a clock"), real).expect("a year");
            let shown = |real| clock.at(real).expect("set").timestamp_millis();
            assert_eq!(shown(real), moment(first).timestamp_millis(), "{text}");
            assert_eq!(shown(later), moment(second).timestamp_millis(), "{text}");
        }
        assert_eq!(Clock::unset().at(real), None);
    }

    #[test]
    fn a_clock_that_goes_on_shows_nothing_before_the_moment_that_it_goes_on_from() {
        for nanos in 0..2_000 {
            let real = moment("2026-03-01T10:00:00Z") + TimeDelta::nanoseconds(nanos);
            for text in ["2030-01-01T00:00:00Z", "2000-01-01T00:00:00Z"] {
                let setting = format!("@{text}").parse().expect("a clock");
                let clock = Clock::new(setting, real).expect("a year");
                let shown = clock.at(real).expect("set") - moment(text);
                let range = TimeDelta::zero()..TimeDelta::microseconds(1);
                assert!(range.contains(&shown), "{text} at {real}: {shown}");
            }
        }
    }

    #[test]
    fn a_clock_leaves_no_year_of_an_http_date() {
        let real = moment("2026-03-01T10:00:00Z");
        let clock = Clock::new(ClockSetting::Real, real).expect("a year");
        for text in ["-30000d", "+3000000d"] {
            let setting = text.parse().expect("a clock");
            assert!(clock.set(setting, real).is_err(), "{text}");
            assert_eq!(clock.at(real), Some(real));
        }
        // Set while the machine's clock was wrong.
        let wrong = moment("9000-01-01T00:00:00Z");
        clock
            .set("-2000000d".parse().expect("a clock"), wrong)
            .expect("a year");
        assert_eq!(clock.at(real), Some(DateTime::UNIX_EPOCH));
    }

    #[test]
    fn a_clock_that_goes_on_stops_at_the_end_of_the_last_year() {
        let real = moment("2026-03-01T10:00:00Z");
        let clock = Clock::new("@9999-12-31T23:59:58Z".parse().expect("a clock"), real);
        let clock = clock.expect("a year");
        for (later, shown) in [
            (0, "9999-12-31T23:59:58Z"),
            (1, "9999-12-31T23:59:59Z"),
            (2, "9999-12-31T23:59:59Z"),
            (86_400 * 400, "9999-12-31T23:59:59Z"),
        ] {
            let at = clock.at(real + TimeDelta::seconds(later));
            assert_eq!(at, Some(moment(shown)), "{later} s later");
        }
    }
}
