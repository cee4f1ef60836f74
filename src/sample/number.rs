//! Numbers within bounds and on a grid, exact to the last digit.

use super::draw::Draw;
use crate::wire::json_number;
use serde_json::{Number, Value};

/// How many digits behind the point are reckoned with at most.
const DIGITS: u32 = 18;
/// How many where nothing speaks of finer ones: hundredths, as of money.
const USUAL_DIGITS: u32 = 2;
/// Beyond this, in the finest digits, no number is made but those that the document writes itself.
const FAR: i128 = 10_i128.pow(37);
/// How far from the number that is chosen another may be, in steps.
const NEAR: i128 = 100;
/// How far from the nearest possible number one is drawn, in steps.
const SPREAD: u64 = 100;

/// What a number must be.
#[derive(Debug, Clone, Default)]
pub(super) struct NumberDemand {
    low: Vec<Limit>,
    high: Vec<Limit>,
    steps: Vec<Number>,
    /// What it isn't to be a multiple of.
    off: Vec<Number>,
}

#[derive(Debug, Clone)]
struct Limit {
    at: Number,
    excluded: bool,
}

/// The numbers of a demand in units of a power of ten.
struct Reckoning {
    digits: u32,
    low: Option<(i128, bool)>,
    high: Option<(i128, bool)>,
}

impl NumberDemand {
    pub(super) fn at_least(&mut self, limit: &Number, excluded: bool) {
        let at = limit.clone();
        self.low.push(Limit { at, excluded });
    }

    pub(super) fn at_most(&mut self, limit: &Number, excluded: bool) {
        let at = limit.clone();
        self.high.push(Limit { at, excluded });
    }

    pub(super) fn multiple_of(&mut self, step: &Number) {
        self.steps.push(step.clone());
    }

    pub(super) fn no_multiple_of(&mut self, step: Option<Number>) {
        self.off.extend(step);
    }

    /// Whether a number is no multiple of what it isn't to be one of, as nearly as floats tell.
    pub(super) fn is_off(&self, value: &Value) -> bool {
        let Some(value) = value.as_f64() else {
            return true;
        };
        let mut steps = self.off.iter().filter_map(Number::as_f64);
        steps.all(|step| {
            let times = value / step;
            (times - times.round()).abs() > 1e-9
        })
    }

    /// Whether it isn't to be a multiple of something.
    pub(super) fn has_off(&self) -> bool {
        !self.off.is_empty()
    }

    /// Between which numbers it lies, as nearly as floats tell.
    pub(super) fn span(&self) -> (f64, f64) {
        let limits = |limits: &[Limit]| {
            let limits = limits.iter().filter_map(|limit| limit.at.as_f64());
            limits.collect::<Vec<f64>>()
        };
        let low = limits(&self.low).into_iter();
        let high = limits(&self.high).into_iter();
        (
            low.fold(f64::NEG_INFINITY, f64::max),
            high.fold(f64::INFINITY, f64::min),
        )
    }

    /// Whether there are bounds.
    pub(super) fn is_bounded(&self) -> bool {
        !self.low.is_empty() || !self.high.is_empty()
    }

