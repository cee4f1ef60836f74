use super::{EntityTag, HeaderMap, HeaderName, header};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// The conditional header fields of a request (RFC 9110 §13.1).
#[derive(Debug, Clone, Default)]
pub struct Preconditions {
    if_match: Option<Tags>,
    if_none_match: Option<Tags>,
    if_modified_since: Option<SystemTime>,
    if_unmodified_since: Option<SystemTime>,
}

#[derive(Debug, Clone)]
enum Tags {
    Any,
    /// Malformed members are left out: they can match nothing, so a write that names
    /// only such tags is refused rather than let through.
    List(Vec<EntityTag>),
}

/// What the preconditions say of the current state.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// Go on.
    Proceed,
    /// A safe request's client has this state already: 304.
    NotModified,
    /// The named field isn't met: 412.
    Failed(&'static str),
}

impl Preconditions {
    /// Reads the fields. A date that isn't one is ignored, as §13.1.3 and §13.1.4 ask.
    pub fn read(headers: &HeaderMap) -> Preconditions {
        Preconditions {
            if_match: tags(headers, header::IF_MATCH),
            if_none_match: tags(headers, header::IF_NONE_MATCH),
            if_modified_since: date(headers, header::IF_MODIFIED_SINCE),
            if_unmodified_since: date(headers, header::IF_UNMODIFIED_SINCE),
        }
    }

    /// Whether a field that guards a write against a lost update is there.
    pub fn guards_write(&self) -> bool {
        self.if_match.is_some() || self.if_unmodified_since.is_some()
    }

    /// Whether what there must be is any state at all: `If-Match` is met by none where there is
    /// none (§13.1.1).
    pub fn needs_item(&self) -> bool {
        self.if_match.is_some()
    }

    /// Whether there must be no state at all (§13.1.2).
    pub fn wants_none(&self) -> bool {
        matches!(self.if_none_match, Some(Tags::Any))
    }

    /// Whether a client of a safe request has already what is known by these: by its tag, where it
    /// names tags, else by its time of last change (§13.1.2, §13.1.3). What neither is known of, no
    /// client has.
    pub fn is_known(&self, tag: Option<&EntityTag>, modified: Option<SystemTime>) -> bool {
        match &self.if_none_match {
            Some(tags) => tag.is_some_and(|tag| tags.any(|given| given.matches_weakly(tag))),
            None => self
                .if_modified_since
                .is_some_and(|since| modified.is_some_and(|at| whole_seconds(at) <= since)),
        }
    }

    /// Judges the fields in the order of §13.2.2 against the current state's tag and time of
    /// last change; `safe` for GET and HEAD, whose tag is that of the representation that is to be
    /// sent. A change is of the state, however that was shown. `If-Match` compares strongly,
    /// `If-None-Match` weakly.
    pub fn judge(&self, safe: bool, tag: &EntityTag, modified: SystemTime) -> Verdict {
        if let Some(tags) = &self.if_match {
            if !tags.any(|given| match safe {
                true => given.matches_strongly(tag),
                false => given.matches_state_strongly(tag),
            }) {
                return Verdict::Failed("If-Match");
            }
        } else if self
            .if_unmodified_since
            .is_some_and(|since| whole_seconds(modified) > since)
        {
            return Verdict::Failed("If-Unmodified-Since");
        }
        let is_there = |tags: &Tags| tags.any(|given| given.matches_state_weakly(tag));
        match safe {
            true if self.is_known(Some(tag), Some(modified)) => Verdict::NotModified,
            false if self.if_none_match.as_ref().is_some_and(is_there) => {
                Verdict::Failed("If-None-Match")
            }
            _ => Verdict::Proceed,
        }
    }
}

impl Tags {
    fn any(&self, matches: impl Fn(&EntityTag) -> bool) -> bool {
        match self {
            Tags::Any => true,
            Tags::List(tags) => tags.iter().any(matches),
        }
    }
}

/// Several fields of one name are one list (RFC 9110 §5.3).
fn tags(headers: &HeaderMap, name: HeaderName) -> Option<Tags> {
    let mut values = headers.get_all(name).iter().peekable();
    values.peek()?;
    let mut list = Vec::new();
    for value in values {
        let text = String::from_utf8_lossy(value.as_bytes());
        if text.trim() == "*" {
            return Some(Tags::Any);
        }
        list.extend(
            super::media_type::split_outside_quotes(&text, ',').filter_map(EntityTag::parse),
        );
    }
    Some(Tags::List(list))
}

