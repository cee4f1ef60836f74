use serde_json::Number;
use std::cmp::Ordering;

/// How a number compares with another, to the last digit: 1 is 1.0 and 1e0. Powers of ten are
/// never written out, so that the time taken is that of the two texts.
pub(super) fn compare(left: &Number, right: &Number) -> Ordering {
    match (left.as_i64(), right.as_i64()) {
        (Some(left), Some(right)) => left.cmp(&right),
        _ => Decimal::of(left.as_str()).cmp(&Decimal::of(right.as_str())),
    }
}

/// A number as its sign, and its digits behind `0.` times a power of ten.
#[derive(PartialEq, Eq)]
struct Decimal {
    is_negative: bool,
    power: i64,
    /// Without zeros at either end; none for zero.
    digits: String,
}

impl Decimal {
    fn of(text: &str) -> Decimal {
        let (is_negative, text) = match text.strip_prefix('-') {
            Some(text) => (true, text),
            None => (false, text),
        };
        let (mantissa, exponent) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
        // A power that is no i64 is as far away as it gets.
        let exponent = exponent.parse().unwrap_or(match exponent.starts_with('-') {
            true => i64::MIN,
            false => i64::MAX,
        });
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let written = format!("{whole}{fraction}");
        let digits = written.trim_start_matches('0');
        let leading = written.len() - digits.len();
        let digits = digits.trim_end_matches('0').to_owned();
        let shift = |length: usize| i64::try_from(length).unwrap_or(i64::MAX);
        match digits.is_empty() {
            true => Decimal {
                is_negative: false,
                power: 0,
                digits,
            },
            false => Decimal {
                is_negative,
                power: exponent.saturating_add(shift(whole.len()) - shift(leading)),
                digits,
            },
        }
    }

    fn sign(&self) -> i8 {
        match (self.digits.is_empty(), self.is_negative) {
            (true, _) => 0,
            (false, true) => -1,
            (false, false) => 1,
        }
    }
}

impl PartialOrd for Decimal {
    fn partial_cmp(&self, other: &Decimal) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Decimal {
    fn cmp(&self, other: &Decimal) -> Ordering {
        let size = || {
            let powers = self.power.cmp(&other.power);
            powers.then_with(|| self.digits.cmp(&other.digits))
        };
        self.sign()
            .cmp(&other.sign())
            .then_with(|| match self.is_negative {
                true => size().reverse(),
                false => size(),
            })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(text: &str) -> Number {
        text.parse().expect(text)
    }

    #[test]
    fn numbers_are_equal_however_they_are_written() {
        for (left, right) in [
            ("1", "1.0"),
            ("10", "1e1"),
            ("0", "-0"),
            ("0", "0e999999999999999999999"),
            ("0.001", "1E-3"),
            ("9007199254740993", "9007199254740993.000"),
            ("1e400", "10e399"),
        ] {
            let order = compare(&number(left), &number(right));
            assert_eq!(order, Ordering::Equal, "{left} {right}");
        }
    }

    #[test]
    fn numbers_are_in_order_to_the_last_digit() {
        let ascending = [
            "-1e99999999999999999999",
            "-1e6000",
            "-10.5",
            "-10",
            "-0.1",
            "0",
            "1e-6000",
            "0.3",
            "0.30000000000000004",
            "9007199254740992",
            "9007199254740993",
            "9007199254740993.1",
            "18446744073709551616",
            "1e6000",
        ];
        for pair in ascending.windows(2) {
            let (low, high) = (number(pair[0]), number(pair[1]));
            assert_eq!(compare(&low, &high), Ordering::Less, "{pair:?}");
            assert_eq!(compare(&high, &low), Ordering::Greater, "{pair:?}");
        }
    }
}
