use super::{Fault, LONGEST_DELAY, Told};
use crate::wire::StatusCode;
use std::fmt;
use std::time::Duration;

/// What is done on purpose in one exchange; by default nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Conduct {
    /// How long the reply is held back.
    pub delay: Option<Duration>,
    /// How it goes wrong on its way.
    pub fault: Option<Fault>,
    /// The status that it has, whatever the request deserves.
    pub status: Option<StatusCode>,
    /// The seconds of its `Retry-After`, where it has that status.
    pub retry_after: Option<u32>,
    /// The whole reply of that status, where a rule says it.
    pub reply: Option<Told>,
}

impl Conduct {
    /// What a request prefers: `delay` in milliseconds, and `fault` by its name, as written.
    ///
    /// # Errors
    /// Why that can't be met.
    pub fn preferred(delay: Option<&str>, fault: Option<&str>) -> Result<Conduct, String> {
        let delay = delay.map(|text| {
            let millis: Option<u64> = text.parse().ok();
            let delay = millis.map(Duration::from_millis);
            delay
                .filter(|delay| *delay <= LONGEST_DELAY)
                .ok_or_else(|| {
                    let most = LONGEST_DELAY.as_millis();
                    format!("delay={text} is no number of milliseconds from 0 to {most}")
                })
        });
        let fault = fault.map(|text| {
            Fault::named(text).ok_or_else(|| {
                let names = Fault::ALL.map(Fault::name).join(", ");
                format!("fault={text} is not known; {names} are")
            })
        });
        Ok(Conduct {
            delay: delay.transpose()?,
            fault: fault.transpose()?,
            ..Conduct::default()
        })
    }

    /// Whether nothing is done on purpose.
    pub fn is_plain(&self) -> bool {
        *self == Conduct::default()
    }
}

/// As a log tells it: `delayed 800 ms, dropped on purpose`. Nothing where nothing is done.
impl fmt::Display for Conduct {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut parts = Vec::new();
        if let Some(delay) = self.delay {
            parts.push(format!("delayed {} ms", delay.as_millis()));
        }
        if let Some(status) = self.status {
            parts.push(format!("{} on purpose", status.as_u16()));
        }
        if let Some(fault) = self.fault {
            parts.push(format!("{fault} on purpose"));
        }
        f.write_str(&parts.join(", "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_preference_is_a_delay_within_bounds_and_a_known_fault() {
        let conduct = Conduct::preferred(Some("800"), Some("drop")).expect("both are");
        assert_eq!(conduct.to_string(), "delayed 800 ms, dropped on purpose");
        assert!(Conduct::preferred(Some("0"), None).is_ok());
        assert!(Conduct::preferred(Some("60000"), None).is_ok());
        for bad in ["60001", "-1", "1.5", "", "1s", "18446744073709551616"] {
            assert!(Conduct::preferred(Some(bad), None).is_err(), "{bad}");
        }
        let error = Conduct::preferred(None, Some("Drop")).expect_err("unknown");
        assert!(
            error.contains("drop, reset, truncate, stall, garbage"),
            "{error}"
        );
        assert_eq!(Conduct::default().to_string(), "");
    }
}
