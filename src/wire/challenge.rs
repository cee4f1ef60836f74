use super::media_type::{is_token, split_outside_quotes, unquote};
use std::fmt;

/// A challenge, as `WWW-Authenticate` carries it (RFC 9110 §11.6.1).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Challenge(String);

impl Challenge {
    /// One without parameters. `scheme` is a token.
    pub fn new(scheme: &str) -> Challenge {
        Challenge(scheme.to_owned())
    }

    /// The same with a parameter more, its value in quotes. What can't stand in them becomes a
    /// question mark.
    pub fn with(mut self, name: &str, value: &str) -> Challenge {
        self.separate();
        self.0.push_str(name);
        self.0.push_str("=\"");
        for c in value.chars() {
            match c {
                '"' | '\\' => self.0.extend(['\\', c]),
                ' '..='~' => self.0.push(c),
                _ => self.0.push('?'),
            }
        }
        self.0.push('"');
        self
    }

    /// The same with a parameter more, its value a token: some are never in quotes, as the
    /// `algorithm` of Digest (RFC 7616 §3.3).
    pub fn with_token(mut self, name: &str, value: &str) -> Challenge {
        self.separate();
        self.0.push_str(&format!("{name}={value}"));
        self
    }

    fn separate(&mut self) {
        self.0
            .push_str(if self.0.contains(' ') { ", " } else { " " });
    }
}

impl fmt::Display for Challenge {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The parameters of credentials, names in lower case (RFC 9110 §11.2). Nothing where they are
/// malformed, or one is there twice.
pub fn auth_params(text: &str) -> Option<Vec<(String, String)>> {
    let mut params: Vec<(String, String)> = Vec::new();
    for part in split_outside_quotes(text, ',') {
        let part = part.trim();
        if part.is_empty() {
            continue;
        }
        let (name, value) = part.split_once('=')?;
        let (name, value) = (name.trim_end().to_ascii_lowercase(), value.trim_start());
        let value = match value.strip_prefix('"') {
            Some(rest) => unquote(rest.strip_suffix('"')?),
            None if is_token(value) => value.to_owned(),
            None => return None,
        };
        if !is_token(&name) || params.iter().any(|(known, _)| *known == name) {
            return None;
        }
        params.push((name, value));
    }
    Some(params)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_challenge_is_one_line_whatever_its_values_say() {
        let challenge = Challenge::new("Basic").with("realm", "a \"b\" \\ é\r\nX: y");
        let challenge = challenge.with_token("algorithm", "MD5");
        assert_eq!(
            challenge.to_string(),
            r#"Basic realm="a \"b\" \\ ???X: y", algorithm=MD5"#
        );
        assert_eq!(Challenge::new("Negotiate").to_string(), "Negotiate");
    }

    #[test]
    fn parameters_are_read_by_the_grammar() {
        let read = |text: &str| {
            let params = auth_params(text)?;
            let pairs = params.iter().map(|(name, value)| format!("{name}:{value}"));
            Some(pairs.collect::<Vec<_>>().join("|"))
        };
        let right = r#"Username="M\"u, f", , realm = "", qop=auth,NC=00000001"#;
        assert_eq!(
            read(right).as_deref(),
            Some(r#"username:M"u, f|realm:|qop:auth|nc:00000001"#)
        );
        for wrong in ["abc123", "a", "a=", "a=\"b", "a=b c", "a=1, A=2", "=b"] {
            assert_eq!(read(wrong), None, "{wrong}");
        }
    }
}
