//! The functions that rules have beside CEL's own.

use super::budget::Budget;
use super::convert::{to_json, to_val};
use super::metering::{COPIED, GIVEN, READ, REPEATED, REPLACED, SEARCHED, SEEN, SPREAD};
use super::texts::{self, Patterns};
use crate::store::State;
use cel::common::types::{CelInt, CelList, CelMap, CelNull, CelString};
use cel::common::value::{CowVal, Val};
use cel::extractors::Arguments;
use cel::objects::Key;
use cel::{Context, ExecutionError, FunctionContext, Value as Cel};
use chrono::{LocalResult, NaiveDate, TimeZone, Utc};
use chrono_tz::Tz;
use language_tags::LanguageTag;
use rrule::{RRule, Unvalidated};
use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::Arc;

/// CEL's standard functions and those of its strings extension, as far as the interpreter has them.
pub(super) const STANDARD: [&str; 37] = [
    "bool",
    "bytes",
    "charAt",
    "contains",
    "double",
    "duration",
    "dyn",
    "endsWith",
    "format",
    "getDate",
    "getDayOfMonth",
    "getDayOfWeek",
    "getDayOfYear",
    "getFullYear",
    "getHours",
    "getMilliseconds",
    "getMinutes",
    "getMonth",
    "getSeconds",
    "indexOf",
    "int",
    "join",
    "lastIndexOf",
    "lowerAscii",
    "matches",
    "replace",
    "reverse",
    "size",
    "split",
    "startsWith",
    "string",
    "substring",
    "timestamp",
    "trim",
    "type",
    "uint",
    "upperAscii",
];

/// The functions added here. `item` and `items` name a collection first.
pub(super) const OWN: [&str; 8] = [
    "item",
    "items",
    "sum",
    "duplicates",
    "addMinutes",
    "zoned",
    "rrule",
    "isLanguageTag",
];

type Result<T> = std::result::Result<T, ExecutionError>;

/// A function as the interpreter calls it.
pub(super) type Function =
    Box<dyn for<'c, 'v> Fn(&mut FunctionContext<'c, 'v>) -> Result<CowVal<'c, 'v>> + Send + Sync>;

/// What functions are made for.
pub(super) struct Surroundings<'s> {
    /// What `item` and `items` look at.
    pub(super) state: &'s State,
    /// What pays.
    pub(super) budget: &'s Arc<Budget>,
    /// The patterns that stand in expressions.
    pub(super) patterns: &'s Arc<Patterns>,
}

/// Adds those that `used` has.
pub(super) fn add(
    context: &mut Context<'_, '_>,
    around: &Surroundings<'_>,
    used: &BTreeSet<String>,
) {
    let is_used = |name: &&str| used.contains(*name);
    for name in OWN.into_iter().filter(is_used) {
        let added = match name {
            "item" => context.add_function(name, item(around)),
            "items" => context.add_function(name, items(around)),
            "sum" => context.add_function(name, sum),
            "duplicates" => context.add_function(name, duplicates),
            "addMinutes" => context.add_function(name, add_minutes),
            "zoned" => context.add_function(name, zoned),
            "rrule" => context.add_function(name, rrule),
            _ => context.add_function(name, is_language_tag),
        };
        // A name that CEL's own functions have would be refused; `OWN` has none, as a test sees.
        debug_assert!(added.is_ok());
    }
    let payments = [COPIED, GIVEN, READ, REPEATED, SEARCHED, SEEN, SPREAD];
    for name in payments.into_iter().filter(is_used) {
        let _ = context.add_function(name, payment(name, around.budget));
    }
    for (name, own) in REPLACED.into_iter().filter(|(_, own)| used.contains(*own)) {
        let (budget, patterns) = (Arc::clone(around.budget), Arc::clone(around.patterns));
        let function: Function = Box::new(move |call| texts::call(name, call, &budget, &patterns));
        let _ = context.add_function(own, function);
    }
}