fn date(headers: &HeaderMap, name: HeaderName) -> Option<SystemTime> {
    httpdate::parse_http_date(headers.get(name)?.to_str().ok()?).ok()
}

/// An HTTP date has whole seconds, so a state of a later fraction isn't later.
fn whole_seconds(time: SystemTime) -> SystemTime {
    time.duration_since(UNIX_EPOCH)
        .map(|since| UNIX_EPOCH + Duration::from_secs(since.as_secs()))
        .unwrap_or(time)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judge(safe: bool, fields: &[(HeaderName, &'static str)]) -> Verdict {
        let mut headers = HeaderMap::new();
        for (name, value) in fields {
            headers.append(name, value.parse().expect(value));
        }
        let modified = UNIX_EPOCH + Duration::from_millis(1_000_500);
        Preconditions::read(&headers).judge(safe, &EntityTag::strong("now"), modified)
    }

    #[test]
    fn if_match_compares_strongly_over_lists_and_repeated_fields() {
        let failed = Verdict::Failed("If-Match");
        assert_eq!(
            judge(false, &[(header::IF_MATCH, "\"old\", \"now\"")]),
            Verdict::Proceed
        );
        assert_eq!(judge(false, &[(header::IF_MATCH, "*")]), Verdict::Proceed);
        assert_eq!(judge(false, &[(header::IF_MATCH, "W/\"now\"")]), failed);
        assert_eq!(judge(false, &[(header::IF_MATCH, "now")]), failed);
        let twice = [(header::IF_MATCH, "\"old\""), (header::IF_MATCH, "\"now\"")];
        assert_eq!(judge(false, &twice), Verdict::Proceed);
    }

    #[test]
    fn if_none_match_is_304_for_safe_requests_and_412_for_others() {
        let field = [(header::IF_NONE_MATCH, "W/\"now\"")];
        assert_eq!(judge(true, &field), Verdict::NotModified);
        assert_eq!(judge(false, &field), Verdict::Failed("If-None-Match"));
    }

    #[test]
    fn a_read_is_of_one_representation_and_a_change_of_the_state() {
        let tag = EntityTag::strong("now");
        let xml = tag.represented("application/xml");
        assert_ne!(xml, tag.represented("text/csv"));
        let judged = |safe: bool, name: HeaderName, given: &str| {
            let mut headers = HeaderMap::new();
            headers.append(name, given.parse().expect(given));
            Preconditions::read(&headers).judge(safe, &tag, UNIX_EPOCH)
        };
        let xml = xml.to_string();
        let failed = Verdict::Failed("If-Match");
        assert_eq!(judged(true, header::IF_NONE_MATCH, &xml), Verdict::Proceed);
        assert_eq!(judged(true, header::IF_MATCH, &xml), failed);
        assert_eq!(judged(false, header::IF_MATCH, &xml), Verdict::Proceed);
        assert_eq!(
            judged(false, header::IF_NONE_MATCH, &xml),
            Verdict::Failed("If-None-Match")
        );
        for other in [
            &format!("W/{xml}"),
            "\"now.\"",
            "\"now.1\"",
            "\"now12345678\"",
            "\"no\"",
        ] {
            assert_eq!(judged(false, header::IF_MATCH, other), failed, "{other}");
        }
    }

    #[test]
    fn tags_win_over_dates_and_dates_count_whole_seconds() {
        let same_second = "Thu, 01 Jan 1970 00:16:40 GMT";
        let earlier = "Thu, 01 Jan 1970 00:16:39 GMT";
        assert_eq!(
            judge(true, &[(header::IF_MODIFIED_SINCE, same_second)]),
            Verdict::NotModified
        );
        assert_eq!(
            judge(true, &[(header::IF_MODIFIED_SINCE, earlier)]),
            Verdict::Proceed
        );
        assert_eq!(
            judge(false, &[(header::IF_UNMODIFIED_SINCE, earlier)]),
            Verdict::Failed("If-Unmodified-Since")
        );
        let both = [
            (header::IF_MATCH, "\"now\""),
            (header::IF_UNMODIFIED_SINCE, earlier),
        ];
        assert_eq!(judge(false, &both), Verdict::Proceed);
    }
}
