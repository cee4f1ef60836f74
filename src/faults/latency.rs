use crate::sample::Draw;
use std::f64::consts::TAU;
use std::str::FromStr;
use std::time::Duration;
use thiserror::Error;

/// The longest that a reply is held back. A client has given up by then.
pub const LONGEST_DELAY: Duration = Duration::from_secs(60);

/// How late replies are, in milliseconds: a delay, or a distribution that delays are drawn from.
/// What is drawn outside of 0 to [`LONGEST_DELAY`] is moved to the nearer end.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Latency {
    /// Always the same.
    Fixed(f64),
    /// Any between these two, each as likely.
    Uniform(f64, f64),
    /// Around a mean, most of them within the standard deviation.
    Normal {
        /// The mean.
        mean: f64,
        /// The standard deviation.
        deviation: f64,
    },
    /// With a long tail, as those of real services: the logarithms are normal.
    LogNormal {
        /// The median: half are faster.
        median: f64,
        /// The standard deviation of the logarithms.
        sigma: f64,
    },
}

/// Why a text is no latency.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("a latency is milliseconds, or a range of them, of at most 60000: 200, 100..500")]
pub struct BadLatency;

/// What 99 % of a standard normal distribution is below.
const Z_99: f64 = 2.326_347_874_040_840_8;

impl Latency {
    /// The log-normal one that 99 % are faster than `p99` of, half of them than `median`.
    pub fn with_tail(median: f64, p99: f64) -> Latency {
        Latency::LogNormal {
            median,
            sigma: (p99 / median).ln() / Z_99,
        }
    }

    /// A delay of it.
    pub fn draw(&self, draw: &mut Draw) -> Duration {
        let millis = match *self {
            Latency::Fixed(millis) => millis,
            Latency::Uniform(least, most) => least + (most - least) * unit(draw),
            Latency::Normal { mean, deviation } => mean + deviation * normal(draw),
            Latency::LogNormal { median, sigma } => median * (sigma * normal(draw)).exp(),
        };
        // A NaN ends at 0, as `as` casts do.
        let millis = millis.max(0.0).min(LONGEST_DELAY.as_millis() as f64);
        Duration::from_micros((millis * 1e3) as u64)
    }
}

impl FromStr for Latency {
    type Err = BadLatency;

    fn from_str(text: &str) -> Result<Latency, BadLatency> {
        let millis = |text: &str| {
            let millis: u32 = text.trim().parse().map_err(|_| BadLatency)?;
            match u128::from(millis) <= LONGEST_DELAY.as_millis() {
                true => Ok(f64::from(millis)),
                false => Err(BadLatency),
            }
        };
        match text.split_once("..") {
            None => millis(text).map(Latency::Fixed),
            Some((least, most)) => match (millis(least)?, millis(most)?) {
                (least, most) if least <= most => Ok(Latency::Uniform(least, most)),
                _ => Err(BadLatency),
            },
        }
    }
}

/// From 0 on and below 1.
pub(super) fn unit(draw: &mut Draw) -> f64 {
    // A double has 53 bits of precision.
    (draw.number() >> 11) as f64 / (1u64 << 53) as f64
}

/// Of the standard normal distribution, after Box and Muller.
fn normal(draw: &mut Draw) -> f64 {
    let (radius, angle) = (1.0 - unit(draw), unit(draw));
    (-2.0 * radius.ln()).sqrt() * (TAU * angle).cos()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Ten thousand delays in milliseconds, in order of length.
    fn drawn(latency: Latency) -> Vec<f64> {
        let mut draw = Draw::of("a");
        let mut drawn: Vec<f64> = (0..10_000)
            .map(|_| latency.draw(&mut draw).as_secs_f64() * 1e3)
            .collect();
        drawn.sort_by(f64::total_cmp);
        drawn
    }

    #[track_caller]
    fn is_near(value: f64, wanted: f64) {
        assert!((value / wanted - 1.0).abs() < 0.06, "{value}, not {wanted}");
    }

    #[test]
    fn a_distribution_has_the_shape_that_its_name_says() {
        let fixed = drawn(Latency::Fixed(20.0));
        assert!(fixed.iter().all(|millis| *millis == 20.0));

        let uniform = drawn(Latency::Uniform(100.0, 300.0));
        assert!(uniform[0] >= 100.0 && uniform[9_999] < 300.0);
        is_near(uniform[2_500], 150.0);
        is_near(uniform[7_500], 250.0);

        let normal = drawn(Latency::Normal {
            mean: 500.0,
            deviation: 50.0,
        });
        is_near(normal.iter().sum::<f64>() / 10_000.0, 500.0);
        is_near(normal[1_587], 450.0);
        is_near(normal[8_413], 550.0);

        let tail = drawn(Latency::with_tail(100.0, 1_000.0));
        is_near(tail[5_000], 100.0);
        assert!((850.0..1_150.0).contains(&tail[9_900]), "{}", tail[9_900]);
    }

    #[test]
    fn no_delay_is_below_nothing_or_beyond_the_longest() {
        let wide = drawn(Latency::Normal {
            mean: 30_000.0,
            deviation: 60_000.0,
        });
        assert_eq!((wide[0], wide[9_999]), (0.0, 60_000.0));
        let never = Latency::LogNormal {
            median: 0.0,
            sigma: f64::MAX,
        };
        assert!(
            drawn(never)
                .iter()
                .all(|millis| (0.0..=60_000.0).contains(millis))
        );
    }

    #[test]
    fn a_latency_is_read_from_milliseconds_or_a_range() {
        assert_eq!("200".parse(), Ok(Latency::Fixed(200.0)));
        assert_eq!("100..500".parse(), Ok(Latency::Uniform(100.0, 500.0)));
        for bad in ["", "-1", "60001", "500..100", "1..", "a", "1ms", "1..2..3"] {
            assert_eq!(bad.parse::<Latency>(), Err(BadLatency), "{bad}");
        }
    }
}