/// Gives its first argument when it is paid for.
fn payment(name: &'static str, budget: &Arc<Budget>) -> Function {
    let budget = Arc::clone(budget);
    Box::new(move |call| {
        let mut given = call.args.drain(..);
        let value = given.next().unwrap_or_else(|| CowVal::owned(CelNull));
        match name {
            COPIED => budget.copy(value.as_ref())?,
            GIVEN => budget.give(value.as_ref())?,
            READ => budget.read(value.as_ref())?,
            SPREAD => budget.spread(value.as_ref())?,
            SEARCHED if value.downcast_ref::<CelMap>().is_some() => budget.spend(1)?,
            SEARCHED => budget.read(value.as_ref())?,
            REPEATED => {
                let steps = given.next();
                let steps = steps.and_then(|steps| Some(*steps.downcast_ref::<CelInt>()?.inner()));
                let steps = steps.and_then(|steps| u64::try_from(steps).ok());
                budget.repeat(value.as_ref(), steps.unwrap_or(u64::MAX))?;
            }
            _ => budget.look(value.as_ref())?,
        }
        Ok(value)
    })
}

fn name_of<'f>(call: &'f FunctionContext<'_, '_>, number: usize) -> Result<&'f str> {
    let given = call.this.iter().chain(&call.args).nth(number);
    let text = given.and_then(|given| given.downcast_ref::<CelString>());
    text.map(CelString::inner)
        .ok_or_else(|| call.error("takes texts"))
}

/// An item by its key, or null.
fn item(around: &Surroundings<'_>) -> Function {
    let (state, budget) = (around.state.clone(), Arc::clone(around.budget));
    Box::new(move |call| {
        let Some(item) = state.item(name_of(call, 0)?, name_of(call, 1)?) else {
            return Ok(CowVal::owned(CelNull));
        };
        budget.copy_json(&item.value)?;
        Ok(CowVal::Owned(to_val(&item.value)))
    })
}

/// All items of a collection.
fn items(around: &Surroundings<'_>) -> Function {
    let (state, budget) = (around.state.clone(), Arc::clone(around.budget));
    Box::new(move |call| {
        let items = state.collection(name_of(call, 0)?).into_iter();
        let items = items.flat_map(|items| items.iter()).map(|(_, item)| {
            budget.copy_json(&item.value)?;
            Ok(to_val(&item.value))
        });
        let items: Vec<Box<dyn Val>> = items.collect::<Result<_>>()?;
        Ok(CowVal::owned(CelList::from(items)))
    })
}

/// Whether the text is a tag of BCP 47 that is valid: of registered subtags (RFC 5646 §2.2.9).
fn is_language_tag(text: Arc<String>) -> bool {
    LanguageTag::parse(&text).is_ok_and(|tag| tag.is_valid())
}

fn sum(list: Arc<Vec<Cel>>) -> Result<Cel> {
    let mut whole: i64 = 0;
    let mut float = 0.0;
    let mut is_float = false;
    for value in list.iter() {
        match value {
            Cel::Int(int) => {
                whole = whole
                    .checked_add(*int)
                    .ok_or_else(|| ExecutionError::function_error("sum", "the sum is too large"))?
            }
            Cel::Float(value) => {
                is_float = true;
                float += value;
            }
            _ => {
                return Err(ExecutionError::function_error(
                    "sum",
                    "takes a list of numbers",
                ));
            }
        }
    }
    Ok(match is_float {
        true => Cel::Float(float + whole as f64),
        false => Cel::Int(whole),
    })
}

/// The places of items that stand earlier in the list already; null is no item.
fn duplicates(list: Arc<Vec<Cel>>) -> Arc<Vec<Cel>> {
    // By their JSON text, as CEL's values have no hash: a list may have a hundred thousand items.
    let mut seen = HashSet::new();
    let text = |value: &Cel| to_json(value).map_or_else(|| format!("{value:?}"), |v| v.to_string());
    let again = |(index, value): (usize, &Cel)| {
        let again = *value != Cel::Null && !seen.insert(text(value));
        again.then_some(Cel::Int(index as i64))
    };
    Arc::new(list.iter().enumerate().filter_map(again).collect())
}

