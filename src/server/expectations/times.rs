use std::fmt;

/// How often something is to come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::server) struct Times {
    pub(in crate::server) least: u64,
    /// For ever where nothing is said.
    pub(in crate::server) most: Option<u64>,
}

impl Default for Times {
    fn default() -> Times {
        Times {
            least: 1,
            most: None,
        }
    }
}

impl Times {
    pub(in crate::server) fn takes(self, count: u64) -> bool {
        count >= self.least && self.most.is_none_or(|most| count <= most)
    }
}

/// As the middle of a sentence: `once`, `at least twice`, `from 2 to 5 times`.
impl fmt::Display for Times {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.least, self.most) {
            (least, Some(most)) if least == most => write!(f, "{}", often(least)),
            (0, None) => f.write_str("any number of times"),
            (least, None) => write!(f, "at least {}", often(least)),
            (0, Some(most)) => write!(f, "at most {}", often(most)),
            (least, Some(most)) => write!(f, "from {least} to {most} times"),
        }
    }
}

fn often(count: u64) -> String {
    match count {
        0 => "never".to_owned(),
        1 => "once".to_owned(),
        2 => "twice".to_owned(),
        count => format!("{count} times"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn they_read_as_a_person_would_say_them() {
        for (least, most, text) in [
            (0, Some(0), "never"),
            (1, Some(1), "once"),
            (1, None, "at least once"),
            (0, Some(2), "at most twice"),
            (3, Some(3), "3 times"),
            (2, Some(5), "from 2 to 5 times"),
        ] {
            assert_eq!(Times { least, most }.to_string(), text);
        }
    }
}