    /// A number that meets the demand, as near to the wish as may be; or the `nth` of those that
    /// do, from the lowest on where there is one.
    pub(super) fn make(
        &self,
        whole: bool,
        wish: Option<&Number>,
        nth: Option<u64>,
        draw: &mut Draw,
    ) -> Option<Value> {
        let limits = || self.low.iter().chain(&self.high);
        let numbers = limits().map(|limit| &limit.at).chain(&self.steps);
        let needed: Option<u32> = numbers
            .map(digits_of)
            .try_fold(0, |most, digits| digits.map(|digits| most.max(digits)));
        let needed = needed.filter(|digits| *digits <= DIGITS);
        let reckoning = needed.and_then(|needed| {
            let least = if whole { 0 } else { USUAL_DIGITS };
            self.reckon(needed.max(least))
                .or_else(|| self.reckon(needed))
        });
        let is_reckoned = |reckoning: &Reckoning| {
            let mut steps = self.steps.iter();
            steps.all(|step| exact(step, reckoning.digits).is_some())
        };
        let Some(reckoning) = reckoning.filter(is_reckoned) else {
            // What can't be reckoned with may itself be what is demanded.
            let written = limits().filter(|limit| !limit.excluded);
            let written = written.map(|limit| limit.at.clone());
            let zero = self.steps.first().map(|_| 0.into());
            let steps = self.steps.iter().cloned();
            let below = self
                .steps
                .iter()
                .map(|step| json_number(&format!("-{step}")));
            // Nor may be a limit itself, but what is well beyond it.
            let beyond = limits().filter(|limit| limit.excluded).flat_map(|limit| {
                let at = limit.at.as_f64().unwrap_or_default();
                [at * 2.0, at / 2.0].map(|at| json_number(&format!("{at:e}")))
            });
            let written = written.chain(steps).chain(zero).chain(below).chain(beyond);
            let written: Vec<Number> = written.collect();
            let good = written.iter().find(|at| self.takes(at));
            return good.or(written.first()).cloned().map(Value::Number);
        };
        let digits = reckoning.digits;
        let mut steps: Vec<i128> = Vec::new();
        for step in &self.steps {
            steps.extend(exact(step, digits).filter(|step| *step > 0));
        }
        if whole {
            steps.push(unit(digits));
        }
        let wished = |digits| wish.and_then(|wish| rounded(wish, digits));
        if !steps.is_empty() {
            let step = steps.iter().try_fold(1_i128, |all, step| lcm(all, *step))?;
            let plain = |at: i128| {
                let number = number(at, digits);
                self.is_plain(&number) && self.is_within(&number)
            };
            return reckoning
                .on(step, wished(digits), nth, draw, &plain)
                .map(|at| number(at, digits));
        }
        // Without a grid hundredths will do, and finer ones where there is no room for those.
        (USUAL_DIGITS..=DIGITS).find_map(|finer| {
            let reckoning = self.reckon(finer.max(needed?))?;
            let digits = reckoning.digits;
            let step = unit(digits) / unit(finer.min(digits));
            let is_within = |at: i128| self.is_within(&number(at, digits));
            let found = reckoning.on(step, wished(digits), nth, draw, &is_within)?;
            Some(number(found, digits))
        })
    }

    /// Whether a number meets the demand as far as binary fractions tell.
    fn takes(&self, number: &Number) -> bool {
        let value = Value::Number(number.clone());
        self.is_within(&value) && self.is_plain(&value)
    }

    /// Whether binary fractions take it to be within the bounds too.
    pub(super) fn is_within(&self, value: &Value) -> bool {
        let Some(value) = value.as_f64() else {
            return false;
        };
        let keeps = |limit: &Limit, sign: f64| {
            let over = limit.at.as_f64().map(|at| sign * (value - at));
            over.is_some_and(|over| over > 0.0 || over == 0.0 && !limit.excluded)
        };
        self.low.iter().all(|limit| keeps(limit, 1.0))
            && self.high.iter().all(|limit| keeps(limit, -1.0))
    }

    /// Whether binary fractions take it for a multiple too: many a validator reckons with them.
    fn is_plain(&self, value: &Value) -> bool {
        let value = value.as_f64().unwrap_or_default();
        let mut steps = self.steps.iter().filter_map(Number::as_f64);
        steps.all(|step| (value / step).fract() == 0.0)
    }

    /// The bounds in units of so many digits; nothing where they are too far away for that.
    fn reckon(&self, digits: u32) -> Option<Reckoning> {
        let tightest = |limits: &[Limit], sign: i128| {
            let mut tightest: Option<(i128, bool)> = None;
            for limit in limits {
                let at = exact(&limit.at, digits)?;
                let is_tighter = |(known, excluded): &(i128, bool)| {
                    sign * at > sign * known || at == *known && limit.excluded && !excluded
                };
                if tightest.as_ref().is_none_or(is_tighter) {
                    tightest = Some((at, limit.excluded));
                }
            }
            Some(tightest)
        };
        Some(Reckoning {
            digits,
            low: tightest(&self.low, 1)?,
            high: tightest(&self.high, -1)?,
        })
    }
}

