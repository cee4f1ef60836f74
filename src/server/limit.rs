//! Limits by their names: told by the metrics, set by who starts a server.

use super::Limits;
use crate::spec::nearest;
use crate::validate::VIOLATION_LIMIT;
use crate::wire::DEPTH;
use std::fmt::Display;
use std::str::FromStr;
use std::time::Duration;

/// A limit that isn't the usual one, as `NAME=AMOUNT`: `body=20MiB`, `head_time=5s`,
/// `connections=100`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limit {
    name: &'static str,
    /// Bytes, a count, or milliseconds, as the name says.
    amount: u32,
}

/// Why a text is no limit.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct NoLimit(String);

/// What a limit is a number of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unit {
    Bytes,
    Count,
    Time,
}

/// Where a limit is kept.
enum Field<'l> {
    Wide(&'l mut usize),
    Narrow(&'l mut u32),
    Time(&'l mut Duration),
}

/// The limits that have an option of their own.
const SAID_ELSEWHERE: [(&str, &str); 2] = [
    ("journal", "--journal"),
    ("upstream_time", "--upstream-timeout of proxy"),
];
/// What hyper needs for what an upstream says; it has no smaller buffer.
const LEAST_UPSTREAM_HEAD: u32 = 8 << 10;
/// The longest target that the `http` crate reads.
const MOST_URI: u32 = (u16::MAX - 1) as u32;
/// hyper makes room for as many fields at each request.
const MOST_FIELDS: u32 = 10_000;
/// What the reader of JSON takes, and all that looks at what it has read.
const MOST_DEPTH: u32 = DEPTH as u32;
/// No more are looked for.
const MOST_ERRORS: u32 = VIOLATION_LIMIT as u32;
/// Each is held in memory.
const MOST_FILES: u32 = 100_000;
/// The longest that anything may be waited for: a day.
const LONGEST: u32 = 86_400_000;

impl Limits {
    /// Sets one.
    pub fn set(&mut self, limit: &Limit) {
        let fields = self.fields().into_iter();
        for (_, _, field) in fields.filter(|(name, _, _)| *name == limit.name) {
            match field {
                // A u32 fits wherever counterpart runs.
                Field::Wide(wide) => *wide = limit.amount as usize,
                Field::Narrow(narrow) => *narrow = limit.amount,
                Field::Time(time) => *time = Duration::from_millis(limit.amount.into()),
            }
        }
    }

    /// Each by its name, with its unit; times in seconds.
    pub(super) fn told(&self) -> Vec<(&'static str, Unit, f64)> {
        let mut own = self.clone();
        let fields = own.fields().into_iter();
        fields
            .map(|(name, unit, field)| match field {
                Field::Wide(wide) => (name, unit, *wide as f64),
                Field::Narrow(narrow) => (name, unit, f64::from(*narrow)),
                Field::Time(time) => (name, unit, time.as_secs_f64()),
            })
            .collect()
    }

    fn fields(&mut self) -> Vec<(&'static str, Unit, Field<'_>)> {
        vec![
            ("items", Unit::Count, Field::Wide(&mut self.items)),
            ("item_bytes", Unit::Bytes, Field::Wide(&mut self.item_bytes)),
            ("uri", Unit::Bytes, Field::Wide(&mut self.uri)),
            (
                "header_block",
                Unit::Bytes,
                Field::Wide(&mut self.header_block),
            ),
            (
                "header_fields",
                Unit::Count,
                Field::Wide(&mut self.header_fields),
            ),
            ("trailers", Unit::Bytes, Field::Wide(&mut self.trailers)),
            ("body", Unit::Bytes, Field::Wide(&mut self.body)),
            (
                "control_body",
                Unit::Bytes,
                Field::Wide(&mut self.control_body),
            ),
            ("head_time", Unit::Time, Field::Time(&mut self.head_time)),
            ("idle_time", Unit::Time, Field::Time(&mut self.idle_time)),
            ("body_time", Unit::Time, Field::Time(&mut self.body_time)),
            ("body_gap", Unit::Time, Field::Time(&mut self.body_gap)),
            (
                "write_stall",
                Unit::Time,
                Field::Time(&mut self.write_stall),
            ),
            ("stall_time", Unit::Time, Field::Time(&mut self.stall_time)),
            (
                "control_time",
                Unit::Time,
                Field::Time(&mut self.control_time),
            ),
            (
                "connections",
                Unit::Count,
                Field::Wide(&mut self.connections),
            ),
            ("streams", Unit::Count, Field::Narrow(&mut self.streams)),
            (
                "header_list",
                Unit::Bytes,
                Field::Narrow(&mut self.header_list),
            ),
            ("resets", Unit::Count, Field::Wide(&mut self.resets)),
            (
                "inline_body",
                Unit::Bytes,
                Field::Wide(&mut self.inline_body),
            ),
            (
                "large_bodies",
                Unit::Count,
                Field::Wide(&mut self.large_bodies),
            ),
            ("linger", Unit::Bytes, Field::Wide(&mut self.linger)),
            (
                "linger_time",
                Unit::Time,
                Field::Time(&mut self.linger_time),
            ),
            ("linger_gap", Unit::Time, Field::Time(&mut self.linger_gap)),
            ("stop_time", Unit::Time, Field::Time(&mut self.stop_time)),
            ("journal", Unit::Count, Field::Wide(&mut self.journal)),
            (
                "journal_bytes",
                Unit::Bytes,
                Field::Wide(&mut self.journal_bytes),
            ),
            (
                "journal_body",
                Unit::Bytes,
                Field::Wide(&mut self.journal_body),
            ),
            (
                "announcements",
                Unit::Count,
                Field::Wide(&mut self.announcements),
            ),
            (
                "announcement_connect",
                Unit::Time,
                Field::Time(&mut self.announcement_connect),
            ),
            (
                "announcement_try",
                Unit::Time,
                Field::Time(&mut self.announcement_try),
            ),
            (
                "announcement_time",
                Unit::Time,
                Field::Time(&mut self.announcement_time),
            ),
            (
                "announcement_tries",
                Unit::Count,
                Field::Narrow(&mut self.announcement_tries),
            ),
            (
                "upstream_connect",
                Unit::Time,
                Field::Time(&mut self.upstream_connect),
            ),
            (
                "upstream_time",
                Unit::Time,
                Field::Time(&mut self.upstream_time),
            ),
            (
                "upstream_head",
                Unit::Bytes,
                Field::Wide(&mut self.upstream_head),
            ),
            (
                "tunnel_idle",
                Unit::Time,
                Field::Time(&mut self.tunnel_idle),
            ),
            ("json_depth", Unit::Count, Field::Wide(&mut self.json_depth)),
            ("errors", Unit::Count, Field::Wide(&mut self.errors)),
            ("files", Unit::Count, Field::Wide(&mut self.files)),
            ("file_bytes", Unit::Bytes, Field::Wide(&mut self.file_bytes)),
        ]
    }
}

impl FromStr for Limit {
    type Err = NoLimit;

    fn from_str(text: &str) -> Result<Limit, NoLimit> {
        let Some((name, amount)) = text.split_once('=') else {
            return Err(NoLimit(
                "NAME=AMOUNT is expected, such as body=20MiB".to_owned(),
            ));
        };
        let mut usual = Limits::default();
        let known = usual.fields().into_iter();
        let known: Vec<(&str, Unit)> = known.map(|(name, unit, _)| (name, unit)).collect();
        let Some(&(name, unit)) = known.iter().find(|(known, _)| *known == name) else {
            let known: Vec<&str> = known.into_iter().map(|(name, _)| name).collect();
            let near = nearest(name, &known);
            let near = near.map_or(String::new(), |near| format!("; `{near}` is near"));
            return Err(NoLimit(format!("there is no limit `{name}`{near}")));
        };
        if let Some((_, option)) = SAID_ELSEWHERE.iter().find(|(said, _)| *said == name) {
            return Err(NoLimit(format!("`{name}` is what {option} says")));
        }
        let least = if name == "upstream_head" {
            LEAST_UPSTREAM_HEAD
        } else {
            1
        };
        let (most, written) = match unit {
            Unit::Bytes => (u32::MAX, "bytes, such as 65536, 64KiB or 20MiB"),
            Unit::Count => (u32::MAX, "a number"),
            Unit::Time => (LONGEST, "a time, such as 500ms, 10s or 2m"),
        };
        let most = match name {
            "uri" => MOST_URI,
            "header_fields" => MOST_FIELDS,
            "json_depth" => MOST_DEPTH,
            "errors" => MOST_ERRORS,
            "files" => MOST_FILES,
            _ => most,
        };
        let amount = unit.amount(amount);
        let amount = amount.ok_or_else(|| NoLimit(format!("`{name}` is {written}")))?;
        match u32::try_from(amount) {
            Ok(amount) if (least..=most).contains(&amount) => Ok(Limit { name, amount }),
            _ => {
                let [least, most] = [least, most].map(|bound| unit.written(bound));
                Err(NoLimit(format!("`{name}` is from {least} to {most}")))
            }
        }
    }
}

impl Unit {
    /// As Prometheus' units are called.
    pub(super) fn name(self) -> &'static str {
        match self {
            Unit::Bytes => "bytes",
            Unit::Count => "count",
            Unit::Time => "seconds",
        }
    }

    /// A number of bytes, a count, or milliseconds, as people write it.
    fn amount(self, text: &str) -> Option<u64> {
        let text = text.trim();
        let end = text
            .find(|c: char| !c.is_ascii_digit())
            .unwrap_or(text.len());
        let (digits, suffix) = text.split_at(end);
        let scale: u64 = match (self, suffix.trim()) {
            (Unit::Bytes | Unit::Count, "") | (Unit::Bytes, "B") | (Unit::Time, "ms") => 1,
            (Unit::Bytes, "KiB") => 1 << 10,
            (Unit::Bytes, "MiB") => 1 << 20,
            (Unit::Bytes, "GiB") => 1 << 30,
            (Unit::Time, "s") => 1000,
            (Unit::Time, "m") => 60_000,
            (Unit::Time, "h") => 3_600_000,
            _ => return None,
        };
        // What is longer than any number is more than every bound.
        let digits = digits.trim_start_matches('0');
        match digits.is_empty() {
            true => (end > 0).then_some(0),
            false => Some(
                digits
                    .parse::<u64>()
                    .map_or(u64::MAX, |n| n.saturating_mul(scale)),
            ),
        }
    }

    fn written(self, amount: u32) -> impl Display {
        match self {
            Unit::Count => amount.to_string(),
            Unit::Bytes => format!("{amount} bytes"),
            Unit::Time if amount < 1000 => format!("{amount} ms"),
            Unit::Time => format!("{} s", amount / 1000),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_limit_has_its_name() {
        let fields = format!("{:?}", Limits::default());
        let told = Limits::default().told();
        for (name, _, _) in &told {
            assert!(fields.contains(&format!("{name}:")), "{name}");
        }
        assert_eq!(told.len(), fields.matches(": ").count());
    }

    #[test]
    fn amounts_are_written_with_their_unit() {
        let limits = |text: &str| {
            let mut limits = Limits::default();
            limits.set(&text.parse().unwrap_or_else(|why| panic!("{text}: {why}")));
            limits
        };
        assert_eq!(limits("body=20MiB").body, 20 << 20);
        assert_eq!(limits("body=100").body, 100);
        assert_eq!(limits("header_list=1 KiB").header_list, 1024);
        assert_eq!(limits("connections=7").connections, 7);
        assert_eq!(
            limits("head_time=500ms").head_time,
            Duration::from_millis(500)
        );
        assert_eq!(limits("idle_time=2m").idle_time, Duration::from_secs(120));
    }

    #[test]
    fn what_is_no_limit_is_told_with_what_would_be_one() {
        let why = |text: &str| text.parse::<Limit>().map_err(|why| why.to_string());
        let no = |text: &str| why(text).expect_err(text);
        assert_eq!(no("body"), "NAME=AMOUNT is expected, such as body=20MiB");
        assert_eq!(no("bodi=1"), "there is no limit `bodi`; `body` is near");
        assert_eq!(
            no("body=20MB"),
            "`body` is bytes, such as 65536, 64KiB or 20MiB"
        );
        assert_eq!(no("body=0"), "`body` is from 1 bytes to 4294967295 bytes");
        assert_eq!(no("body=99999999999999999999GiB"), no("body=0"));
        assert_eq!(
            no("head_time=5"),
            "`head_time` is a time, such as 500ms, 10s or 2m"
        );
        assert_eq!(no("head_time=25h"), "`head_time` is from 1 ms to 86400 s");
        assert_eq!(
            no("upstream_head=1KiB"),
            "`upstream_head` is from 8192 bytes to 4294967295 bytes"
        );
        assert_eq!(no("uri=64KiB"), "`uri` is from 1 bytes to 65534 bytes");
        assert_eq!(
            no("header_fields=10001"),
            "`header_fields` is from 1 to 10000"
        );
        assert_eq!(no("json_depth=129"), "`json_depth` is from 1 to 128");
        assert_eq!(no("errors=201"), "`errors` is from 1 to 200");
        assert_eq!(no("journal=5"), "`journal` is what --journal says");
    }
}