/// The time of day so many minutes later: `addMinutes("23:30", 60)` is `"00:30"`.
fn add_minutes(time: Arc<String>, minutes: Cel) -> Result<Cel> {
    let fail = |message: &str| ExecutionError::function_error("addMinutes", message);
    let (hour, minute) = time
        .split_once(':')
        .ok_or_else(|| fail("takes a time as HH:mm"))?;
    let part = |text: &str, below: u32| {
        let number: Option<u32> = text.parse().ok();
        number
            .filter(|n| *n < below)
            .ok_or_else(|| fail("takes a time as HH:mm"))
    };
    let start = f64::from(part(hour, 24)? * 60 + part(minute, 60)?);
    let minutes = match minutes {
        Cel::Int(minutes) => minutes as f64,
        Cel::UInt(minutes) => minutes as f64,
        Cel::Float(minutes) => minutes.floor(),
        _ => return Err(fail("takes a number of minutes")),
    };
    let end = (start + minutes).rem_euclid(24.0 * 60.0) as u32;
    Ok(Cel::String(Arc::new(format!(
        "{:02}:{:02}",
        end / 60,
        end % 60
    ))))
}

/// The instant of a local date and time: `zoned(2024, 1, 20, 9, 30, "Europe/London")`; null for a
/// date that no calendar has (years are 1 to 9999) and for an unknown zone. A time that a clock change skips is as much later; of one that comes
/// twice it is the first (RFC 5545 §3.3.5).
fn zoned(Arguments(arguments): Arguments) -> Result<Cel> {
    let fail = |message: &str| ExecutionError::function_error("zoned", message);
    let [
        Cel::Int(year),
        Cel::Int(month),
        Cel::Int(day),
        Cel::Int(hour),
        Cel::Int(minute),
        Cel::String(zone),
    ] = arguments.as_slice()
    else {
        return Err(fail(
            "takes year, month, day, hour, minute and the name of a time zone",
        ));
    };
    let Ok(zone) = zone.parse::<Tz>() else {
        return Ok(Cel::Null);
    };
    let part = |number: &i64| u32::try_from(*number).ok();
    let local = (|| {
        let year = i32::try_from(*year)
            .ok()
            .filter(|year| (1..=9999).contains(year))?;
        let date = NaiveDate::from_ymd_opt(year, part(month)?, part(day)?)?;
        date.and_hms_opt(part(hour)?, part(minute)?, 0)
    })();
    let Some(local) = local else {
        return Ok(Cel::Null);
    };
    let instant = match zone.from_local_datetime(&local) {
        LocalResult::Single(instant) | LocalResult::Ambiguous(instant, _) => instant.to_utc(),
        LocalResult::None => {
            // Within a gap the offset before it holds.
            let before = zone.offset_from_utc_datetime(&(local - chrono::Duration::hours(24)));
            let offset = chrono::Offset::fix(&before).local_minus_utc();
            Utc.from_utc_datetime(&(local - chrono::Duration::seconds(offset.into())))
        }
    };
    Ok(Cel::Timestamp(instant.fixed_offset()))
}

/// The parts of a recurrence rule (RFC 5545 §3.3.10) as written, by name; null where it is none.
fn rrule(text: Arc<String>) -> Cel {
    // The parser slices bytes; a rule is ASCII (RFC 5545 §3.3.10).
    if !text.is_ascii() || text.parse::<RRule<Unvalidated>>().is_err() {
        return Cel::Null;
    }
    let mut parts: HashMap<Key, Cel> = HashMap::new();
    for part in text.split(';') {
        let Some((name, value)) = part.split_once('=') else {
            return Cel::Null;
        };
        let value = Cel::String(Arc::new(value.to_ascii_uppercase()));
        if parts
            .insert(Key::String(Arc::new(name.to_ascii_uppercase())), value)
            .is_some()
        {
            return Cel::Null;
        }
    }
    Cel::Map(cel::objects::Map {
        map: Arc::new(parts),
    })
}

#[cfg(test)]
mod tests {
    use super::super::expression::environment;
    use super::*;
    use serde_json::json;