impl Reckoning {
    /// A multiple of a step within the bounds; one that is liked, where there is one near.
    fn on(
        &self,
        step: i128,
        wish: Option<i128>,
        nth: Option<u64>,
        draw: &mut Draw,
        is_liked: &dyn Fn(i128) -> bool,
    ) -> Option<i128> {
        let first = self.low.map(|(at, excluded)| {
            let up = at.div_euclid(step) + i128::from(at.rem_euclid(step) != 0);
            up + i128::from(excluded && up.checked_mul(step) == Some(at))
        });
        let last = self.high.map(|(at, excluded)| {
            let down = at.div_euclid(step);
            down - i128::from(excluded && down.checked_mul(step) == Some(at))
        });
        let end = FAR / step;
        let (first, last) = (first.unwrap_or(-end), last.unwrap_or(end));
        if first > last {
            return None;
        }
        let chosen = match wish {
            // Down, as half of a thing is none.
            Some(wish) => wish.div_euclid(step),
            None => {
                let (from, to) = match (self.low, self.high) {
                    (None, None) => (1, 100.max(unit(self.digits) / step)),
                    (None, Some(_)) if last > 0 => (1, last),
                    (None, Some(_)) => (last - 100, last),
                    (Some(_), None) => (first, first.saturating_add(100)),
                    (Some(_), Some(_)) => (first, last),
                };
                match nth {
                    // All that there are in turn, and no more of what has no end than is asked for.
                    Some(nth) => from + i128::from(nth) % (last - from + 1).max(1),
                    None => {
                        let width = u64::try_from(to - from).unwrap_or(u64::MAX).min(SPREAD);
                        from + i128::from(draw.number() % (width + 1))
                    }
                }
            }
        };
        let chosen = chosen.clamp(first, last);
        let near = if nth.is_some() { 1 } else { NEAR };
        let near = (0..near).flat_map(|off| [chosen + off, chosen - off]);
        let near = near.filter(|at| (first..=last).contains(at));
        let mut near = near.filter_map(|at| at.checked_mul(step));
        near.find(|at| is_liked(*at))
            .or_else(|| chosen.checked_mul(step))
    }
}

fn unit(digits: u32) -> i128 {
    10_i128.pow(digits)
}

