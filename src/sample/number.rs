//! Numbers within bounds and on a grid, exact to the last digit.

use super::draw::Draw;
use crate::wire::json_number;
use serde_json::{Number, Value};

/// How many digits behind the point are reckoned with: more, and more before it, than documents
/// have bounds of.
const DIGITS: u32 = 18;
/// Beyond this no number is made but those that the document writes itself.
const FAR: i128 = 10_i128.pow(37);
/// How far from the nearest possible number one is drawn, in steps.
const SPREAD: u64 = 100;

/// What a number must be.
#[derive(Debug, Clone, Default)]
pub(super) struct NumberDemand {
    low: Option<Bound>,
    high: Option<Bound>,
    steps: Vec<i128>,
    /// Bounds that are too far away to be reckoned with, as they are written.
    far: Vec<Number>,
}

#[derive(Debug, Clone, Copy)]
struct Bound {
    /// In units of 10^-18, as all numbers here.
    at: i128,
    excluded: bool,
}

impl NumberDemand {
    pub(super) fn at_least(&mut self, limit: &Number, excluded: bool) {
        let Some(at) = exact(limit) else {
            if !limit.as_str().starts_with('-') {
                self.far.push(limit.clone());
            }
            return;
        };
        let is_tighter =
            |known: &Bound| at > known.at || at == known.at && excluded && !known.excluded;
        if self.low.as_ref().is_none_or(is_tighter) {
            self.low = Some(Bound { at, excluded });
        }
    }

    pub(super) fn at_most(&mut self, limit: &Number, excluded: bool) {
        let Some(at) = exact(limit) else {
            if limit.as_str().starts_with('-') {
                self.far.push(limit.clone());
            }
            return;
        };
        let is_tighter =
            |known: &Bound| at < known.at || at == known.at && excluded && !known.excluded;
        if self.high.as_ref().is_none_or(is_tighter) {
            self.high = Some(Bound { at, excluded });
        }
    }

    pub(super) fn multiple_of(&mut self, step: &Number) {
        self.steps.extend(exact(step).filter(|step| *step > 0));
    }

    /// Whether there are bounds.
    pub(super) fn is_bounded(&self) -> bool {
        self.low.is_some() || self.high.is_some()
    }

    /// A number that meets the demand, as near to the wish as may be.
    pub(super) fn make(
        &self,
        whole: bool,
        wish: Option<&Number>,
        draw: &mut Draw,
    ) -> Option<Value> {
        if let Some(far) = self.far.first() {
            return Some(Value::Number(far.clone()));
        }
        let mut steps = self.steps.clone();
        if whole {
            steps.push(unit());
        }
        let wish = wish.and_then(exact);
        let grid = match steps.as_slice() {
            [] => None,
            steps => Some(steps.iter().try_fold(1_i128, |all, step| lcm(all, *step))?),
        };
        // Without a grid hundredths will do, and finer ones where there is no room for those.
        let grids = match grid {
            Some(grid) => vec![grid],
            None => (2..=DIGITS)
                .map(|digits| 10_i128.pow(DIGITS - digits))
                .collect(),
        };
        let mut found = grids
            .into_iter()
            .filter_map(|grid| self.on(grid, wish, draw));
        found.next().map(number)
    }

    /// A multiple of a step within the bounds.
    fn on(&self, step: i128, wish: Option<i128>, draw: &mut Draw) -> Option<i128> {
        let first = self.low.map(|bound| {
            let up = bound.at.div_euclid(step) + i128::from(bound.at.rem_euclid(step) != 0);
            up + i128::from(bound.excluded && up.checked_mul(step) == Some(bound.at))
        });
        let last = self.high.map(|bound| {
            let down = bound.at.div_euclid(step);
            down - i128::from(bound.excluded && down.checked_mul(step) == Some(bound.at))
        });
        let (first, last) = match (first, last) {
            (Some(first), Some(last)) => (first, last),
            (Some(first), None) => (first, FAR / step),
            (None, Some(last)) => (-(FAR / step), last),
            (None, None) => (-(FAR / step), FAR / step),
        };
        if first > last {
            return None;
        }
        let chosen = match wish {
            // Down, as half of a thing is none.
            Some(wish) => wish.div_euclid(step),
            None => {
                let (from, to) = match (self.low, self.high) {
                    (None, None) => (1, 100.max(unit() / step)),
                    (None, Some(_)) if last > 0 => (1, last),
                    (None, Some(_)) => (last - 100, last),
                    (Some(_), None) => (first, first.saturating_add(100)),
                    (Some(_), Some(_)) => (first, last),
                };
                let width = u64::try_from(to - from).unwrap_or(u64::MAX).min(SPREAD);
                from + i128::from(draw.number() % (width + 1))
            }
        };
        chosen.clamp(first, last).checked_mul(step)
    }
}

fn unit() -> i128 {
    10_i128.pow(DIGITS)
}

/// A number in units of 10^-18; nothing where it has finer digits or is too far away.
fn exact(number: &Number) -> Option<i128> {
    let text = number.as_str();
    let (mantissa, exponent) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
    let exponent: i32 = exponent.parse().ok()?;
    let (integer, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let fraction = fraction.trim_end_matches('0');
    let digits: i128 = format!("{integer}{fraction}").parse().ok()?;
    let shift = exponent
        .checked_sub(i32::try_from(fraction.len()).ok()?)?
        .checked_add(DIGITS as i32)?;
    if digits == 0 {
        return Some(0);
    }
    let scale = 10_i128.checked_pow(shift.unsigned_abs())?;
    let exact = match shift >= 0 {
        true => digits.checked_mul(scale)?,
        false => (digits % scale == 0).then(|| digits / scale)?,
    };
    (exact.abs() <= FAR).then_some(exact)
}

fn number(exact: i128) -> Value {
    let (whole, rest) = (
        exact.unsigned_abs() / unit().unsigned_abs(),
        exact.unsigned_abs() % unit().unsigned_abs(),
    );
    let sign = if exact < 0 { "-" } else { "" };
    let fraction = format!("{rest:018}");
    let text = match fraction.trim_end_matches('0') {
        "" => format!("{sign}{whole}"),
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
        let of = |value: &Value| value.as_number().and_then(exact).expect("a number");
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
                let value = demand(schema.clone()).make(false, None, &mut draw);
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
            demand(schema).make(whole, Some(&wish), &mut Draw::of(""))
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
    fn where_there_is_none_none_is_made() {
        for schema in [
            json!({"minimum": 2, "maximum": 1}),
            json!({"exclusiveMinimum": 1, "exclusiveMaximum": 1}),
            json!({"multipleOf": 5, "minimum": 1, "maximum": 4}),
        ] {
            assert_eq!(demand(schema).make(false, None, &mut Draw::of("")), None);
        }
        let none = demand(json!({"exclusiveMinimum": 0, "exclusiveMaximum": 1}));
        assert_eq!(none.make(true, None, &mut Draw::of("")), None);
    }
}