    fn eval(text: &str) -> Option<serde_json::Value> {
        let env = environment();
        let mut context = Context::with_env(Arc::clone(&env));
        let all = OWN.iter().map(|name| (*name).to_owned()).collect();
        let around = Surroundings {
            state: &State::default(),
            budget: &Arc::default(),
            patterns: &Arc::default(),
        };
        add(&mut context, &around, &all);
        let program = env.compile(text).expect(text);
        let value = program.execute(&context).ok()?;
        super::super::convert::to_json(&value)
    }

    #[test]
    fn every_standard_name_is_one_that_the_interpreter_has() {
        let context = Context::with_env(environment());
        let is_known = |name: &str| {
            let calls = [
                format!("{name}(1)"),
                format!("'a'.{name}(1)"),
                format!("'a'.{name}()"),
            ];
            let undeclared = |call: &String| {
                let program = environment().compile(call).expect("a call");
                matches!(
                    program.execute(&context),
                    Err(ExecutionError::UndeclaredReference(_))
                )
            };
            !calls.iter().all(undeclared)
        };
        let unknown: Vec<&str> = STANDARD
            .into_iter()
            .filter(|name| !is_known(name))
            .collect();
        assert_eq!(unknown, Vec::<&str>::new());
    }

    #[test]
    fn none_of_our_names_is_one_of_cels() {
        for name in OWN {
            assert!(
                Context::default().add_function(name, |a: i64| a).is_ok(),
                "{name}"
            );
        }
    }

    #[test]
    fn times_of_day_pass_midnight() {
        assert_eq!(eval("addMinutes('23:30', 60)"), Some(json!("00:30")));
        assert_eq!(eval("addMinutes('10:00', 90.5)"), Some(json!("11:30")));
        assert_eq!(eval("addMinutes('00:10', -20)"), Some(json!("23:50")));
        assert_eq!(eval("addMinutes('24:00', 1)"), None);
    }

    #[test]
    fn local_times_follow_the_zones_clock_changes() {
        let cases = [
            ("2020, 12, 21, 10, 0", json!("2020-12-21T10:00:00.000Z")),
            ("2021, 6, 21, 10, 0", json!("2021-06-21T09:00:00.000Z")),
            ("2021, 3, 28, 1, 30", json!("2021-03-28T01:30:00.000Z")),
            ("2021, 10, 31, 1, 30", json!("2021-10-31T00:30:00.000Z")),
            ("2021, 2, 30, 1, 30", json!(null)),
        ];
        for (local, instant) in cases {
            let text = format!("zoned({local}, 'Europe/London')");
            assert_eq!(eval(&text), Some(instant), "{local}");
        }
        assert_eq!(
            eval("zoned(2021, 1, 1, 0, 0, 'Mars/Base')"),
            Some(json!(null))
        );
    }

    #[test]
    fn recurrence_rules_and_language_tags_are_read() {
        assert_eq!(
            eval("rrule('FREQ=WEEKLY;BYDAY=MO')"),
            Some(json!({"BYDAY": "MO", "FREQ": "WEEKLY"}))
        );
        for bad in [
            "",
            "MO",
            "FREQ=SOMETIMES",
            "FREQ=WEEKLY;BYDAY=XX",
            "FREQ=WEEKLY;UNTIL=2021",
            "FREQ=WEEKLY;BYDAY=éO",
        ] {
            assert_eq!(eval(&format!("rrule('{bad}')")), Some(json!(null)), "{bad}");
        }
        for (tag, valid) in [
            ("en", true),
            ("en-US", true),
            ("zh-Hans-CN", true),
            ("english", false),
            ("en_US", false),
            ("", false),
            ("x-mine", true),
        ] {
            assert_eq!(
                eval(&format!("isLanguageTag('{tag}')")),
                Some(json!(valid)),
                "{tag}"
            );
        }
    }

    #[test]
    fn lists_are_summed_and_searched_for_duplicates() {
        assert_eq!(eval("sum([60, 30])"), Some(json!(90)));
        assert_eq!(eval("sum([60, 0.5])"), Some(json!(60.5)));
        assert_eq!(eval("sum([])"), Some(json!(0)));
        assert_eq!(
            eval("duplicates(['a', null, 'a', null, 'a'])"),
            Some(json!([2, 4]))
        );
    }
}