/// A number as its digits and the power of ten that they count.
fn parts(number: &Number) -> Option<(i128, i32)> {
    let text = number.as_str();
    let (mantissa, exponent) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
    let exponent: i32 = exponent.parse().ok()?;
    let (integer, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let fraction = fraction.trim_end_matches('0');
    let mut digits: i128 = format!("{integer}{fraction}").parse().ok()?;
    let mut power = exponent.checked_sub(i32::try_from(fraction.len()).ok()?)?;
    while digits != 0 && digits % 10 == 0 {
        digits /= 10;
        power += 1;
    }
    Some((digits, if digits == 0 { 0 } else { power }))
}

/// How many digits behind the point a number has.
fn digits_of(number: &Number) -> Option<u32> {
    let (_, power) = parts(number)?;
    Some(power.min(0).unsigned_abs())
}

/// A number in units of so many digits; nothing where it has finer ones or is too far away.
fn exact(number: &Number, digits: u32) -> Option<i128> {
    let (mantissa, power) = parts(number)?;
    let shift = power.checked_add(i32::try_from(digits).ok()?)?;
    let scale = 10_i128.checked_pow(u32::try_from(shift).ok()?)?;
    let exact = mantissa.checked_mul(scale)?;
    (exact.abs() <= FAR).then_some(exact)
}

/// The same, finer digits cut off.
fn rounded(number: &Number, digits: u32) -> Option<i128> {
    exact(number, digits).or_else(|| {
        let fine = digits_of(number)?;
        let exact = exact(number, fine)?;
        Some(exact.div_euclid(unit(fine.checked_sub(digits)?)))
    })
}

fn number(exact: i128, digits: u32) -> Value {
    let unit = unit(digits).unsigned_abs();
    let (whole, rest) = (exact.unsigned_abs() / unit, exact.unsigned_abs() % unit);
    let sign = if exact < 0 { "-" } else { "" };
    let fraction = format!("{rest:0width$}", width = digits as usize);
    let text = match fraction.trim_end_matches('0') {
        _ if rest == 0 => format!("{sign}{whole}"),
        fraction => format!("{sign}{whole}.{fraction}"),
    };
    Value::Number(json_number(&text))
}

fn gcd(a: i128, b: i128) -> i128 {
    if b == 0 { a } else { gcd(b, a % b) }
}

fn lcm(a: i128, b: i128) -> Option<i128> {
    (a / gcd(a, b)).checked_mul(b).filter(|step| *step <= FAR)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn demand(schema: Value) -> NumberDemand {
        let mut demand = NumberDemand::default();
        for (keyword, value) in schema.as_object().expect("an object") {
            let Value::Number(limit) = value else {
                continue;
            };
            match keyword.as_str() {
                "minimum" => demand.at_least(limit, false),
                "exclusiveMinimum" => demand.at_least(limit, true),
                "maximum" => demand.at_most(limit, false),
                "exclusiveMaximum" => demand.at_most(limit, true),
                _ => demand.multiple_of(limit),
            }
        }
        demand
    }

    fn meets(schema: &Value, value: &Value) -> bool {
        let of = |value: &Value| {
            let number = value.as_number().expect("a number");
            exact(number, DIGITS).expect("a number of few digits")
        };
        let value = of(value);
        let limits = schema.as_object().expect("an object").iter();
        limits
            .map(|(keyword, limit)| (keyword.as_str(), of(limit)))
            .all(|(keyword, limit)| match keyword {
                "minimum" => value >= limit,
                "exclusiveMinimum" => value > limit,
                "maximum" => value <= limit,
                "exclusiveMaximum" => value < limit,
                _ => value % limit == 0,
            })
    }

    #[test]
    fn every_number_that_is_made_is_within_bounds_and_on_the_grid() {
        for schema in [
            json!({"minimum": 5, "maximum": 5}),
            json!({"exclusiveMinimum": 0, "exclusiveMaximum": 1}),
            json!({"exclusiveMinimum": 0.1, "exclusiveMaximum": 0.101}),
            json!({"multipleOf": 0.01, "minimum": 19.995, "maximum": 20.005}),
            json!({"multipleOf": 0.3, "exclusiveMinimum": 0.6}),
            json!({"maximum": -5}),
            json!({"minimum": -7, "maximum": -3, "multipleOf": 2.5}),
            json!({"minimum": 9007199254740993_i64, "maximum": 9007199254740993_i64}),
            json!({"minimum": 0.000001, "maximum": 0.000002}),
            json!({}),
        ] {
            for seed in 0..50 {
                let mut draw = Draw::of(&seed.to_string());
                let value = demand(schema.clone()).make(false, None, None, &mut draw);
                let value = value.unwrap_or_else(|| panic!("{schema}"));
                assert!(meets(&schema, &value), "{schema}: {value}");
            }
        }
    }

    #[test]
    fn a_wish_is_followed_as_far_as_may_be() {
        let make = |schema: Value, whole, wish: Value| {
            let Value::Number(wish) = wish else {
                return None;
            };
            demand(schema).make(whole, Some(&wish), None, &mut Draw::of(""))
        };
        assert_eq!(make(json!({}), false, json!(19.99)), Some(json!(19.99)));
        assert_eq!(
            make(json!({"maximum": 10}), false, json!(19.99)),
            Some(json!(10))
        );
        assert_eq!(make(json!({}), true, json!(19.99)), Some(json!(19)));
        assert_eq!(
            make(json!({"multipleOf": 0.5}), false, json!(19.99)),
            Some(json!(19.5))
        );
        assert_eq!(
            make(json!({"exclusiveMinimum": 20}), true, json!(1)),
            Some(json!(21))
        );
    }

    #[test]
    fn a_number_keeps_to_its_bounds_as_a_binary_fraction_too() {
        let schema = r#"{"exclusiveMinimum": 1, "exclusiveMaximum": 1.0000000000000004}"#;
        let schema: Value = serde_json::from_str(schema).expect("JSON");
        for seed in 0..25 {
            let mut draw = Draw::of(&seed.to_string());
            let made = demand(schema.clone()).make(false, None, None, &mut draw);
            let made = made.and_then(|made| made.as_f64()).expect("a number");
            assert!(made > 1.0 && made < 1.0000000000000004, "{made}");
        }
    }

    #[test]
    fn far_and_fine_bounds_are_met() {
        let make = |schema: Value, whole| demand(schema).make(whole, None, None, &mut Draw::of(""));
        let far = json!({"minimum": 100000000000000000000000_u128, "multipleOf": 7});
        let made = make(far, true).expect("a multiple");
        let made: u128 = made.to_string().parse().expect("a number");
        assert!(made >= 10_u128.pow(23) && made.is_multiple_of(7), "{made}");
        let tiny: Value =
            serde_json::from_str(r#"{"maximum": 1e-300, "exclusiveMinimum": 0}"#).expect("JSON");
        assert_eq!(make(tiny, false).expect("the bound").to_string(), "1e-300");
    }

    #[test]
    fn where_there_is_none_none_is_made() {
        for schema in [
            json!({"minimum": 2, "maximum": 1}),
            json!({"exclusiveMinimum": 1, "exclusiveMaximum": 1}),
            json!({"multipleOf": 5, "minimum": 1, "maximum": 4}),
        ] {
            assert_eq!(
                demand(schema).make(false, None, None, &mut Draw::of("")),
                None
            );
        }
        let none = demand(json!({"exclusiveMinimum": 0, "exclusiveMaximum": 1}));
        assert_eq!(none.make(true, None, None, &mut Draw::of("")), None);
    }
}
