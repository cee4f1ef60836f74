//! Where a link of a text leads, and whether it may.

use super::super::escape::acts;
use std::fmt::Write as _;

/// Where the address of a link leads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Target {
    /// Another site, by `http` or `https`.
    Outside(String),
    /// A mail, by `mailto`.
    Mail(String),
    /// A place that is relative to the text: a path, a query, a fragment.
    Inside(String),
    /// Nowhere that a page may lead.
    Nowhere,
}

/// Judges an address by the very text that a page would hold: what isn't named as allowed is
/// nowhere, so that no spelling of a scheme has to be known to be refused.
pub(super) fn target(address: &str) -> Target {
    let address = address.trim_matches(|c: char| c.is_whitespace());
    if address.is_empty() || address.chars().any(|c| acts(c) || c == '\n' || c == '\t') {
        return Target::Nowhere;
    }
    let address = encoded(address);
    let Some((scheme, rest)) = split_scheme(&address) else {
        return match address.starts_with("//") || address.starts_with("%5C") {
            true => Target::Nowhere,
            false => Target::Inside(address),
        };
    };
    let has_host = || {
        let rest = rest.strip_prefix("//");
        rest.is_some_and(|rest| rest.starts_with(|c: char| c.is_alphanumeric() || c == '['))
    };
    match scheme.to_ascii_lowercase().as_str() {
        scheme @ ("http" | "https") if has_host() => Target::Outside(format!("{scheme}:{rest}")),
        "mailto" if rest.contains('@') => Target::Mail(format!("mailto:{rest}")),
        _ => Target::Nowhere,
    }
}

/// The scheme of an address (RFC 3986 §3.1), read as widely as a browser could: whatever stands
/// before a colon that comes before the path, the query and the fragment.
fn split_scheme(address: &str) -> Option<(&str, &str)> {
    let end = address.find([':', '/', '?', '#'])?;
    let rest = address[end..].strip_prefix(':')?;
    Some((&address[..end], rest))
}

/// An address in which what no address holds is percent-encoded (RFC 3987 §2.2).
pub(super) fn encoded(address: &str) -> String {
    let mut out = String::with_capacity(address.len());
    for c in address.chars() {
        let is_outside = c.is_whitespace() || c.is_control() || "\"<>\\^`{|}".contains(c);
        if !is_outside {
            out.push(c);
            continue;
        }
        let mut octets = [0; 4];
        for octet in c.encode_utf8(&mut octets).bytes() {
            write!(out, "%{octet:02X}").expect("a String takes all that is written");
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_web_and_mail_are_led_to() {
        let outside = |text: &str| Target::Outside(text.to_owned());
        assert_eq!(
            target(" HTTPS://a.example/b c "),
            outside("https://a.example/b%20c")
        );
        assert_eq!(
            target("http://[::1]/?q=\"<"),
            outside("http://[::1]/?q=%22%3C")
        );
        assert_eq!(
            target("http://bücher.example/ä"),
            outside("http://bücher.example/ä")
        );
        let mail = Target::Mail("mailto:a@b.example?subject=x".to_owned());
        assert_eq!(target("MailTo:a@b.example?subject=x"), mail);
    }

    #[test]
    fn what_has_no_scheme_is_inside() {
        for inside in ["#a", "../a.md", "/a:b", "a/b:c", "?a:b", "javascript"] {
            assert_eq!(target(inside), Target::Inside(inside.to_owned()));
        }
    }

    #[test]
    fn all_else_leads_nowhere() {
        let refused = [
            "",
            " ",
            "javascript:alert(1)",
            "JaVaScRiPt:alert(1)",
            " javascript:alert(1)",
            "java\nscript:alert(1)",
            "java\tscript:alert(1)",
            "\u{1}javascript:alert(1)",
            "javascript\0:alert(1)",
            "java\u{ad}script:x",
            "vbscript:x",
            "data:text/html,x",
            "file:///etc/passwd",
            "C:\\x",
            "blob:x",
            "//evil.example",
            "\\\\evil.example",
            "http:",
            "http:evil",
            "http:///x",
            "https://",
            "http:\\\\evil",
            "mailto:",
            "javascript://a.example/%0aalert(1)",
            "http://a\u{202e}b",
            "view-source:http://a",
            "\u{feff}javascript:alert(1)",
            "javascript&colon;alert(1):",
        ];
        for refused in refused {
            assert_eq!(target(refused), Target::Nowhere, "{refused:?}");
        }
    }
}
